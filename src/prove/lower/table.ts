import type { Column, Schema, Table } from '../../schema/schema.ts';
import { duckdbType, quoted } from './type.ts';

/** A table's name in the scratch database; its schemas have the names that PostgreSQL's have. */
export function relationName(table: Pick<Table, 'schema' | 'name'>): string {
  return table.schema === 'pg_temp' ? quoted(table.name) : `${quoted(table.schema)}.${quoted(table.name)}`;
}

/** Columns, types, NOT NULL and defaults; keys and checks are held by probes. `without` names columns that get no default. */
export function createTableSql(
  table: Table,
  schema: Schema,
  without: ReadonlySet<string> = new Set(),
): readonly string[] {
  const sequences = table.columns
    .filter(isCounted)
    .map((column) => `CREATE SEQUENCE IF NOT EXISTS ${sequenceOf(column)}`);
  const columns = table.columns.map((column) => columnSql(column, schema, !without.has(column.name)));
  return [...sequences, `CREATE TABLE ${relationName(table)} (${columns.join(', ')})`];
}

function columnSql(column: Column, schema: Schema, withDefault: boolean): string {
  const value = withDefault ? defaultSql(column) : undefined;
  const notNull = column.nullable || column.generated !== undefined ? '' : ' NOT NULL';
  return `${quoted(column.name)} ${duckdbType(column.type, schema)}${value === undefined ? '' : ` DEFAULT ${value}`}${notNull}`;
}

/** A column whose values a sequence counts. */
export function isCounted(column: Column): boolean {
  return column.identity !== undefined || /^nextval\(/i.test(column.default ?? '');
}

/** The counter of a column, named after its identity, so that no rename matters. */
export function sequenceOf(column: Column): string {
  return `main.counter_${column.id}`;
}

/** The default as DuckDB may run it; undefined where there is none. */
export function defaultSql(column: Column): string | undefined {
  if (isCounted(column)) return `nextval('${sequenceOf(column)}')`;
  if (column.default === undefined) return undefined;
  const value = expressionSql(column.default);
  const empty = column.type.dimensions > 0 && /^'\{\}'/.test(value);
  return empty ? '[]' : value;
}

/** PostgreSQL's expression with the few spellings replaced that DuckDB refuses and that mean the same. */
export function expressionSql(text: string): string {
  return text
    .replace(/\bpg_catalog\./gi, '')
    .replace(/::\s*character varying(\s*\(\s*\d+\s*\))?/gi, '::VARCHAR')
    .replace(/\b(timestamp(?:tz)?|timestamp with(?:out)? time zone)\s*\(\s*\d\s*\)/gi, '$1')
    .replace(/\bARRAY\s*\[\s*\]\s*(::\s*"?\w+"?\s*(\(\s*\d+\s*\))?\s*\[\s*\])?/gi, '[]')
    .replace(/\bdouble precision\b/gi, 'DOUBLE');
}

/** Whether every default is a plain literal, so that no test of it is needed. */
export function isPlain(value: string): boolean {
  return /^(-?\d+(\.\d+)?|true|false|null|now\(\)|current_timestamp|'[^']*')$/i.test(value);
}

/** Replaces a table's former self by its present one, row by row: for what DuckDB's own ALTER does not take. */
export function rebuildSql(
  before: Table,
  after: Table,
  schema: Schema,
  using: ReadonlyMap<string, string>,
): readonly string[] {
  const interim = { ...after, schema: 'main', name: `rebuilt_${after.id}` };
  const kept = after.columns.filter((column) => before.columns.some((one) => one.id === column.id));
  const values = kept.map((column) => {
    const from = before.columns.find((one) => one.id === column.id)?.name ?? column.name;
    const value = using.get(column.name) ?? quoted(from);
    return `CAST(${value} AS ${duckdbType(column.type, schema)})`;
  });
  const copy =
    kept.length === 0
      ? []
      : [
          `INSERT INTO ${relationName(interim)} (${kept.map((column) => quoted(column.name)).join(', ')}) SELECT ${values.join(', ')} FROM ${relationName(before)}`,
        ];
  return [
    ...createTableSql(interim, schema),
    ...copy,
    `DROP TABLE ${relationName(before)}`,
    ...createTableSql(after, schema),
    `INSERT INTO ${relationName(after)} SELECT * FROM ${relationName(interim)}`,
    `DROP TABLE ${relationName(interim)}`,
  ];
}
