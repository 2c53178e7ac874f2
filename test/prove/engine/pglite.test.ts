import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../../src/prove/engine/postgres/session.ts';
import type { ExactEngine, ExactMigration } from '../../../src/prove/exact.ts';
import { toExact } from '../../../src/prove/exact-statement.ts';
import { openExact } from '../../../src/prove/open-exact.ts';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { ENDLESS, GREEDY, reaching } from './attacks.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-pglite-test-'));
const PEOPLE = 'CREATE TABLE people (id bigint PRIMARY KEY)';
const MOODS = "CREATE TYPE mood AS ENUM ('well'); CREATE TABLE moods (m mood)";

function migration(text: string): ExactMigration {
  return toExact(readSql('migrations/2.sql', text, 'postgres'));
}

const open = (options = {}) =>
  openExact({
    engine: 'pglite',
    folder,
    keys: ['empty', 'people'],
    prelude: [],
    fromEmpty: false,
    make: true,
    ...options,
  });

/** One database for the tests that leave it as it was. */
let engine: ExactEngine;
beforeAll(async () => {
  writeFileSync(join(folder, 'secret.txt'), 'a line that nobody may read', { mode: 0o644 });
  await loadSqlReader('postgres');
  engine = await open();
  await engine.build([migration(PEOPLE), migration(MOODS)]);
  await engine.keep('people');
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function attempted(text: string, on = engine) {
  const [result] = await on.attempt([migration(text)]);
  return { words: result?.outcomes.map(({ word }) => word), outcomes: result?.outcomes, died: result?.died };
}

test('it names itself and the PostgreSQL that it is', () => {
  expect(engine.engine).toMatch(/^PGlite 0\.\d+\.\d+ \(PostgreSQL 18\.\d+\)$/);
});

describe('a migration', () => {
  test('is told in the words of the server, with its code, detail and position', async () => {
    const { outcomes } = await attempted(
      'INSERT INTO people VALUES (1); INSERT INTO people VALUES (1); SELECT 1',
    );
    expect(outcomes).toMatchObject([
      { word: 'executed' },
      { word: 'failed', error: { code: '23505', detail: 'Key (id)=(1) already exists.' } },
      { word: 'tainted' },
    ]);
    const { outcomes: other } = await attempted('SELECT\n  missing FROM people');
    expect(other).toMatchObject([{ word: 'failed', error: { code: '42703', position: 10 } }]);
  });

  test.each([
    ['CREATE INDEX CONCURRENTLY i ON people (id)', 'emulated'],
    ['ALTER TABLE people DISABLE TRIGGER ALL', 'emulated'],
    ['GRANT SELECT ON people TO nobody_made_me', 'executed'],
    ['CREATE EXTENSION pgcrypto', 'executed'],
    ['CREATE EXTENSION moddatetime', 'executed'],
    ['CREATE EXTENSION http', 'not-modelled'],
    ['CREATE EXTENSION file_fdw', 'not-modelled'],
    ['COPY people FROM STDIN', 'not-modelled'],
    ['SET ROLE nobody_made_me', 'not-modelled'],
  ])('%s is %s', async (text, word) => {
    expect((await attempted(text)).words).toEqual([word]);
  });

  test('leaves nothing behind, whatever it commits and wherever it has to run', async () => {
    for (const text of [
      'BEGIN; CREATE TABLE pets (id int); COMMIT; SET search_path = pg_catalog; CREATE TEMP TABLE t (a int)',
      "ALTER TYPE mood ADD VALUE 'ill'; INSERT INTO moods VALUES ('ill'); CREATE TABLE pets (id int)",
      'DO $$ BEGIN INSERT INTO people VALUES (1); COMMIT; END $$; VACUUM people',
      'CREATE TABLE pets (id int); CREATE TEMP TABLE t (a int); INSERT INTO people VALUES (1)',
    ]) {
      const { outcomes, died } = await attempted(text);
      expect(died).toBeUndefined();
      for (const { word, reason } of outcomes ?? [])
        expect(['executed', 'emulated', 'no-effect'], reason).toContain(word);
    }
  });

  test.each([
    ['inside of a transaction', 'CREATE TABLE pets (id int)'],
    ['where it refuses one', 'CREATE TABLE pets (id int); VACUUM people'],
  ])('is in the catalog while it stands, %s', async (_, text) => {
    await attempted(text);
    const names = (await engine.catalog())?.relations.map(({ name }) => name);
    expect(names?.sort()).toEqual(['moods', 'people', 'pets']);
    await attempted('SELECT 1');
    expect((await engine.catalog())?.relations.map(({ name }) => name).sort()).toEqual(['moods', 'people']);
  });

  test('has the vectors of pgvector, with their lengths and indexes', async () => {
    const text = `CREATE EXTENSION vector; CREATE TABLE docs (at vector(3) NOT NULL);
      CREATE INDEX ON docs USING hnsw (at vector_cosine_ops) WITH (m = 16, ef_construction = 64);
      INSERT INTO docs VALUES ('[1,2,3]'); INSERT INTO docs VALUES ('[1,2]')`;
    const { outcomes } = await attempted(text);
    expect(outcomes?.slice(0, 4).map(({ word }) => word)).toEqual(Array(4).fill('executed'));
    expect(outcomes?.[4]).toMatchObject({ word: 'failed', reason: 'expected 3 dimensions, not 2' });
  });

  test('runs on rows that are gone afterwards', async () => {
    const rows = [{ whole: 'INSERT INTO people VALUES (1), (2)', single: [] }];
    const add = migration('ALTER TABLE people ADD COLUMN name text NOT NULL');
    for (const _ of ['once', 'again'])
      expect(await engine.attemptOnRows([add], rows)).toMatchObject([
        { outcomes: [{ word: 'failed', error: { code: '23502' } }] },
      ]);
    expect((await attempted('ALTER TABLE people ADD COLUMN name text NOT NULL')).words).toEqual(['executed']);
  });
});

test('a base is found by its longest prefix and not made where nobody allows it', async () => {
  const held = async (keys: readonly string[]) => {
    const found = await open({ keys, make: false });
    const words = found.held === undefined ? undefined : (await attempted('DROP TABLE people', found)).words;
    await found.close();
    return { held: found.held, words };
  };
  expect(await held(['empty', 'people', 'longer'])).toEqual({ held: 1, words: ['executed'] });
  expect(await held(['empty', 'others'])).toEqual({ held: undefined });
});

describe('which engine runs', () => {
  test('PGlite, where the chain needs what the server does not have', async () => {
    const chosen = await open({ engine: 'postgres', extensions: ['citext', 'vector'] });
    expect(chosen).toMatchObject({
      engine: expect.stringMatching(/^PGlite/),
      note: 'in place of the server, which has no vector',
    });
    await chosen.close();
  });

  test('the server, where it has all', async () => {
    const chosen = await open({ engine: 'postgres', extensions: ['citext'] });
    expect(chosen.engine).toMatch(/^PostgreSQL/);
    expect(chosen.note).toBeUndefined();
    await chosen.close();
  });
});

describe('a hostile migration', () => {
  test.each([
    ...reaching({ folder, root: 'postgres' }),
    'RESET SESSION AUTHORIZATION',
    "DO $$ BEGIN EXECUTE 'SET SESSION AUTHORIZATION postgres'; END $$",
    "SELECT set_config('session_authorization', 'postgres', false)",
    "DO $$ BEGIN EXECUTE $q$ COPY people TO PROGRAM 'true' $q$; END $$",
    "UPDATE pg_catalog.pg_authid SET rolsuper = true WHERE rolname = 'tablewarden'",
    "CREATE FUNCTION f() RETURNS void LANGUAGE c AS '/pglite/lib/postgresql/file.so', 'f'",
  ])('%s is refused', async (text) => {
    const [result] = await engine.attempt([{ path: 'x.sql', statements: [{ text }] }]);
    expect(result?.died).toBeUndefined();
    expect(result?.outcomes).toHaveLength(1);
    for (const { word } of result?.outcomes ?? [])
      expect(['executed', 'emulated', 'no-effect']).not.toContain(word);
    expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([]);
  });

  test('is refused its rights also where it waits for the end of the transaction', async () => {
    const become = "BEGIN EXECUTE 'RESET SESSION AUTHORIZATION'; RETURN NEW; END";
    const { words } = await attempted(`VACUUM people;
      CREATE FUNCTION become() RETURNS trigger LANGUAGE plpgsql AS $$ ${become} $$;
      CREATE CONSTRAINT TRIGGER later AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION become();
      INSERT INTO people VALUES (7)`);
    expect(words?.at(-1)).toBe('not-modelled');
  });

  test('that ends the transaction all the same is told, and its database is not used again', async () => {
    const own = await open();
    const statements = [{ text: 'CREATE TABLE b (id int)' }, { text: 'COMMIT' }];
    const [result] = await own.attempt([{ path: 'x', statements }]);
    expect(result).toMatchObject({ outcomes: [], died: expect.stringContaining('transaction') });
    await expect(attempted('SELECT 1', own)).rejects.toThrow('left its database');
    await own.close();
  });

  test.each(ENDLESS)('%s is stopped in time', async (_, text) => {
    const own = await open({ milliseconds: 500 });
    const { died } = await attempted(`SET statement_timeout = 0; ${text}`, own);
    expect(died).toContain('was stopped');
    await own.close();
  });

  test.each(GREEDY)('cannot have all the %s', async (_, text) => {
    const own = await open();
    const { words, died } = await attempted(text, own);
    expect(died ?? words?.find((word) => word === 'failed')).toBeDefined();
    await own.close();
  });
});

test('a PGlite that takes every statement for done is found out', async () => {
  const database = await PGlite.create();
  const stream: Duplex = new Duplex({
    read: () => {},
    write: (bytes: Uint8Array, _, done) => {
      database.execProtocolRaw(bytes).then((answer) => {
        stream.push(answer);
        done();
      }, done);
    },
  });
  const session = await openSession({ database: 'postgres', role: 'postgres', password: '' }, stream);
  expect(await session.send('VALUES (1)', { rows: true })).toMatchObject({ rows: [['1']] });
  await expect(session.send("COPY (VALUES (1)) TO PROGRAM 'true'")).rejects.toThrow(
    'did not say what became',
  );
});
