import type { ColumnDefinition } from '../operation.ts';
import type { Column, Sequence, Table } from '../schema.ts';
import { withConstraint, withoutConstraint } from './constraint.ts';
import { type Draft, keyOf, Refusal } from './draft.ts';
import { findColumn, sameName } from './find.ts';
import { clipped, generatedName } from './generated-name.ts';
import { needType } from './type.ts';

/** The default that the reader writes for `serial`: the sequence has no name yet. */
const SERIAL = 'nextval(serial)';

/** A column and the sequence that it owns, named as PostgreSQL would; nothing is put into the draft. */
export function newColumn(
  draft: Draft,
  table: Pick<Table, 'id' | 'schema' | 'name'>,
  definition: ColumnDefinition,
): { readonly column: Column; readonly sequence?: Sequence } {
  needType(draft, definition.type);
  const { type, notNull, generated, identity, span } = definition;
  const name = clipped(definition.name);
  const column: Column = {
    id: draft.nextColumnId++,
    name,
    type,
    nullable: !notNull,
    ...(definition.default !== undefined ? { default: definition.default } : {}),
    ...(generated !== undefined ? { generated } : {}),
    ...(identity ? { identity } : {}),
    span,
  };
  if (definition.default !== SERIAL && !identity) return { column };
  const taken = (one: string) => draft.relations.has(keyOf(draft, table.schema, one));
  const sequence: Sequence = {
    schema: table.schema,
    name: generatedName(table.name, name, 'seq', taken),
    ownedBy: { tableId: table.id, column: name },
    span,
  };
  return {
    column: identity ? column : { ...column, default: `nextval('${sequence.name}'::regclass)` },
    sequence,
  };
}

/** Registers a sequence. */
export function putSequence(draft: Draft, sequence: Sequence): void {
  const key = keyOf(draft, sequence.schema, sequence.name);
  draft.sequences.set(key, sequence);
  draft.relations.set(key, { kind: 'sequence' });
}

/** Forgets the sequences that a table's column, or all its columns, own. */
export function dropOwnedSequences(draft: Draft, tableId: number, column?: string): void {
  for (const [key, sequence] of draft.sequences)
    if (
      sequence.ownedBy?.tableId === tableId &&
      (column === undefined || sequence.ownedBy.column === column)
    ) {
      draft.sequences.delete(key);
      draft.relations.delete(key);
    }
}

/** A table with one more column and the constraints written on it. */
export function withColumn(
  draft: Draft,
  table: Table,
  definition: ColumnDefinition,
): { table: Table; column: Column; sequence?: Sequence } {
  if (findColumn(draft, table, definition.name))
    throw new Refusal(
      'already exists',
      `column "${definition.name}" of relation "${table.name}" already exists`,
      definition.name,
      table.name,
    );
  const { column, sequence } = newColumn(draft, table, definition);
  let grown: Table = { ...table, columns: [...table.columns, column] };
  for (const constraint of definition.constraints) grown = withConstraint(draft, grown, constraint).table;
  return {
    table: grown,
    column: findColumn(draft, grown, column.name) ?? column,
    ...(sequence ? { sequence } : {}),
  };
}

/** A table without a column, and without the indexes and constraints that name it. */
export function withoutColumn(draft: Draft, table: Table, name: string): Table {
  const names = (columns: readonly (string | undefined)[]) =>
    columns.some((one) => one !== undefined && sameName(draft, one, name));
  let left = table;
  for (const constraint of table.constraints)
    if (names(constraint.columns)) left = withoutConstraint(left, constraint.name);
  return {
    ...left,
    columns: left.columns.filter((column) => !sameName(draft, column.name, name)),
    indexes: left.indexes.filter(
      (index) => !names(index.columns) && !names(index.dependsOn) && !names(index.include),
    ),
  };
}

/** A table with one column replaced. */
export function withChanged(table: Table, column: Column, change: Partial<Column>): Table {
  return {
    ...table,
    columns: table.columns.map((one) => (one.id === column.id ? { ...one, ...change } : one)),
  };
}

/** A table in which a column has another name, wherever it stands. */
export function withRenamed(table: Table, from: string, to: string): Table {
  const renamed = (name: string) => (name === from ? to : name);
  const renamedKey = (name: string | undefined) => (name === undefined ? undefined : renamed(name));
  const inText = (text: string) => renameInText(text, from, to);
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      name: renamed(column.name),
      ...(column.generated === undefined ? {} : { generated: inText(column.generated) }),
    })),
    constraints: table.constraints.map((one) => {
      const columns = one.columns.map(renamed);
      if (one.kind === 'check' || one.kind === 'exclude')
        return { ...one, columns, expression: inText(one.expression) };
      if (one.kind === 'foreign key' && one.refTableId === table.id)
        return { ...one, columns, refColumns: one.refColumns.map(renamed) };
      return { ...one, columns };
    }),
    indexes: table.indexes.map((index) => ({
      ...index,
      columns: index.columns.map(renamedKey),
      include: index.include.map(renamed),
      dependsOn: index.dependsOn.map(renamed),
      expressions: index.expressions.map(inText),
      ...(index.predicate === undefined ? {} : { predicate: inText(index.predicate) }),
    })),
  };
}

/** Replaces a column's name in an expression: as a whole word outside strings, quoted or not. */
function renameInText(text: string, from: string, to: string): string {
  const plain = /^[a-z_][a-z0-9_$]*$/;
  const quoted = `"${from.replaceAll('"', '""')}"`;
  const wanted = plain.test(to) ? to : `"${to.replaceAll('"', '""')}"`;
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+/g, (token) => {
    if (token === quoted) return wanted;
    return plain.test(from) && token.toLowerCase() === from ? wanted : token;
  });
}
