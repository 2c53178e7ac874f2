import type { Span } from '../../change/span.ts';
import { doubtOf } from '../../schema/lookup.ts';
import { quotedName } from '../../schema/quoted-name.ts';
import type { Constraint, Routine, Schema, Sequence, Table, UserType, View } from '../../schema/schema.ts';
import { nameSql } from '../../schema/sql/names.ts';
import { constraintSql, indexSql, isSerial, tableSql } from '../../schema/sql/table-sql.ts';
import type { ShownSchema } from './shown-schema.ts';

/**
 * A schema as SQL of its own dialect that builds it anew, in an order that applies. What it cannot write (a function whose
 * text is not at hand, what statements that are not modelled may have made) is a comment that says so.
 */
export function toSql(shown: ShownSchema): string {
  const { schema } = shown;
  const tables = inOrder(schema);
  const sections = [
    heading(shown),
    settings(schema),
    extensions(schema),
    schemas(schema),
    [...schema.types.values()].map((type) => userType(shown, type)),
    sequences(schema),
    routines(shown, false),
    ...tables.map((table) => wholeTable(schema, table)),
    routines(shown, true),
    ownedSequences(schema),
    schema.dialect === 'postgres' || schema.dialect === 'mysql'
      ? tables.flatMap((one) => later(schema, one))
      : [],
    ...viewsInOrder(schema).map((view) => wholeView(schema, view)),
    triggers(shown),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ at, tool, schema }: ShownSchema): readonly string[] {
  const doubted = [...schema.tables.values()].flatMap(({ name }) => {
    const why = doubtOf(schema, name)?.why;
    return why === undefined ? [] : [`--   ${oneLine(name)}: ${oneLine(why)}`];
  });
  return [
    `-- The schema of ${oneLine(schema.chain)} (${tool}, ${schema.dialect}) at ${oneLine(at)}, as its migrations leave it.`,
    '-- Rows, policies, grants, comments, and the collations of columns are not part of it.',
    ...(doubted.length > 0
      ? ['-- Statements that are not modelled name these tables and may have altered them:']
      : []),
    ...doubted,
  ];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ');
}

/** Bodies of functions name tables that are made after them. */
function settings(schema: Schema): readonly string[] {
  return schema.dialect === 'postgres' && schema.functions.size > 0
    ? ['SET check_function_bodies = false;']
    : [];
}

function extensions({ dialect, extensions: all }: Schema): readonly string[] {
  const verb = dialect === 'duckdb' ? 'LOAD' : 'CREATE EXTENSION IF NOT EXISTS';
  return [...all].filter((name) => name !== 'plpgsql').map((name) => `${verb} ${quotedName(name, dialect)};`);
}

const GIVEN = new Set(['public', 'main', 'pg_catalog', 'information_schema', 'pg_temp', 'pg_toast', '']);

function schemas({ dialect, schemas: all }: Schema): readonly string[] {
  if (dialect === 'mysql' || dialect === 'sqlite') return [];
  return [...all]
    .filter((name) => !GIVEN.has(name))
    .map((name) => `CREATE SCHEMA IF NOT EXISTS ${quotedName(name, dialect)};`);
}

function userType(shown: ShownSchema, type: UserType): string {
  const name = nameSql(shown.schema, type);
  if (type.kind === 'enum')
    return `CREATE TYPE ${name} AS ENUM (${type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')});`;
  return asWritten(shown, type.span, `${type.kind} type ${name}`, type.name);
}

function sequences(schema: Schema): readonly string[] {
  return [...schema.sequences.values()]
    .filter((sequence) => !isMadeByColumn(schema, sequence))
    .map((sequence) => `CREATE SEQUENCE ${nameSql(schema, sequence)};`);
}

function ownedSequences(schema: Schema): readonly string[] {
  return [...schema.sequences.values()].flatMap((sequence) => {
    const table = sequence.ownedBy && schema.tables.get(sequence.ownedBy.tableId);
    if (!table || !sequence.ownedBy || isMadeByColumn(schema, sequence)) return [];
    const column = quotedName(sequence.ownedBy.column, schema.dialect);
    return [`ALTER SEQUENCE ${nameSql(schema, sequence)} OWNED BY ${nameSql(schema, table)}.${column};`];
  });
}

function isMadeByColumn(schema: Schema, { ownedBy }: Sequence): boolean {
  const table = ownedBy && schema.tables.get(ownedBy.tableId);
  const column = table?.columns.find((one) => one.name === ownedBy?.column);
  return (
    table !== undefined &&
    column !== undefined &&
    (column.identity !== undefined || isSerial(schema, table, column))
  );
}

