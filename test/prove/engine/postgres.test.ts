import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../../src/prove/engine/postgres.ts';
import type { ExactEngine } from '../../../src/prove/exact.ts';
import { toExact } from '../../../src/prove/exact-statement.ts';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { ENDLESS, GREEDY, reaching } from './attacks.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-postgres-test-'));
const secret = join(folder, 'secret.txt');
beforeAll(async () => {
  await loadSqlReader('postgres');
  writeFileSync(secret, 'a line that nobody may read', { mode: 0o644 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function migration(text: string, path = 'migrations/2.sql') {
  return toExact(readSql(path, text, 'postgres'));
}

const open = (options = {}) =>
  openPostgres({
    engine: 'postgres',
    folder,
    keys: ['empty'],
    prelude: [],
    fromEmpty: false,
    make: true,
    ...options,
  });

/** Runs texts in a database that holds `base`; what became of the last. */
async function attempted(texts: readonly string[], base = 'CREATE TABLE people (id bigint PRIMARY KEY)') {
  const engine = await open({ keys: ['empty', base] });
  try {
    if (engine.held === 0) {
      await engine.build([migration(base, 'migrations/1.sql')]);
      await engine.keep(base);
    }
    const results = await engine.attempt(texts.map((text) => migration(text)));
    const last = results.at(-1);
    return { words: last?.outcomes.map(({ word }) => word), last, died: last?.died };
  } finally {
    await engine.close();
  }
}

const ALL_RAN = ['executed', 'emulated', 'no-effect'];

describe('a migration in the transaction of the proof', () => {
  test('is told in the words of the server, with its code, detail and position', async () => {
    const { last } = await attempted([
      'INSERT INTO people VALUES (1); INSERT INTO people VALUES (1); SELECT 1',
    ]);
    expect(last?.outcomes).toMatchObject([
      { word: 'executed' },
      { word: 'failed', error: { code: '23505', detail: 'Key (id)=(1) already exists.' } },
      { word: 'tainted' },
    ]);
    const { last: other } = await attempted(['SELECT\n  missing FROM people']);
    expect(other?.outcomes).toMatchObject([{ word: 'failed', error: { code: '42703', position: 10 } }]);
  });

  test('leaves nothing behind, whatever it commits', async () => {
    const text = 'BEGIN; CREATE TABLE pets (id int); COMMIT; CREATE TABLE toys (id int); ROLLBACK;';
    for (const _ of ['once', 'again'])
      expect((await attempted([text])).words).toEqual([
        'no-effect',
        'executed',
        'no-effect',
        'executed',
        'no-effect',
      ]);
  });

  test('is followed by the next one, with a session as fresh as a tool opens it', async () => {
    const { words } = await attempted([
      'SET search_path = pg_catalog; SET standard_conforming_strings = off; CREATE TEMP TABLE t (a int)',
      'CREATE TABLE pets (id int REFERENCES people (id)); CREATE TEMP TABLE t (a int)',
    ]);
    expect(words).toEqual(['executed', 'executed']);
  });

  test.each([
    ['CREATE INDEX CONCURRENTLY i ON people (id)', 'emulated'],
    ['DROP INDEX CONCURRENTLY IF EXISTS i', 'emulated'],
    ['ALTER TABLE people DISABLE TRIGGER ALL', 'emulated'],
    ['GRANT SELECT ON people TO nobody_made_me', 'executed'],
    ['CREATE EXTENSION pgcrypto', 'executed'],
    ['CREATE EXTENSION pg_stat_statements', 'executed'],
    ['CREATE EXTENSION http', 'not-modelled'],
    ['CREATE EXTENSION dblink', 'not-modelled'],
    ["UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'people_pkey'::regclass", 'not-modelled'],
    ['COPY people FROM STDIN', 'not-modelled'],
    ['ALTER TABLE {{ .Schema }}.people ADD COLUMN a int', 'not-modelled'],
    ['DO $$ BEGIN ALTER TABLE {{ .Schema }}.people ADD COLUMN a int; END $$', 'not-modelled'],
  ])('%s is %s', async (text, word) => {
    expect((await attempted([text])).words).toEqual([word]);
  });
});

describe('what refuses a transaction runs in a database of its own', () => {
  test.each([
    [
      'a value of an enum, used where it was added',
      "ALTER TYPE mood ADD VALUE 'ill'; INSERT INTO moods VALUES ('ill')",
    ],
    ['VACUUM', 'VACUUM people'],
    ['a procedure that commits', 'DO $$ BEGIN INSERT INTO people VALUES (1); COMMIT; END $$'],
    ['REINDEX of everything', 'REINDEX SCHEMA CONCURRENTLY public'],
  ])('%s', async (_, text) => {
    const base =
      "CREATE TABLE people (id int); CREATE TYPE mood AS ENUM ('well'); CREATE TABLE moods (m mood)";
    for (const __ of ['once', 'again']) {
      const { last } = await attempted([text], base);
      expect(last?.died).toBeUndefined();
      for (const { word, reason } of last?.outcomes ?? []) expect(ALL_RAN, reason).toContain(word);
    }
  });

  test('and says what it refuses there', async () => {
    expect((await attempted(['VACUUM people; SELECT missing'])).words).toEqual(['executed', 'failed']);
  });
});

describe('after something that was not run', () => {
  test('a name that is missing says nothing, and everything else still does', async () => {
    const { last } = await attempted([
      'CREATE EXTENSION http; SELECT http_get(); INSERT INTO people VALUES (1), (1)',
    ]);
    expect(last?.outcomes.map(({ word }) => word)).toEqual(['not-modelled', 'tainted', 'failed']);
  });
});

describe('a base', () => {
  test('is kept, found by its longest prefix, extended, and stands when migrations failed on it', async () => {
    const keys = ['k0', 'k1', 'k2', 'k3'];
    const first = await open({ keys: keys.slice(0, 2) });
    expect(first.held).toBe(0);
    await first.build([migration('CREATE TABLE a (id int)')]);
    await first.keep('k1');
    await first.close();

    const second = await open({ keys });
    expect(second.held).toBe(1);
    await second.build([migration('CREATE TABLE b (id int)'), migration('CREATE TABLE c (id int)')]);
    await second.keep('k3');
    expect(await wordsOf(second, 'DROP TABLE a, b, c; SELECT broken')).toEqual(['executed', 'failed']);
    await second.close();

    for (const [keysThen, held, text] of [
      [keys, 3, 'DROP TABLE a, b, c'],
      [['k0', 'k1', 'other'], 1, 'DROP TABLE a; CREATE TABLE b (id int)'],
    ] as const) {
      const engine = await open({ keys: keysThen, make: false });
      expect(engine.held).toBe(held);
      expect(await wordsOf(engine, text)).not.toContain('failed');
      await engine.close();
    }
  });

  test('is not made where nobody allows it', async () => {
    const engine = await open({ keys: ['nobody has', 'made these'], make: false });
    expect(engine.held).toBeUndefined();
    await engine.close();
  });

  test('counts what of it did not apply', async () => {
    const engine = await open({ keys: ['broken'] });
    await engine.build([migration('SELECT missing; CREATE TABLE a (id int)'), migration('DROP TABLE a')]);
    expect(engine.imperfect).toBe(1);
    await engine.close();
  });
});

async function wordsOf(engine: ExactEngine, text: string) {
  const [result] = await engine.attempt([migration(text)]);
  return result?.outcomes.map(({ word }) => word);
}

test('two runs at once wait for each other', async () => {
  const both = await Promise.all([attempted(['SELECT 1']), attempted(['SELECT 2'])]);
  expect(both.map(({ words }) => words)).toEqual([['executed'], ['executed']]);
});

describe('a hostile migration', () => {
  test.each(reaching({ folder, root: 'tablewarden_root' }))('%s is refused by the server', async (text) => {
    const base = 'CREATE TABLE people (id bigint PRIMARY KEY)';
    const engine = await open({ keys: ['empty', base] });
    const [result] = await engine.attempt([{ path: 'x.sql', statements: [{ text }] }]);
    await engine.close();
    expect(result?.died).toBeUndefined();
    for (const { word } of result?.outcomes ?? []) expect(ALL_RAN).not.toContain(word);
    expect(result?.outcomes).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([]);
  });

  test('cannot hide a second statement behind the first', async () => {
    const engine = await open();
    const statements = [{ text: 'SELECT 1; COMMIT; CREATE TABLE pets (id int)' }];
    const [result] = await engine.attempt([{ path: 'x', statements }]);
    expect(result?.outcomes).toMatchObject([{ word: 'failed', error: { code: '42601' } }]);
    await engine.close();
  });

  test.each(['COMMIT', "PREPARE TRANSACTION 'x'"])(
    'that ends the transaction all the same is told, and its database is not used again: %s',
    async (end) => {
      const first = await open({ keys: ['trapped'] });
      await first.build([migration('CREATE TABLE a (id int)')]);
      await first.keep('trapped');
      await first.close();
      const engine = await open({ keys: ['trapped'] });
      const statements = [{ text: 'CREATE TABLE b (id int)' }, { text: end }];
      const [result] = await engine.attempt([{ path: 'x', statements }]);
      expect(result).toMatchObject({ outcomes: [], died: expect.stringContaining('transaction') });
      await engine.close();
      const next = await open({ keys: ['trapped'], make: false });
      expect(next.held).toBeUndefined();
      await next.close();
    },
  );

  test.each(ENDLESS)('%s is stopped in time', async (_, text) => {
    expect(await stoppedAfter(text)).toContain('was stopped');
  });

  test.each(GREEDY)('cannot have all the %s', async (_, text) => {
    expect((await attempted([text])).died).toBeDefined();
    expect((await attempted(['SELECT 1'])).words).toEqual(['executed']);
  });
});

async function stoppedAfter(text: string): Promise<string | undefined> {
  const engine = await open({ milliseconds: 500 });
  try {
    const [result] = await engine.attempt([migration(`SET statement_timeout = 0; ${text}`)]);
    return result?.died;
  } finally {
    await engine.close();
  }
}

test('no server is left when the engine is closed', async () => {
  const engine = await open();
  await engine.close();
  const cluster = readdirSync(folder).find((name) => name.startsWith('cluster-')) ?? '';
  expect(existsSync(join(folder, cluster, 'data/postmaster.pid'))).toBe(false);
});
