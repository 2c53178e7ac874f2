import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { openChild } from '../../src/prove/child.ts';
import { decide } from '../../src/prove/decide.ts';
import { type ProofOptions, proveChange } from '../../src/prove/prove-change.ts';
import { readChange } from '../../src/read/read-change.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-exact-'));
const engines = openChild();
afterAll(() => {
  engines.close();
  rmSync(folder, { recursive: true, force: true });
});

type Texts = Readonly<Record<string, string>>;

/** Proves what head adds to base, in a cache that the tests of this file share. */
async function proved(base: Texts, added: Texts, options: Partial<ProofOptions> = {}) {
  const before = new Map(Object.entries(base));
  const change = await changeOfTexts(before, new Map([...before, ...Object.entries(added)]), new Map());
  const cache = openCache(folder);
  const { chains } = await readChange(change, [], cache);
  const proofs = await proveChange(chains, change, cache, { mode: 'fast', make: true, ...options }, engines);
  return { proofs, exact: proofs.find(({ lowered }) => !lowered) };
}

const PEOPLE = {
  'migrations/1_people.sql': 'CREATE TABLE people (id bigint PRIMARY KEY, name text, age text);',
};

describe('a new migration on a database that holds those before it', () => {
  test('applies, or says where it stops in words, code and detail of the server', async () => {
    const { exact } = await proved(PEOPLE, {
      'migrations/2_rows.sql':
        "INSERT INTO people VALUES (1, 'ann');\nINSERT INTO people\nVALUES (1, 'bob');",
      'migrations/3_pets.sql': 'CREATE TABLE pets (id bigint PRIMARY KEY);',
    });
    expect(exact).toMatchObject({
      engine: expect.stringMatching(/^PostgreSQL 18\./),
      from: 'base',
      lowered: false,
      migrations: [
        {
          verdict: 'refuted',
          error: { by: 'engine', code: '23505', detail: 'Key (id)=(1) already exists.', span: { line: 2 } },
        },
        { verdict: 'proved' },
      ],
    });
  });

  test('is pointed at where the server points', async () => {
    const { exact } = await proved(PEOPLE, {
      'migrations/2.sql': 'CREATE VIEW é AS\n  SELECT id, nme\n  FROM people;',
    });
    expect(exact?.migrations[0]?.error?.span).toMatchObject({ line: 2, column: 14, endColumn: 17 });
  });

  test('is only tried where there is such a database, or no more than a few migrations are missing in it', async () => {
    const added = { 'migrations/9_pets.sql': 'CREATE TABLE pets (id bigint PRIMARY KEY);' };
    await proved(PEOPLE, added);
    const more = Object.fromEntries(
      [2, 3].map((n) => [`migrations/${n}.sql`, `CREATE TABLE t${n} (id int);`]),
    );
    const { exact } = await proved({ ...PEOPLE, ...more }, added, { make: false });
    expect(exact?.migrations).toMatchObject([{ verdict: 'proved' }]);

    const { exact: other } = await proved({ 'migrations/1_a.sql': 'CREATE TABLE a (id int);' }, added, {
      make: false,
    });
    expect(other).toMatchObject({
      trouble: expect.stringContaining('tablewarden check'),
      migrations: [{ verdict: 'not tried' }],
    });
    expect(other?.migrations[0]?.died).toBeUndefined();
  });
});

test('a whole chain runs from empty, and older migrations that do not apply are counted', async () => {
  const broken = { 'migrations/0_broken.sql': 'ALTER TABLE nobody ADD COLUMN a int;', ...PEOPLE };
  const added = {
    'migrations/2.sql': 'ALTER TABLE nobody ADD COLUMN b int;',
    'migrations/3.sql': 'INSERT INTO people VALUES (NULL);',
  };
  const { exact: whole } = await proved(broken, added, { mode: 'full' });
  expect(whole?.migrations.map(({ verdict }) => verdict)).toEqual([
    'refuted',
    'proved',
    'not tried',
    'refuted',
  ]);
  const { exact: onBase } = await proved(broken, added);
  expect(onBase).toMatchObject({
    imperfect: 1,
    migrations: [{ verdict: 'not tried' }, { verdict: 'refuted' }],
  });
});

test('rows that code would have written stay in doubt in the database that is kept', async () => {
  const base = {
    'package.json': '{ "dependencies": { "knex": "3.1.0", "pg": "8.0.0" } }',
    'migrations/20240101000000_plans.js': `exports.up = async (knex) => {
  await knex.raw('CREATE TABLE plans (id bigint PRIMARY KEY)');
  await knex.raw('CREATE TABLE teams (id bigint PRIMARY KEY, plan_id bigint NOT NULL REFERENCES plans)');
  for (const row of await knex('old_plans').select('id')) await knex('plans').insert({ id: row.id });
};
exports.down = async () => {};`,
  };
  const added = {
    'migrations/20240102000000_team.js': `exports.up = (knex) => knex.raw('INSERT INTO teams VALUES (1, 1)');
exports.down = async () => {};`,
  };
  for (const _ of ['made', 'found']) {
    const { exact } = await proved(base, added, { engine: 'postgres' });
    expect(exact).toMatchObject({ from: 'base', imperfect: 1 });
    expect(exact?.migrations.map(({ verdict, statements }) => [verdict, statements[0]?.word])).toEqual([
      ['not tried', 'tainted'],
    ]);
  }
});

