import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { probeAll } from '../../src/prove/lower/state.ts';
import { openLowering } from '../../src/prove/lower.ts';
import { postgresInserts } from '../../src/prove/seed/insert.ts';
import { makeSeed } from '../../src/prove/seed.ts';
import { buildSlice, plant } from '../../src/prove/slice.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { emptySchema, openFold } from '../../src/schema/fold.ts';

beforeAll(() => loadSqlReader('postgres'));
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((scratch) => scratch.close())));

function foldOf(sql: string) {
  const fold = openFold(emptySchema('migrations', 'postgres'));
  for (const { operations } of readSql('migrations/1.sql', sql, 'postgres').statements)
    for (const operation of operations) expect(fold.apply(operation).error).toBeUndefined();
  return fold;
}

function seedOf(sql: string) {
  const schema = foldOf(sql).snapshot();
  const seed = makeSeed(schema, [...schema.tables.values()]);
  const rows = Object.fromEntries(seed.tables.map((one) => [one.table.name, one.rows]));
  const why = [...seed.unseeded].map(([id, reason]) => `${schema.tables.get(id)?.name}: ${reason}`);
  return { seed, rows, why, order: seed.tables.map((one) => one.table.name) };
}

/** What a table's constraints say of its seeded rows in DuckDB. */
async function broken(sql: string) {
  const fold = foldOf(sql);
  const schema = fold.snapshot();
  const tables = [...schema.tables.values()];
  const scratch = await openDuckdb();
  opened.push(scratch);
  const lowering = await openLowering(scratch, fold);
  const seed = makeSeed(schema, tables);
  await buildSlice(lowering, { tables, views: [] });
  await plant(lowering, { tables, views: [] }, seed);
  const found = [];
  for (const { table, rows } of seed.tables) {
    const [count] = await scratch.query(`SELECT count(*)::int AS n FROM "${table.name}"`);
    if (count?.n !== rows.length) found.push(`${table.name}: ${count?.n} of ${rows.length} rows`);
    const outcome = await probeAll(lowering, table);
    if (outcome && outcome.word !== 'modelled') found.push(`${table.name}: ${outcome.reason}`);
  }
  return found;
}

