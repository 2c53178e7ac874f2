import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { openPostgres } from '../../src/prove/engine/postgres.ts';
import type { ExactEngine } from '../../src/prove/exact.ts';
import { attemptOnRows } from '../../src/prove/exact-on-rows.ts';
import { toExact } from '../../src/prove/exact-statement.ts';
import { proveOnRows, seedFor } from '../../src/prove/prove-on-rows.ts';
import { startingSchema } from '../../src/read/replay.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { openFold } from '../../src/schema/fold.ts';
import type { Dialect } from '../../src/schema/schema.ts';

beforeAll(async () => {
  await loadSqlReader('postgres');
  server = await openPostgres({ engine: 'postgres', keys: [], prelude: [], fromEmpty: true, make: true });
  await server.build([toExact(readSql('migrations/1.sql', PEOPLE, 'postgres'))]);
});
afterAll(() => server.close());

const chain = {
  id: 'migrations',
  tool: 'numbered' as const,
  dialect: 'postgres' as const,
  dialectReason: '',
  dialectGuessed: false,
  migrations: [],
  prelude: '',
  transactional: true,
  leftOut: [],
};

const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((scratch) => scratch.close())));

/** Proves one migration on the rows that the tables of `before` may hold. */
async function onRows(before: string, change: string, dialect: Dialect = 'postgres') {
  await loadSqlReader(dialect);
  const own = { ...chain, dialect };
  const fold = openFold(startingSchema(own));
  for (const { operations } of readSql('migrations/1.sql', before, dialect).statements)
    for (const operation of operations) expect(fold.apply(operation).error).toBeUndefined();
  const source = readSql('migrations/2.sql', change, dialect);
  const file = { name: '2', path: source.path, id: '2', order: '2' };
  const schema = fold.snapshot();
  const migrations = [{ file, source }];
  const seed = await seedFor(schema, migrations);
  const request = { chain: own, schema, migrations, from: 'slice' as const, seed };
  const proof = await proveOnRows(request, async () => {
    const scratch = await openDuckdb();
    opened.push(scratch);
    return scratch;
  });
  const [migration] = proof.migrations;
  return {
    verdict: migration?.verdict,
    risks: migration?.risks?.map(({ on, message }) => `${on}: ${message}`) ?? [],
    migration,
    on: proof.on,
  };
}

let server: ExactEngine;

/** The same in PostgreSQL itself. */
async function inPostgres(change: string) {
  const fold = openFold(startingSchema(chain));
  for (const { operations } of readSql('migrations/1.sql', PEOPLE, 'postgres').statements)
    for (const operation of operations) fold.apply(operation);
  const schema = fold.snapshot();
  const source = readSql('migrations/2.sql', change, 'postgres');
  const steps = source.statements.map((statement) => ({
    statement,
    applied: statement.operations.map((operation) => fold.apply(operation)),
  }));
  const migrations = [{ file: { name: '2', path: source.path, id: '2', order: '2' }, source, steps }];
  const seed = await seedFor(schema, migrations);
  if (!seed) throw new Error('nothing in it depends on rows');
  const asked = { migrations, schema, headSchema: fold.snapshot(), seed };
  const { results, risks, onRows } = await attemptOnRows(server, asked);
  expect(onRows).toBe(true);
  const words = results.flatMap(({ outcomes }) => outcomes.map(({ word }) => word));
  return {
    words,
    risks: risks.map(({ on, message }) => `${on}: ${message}`),
    places: risks.map(({ span }) => span.column),
  };
}

const PEOPLE = `CREATE TYPE mood AS ENUM ('well', 'ill');
  CREATE TABLE people (id bigint PRIMARY KEY, name text, age text, nick varchar(40), mood mood, home bigint);`;