test('PGlite says the same where it is asked for, on rows too, and again from the database that it kept', async () => {
  const named = { 'migrations/2_named.sql': 'ALTER TABLE people ALTER name SET NOT NULL;' };
  const broken = { 'migrations/2_broken.sql': 'ALTER TABLE people ALTER name TYPE boolean;' };
  for (const make of [true, false]) {
    const { exact } = await proved(PEOPLE, named, { pglite: true, make });
    expect(exact).toMatchObject({
      engine: expect.stringMatching(/^PGlite .* \(PostgreSQL 18\./),
      from: 'base',
      on: { tables: 1 },
      migrations: [
        { verdict: 'proved', risks: [{ on: 'some rows', message: expect.stringContaining('null values') }] },
      ],
    });
  }
  const { exact } = await proved(PEOPLE, broken, { engine: 'pglite' });
  expect(exact?.migrations).toMatchObject([{ verdict: 'refuted', error: { code: '42804', by: 'engine' } }]);
});

test('another version than the repository runs is told', async () => {
  const compose = { 'docker-compose.yml': 'services:\n  db:\n    image: postgres:16\n' };
  const { exact } = await proved(
    { ...PEOPLE, ...compose },
    { 'migrations/2.sql': 'CREATE TABLE b (id int);' },
  );
  expect(exact?.instead).toEqual({ major: 16, from: 'docker-compose.yml' });
});

test('what the engine ran is no finding, whatever the translation says of it', () => {
  const span = { path: 'a.sql', line: 1, column: 1, endLine: 1, endColumn: 2 };
  const migration = (word: 'failed' | 'executed' | 'not-modelled') => ({
    path: 'a.sql',
    verdict: word === 'failed' ? ('refuted' as const) : ('proved' as const),
    statements: [{ span, word }],
    ...(word === 'failed' ? { error: { message: 'no', span, by: 'fold' as const } } : {}),
  });
  const lowered = {
    engine: 'DuckDB',
    chain: 'c',
    lowered: true,
    from: 'slice' as const,
    migrations: [migration('failed')],
  };
  const exact = (word: 'executed' | 'not-modelled') => ({
    ...lowered,
    engine: 'PostgreSQL',
    lowered: false,
    migrations: [migration(word)],
  });
  expect(decide([lowered, exact('executed')])).toMatchObject([
    { proof: { engine: 'PostgreSQL' }, overruled: { by: 'fold' } },
  ]);
  expect(decide([lowered, exact('not-modelled')])).toMatchObject([{ proof: { engine: 'DuckDB' } }]);
});

test('what a statement locks and rewrites of the tables that were there is told', async () => {
  const base = `CREATE TABLE people (id bigint PRIMARY KEY, age int, name varchar(9), n int);
CREATE TABLE pets (id bigint PRIMARY KEY, owner bigint);`;
  const change = `CREATE INDEX people_name ON people (name);
ALTER TABLE people ALTER age TYPE bigint;
ALTER TABLE people ALTER name TYPE text;
ALTER TABLE pets ADD FOREIGN KEY (owner) REFERENCES people (id);
CREATE TABLE visits (pet bigint REFERENCES pets);
CREATE INDEX CONCURRENTLY pets_owner ON pets (owner);
DO $$ BEGIN EXECUTE 'ALTER TABLE people ALTER n TYPE bigint'; END $$;`;
  const { exact } = await proved({ 'migrations/1.sql': base }, { 'migrations/2.sql': change });
  const [migration] = exact?.migrations ?? [];
  const told = migration?.statements.map(({ locks = [] }) =>
    locks.map(({ table, mode, rewritten }) => `${table}: ${mode}${rewritten ? ', rewritten' : ''}`).sort(),
  );
  expect(told).toEqual([
    ['people: share'],
    ['people: access exclusive, rewritten'],
    [],
    ['people: share row exclusive', 'pets: share row exclusive'],
    [],
    [],
    ['people: access exclusive, rewritten'],
  ]);
});

test('partitions, inheriting tables and domains hold rows that their bounds and CHECKS allow', async () => {
  const base = `CREATE DOMAIN score AS int CHECK (VALUE BETWEEN 40 AND 50) CHECK (VALUE <> 44);
CREATE TABLE events (at date NOT NULL, kind text, points score) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE sites (name text, country text NOT NULL) PARTITION BY LIST (country);
CREATE TABLE sites_de PARTITION OF sites FOR VALUES IN ('de', 'at');
CREATE TABLE animals (name text); CREATE TABLE cats (lives int) INHERITS (animals);`;
  const change = `ALTER TABLE events ALTER kind SET NOT NULL;
ALTER TABLE sites ALTER name SET NOT NULL;
ALTER TABLE cats ALTER lives SET NOT NULL;`;
  const { exact } = await proved({ 'migrations/1.sql': base }, { 'migrations/2.sql': change });
  expect(exact?.on?.without).toEqual([]);
  expect(exact?.migrations[0]?.risks?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/column "kind" of relation "events_(old|new)" contains null values/),
    'column "name" of relation "sites_de" contains null values',
    'column "lives" of relation "cats" contains null values',
  ]);
});
