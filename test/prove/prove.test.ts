import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { prove } from '../../src/prove/prove.ts';
import type { Scratch } from '../../src/prove/scratch.ts';
import type { Chain } from '../../src/read/chain.ts';
import { startingSchema } from '../../src/read/replay.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { openFold } from '../../src/schema/fold.ts';
import type { Dialect } from '../../src/schema/schema.ts';

beforeAll(() => loadSqlReader('postgres'));
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((scratch) => scratch.close())));

function chainOf(dialect: Dialect): Chain {
  return {
    id: 'migrations',
    tool: 'numbered',
    dialect,
    dialectReason: '',
    dialectGuessed: false,
    migrations: [],
    prelude: '',
    transactional: true,
    leftOut: [],
  };
}

/** Proves the last text on top of those before it. */
async function tried(
  texts: readonly string[],
  { dialect = 'postgres' as Dialect, from = 'empty' as 'empty' | 'slice' } = {},
) {
  const chain = chainOf(dialect);
  const sources = texts.map((text, i) => readSql(`migrations/${i + 1}.sql`, text, dialect));
  const migrations = sources.map((source) => ({
    file: { name: source.path, path: source.path, id: source.path, order: '' },
    source,
  }));
  const fold = openFold(startingSchema(chain));
  if (from === 'slice')
    for (const source of sources.slice(0, -1))
      for (const statement of source.statements)
        for (const operation of statement.operations) fold.apply(operation);
  const scratch = await openDuckdb();
  opened.push(scratch);
  const said: string[] = [];
  const heard: Scratch = {
    ...scratch,
    run: (statements) => {
      said.push(...statements);
      return scratch.run(statements);
    },
    query: (sql, limit) => {
      said.push(sql);
      return scratch.query(sql, limit);
    },
  };
  const request = {
    chain,
    schema: fold.snapshot(),
    migrations: from === 'slice' ? migrations.slice(-1) : migrations,
    from,
  };
  const { proof } = await prove(request, heard);
  const last = proof.migrations.at(-1);
  return {
    verdict: last?.verdict,
    error: last?.error,
    words: last?.statements.map(({ word }) => word),
    last,
    proof,
    said,
  };
}

const PEOPLE = `CREATE TABLE people (id bigint PRIMARY KEY, name text, age text, mood text);
INSERT INTO people VALUES (1, 'ann', '30', 'well'), (2, NULL, '31', 'well'), (3, 'ann', 'old', 'ill');`;

describe('what the rows of a table refuse', () => {
  test.each([
    [
      'SET NOT NULL over NULLs',
      'ALTER TABLE people ALTER COLUMN name SET NOT NULL',
      `UPDATE people SET name = '' WHERE name IS NULL;`,
    ],
    [
      'a unique index over duplicates',
      'CREATE UNIQUE INDEX people_name ON people (name)',
      'DELETE FROM people WHERE id = 3;',
    ],
    [
      'a unique constraint over duplicates',
      'ALTER TABLE people ADD CONSTRAINT u UNIQUE (mood)',
      'DELETE FROM people WHERE id = 2;',
    ],
    [
      'a cast that fails',
      'ALTER TABLE people ALTER COLUMN age TYPE integer USING age::integer',
      'DELETE FROM people WHERE id = 3;',
    ],
    [
      'a CHECK that some row breaks',
      `ALTER TABLE people ADD CONSTRAINT c CHECK (mood = 'well')`,
      'DELETE FROM people WHERE id = 3;',
    ],
    [
      'a required column without default',
      'ALTER TABLE people ADD COLUMN born date NOT NULL',
      'DELETE FROM people;',
    ],
    [
      'a parent that is not there',
      'CREATE TABLE pets (owner bigint); INSERT INTO pets VALUES (9); ALTER TABLE pets ADD FOREIGN KEY (owner) REFERENCES people (id)',
      'INSERT INTO people (id) VALUES (9);',
    ],
    [
      'an insert that repeats a key',
      'INSERT INTO people (id) VALUES (1)',
      'DELETE FROM people WHERE id = 1;',
    ],
  ])('%s', async (_, change, repair) => {
    expect(await tried([PEOPLE, change])).toMatchObject({ verdict: 'refuted', error: { by: 'engine' } });
    expect((await tried([PEOPLE, `${repair} ${change}`])).verdict).not.toBe('refuted');
  });

  test('a parent that rows refer to is not deleted; with ON DELETE CASCADE its rows go along', async () => {
    const tables = (
      action: string,
    ) => `CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p ${action});
      INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);`;
    expect((await tried([tables(''), 'DELETE FROM p'])).verdict).toBe('refuted');
    expect(
      (await tried([tables('ON DELETE CASCADE'), 'DELETE FROM p; ALTER TABLE c ALTER p SET NOT NULL']))
        .verdict,
    ).toBe('proved');
    expect(
      (await tried([tables('ON DELETE SET NULL'), 'DELETE FROM p; ALTER TABLE c ALTER p SET NOT NULL']))
        .verdict,
    ).toBe('refuted');
  });
});

