import type { ColumnDefinition } from '../operation.ts';
import type { Column, Table } from '../schema.ts';
import { addConstraint } from './constraint.ts';
import { checkDefault, keptDefault, SERIAL } from './default.ts';
import { type Draft, keyOf, setSequence, setTable } from './draft.ts';
import { quoted } from './expression.ts';
import { childrenOf, current, findColumn } from './find.ts';
import { relationName } from './generated-name.ts';
import { at, Refusal } from './refusal.ts';
import { resolveType } from './type.ts';

/** PostgreSQL's own columns of every table. */
const SYSTEM_COLUMNS = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** A table cannot have more columns in PostgreSQL. */
const MAX_COLUMNS = 1600;

const INTEGERS = new Set(['smallint', 'integer', 'bigint']);

/** A column as the table will hold it; the sequence of a serial or identity column is made. */
export function newColumn(draft: Draft, table: Table, definition: ColumnDefinition): Column {
  const { name, notNull, generated, virtual, identity, span } = definition;
  if (draft.dialect === 'postgres' && SYSTEM_COLUMNS.has(name))
    throw new Refusal('already exists', `column name "${name}" conflicts with a system column name`, [
      table.name,
    ]);
  const type = resolveType(draft, definition.type);
  const written = keptDefault(definition.default);
  const clash = [
    written !== undefined && identity && 'both default and identity specified',
    written !== undefined && generated !== undefined && 'both default and generation expression specified',
    generated !== undefined && identity && 'both identity and generation expression specified',
  ].find(Boolean);
  if (clash)
    throw new Refusal('invalid definition', `${clash} for column "${name}" of table "${table.name}"`, [
      table.name,
    ]);
  if (identity && !INTEGERS.has(type.name) && draft.dialect === 'postgres')
    throw new Refusal('invalid definition', 'identity column type must be smallint, integer, or bigint', [
      table.name,
    ]);
  const serial = written === SERIAL;
  if (written !== undefined && !serial) checkDefault(draft, type, written);
  const sequence = serial || identity ? ownSequence(draft, table, name, span) : undefined;
  const value = serial ? `nextval('${sequenceText(sequence)}'::regclass)` : written;
  return {
    id: draft.nextColumnId++,
    name,
    type,
    nullable: !notNull && !identity,
    ...(value !== undefined ? { default: value } : {}),
    ...(generated !== undefined ? { generated } : {}),
    ...(virtual ? { virtual } : {}),
    ...(identity ? { identity } : {}),
    span,
  };
}

function sequenceText(sequence: { readonly schema: string; readonly name: string } | undefined): string {
  if (!sequence) return '';
  const { schema, name } = sequence;
  const text = schema === 'public' || schema === 'main' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  return text.replaceAll("'", "''");
}

/** Makes the sequence that a serial or identity column owns. */
export function ownSequence(draft: Draft, table: Table, column: string, span: Column['span']) {
  const { schema } = table;
  const name = relationName(draft, schema, { table: table.name, columns: column, label: 'seq' });
  const sequence = { schema, name, ownedBy: { tableId: table.id, column }, span };
  setSequence(draft, keyOf(draft, schema, name), sequence);
  return sequence;
}

/** ADD COLUMN with the constraints written on it; partitions and inheriting tables get it too. */
export function addColumn(draft: Draft, table: Table, definition: ColumnDefinition): Column {
  if (findColumn(draft, table, definition.name))
    throw new Refusal(
      'already exists',
      `column "${definition.name}" of relation "${table.name}" already exists`,
      [table.name],
      'object',
    );
  if (draft.dialect === 'postgres' && table.columns.length >= MAX_COLUMNS)
    throw new Refusal('invalid definition', `tables can have at most ${MAX_COLUMNS} columns`, [table.name]);
  const column = newColumn(draft, table, definition);
  setTable(draft, table.id, { ...table, columns: [...table.columns, column] });
  for (const child of childrenOf(draft, table)) {
    const { default: value, ...plain } = definition;
    const kept = value === SERIAL ? { default: column.default } : { default: value };
    if (!findColumn(draft, child, column.name))
      addColumn(draft, child, { ...plain, ...kept, constraints: [] });
  }
  for (const constraint of definition.constraints)
    at(constraint.span, () => addConstraint(draft, table.id, constraint));
  return findColumn(draft, current(draft, table.id), column.name) ?? column;
}

/** Replaces one column of a table. */
export function setColumn(draft: Draft, id: number, column: Column): void {
  const table = current(draft, id);
  setTable(draft, id, {
    ...table,
    columns: table.columns.map((one) => (one.id === column.id ? column : one)),
  });
}

/** Marks columns NOT NULL, in the tables below too. */
export function markNotNull(draft: Draft, id: number, names: readonly string[]): void {
  const table = current(draft, id);
  if (table.columns.some((column) => column.nullable && names.includes(column.name))) {
    const columns = table.columns.map((column) =>
      names.includes(column.name) ? { ...column, nullable: false } : column,
    );
    setTable(draft, id, { ...table, columns });
  }
  for (const child of childrenOf(draft, table)) markNotNull(draft, child.id, names);
}
