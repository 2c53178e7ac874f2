import { typeText } from '../schema/name.ts';
import type { Column, Schema, Table } from '../schema/schema.ts';
import type { TableSize } from './exact.ts';
import { userType } from './seed/value.ts';

/** Rows that a table is taken to have where nothing tells. */
const ASSUMED_ROWS = 1_000_000;

/** Of one parent, so many children are taken to be. */
const CHILDREN = 50;

/** Bytes of a row beside its columns. */
const ROW_HEAD = 28;

/** How large a table is taken to be: as many rows as are measured, else a million, with values as its constraints and types let expect. */
export function sizeOf(
  table: Table,
  schema: Schema,
  rowsOf: (table: Table) => number | undefined,
): TableSize {
  const measured = rowsOf(table);
  const columns = table.columns.map((column) => ({
    name: column.name,
    width: widthOf(column),
    distinct: distinctOf(column, table, schema, rowsOf),
  }));
  return {
    schema: table.schema,
    name: table.name,
    rows: measured ?? ASSUMED_ROWS,
    isMeasured: measured !== undefined,
    width: columns.reduce((sum, { width }) => sum + width, ROW_HEAD),
    columns,
  };
}

const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/^(bool|"?char"?$|int2|smallint)/, 2],
  [/^(int4|integer|int|serial|date|real|float4)$/, 4],
  [/^(int8|bigint|bigserial|timestamp|time|double|float8|numeric|decimal|money)/, 8],
  [/^uuid/, 16],
  [/^(json|jsonb|bytea|xml)/, 200],
  [/\[\]$/, 100],
];

function widthOf({ type }: Column): number {
  const text = typeText(type).toLowerCase();
  return WIDTHS.find(([pattern]) => pattern.test(text))?.[1] ?? 24;
}

/** Columns that say in which of a few states a row is. */
const FEW =
  /(^|_)(status|state|type|kind|role|level|category|currency|country|locale|language|plan|tier|provider|source|channel)$/i;

function distinctOf(
  { name, type }: Column,
  table: Table,
  schema: Schema,
  rowsOf: (table: Table) => number | undefined,
): number {
  const isAlone = ({ columns }: { readonly columns: readonly (string | undefined)[] }) =>
    columns.length === 1 && columns[0] === name;
  if (table.constraints.some((one) => (one.kind === 'primary key' || one.kind === 'unique') && isAlone(one)))
    return -1;
  if (table.indexes.some((one) => one.unique && one.predicate === undefined && isAlone(one))) return -1;
  const reference = table.constraints.find((one) => one.kind === 'foreign key' && isAlone(one));
  if (reference?.kind === 'foreign key') {
    const parent = schema.tables.get(reference.refTableId);
    return (parent && rowsOf(parent)) ?? -1 / CHILDREN;
  }
  const text = typeText(type).toLowerCase();
  if (text.startsWith('bool')) return 2;
  const own = userType(type, schema);
  if (own?.kind === 'enum') return Math.max(own.labels.length, 1);
  if (FEW.test(name)) return 10;
  return /^(timestamp|date|time)/.test(text) ? -0.5 : -0.1;
}
