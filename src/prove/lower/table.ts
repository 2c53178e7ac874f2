import type { Column, Dialect, Schema, Table } from '../../schema/schema.ts';
import { toDuckdbText } from './dialect-text.ts';
import { duckdbType, literal, quoted } from './type.ts';

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
  const sequences = table.columns.filter(isCounted).map((column) => sequenceSql(column, schema.dialect));
  const columns = table.columns.map((column) => columnSql(column, schema, !without.has(column.name)));
  return [[...sequences, `CREATE TABLE ${relationName(table)} (${columns.join(', ')})`].join(';\n')];
}

function columnSql(column: Column, schema: Schema, withDefault: boolean): string {
  const value = withDefault ? defaultSql(column, schema.dialect) : undefined;
  const notNull = column.nullable || column.generated !== undefined ? '' : ' NOT NULL';
  return `${quoted(column.name)} ${duckdbType(column.type, schema)}${value === undefined ? '' : ` DEFAULT ${value}`}${notNull}`;
}

/** A column whose values a sequence counts. */
export function isCounted(column: Column): boolean {
  return column.identity !== undefined || /^nextval\(/i.test(column.default ?? '');
}

/**
 * Makes a column's counter. SQLite and MySQL count on from the highest value that was written: here from a number that no
 * text writes, as far as the type goes.
 */
export function sequenceSql(column: Column, dialect: Dialect): string {
  const made = `CREATE SEQUENCE IF NOT EXISTS ${sequenceOf(column)}`;
  if (dialect !== 'sqlite' && dialect !== 'mysql') return made;
  const { name } = column.type;
  return `${made} START ${/^tinyint/.test(name) ? 100 : /^smallint/.test(name) ? 20_000 : 1_000_000_000}`;
}

/** The counter of a column, named after its identity, so that no rename matters. */
function sequenceOf(column: Column): string {
  return `main.counter_${column.id}`;
}

const MOMENT = /^(date|time|timetz|timestamp|timestamptz)$/;

/** The default as DuckDB may run it; undefined where there is none. */
export function defaultSql(column: Column, dialect: Dialect): string | undefined {
  if (isCounted(column)) return `nextval('${sequenceOf(column)}')`;
  if (column.default === undefined) return undefined;
  const value = expressionSql(column.default, dialect);
  // PostgreSQL reads the word in a string, once, where a moment is wanted
  if (dialect === 'postgres' && MOMENT.test(column.type.name) && /^'\s*now(\s*\(\s*\))?\s*'/i.test(value))
    return 'now()';
  // SQLite takes "text" for a string where no column of that name can stand
  if (dialect === 'sqlite' && /^"[^"]*"$/.test(value)) return literal(value.slice(1, -1));
  const empty = column.type.dimensions > 0 && /^'\{\}'/.test(value);
  return empty ? '[]' : value;
}

/** An expression or statement with the spellings replaced that DuckDB refuses and that mean the same. */
export function expressionSql(text: string, dialect: Dialect): string {
  if (dialect === 'sqlite' || dialect === 'mysql') return toDuckdbText(text, dialect);
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

/** Where a table's rows wait while it is rebuilt. */
export function interimName(table: Table): string {
  return relationName(interimOf(table));
}

function interimOf(table: Table): Table {
  return { ...table, schema: 'main', name: `rebuilt_${table.id}` };
}

/** Copies the rows of a table's former self into its present shape; a row that does not fit fails. */
export function copySql(
  before: Table,
  after: Table,
  schema: Schema,
  using: ReadonlyMap<string, string>,
): readonly string[] {
  const kept = after.columns.filter((column) => before.columns.some((one) => one.id === column.id));
  const values = kept.map((column) => {
    const from = before.columns.find((one) => one.id === column.id)?.name ?? column.name;
    return `CAST(${using.get(column.name) ?? quoted(from)} AS ${duckdbType(column.type, schema)})`;
  });
  const columns = kept.map((column) => quoted(column.name)).join(', ');
  const create = createTableSql(interimOf(after), schema);
  if (kept.length === 0) return create;
  const from = relationName(before);
  return [
    ...create,
    `INSERT INTO ${interimName(after)} (${columns}) SELECT ${values.join(', ')} FROM ${from}`,
  ];
}

/** Puts the copy in the table's place. */
export function replaceSql(before: Table, after: Table, schema: Schema): readonly string[] {
  const interim = interimName(after);
  return [
    `DROP TABLE ${relationName(before)}`,
    ...createTableSql(after, schema),
    `INSERT INTO ${relationName(after)} SELECT * FROM ${interim}`,
    `DROP TABLE ${interim}`,
  ];
}