describe('what the schema refuses', () => {
  test.each([
    'ALTER TABLE people ADD COLUMN name text',
    'ALTER TABLE people DROP COLUMN nothing',
    'ALTER TABLE nobody ADD COLUMN a int',
    'CREATE TABLE people (id int)',
    'CREATE INDEX ON people (nothing)',
    'DROP TABLE nobody',
    'CREATE TABLE pets (owner bigint REFERENCES people (name))',
    'ALTER TABLE people ADD COLUMN m nosuchtype',
    'SELEC 1',
  ])('%s', async (change) => {
    expect((await tried([PEOPLE, change])).verdict).toBe('refuted');
    expect((await tried([PEOPLE, change], { from: 'slice' })).verdict).toBe('refuted');
  });
});

describe('words', () => {
  test.each([
    ['CREATE TABLE a (b int, c text DEFAULT now()::text)', 'executed'],
    ["CREATE TABLE a (b int, c timestamptz DEFAULT 'now()', d date DEFAULT 'now')", 'executed'],
    ["ALTER TABLE people ADD COLUMN c timestamp(3) DEFAULT 'now()'", 'executed'],
    ['CREATE TABLE a (b int PRIMARY KEY)', 'emulated'],
    ['ALTER TABLE people ADD COLUMN c jsonb', 'executed'],
    ['ALTER TABLE people ADD COLUMN c int NOT NULL DEFAULT 3', 'emulated'],
    ["CREATE INDEX ON people USING gin (to_tsvector('simple', name))", 'modelled'],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'modelled'],
    ['ALTER TABLE people ADD CONSTRAINT c CHECK (nosuchfunction(name)) NOT VALID', 'modelled'],
    ['ALTER TABLE people ADD COLUMN c text DEFAULT nosuchfunction()', 'partial'],
    ['DO $$ BEGIN EXECUTE name; END $$', 'not-modelled'],
    [`UPDATE people SET name = nosuchfunction(name)`, 'not-modelled'],
    ['COMMENT ON TABLE people IS NULL', 'no-effect'],
    ['DROP TABLE IF EXISTS nobody', 'no-effect'],
  ])('%s: %s', async (change, word) => {
    expect((await tried([PEOPLE, change])).words).toEqual([word]);
  });

  test('the columns of a table that is made of a star are left open', async () => {
    const change = `CREATE TEMP TABLE found AS SELECT people.id AS found_id, people.* FROM people;
      CREATE INDEX found_name_idx ON found (name);`;
    expect((await tried([PEOPLE, change])).verdict).not.toBe('refuted');
  });

  test('a write that could not run taints what later depends on its rows', async () => {
    const change = `UPDATE people SET name = nosuchfunction(id) WHERE name IS NULL; ALTER TABLE people ALTER COLUMN name SET NOT NULL`;
    expect(await tried([PEOPLE, change])).toMatchObject({ words: ['not-modelled', 'tainted'] });
  });

  test('a write beside a trigger is run in part', async () => {
    const trigger = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
      CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f();`;
    expect((await tried([PEOPLE, trigger, `INSERT INTO people (id) VALUES (7)`])).words).toEqual(['partial']);
  });

  test('names that differ in case alone are legal in Postgres and never a failure', async () => {
    expect(
      (await tried([PEOPLE, 'CREATE TABLE "People" (id int); ALTER TABLE "People" ADD COLUMN a int']))
        .verdict,
    ).not.toBe('refuted');
  });

  test('nothing of it modelled is not tried, without a claim that the engine died', async () => {
    expect((await tried([PEOPLE, 'DO $$ BEGIN EXECUTE name; END $$'])).last).toMatchObject({
      verdict: 'not tried',
    });
  });
});

test('rewrites that DuckDB cannot do by itself keep the rows', async () => {
  const steps = [
    `CREATE TABLE t (id serial PRIMARY KEY, n text, kept text CHECK (kept <> ''));
     INSERT INTO t (n, kept) VALUES ('1', 'a'), ('2', 'b');`,
    `ALTER TABLE t ALTER COLUMN n TYPE integer USING n::integer, RENAME TO u;`.replace(', RENAME TO u', ''),
    'ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME COLUMN n TO number; ALTER TABLE u DROP COLUMN kept;',
    'ALTER TABLE u ADD CONSTRAINT positive CHECK (number > 1)',
  ];
  expect((await tried(steps.slice(0, 3))).verdict).not.toBe('refuted');
  expect(await tried(steps)).toMatchObject({
    verdict: 'refuted',
    error: { message: expect.stringContaining('positive') },
  });
});

test('on a slice a row may refer to one that an older migration wrote', async () => {
  const before = `CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);
    INSERT INTO people VALUES (1, 'root');
    CREATE TABLE groups (id bigint PRIMARY KEY, owner bigint NOT NULL REFERENCES people (id));`;
  const change = `INSERT INTO groups VALUES (1, 1); UPDATE groups SET id = 2;`;
  const { verdict, words } = await tried([before, change], { from: 'slice' });
  expect(verdict).not.toBe('refuted');
  expect(words).toEqual(['tainted', 'tainted']);
  expect((await tried([before, change])).verdict).toBe('proved');
});

test('a slice holds what the new migration touches and stands on', async () => {
  const before = `CREATE TABLE people (id bigint PRIMARY KEY); CREATE TABLE other (a int);
    CREATE VIEW grown AS SELECT id FROM people WHERE id > 1;`;
  const change =
    'CREATE TABLE pets (owner bigint REFERENCES people (id)); SELECT * FROM grown; ALTER TABLE people ADD COLUMN a int;';
  expect(await tried([before, change], { from: 'slice' })).toMatchObject({
    verdict: 'proved',
    words: ['emulated', 'executed', 'executed'],
    proof: { from: 'slice', lowered: true, engine: expect.stringMatching(/^DuckDB/) },
  });
});

describe('a DuckDB chain runs as it is', () => {
  test('what DuckDB takes is proved, what it refuses is not', async () => {
    const first = 'CREATE TABLE t (a INTEGER, tags VARCHAR[], s STRUCT(x INTEGER)); CREATE SEQUENCE q;';
    expect(
      await tried([first, 'ALTER TABLE t ADD COLUMN b UBIGINT; SELECT * EXCLUDE (a) FROM t'], {
        dialect: 'duckdb',
      }),
    ).toMatchObject({ verdict: 'proved' });
    expect(
      await tried([first, 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)'], { dialect: 'duckdb' }),
    ).toMatchObject({ verdict: 'refuted', error: { by: 'engine' } });
  });

  test('what needs files or the network is not the migration’s fault', async () => {
    expect(
      (await tried([`CREATE TABLE t AS SELECT * FROM read_csv('rows.csv')`], { dialect: 'duckdb' })).words,
    ).toEqual(['not-modelled']);
  });
});

test('a row function under a name of its own is what DuckDB reads otherwise, and no refusal', async () => {
  const { words, error } = await tried([
    'CREATE TABLE numbers (n bigint PRIMARY KEY);\nINSERT INTO numbers SELECT i FROM generate_series(1, 10) i;',
  ]);
  expect(error).toBeUndefined();
  expect(words).toEqual(['emulated', 'not-modelled']);
});

test('rows are looked at where some were written, and names without a schema where they are looked for elsewhere', async () => {
  const { words, said } = await tried([
    `CREATE TABLE notes (n bigint PRIMARY KEY, body varchar(9));
     CREATE TABLE old_notes (n bigint PRIMARY KEY);`,
    `UPDATE notes SET body = '' WHERE body IS NULL;
     INSERT INTO notes SELECT n, 'old' FROM old_notes;
     CREATE UNIQUE INDEX notes_body ON notes (body);`,
    `CREATE SCHEMA archive; SET search_path = archive; CREATE TABLE notes (n bigint);`,
    `INSERT INTO notes VALUES (1, 'new');`,
  ]);
  expect(words).toEqual(['executed']);
  expect(said.filter((sql) => /^(USE|UPDATE|INSERT|SELECT 0)/.test(sql))).toEqual([
    'USE "public"',
    expect.stringMatching(/^UPDATE notes/),
    expect.stringMatching(/^INSERT INTO notes SELECT/),
    'USE "archive"',
    'USE "public"',
    expect.stringMatching(/^INSERT INTO notes VALUES/),
    expect.stringMatching(/^SELECT 0 .* HAVING count/),
  ]);
});

test('bulk data is not run statement by statement', async () => {
  const rows = Array.from({ length: 150_000 }, (_, n) => `(${n}, 'x')`).join(',\n');
  const { words } = await tried([
    `CREATE TABLE notes (n bigint PRIMARY KEY, body text);\nINSERT INTO notes VALUES\n${rows};`,
  ]);
  expect(words).toEqual(['emulated', 'not-modelled']);
});
