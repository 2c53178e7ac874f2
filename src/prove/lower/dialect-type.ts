import type { TypeName } from '../../schema/name.ts';

/** DuckDB's type for a column of SQLite: the column's affinity, with what may hold anything as text. */
export function typeOfSqlite({ name }: TypeName): string {
  if (/int|bool/.test(name)) return 'BIGINT';
  if (/char|clob|text/.test(name)) return 'VARCHAR';
  if (/blob/.test(name)) return 'BLOB';
  return /real|floa|doub|numeric|decimal/.test(name) ? 'DOUBLE' : 'VARCHAR';
}

const MYSQL: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  mediumint: 'INTEGER',
  int: 'INTEGER',
  bigint: 'BIGINT',
  'tinyint unsigned': 'UTINYINT',
  'smallint unsigned': 'USMALLINT',
  'mediumint unsigned': 'UINTEGER',
  'int unsigned': 'UINTEGER',
  'bigint unsigned': 'UBIGINT',
  bit: 'BIGINT',
  year: 'SMALLINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  'float unsigned': 'FLOAT',
  'double unsigned': 'DOUBLE',
  datetime: 'TIMESTAMP',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  json: 'JSON',
  binary: 'BLOB',
  varbinary: 'BLOB',
  tinyblob: 'BLOB',
  blob: 'BLOB',
  mediumblob: 'BLOB',
  longblob: 'BLOB',
};

/** DuckDB's type for a column of MySQL; texts, sets, times and what it has nothing like are held as text. */
export function typeOfMysql({ name, arguments: args }: TypeName): string {
  if (/^decimal\b/.test(name)) {
    const [precision = 10, scale = 0] = args.map(Number);
    return precision <= 38 ? `DECIMAL(${precision},${scale})` : 'DOUBLE';
  }
  return Object.hasOwn(MYSQL, name) ? (MYSQL[name] ?? 'VARCHAR') : 'VARCHAR';
}

/** What MySQL writes into a NOT NULL column that is added without a default. */
export function impliedMysql(type: TypeName): string {
  const held = typeOfMysql(type);
  if (held === 'VARCHAR') return "''";
  if (held === 'JSON') return "'null'";
  if (held === 'BLOB') return "''::BLOB";
  return /^(TIMESTAMP|DATE)$/.test(held) ? "'1970-01-01'" : '0';
}

/** Functions of SQLite that DuckDB has under another name or with other arguments. */
export const SQLITE_FUNCTIONS: readonly string[] = [
  'datetime(moment) AS CAST(current_timestamp AS VARCHAR), (moment, change) AS CAST(current_timestamp AS VARCHAR), (a, b, c) AS CAST(current_timestamp AS VARCHAR)',
  'unixepoch() AS CAST(epoch(current_timestamp) AS BIGINT), (moment) AS CAST(epoch(current_timestamp) AS BIGINT), (moment, change) AS CAST(epoch(current_timestamp) AS BIGINT)',
  'julianday(moment) AS julian(CAST(current_timestamp AS TIMESTAMP))',
  'randomblob(bytes) AS CAST(CAST(gen_random_uuid() AS VARCHAR) AS BLOB)',
  "moment_text(format) AS CASE format WHEN '%s' THEN CAST(CAST(epoch(current_timestamp) AS BIGINT) AS VARCHAR) ELSE CAST(current_timestamp AS VARCHAR) END, (format, moment) AS CASE format WHEN '%s' THEN CAST(CAST(epoch(current_timestamp) AS BIGINT) AS VARCHAR) ELSE CAST(current_timestamp AS VARCHAR) END, (format, moment, change) AS CAST(current_timestamp AS VARCHAR)",
  'iif(test, yes, no) AS CASE WHEN test THEN yes ELSE no END',
  'json_valid(value) AS 1',
].map((macro) => `CREATE MACRO ${macro}`);

/** Functions of MySQL, likewise. */
export const MYSQL_FUNCTIONS: readonly string[] = [
  'if_else(test, yes, no) AS CASE WHEN test THEN yes ELSE no END',
  'utc_timestamp() AS CAST(current_timestamp AS TIMESTAMP)',
  'curdate() AS current_date',
  'unix_timestamp() AS CAST(epoch(current_timestamp) AS BIGINT), (moment) AS CAST(epoch(moment) AS BIGINT)',
  'from_unixtime(seconds) AS to_timestamp(seconds)',
  'json_unquote(value) AS value',
  'char_length(value) AS length(value)',
].map((macro) => `CREATE MACRO ${macro}`);