/** Functions: those that name a table's row type (`afterTables`) can only be made when it is there. */
function routines(shown: ShownSchema, afterTables: boolean): readonly string[] {
  const names = new Set([...shown.schema.tables.values()].map((table) => table.name));
  const isAfter = ({ arguments: types, returns }: Routine) =>
    [...types, returns].some((type) => names.has(type.replace(/^.*\./, '').replace(/\[\]$/, '')));
  return [...shown.schema.functions.values()]
    .flat()
    .filter((routine) => isAfter(routine) === afterTables)
    .map((routine) => {
      const what = `${routine.kind} ${nameSql(shown.schema, routine)}(${routine.arguments.join(', ')})`;
      return asWritten(shown, routine.span, what, routine.name);
    });
}

function triggers(shown: ShownSchema): readonly string[] {
  return [...shown.schema.triggers].flatMap(([id, all]) => {
    const table = shown.schema.tables.get(id);
    if (!table || table.kind === 'partition') return [];
    return all.map((one) =>
      asWritten(
        shown,
        one.span,
        `trigger ${one.name} on ${nameSql(shown.schema, table)}`,
        one.name,
        table.name,
      ),
    );
  });
}

/** The statement that made an object; a comment where it is not at hand or names something that was renamed since. */
function asWritten(
  { schema, textOf }: ShownSchema,
  span: Span,
  what: string,
  ...names: readonly string[]
): string {
  const text = textOf(span)?.trim().replace(/;+$/, '');
  const words = new Set(
    text
      ?.toLowerCase()
      .match(/"[^"]+"|[\p{L}\p{N}_$]+/gu)
      ?.map((word) => word.replace(/"/g, '')),
  );
  const isOfToday = names.every((name) => words.has(name.toLowerCase()));
  return isOfToday
    ? inOneStatement(schema, text ?? '')
    : `-- Not written: ${oneLine(what)}, made in ${oneLine(span.path)}:${span.line}.`;
}

/** MySQL's own client ends a statement at each semicolon, unless told of another sign. */
function inOneStatement({ dialect }: Schema, text: string): string {
  return dialect === 'mysql' && text.includes(';') ? `DELIMITER $$\n${text}$$\nDELIMITER ;` : `${text};`;
}

function wholeTable(schema: Schema, table: Table): readonly string[] {
  const indexes = table.indexes.filter((one) => one.madeBy === 'user' && one.constraintName === undefined);
  return [
    tableSql(schema, table, (constraint) => isInside(schema, constraint)),
    ...indexes.map((index) => indexSql(schema, table, index)),
  ];
}

/** Foreign keys come last where the dialect can add them; what is not validated can only be added. */
function isInside({ dialect }: Schema, constraint: Constraint): boolean {
  if (dialect === 'sqlite' || dialect === 'duckdb') return true;
  return constraint.kind !== 'foreign key' && constraint.validated;
}

function later(schema: Schema, table: Table): readonly string[] {
  const parent = table.parentId === undefined ? undefined : schema.tables.get(table.parentId);
  return table.constraints
    .filter((one) => !isInside(schema, one) && !parent?.constraints.some(({ name }) => name === one.name))
    .map((one) => {
      const valid = one.validated ? '' : ' NOT VALID';
      return `ALTER TABLE ${nameSql(schema, table)} ADD ${constraintSql(schema, one, table)}${valid};`;
    });
}

function wholeView(schema: Schema, view: View): readonly string[] {
  const kind = view.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
  return [
    `CREATE ${kind} ${nameSql(schema, view)} AS\n${view.query.trim().replace(/;+$/, '')};`,
    ...view.indexes.map((index) => indexSql(schema, view, index)),
  ];
}

/** Parents of partitions and, where foreign keys stand in the table, of those first; else as they were made. */
function inOrder(schema: Schema): readonly Table[] {
  const tables = [...schema.tables.values()].filter((table) => !table.temporary);
  const ordered = new Set<Table>();
  const visit = (table: Table, path: ReadonlySet<Table>): void => {
    if (ordered.has(table) || path.has(table)) return;
    const needed = [
      ...(table.parentId === undefined ? [] : [table.parentId]),
      ...(schema.dialect === 'duckdb'
        ? table.constraints.flatMap((one) => (one.kind === 'foreign key' ? one.refTableId : []))
        : []),
    ];
    for (const id of needed) {
      const other = schema.tables.get(id);
      if (other) visit(other, new Set([...path, table]));
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table, new Set());
  return [...ordered];
}

function viewsInOrder(schema: Schema): readonly View[] {
  const ordered = new Set<View>();
  const visit = (view: View, path: ReadonlySet<View>): void => {
    if (ordered.has(view) || path.has(view)) return;
    for (const key of view.dependsOnViews) {
      const other = schema.views.get(key);
      if (other) visit(other, new Set([...path, view]));
    }
    ordered.add(view);
  };
  for (const view of schema.views.values()) visit(view, new Set());
  return [...ordered];
}
