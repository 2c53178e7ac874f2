import { expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { compareTrees } from '../../src/change/compare-trees.ts';
import { treeOfTexts } from '../../src/change/from-texts.ts';
import { readChange } from '../../src/read/read-change.ts';

test('a changed migration that no chain runs is named among what was not analysed', async () => {
  const before = treeOfTexts('before', new Map([['package.json', '{ "dependencies": { "knex": "3" } }']]));
  const after = treeOfTexts(
    'after',
    new Map([
      ['package.json', '{ "dependencies": { "knex": "3" } }'],
      ['src/migrations/20240101_users.ts', 'export const up = () => {};'],
      ['test/migrations/20240101_users.ts', 'export const up = () => {};'],
    ]),
  );
  const read = await readChange(await compareTrees(before, after), [], openCache(undefined));
  expect(read.coverage.notAnalysed).toEqual([
    {
      ...{ path: 'src/migrations/20240101_users.ts', line: 1, column: 1, endLine: 1, endColumn: 1 },
      ...{ kind: 'not modelled', reason: '1 migration in TypeScript (Knex): code, not SQL, and not read' },
    },
  ]);
});

test('a migration in code of no known tool is a file that was not read', async () => {
  const migration = `import { sql } from 'drizzle-orm';
export const addUsers = { up: async ({ db }) => db.batch([db.run(sql\`CREATE TABLE users (id text)\`)]) };
`;
  const before = treeOfTexts('before', new Map());
  const after = treeOfTexts(
    'after',
    new Map([
      ['src/migrations/list/0001-users.migration.ts', migration],
      ['src/migrations/list/0001-users.migration.test.ts', migration],
      ['src/users/table.ts', migration],
    ]),
  );
  const read = await readChange(await compareTrees(before, after), [], openCache(undefined));
  expect(read.coverage.notAnalysed).toEqual([
    {
      ...{ path: 'src/migrations/list/0001-users.migration.ts', kind: 'unread' },
      ...{ line: 2, column: 83, endLine: 2, endColumn: 88 },
      reason: 'it changes the schema, and is a migration of no tool that is known here',
    },
  ]);
});