describe('a risk that depends on the rows is told, and is no refutation', () => {
  test.each([
    [
      'SET NOT NULL',
      'ALTER TABLE people ALTER name SET NOT NULL',
      'name',
      `UPDATE people SET name = '' WHERE name IS NULL;`,
    ],
    [
      'a unique constraint',
      'ALTER TABLE people ADD CONSTRAINT one_name UNIQUE (name)',
      'one_name',
      'UPDATE people SET name = id::text;',
    ],
    [
      'a unique index over two columns',
      'CREATE UNIQUE INDEX pair ON people (name, mood)',
      'pair',
      'UPDATE people SET name = id::text;',
    ],
    [
      'a cast',
      'ALTER TABLE people ALTER age TYPE integer USING age::integer',
      'INT32',
      `UPDATE people SET age = '1';`,
    ],
    [
      'a CHECK',
      `ALTER TABLE people ADD CONSTRAINT named CHECK (name <> '')`,
      'named',
      `UPDATE people SET name = 'x';`,
    ],
    [
      'a shorter type',
      'ALTER TABLE people ALTER nick TYPE varchar(4)',
      'value too long',
      `UPDATE people SET nick = 'x';`,
    ],
    [
      'a foreign key',
      'CREATE TABLE homes (id bigint PRIMARY KEY); ALTER TABLE people ADD CONSTRAINT lives FOREIGN KEY (home) REFERENCES homes (id)',
      'lives',
      'UPDATE people SET home = NULL;',
    ],
  ])('%s', async (_, change, said, repair) => {
    const found = await onRows(PEOPLE, change);
    expect(found.verdict).not.toBe('refuted');
    expect(found.risks).toEqual([expect.stringMatching(new RegExp(`^some rows: .*${said}`))]);
    const repaired = await onRows(PEOPLE, `${repair} ${change}`);
    expect(repaired.verdict).not.toBe('refuted');
    expect(repaired.risks).toEqual([]);
    const exact = await inPostgres(change);
    expect(exact.words).not.toContain('failed');
    expect(exact.risks).toHaveLength(1);
    expect((await inPostgres(`${repair} ${change}`)).risks).toEqual([]);
  });

  test('a new column that no row can have stops at any row', async () => {
    const { verdict, risks } = await onRows(PEOPLE, 'ALTER TABLE people ADD COLUMN born date NOT NULL');
    expect(verdict).toBe('proved');
    expect(risks).toEqual([expect.stringMatching(/^any row: /)]);
    const exact = await inPostgres('ALTER TABLE people ADD COLUMN born date NOT NULL');
    expect(exact.risks).toEqual(['any row: column "born" of relation "people" contains null values']);
  });

  test('every risk of a statement is met, each at its own place', async () => {
    const change = 'ALTER TABLE people ALTER name SET NOT NULL, ALTER mood SET NOT NULL, ADD UNIQUE (age);';
    const { migration } = await onRows(PEOPLE, change);
    expect((await inPostgres(change)).places.sort()).toEqual([20, 45, 70]);
    expect(migration?.risks?.map(({ span }) => span.column)).toEqual([20, 45, 70]);
  });
});

test('what fails without any row is refuted, and no risk', async () => {
  const { verdict, risks } = await onRows(
    PEOPLE,
    `INSERT INTO people (id) VALUES (1), (1); ALTER TABLE people ALTER name SET NOT NULL`,
  );
  expect(verdict).toBe('refuted');
  expect(risks).toEqual([]);
});

test('an INSERT that meets a key of a made-up row is no failure', async () => {
  const { verdict, risks } = await onRows(PEOPLE, 'INSERT INTO people (id) VALUES (1001)');
  expect([verdict, risks]).toEqual(['proved', []]);
});

test('a write that could not run spoils no verdict by made-up rows', async () => {
  const { migration } = await onRows(
    PEOPLE,
    'UPDATE people SET name = nosuchfunction(id); ALTER TABLE people ALTER name SET NOT NULL',
  );
  expect(migration?.statements.map(({ word }) => word)).toEqual(['not-modelled', 'executed']);
  expect(migration?.risks).toBeUndefined();
});

test('where nothing depends on rows, none are made', async () => {
  expect((await onRows(PEOPLE, 'ALTER TABLE people ADD COLUMN born date')).on).toBeUndefined();
  expect((await onRows(PEOPLE, 'ALTER TABLE people ALTER name SET NOT NULL')).on).toEqual({
    rows: 8,
    tables: 1,
    without: [],
  });
});

const ROWS_OF = {
  mysql: `CREATE TABLE accounts (id int unsigned PRIMARY KEY, kind enum('a','b') NOT NULL, size tinyint unsigned NOT NULL,
  name varchar(40), price decimal(8,2) unsigned NOT NULL, at datetime NOT NULL, note mediumtext, data json, raw varbinary(9));`,
  sqlite:
    'CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, score REAL NOT NULL, done BOOLEAN NOT NULL, at DATETIME, raw BLOB, any_of)',
};

test.each([
  ['mysql', 'ALTER TABLE accounts MODIFY name varchar(40) NOT NULL', ['some rows: ']],
  ['mysql', 'ALTER TABLE accounts ADD UNIQUE (kind)', ['some rows: ']],
  ['mysql', 'ALTER TABLE accounts MODIFY size smallint unsigned NOT NULL', []],
  ['sqlite', 'CREATE UNIQUE INDEX one_body ON notes (body)', ['some rows: ']],
  ['sqlite', 'CREATE INDEX some_body ON notes (body); UPDATE notes SET score = score + 1', []],
] as const)('rows of %s: %s', async (dialect, change, risks) => {
  const said = await onRows(ROWS_OF[dialect], change, dialect);
  expect(said.on).toMatchObject({ rows: 8, tables: 1, without: [] });
  expect(said.risks).toEqual(risks.map((one) => expect.stringContaining(one)));
});