test('a table holds NULLs, duplicates, empty and long text, and the ends of numbers where it may', () => {
  const { rows } = seedOf('CREATE TABLE t (id uuid PRIMARY KEY, name text, size smallint, code varchar(3));');
  const names = (rows.t ?? []).map((row) => row.name);
  expect(rows.t).toHaveLength(8);
  expect(names).toContain(null);
  expect(names).toContain('');
  expect(new Set(names).size).toBeLessThan(names.length);
  expect(names.some((name) => typeof name === 'string' && name.length > 255)).toBe(true);
  expect(names.some((name) => typeof name === 'string' && /['"].*[ß漢]/.test(name))).toBe(true);
  const sizes = (rows.t ?? []).map((row) => row.size);
  expect(sizes).toEqual(expect.arrayContaining(['-32768', '32767', '0']));
  expect((rows.t ?? []).map((row) => row.code)).toContain('xxx');
});

test('the same schema gives the same rows', () => {
  const sql = `CREATE TABLE a (id serial PRIMARY KEY, x int CHECK (x > 3)); CREATE TABLE b (a int REFERENCES a, y text UNIQUE);`;
  expect(seedOf(sql).rows).toEqual(seedOf(sql).rows);
});

describe('rows respect', () => {
  test.each([
    [
      'NOT NULL and keys',
      'CREATE TABLE t (a int, b text NOT NULL, c boolean, PRIMARY KEY (a, b), UNIQUE (b, c));',
    ],
    [
      'foreign keys, to itself too',
      'CREATE TABLE p (id int PRIMARY KEY, up int REFERENCES p, root int NOT NULL REFERENCES p); CREATE TABLE c (p int NOT NULL REFERENCES p);',
    ],
    [
      'foreign keys of several columns that share one',
      `CREATE TABLE org (id int PRIMARY KEY); CREATE TABLE team (org int REFERENCES org, id int, PRIMARY KEY (org, id));
       CREATE TABLE person (org int NOT NULL REFERENCES org, team int, FOREIGN KEY (org, team) REFERENCES team);`,
    ],
    [
      'a cycle that is cut where a column may be NULL',
      `CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;`,
    ],
    [
      'enums, domains and lists of them',
      `CREATE TYPE mood AS ENUM ('well', 'ill'); CREATE DOMAIN score AS smallint;
       CREATE TABLE t (m mood NOT NULL, s score NOT NULL, l mood[] NOT NULL, u mood UNIQUE);`,
    ],
    [
      'comparisons, lists, lengths and ranges',
      `CREATE TABLE t (a int NOT NULL CHECK (a > 10 AND a <= 12), b text NOT NULL CHECK (b IN ('x', 'y')),
       c text NOT NULL CHECK (char_length(c) BETWEEN 2 AND 3), d bytea NOT NULL CHECK (octet_length(d) = 32),
       e numeric(4, 2) NOT NULL CHECK (e <> 0), f text NOT NULL CHECK (f LIKE 'https://%'), g int[] NOT NULL CHECK (cardinality(g) > 0));`,
    ],
    [
      'checks between columns',
      `CREATE TABLE t (a int, b int, c int, kind text NOT NULL, since date, until date,
       CHECK (num_nonnulls(a, b, c) = 1), CHECK (a < b OR a IS NULL OR b IS NULL), CHECK (since < until),
       CHECK (kind = 'closed' AND until IS NOT NULL OR kind IN ('open', 'new') AND until IS NULL));`,
    ],
    [
      'unique expressions and partial indexes',
      'CREATE TABLE t (a text, b int); CREATE UNIQUE INDEX ON t (lower(a)); CREATE UNIQUE INDEX ON t (b) WHERE a IS NOT NULL;',
    ],
    ['keys of one row', 'CREATE TABLE t (id boolean PRIMARY KEY DEFAULT true CHECK (id), n int);'],
    [
      'types of every kind',
      'CREATE TABLE t (a date, b timestamptz, c time, d interval, e jsonb, f bytea, g inet, h numeric, i real, j text[], k uuid[], l char(4), m money, n timestamp[]);',
    ],
  ])('%s', async (_, sql) => {
    const { seed, why } = seedOf(sql);
    expect(why).toEqual([]);
    expect(seed.tables.every(({ rows }) => rows.length > 0)).toBe(true);
    expect(await broken(sql)).toEqual([]);
  });
});

test('parents come before their children', () => {
  expect(
    seedOf(
      'CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE p (id int PRIMARY KEY); ALTER TABLE c ADD p int NOT NULL REFERENCES p;',
    ).order,
  ).toEqual(['p', 'c']);
});

test('what cannot be seeded says why', () => {
  const { why } = seedOf(`CREATE TABLE a (s tsmultirange NOT NULL);
    CREATE TABLE b (n int NOT NULL CHECK (n > 1 AND n < 1)); CREATE TABLE c (b int NOT NULL); ALTER TABLE b ADD UNIQUE (n);
    ALTER TABLE c ADD FOREIGN KEY (b) REFERENCES b (n); CREATE TABLE d (at date) PARTITION BY RANGE (at);`);
  expect(why).toEqual([
    'a: no value of type tsmultirange is known for "s"',
    'b: no value for "n" is known that its CHECK allows',
    'd: no partition is known that takes its rows',
    'c: b, its parent, has no rows',
  ]);
});

test('PostgreSQL gets one INSERT a row, with identities and bytes as it reads them', () => {
  const { seed } =
    seedOf(`CREATE TABLE "T" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b bytea NOT NULL UNIQUE,
    l text[] NOT NULL, g int GENERATED ALWAYS AS (id + 1) STORED);`);
  const [first] = seed.tables.flatMap((table) => postgresInserts(table).single);
  expect(first).toBe(
    `INSERT INTO "public"."T" ("id", "b", "l") OVERRIDING SYSTEM VALUE VALUES ('1001', '\\xff000000', '{"value1"}')`,
  );
});
