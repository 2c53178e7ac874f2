import { describe, expect, test } from 'vitest';
import type { FileText, Tree } from '../../../src/change/change-set.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { findChains } from '../../../src/read/find-chains.ts';
import { namesOf, onlyChain, survey } from './survey.ts';

describe('which folders are looked at', () => {
  test.each([
    'node_modules/x/migrations',
    'vendor/migrations',
    'test/fixtures/migrations',
    'src/__fixtures__/migrations',
    'examples/blog/migrations',
    'packages/cli/templates/db/migrations',
    'src/test/resources/db/migration',
    'migrations/down',
    'db/seeds',
  ])('%s is not followed, unless it is named', async (folder) => {
    const files = [`${folder}/1_a.sql`, `${folder}/2_b.sql`];
    expect((await survey(files)).chains).toEqual([]);
    const chain = await onlyChain(files, [{ path: `./${folder}/`, dialect: 'duckdb' }]);
    expect(chain).toMatchObject({
      id: folder,
      dialect: 'duckdb',
      dialectReason: 'named in the configuration',
    });
  });

  test('a tool of its own in examples is told of', async () => {
    const { notFollowed } = await survey({ 'examples/a/drizzle/meta/_journal.json': '{"entries":[]}' });
    expect(notFollowed).toEqual([
      { path: 'examples/a/drizzle', reason: 'examples/ holds tests, examples or templates' },
    ]);
  });

  test('a named folder without numbers runs by name; one that is not there is told of', async () => {
    const { chains, notFollowed } = await survey(
      ['sql/b.sql', 'sql/a.sql'],
      [{ path: 'sql', tool: 'numbered', dialect: 'postgres' }, { path: 'gone' }],
    );
    expect(chains.map(namesOf)).toEqual([['a', 'b']]);
    expect(notFollowed).toEqual([
      { path: 'gone', reason: 'named in the configuration, and holds no migrations' },
    ]);
  });

  test('the root may hold a chain', async () => {
    const chain = await onlyChain({ '1_a.sql': 'CREATE TABLE a (id int);', '2_b.sql': '' });
    expect(chain.id).toBe('.');
    expect(chain.migrations.map(({ path }) => path)).toEqual(['1_a.sql', '2_b.sql']);
  });

  test('hostile names are only names', async () => {
    const { chains } = await survey([
      '__proto__/migrations/1_constructor.sql',
      'a\u0007b/migrations/1_toString.sql',
      'it\'s/migrations/1_"x".sql',
    ]);
    expect(chains.map(({ id }) => id)).toEqual([
      '__proto__/migrations',
      'a\u0007b/migrations',
      "it's/migrations",
    ]);
  });

  test('a journal that is no text is told of; a link is no migration', async () => {
    const tree = treeOfTexts(
      'head',
      new Map([
        ['d/meta/_journal.json', ''],
        ['migrations/1_a.sql', ''],
      ]),
    );
    const entries = new Map(await tree.entries());
    entries.set('migrations/1_a.sql', { path: 'migrations/1_a.sql', kind: 'symlink', id: 'x' });
    const binary: FileText = { text: undefined, reason: 'binary', bytes: 3 };
    const odd: Tree = {
      name: 'odd',
      entries: async () => entries,
      read: async (paths) => new Map([...paths].map((path) => [path, binary])),
    };
    expect(await findChains(odd, [])).toEqual([]);
  });
});

describe('dialect', () => {
  test.each([
    ['db/postgresql/migrations', 'postgres', 'the folder postgresql/'],
    ['db/sqlite-migrations', 'sqlite', 'the folder sqlite-migrations/'],
    ['duckdb/migrations', 'duckdb', 'the folder duckdb/'],
  ])('%s', async (folder, dialect, dialectReason) => {
    const chain = await onlyChain([`${folder}/1_a.sql`]);
    expect(chain).toMatchObject({ dialect, dialectReason, dialectGuessed: false });
  });

  test.each([
    ['postgres', 'CREATE TABLE t (id bigserial PRIMARY KEY, at timestamptz, doc jsonb);'],
    ['mysql', 'CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;'],
    ['sqlite', "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT (datetime('now')));"],
    ['duckdb', 'CREATE TABLE t (id UBIGINT, tags STRUCT(a INTEGER)); CREATE OR REPLACE MACRO m(x) AS x + 1;'],
  ])('%s is guessed from its words, and says so', async (dialect, sql) => {
    const chain = await onlyChain({ 'migrations/1_a.sql': `-- jsonb ENGINE=InnoDB\n${sql}` });
    expect(chain).toMatchObject({ dialect, dialectGuessed: true });
    expect(chain.dialectReason).toMatch(/^[A-Z].* in its files$/);
  });

  test('nothing tells: Postgres, said as a guess', async () => {
    const chain = await onlyChain({ 'migrations/1_a.sql': 'CREATE TABLE t (id int);' });
    expect(chain).toMatchObject({ dialect: 'postgres', dialectGuessed: true });
    expect(chain.dialectReason).toBe('nothing in its files speaks for another database');
  });

  test('the only driver around tells where the SQL does not, as a guess', async () => {
    const chain = await onlyChain({
      'package.json': '{ "dependencies": { "mysql2": "3" } }',
      'migrations/1_a.sql': 'CREATE TABLE t (id int);',
    });
    expect(chain).toMatchObject({
      dialect: 'mysql',
      dialectGuessed: true,
      dialectReason: 'the driver in package.json',
    });
  });

  test('of several drivers around SQLite is guessed, and the others are named', async () => {
    const chain = await onlyChain({
      'package.json': '{ "dependencies": { "@acme/sqlite3": "5", "mysql2": "3", "pg": "8" } }',
      'migrations/1_a.sql': 'CREATE TABLE t (id int);',
    });
    expect(chain).toMatchObject({
      dialect: 'sqlite',
      dialectGuessed: true,
      dialectReason: 'one of those whose drivers are in package.json: postgres, mysql and sqlite',
    });
  });

  test('migrations of a D1 database are SQLite', async () => {
    const chain = await onlyChain({
      'apps/api/wrangler.jsonc': '{ "d1_databases": [{ "binding": "DB", "migrations_dir": "./drizzle" }] }',
      'apps/api/drizzle/1_a.sql': 'CREATE TABLE t (id int);',
      'apps/api/drizzle/2_b.sql': '',
    });
    expect(chain).toMatchObject({ dialect: 'sqlite', dialectGuessed: false });
    expect(chain.dialectReason).toBe('apps/api/wrangler.jsonc: d1_databases');
  });

  test('ClickHouse is told by its engines', async () => {
    const { notFollowed } = await survey({
      'migrations/1_a.sql':
        'CREATE TABLE t (id UInt64, s LowCardinality(String)) ENGINE = MergeTree() ORDER BY id;',
    });
    expect(notFollowed[0]?.reason).toMatch(/^migrations for ClickHouse/);
  });
});

test('a large tree is looked through at once', async () => {
  const paths = Array.from({ length: 10_000 }, (_, at) => `packages/p${at % 500}/src/file${at}.ts`);
  const steps = Array.from({ length: 10_000 }, (_, at) => `db/migrations/${at}_step.sql`);
  const chain = await onlyChain([...paths, ...steps]);
  expect(chain.migrations).toHaveLength(10_000);
  expect(chain.migrations.at(-1)?.name).toBe('9999_step');
});
