import type { Dialect } from '../../schema/schema.ts';

/** A database as a tool or a folder names it: one of ours, or the name of another. */
export type DialectWord =
  | { readonly dialect: Dialect }
  | { readonly dialect?: undefined; readonly other: string };

const OURS: Readonly<Record<Dialect, readonly string[]>> = {
  postgres: ['postgres', 'postgresql', 'pgsql', 'pg', 'psql', 'prisma+postgres'],
  duckdb: ['duckdb', 'motherduck'],
  mysql: ['mysql', 'mariadb', 'mysql2'],
  sqlite: ['sqlite', 'sqlite3', 'libsql', 'turso', 'd1'],
};

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  CockroachDB: ['cockroachdb', 'cockroach', 'crdb'],
  ClickHouse: ['clickhouse', 'ch'],
  'SQL Server': ['sqlserver', 'mssql'],
  MongoDB: ['mongodb', 'mongo'],
  Oracle: ['oracle', 'oracledb'],
  SingleStore: ['singlestore'],
  Gel: ['gel', 'edgedb'],
  Snowflake: ['snowflake'],
  BigQuery: ['bigquery'],
  Spanner: ['spanner'],
  Cassandra: ['cassandra', 'scylla', 'cql'],
  Redshift: ['redshift'],
  YugabyteDB: ['yugabyte', 'yugabytedb'],
  TiDB: ['tidb'],
  QuestDB: ['questdb'],
  H2: ['h2'],
  DB2: ['db2'],
};

const WORDS = new Map<string, DialectWord>();
for (const [dialect, words] of Object.entries(OURS))
  for (const word of words) WORDS.set(word, { dialect: dialect as Dialect }); // Object.entries forgets the key's type
for (const [other, words] of Object.entries(OTHERS)) for (const word of words) WORDS.set(word, { other });

/** The database of a provider's or driver's name. */
export function dialectOf(word: string): DialectWord | undefined {
  return WORDS.get(word.toLowerCase());
}

/** `riversqlite`, `storemysql8`: long words that stand for nothing else. */
const ENDS_WITH = /(postgres(?:ql)?|mysql|mariadb|sqlite|duckdb)(?:v?\d+)?$/i;

/** The database that the nearest part of a folder's path names: `db/postgresql/migrations`, `pg-migrations`. */
export function dialectOfFolder(
  folder: string,
): { readonly word: DialectWord; readonly part: string } | undefined {
  for (const part of folder.split('/').reverse()) {
    for (const token of [part, ...part.split(/[-_.]/), ...(ENDS_WITH.exec(part)?.slice(1) ?? [])]) {
      const word = dialectOf(token);
      if (word) return { word, part };
    }
  }
  return undefined;
}
