import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { followChain } from '../../../src/read/chain-change.ts';
import { onlyChain, survey } from './survey.ts';

const DUMP = `\\restrict abc
SET search_path = '';
CREATE TABLE public.users (id bigint NOT NULL);
INSERT INTO public.schema_migrations (version) VALUES ('20240101');
\\unrestrict abc
`;

describe('files that hold a whole schema', () => {
  test('Rails’ structure.sql is followed in place of migrations in Ruby', async () => {
    const { chains, notFollowed } = await survey({
      'db/structure.sql': DUMP,
      'db/migrate/20240101_users.rb': '',
    });
    expect(chains).toMatchObject([{ id: 'db/structure.sql', tool: 'schema-file', dialect: 'postgres' }]);
    expect(notFollowed).toEqual([
      { path: 'db/migrate', reason: '1 migration in Ruby (Rails): code, not SQL, and not read' },
    ]);
  });

  test('the newest state is followed where the order of the steps to it is not known', async () => {
    const { chains, notFollowed } = await survey({
      'store/migration/sqlite/LATEST.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);',
      'store/migration/sqlite/0.1/00_a.sql': 'CREATE TABLE a (id INTEGER);',
      'store/migration/sqlite/0.2/00_b.sql': 'CREATE TABLE b (id INTEGER);',
    });
    expect(chains.map(({ id, dialect }) => [id, dialect])).toEqual([
      ['store/migration/sqlite/LATEST.sql', 'sqlite'],
    ]);
    expect(notFollowed.map(({ path }) => path)).toEqual(['store/migration/sqlite']);
  });

  test.each(['test/schema.sql', 'docs/schema.md', 'sql/schema.sql'])('%s is none', async (path) => {
    expect((await survey({ [path]: 'SELECT 1;' })).chains).toEqual([]);
  });

  test('near a chain it would say everything twice', async () => {
    const { chains } = await survey({
      'package.json': '{}',
      'src/db/schema.sql': DUMP,
      'migrations/1_a.sql': 'CREATE TABLE a (id bigserial);',
    });
    expect(chains.map(({ id }) => id)).toEqual(['migrations']);
  });

  test('an edit of it is a change of the schema, not of history', async () => {
    const side = async (columns: string) => {
      const texts = { 'schema.sql': `CREATE TABLE users (${columns});` };
      return { chain: await onlyChain(texts), tree: treeOfTexts('side', new Map(Object.entries(texts))) };
    };
    const base = await side('id bigint');
    const head = await side('id bigint, email text');
    const trees = { base: base.tree, head: head.tree };
    const change = await followChain(base.chain, head.chain, trees, openCache(undefined));
    expect(change).toMatchObject({ kind: 'rewritten', edited: [], added: [] });
    expect(change.operations.map(({ operation }) => operation.kind)).toEqual(['add-column']);
  });
});

describe('migrations in code', () => {
  test.each([
    [
      'src/migrations/1700000000000-Users.ts',
      '{ "dependencies": { "typeorm": "1" } }',
      '1 migration in TypeScript (TypeORM)',
    ],
    [
      'migrations/20240101_users.js',
      '{ "dependencies": { "knex": "1", "db-migrate": "1" } }',
      '1 migration in JavaScript (db-migrate)',
    ],
    [
      'src/migrations/Migration20240101.ts',
      '{ "dependencies": { "@mikro-orm/migrations": "1" } }',
      '1 migration in TypeScript (MikroORM)',
    ],
    ['app/migrations/0001_initial.py', '', '1 migration in Python (Django)'],
    ['priv/repo/migrations/20240101_users.exs', '', '1 migration in Elixir (Ecto)'],
  ])('%s is told of', async (path, manifest, reason) => {
    const { chains, notFollowed } = await survey({ [path]: '', 'package.json': manifest });
    expect(chains).toEqual([]);
    expect(notFollowed.map((one) => one.reason)).toEqual([`${reason}: code, not SQL, and not read`]);
  });

  test('of no known tool are told of where numbers lead their names', async () => {
    const { notFollowed } = await survey({
      'schema/alterations/1.0.0-1677208902-users.ts': '',
      'schema/alterations/1.1.0-1677765137-posts.ts': '',
      'schema/alterations/types.ts': '',
      'server/migrations/list/0001-users.ts': '',
      'server/migrations/list/0002-posts.ts': '',
      'server/migrations/list/0002-posts.test.ts': '',
      'server/migrations/tools/run.ts': '',
    });
    expect(notFollowed.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'schema/alterations: 2 migrations in TypeScript: code, not SQL, and not read',
      'server/migrations/list: 2 migrations in TypeScript: code, not SQL, and not read',
    ]);
  });
});
