import type { TypeName } from '../../schema/name.ts';
import type { Dialect, Schema } from '../../schema/schema.ts';
import { MYSQL_FUNCTIONS, SQLITE_FUNCTIONS, typeOfMysql, typeOfSqlite } from './dialect-type.ts';

/** DuckDB's type for a PostgreSQL one, where it is not of the same name. */
const TYPES: Readonly<Record<string, string>> = {
  text: 'VARCHAR',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  name: 'VARCHAR',
  json: 'JSON',
  jsonb: 'JSON',
  bytea: 'BLOB',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  time: 'TIME',
  timetz: 'TIMETZ',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'REAL',
  'double precision': 'DOUBLE',
  boolean: 'BOOLEAN',
  uuid: 'UUID',
  date: 'DATE',
  interval: 'INTERVAL',
  oid: 'BIGINT',
  money: 'DECIMAL(18,2)',
  vector: 'FLOAT[]',
  halfvec: 'FLOAT[]',
};

/** DuckDB's type for a column; what it has nothing like is held as text. */
export function duckdbType(type: TypeName, schema: Schema): string {
  if (schema.dialect === 'sqlite') return typeOfSqlite(type);
  if (schema.dialect === 'mysql') return typeOfMysql(type);
  return scalar(type, schema) + '[]'.repeat(type.dimensions);
}

function scalar(type: TypeName, schema: Schema): string {
  if (type.name === 'numeric') {
    const [precision, scale] = type.arguments.map(Number);
    if (precision === undefined) return 'DECIMAL(38,10)';
    return precision <= 38 && (scale ?? 0) <= precision && (scale ?? 0) >= 0
      ? `DECIMAL(${precision},${scale ?? 0})`
      : 'DOUBLE';
  }
  if (type.schema === undefined && Object.hasOwn(TYPES, type.name)) return TYPES[type.name] ?? 'VARCHAR';
  const domain = [...schema.types.values()].find((one) => one.name === type.name && one.baseType);
  return domain?.baseType && domain.baseType.name !== type.name
    ? duckdbType(domain.baseType, schema)
    : 'VARCHAR';
}

/** What the SQL of a dialect uses and DuckDB does not know, as statements that make it known. */
export function aliasesFor(dialect: Dialect): readonly string[] {
  if (dialect === 'sqlite') return SQLITE_FUNCTIONS;
  return dialect === 'mysql' ? MYSQL_FUNCTIONS : [...TYPE_ALIASES, ...FUNCTION_ALIASES];
}

/** Names that casts in PostgreSQL's SQL use and DuckDB does not know, as statements that make them known. */
const TYPE_ALIASES: readonly string[] = [
  ...['jsonb AS JSON', 'vector AS FLOAT[]', 'money AS DECIMAL(18,2)'],
  ...['regclass', 'regtype', 'citext', 'xml', 'inet', 'cidr', 'macaddr', 'ltree', 'tsvector', 'tsquery'].map(
    (name) => `${name} AS VARCHAR`,
  ),
].map((type) => `CREATE TYPE ${type}`);

/** PostgreSQL's functions that DuckDB has under another name. */
const FUNCTION_ALIASES: readonly string[] = [
  'uuid_generate_v4() AS gen_random_uuid()',
  'clock_timestamp() AS now()',
  'statement_timestamp() AS now()',
  'timezone(zone, moment) AS moment AT TIME ZONE zone',
].map((macro) => `CREATE MACRO ${macro}`);

/** A name as DuckDB reads it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
