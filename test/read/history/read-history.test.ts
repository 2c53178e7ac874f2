import { afterAll, describe, expect, test } from 'vitest';
import { type Cache, openCache } from '../../../src/cache/cache.ts';
import { openRepository } from '../../../src/git/repository.ts';
import type { History } from '../../../src/read/history/history.ts';
import { pullRequestOf } from '../../../src/read/history/pull-request.ts';
import { readHistory } from '../../../src/read/history/read-history.ts';
import { selectEntries } from '../../../src/read/history/select-entries.ts';
import {
  makeRepository,
  removeFolders,
  type TestRepository,
  temporaryFolder,
} from '../../hook/repository.ts';

afterAll(removeFolders);

const USERS = 'CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  mail varchar(100)\n);\n';

async function historyOf(
  made: TestRepository,
  revision = 'HEAD',
  cache: Cache = openCache(undefined),
): Promise<History> {
  const repository = await openRepository(made.directory);
  const head = made.git('rev-parse', revision);
  return (await readHistory(repository, head, { named: [], cache })).history;
}

/** Each entry as `commit change object name: before → after path:line`. */
function linesOf(history: History, asked: string): readonly string[] {
  return selectEntries(history, asked).flatMap(({ entries }) =>
    entries.map((one) => {
      const commit = history.commits[one.at]?.subject;
      const name = one.formerName === undefined ? one.name : `${one.formerName}→${one.name}`;
      const edit = one.rewritten ? ' (edited)' : '';
      return `${commit}: ${one.change} ${one.object} ${name}: ${one.before ?? ''} → ${one.after ?? ''} ${one.span.path}:${one.span.line}${edit}`;
    }),
  );
}

describe('a column', () => {
  const made = makeRepository();
  made.commit({ 'migrations/1_users.sql': USERS }, { message: 'users' });
  made.commit({ 'README.md': 'nothing of migrations' }, { message: 'other' });
  made.commit(
    { 'migrations/2_wider.sql': 'SELECT 1;\nALTER TABLE users ALTER COLUMN mail TYPE text;\n' },
    { message: 'wider' },
  );
  made.commit(
    {
      'migrations/3_names.sql':
        'ALTER TABLE users RENAME COLUMN mail TO email;\nALTER TABLE users RENAME TO people;\n',
    },
    { message: 'names' },
  );
  made.commit({ 'migrations/4_gone.sql': 'ALTER TABLE people DROP COLUMN email;\n' }, { message: 'gone' });
  made.commit(
    { 'migrations/5_back.sql': 'ALTER TABLE people ADD COLUMN email text NOT NULL;\n' },
    { message: 'back' },
  );

  const expected = [
    'users: added column mail:  → varchar(100) migrations/1_users.sql:3',
    'wider: altered column mail: varchar(100) → text migrations/2_wider.sql:2',
    'names: renamed column mail→email:  →  migrations/3_names.sql:1',
    'gone: removed column email: text →  migrations/4_gone.sql:1',
    'back: added column email:  → text NOT NULL migrations/5_back.sql:1',
  ];

  test('is followed through its renames and those of its table, by any of the names', async () => {
    const history = await historyOf(made);
    expect(linesOf(history, 'people.email')).toEqual(expected);
    expect(linesOf(history, 'public.USERS.email')).toEqual(expected);
    expect(linesOf(history, 'users.mail')).toEqual(expected.slice(0, 4)); // the later one never had that name
  });

  test('is the same where the history goes on from what a cache keeps of it', async () => {
    const cache = openCache(temporaryFolder());
    await historyOf(made, 'HEAD~3', cache);
    expect(JSON.stringify(await historyOf(made, 'HEAD', cache))).toBe(JSON.stringify(await historyOf(made)));
    expect((await cache.keys('history/')).length).toBe(2);
  });
});

describe('migrations that were there', () => {
  test('an edit is told as one, and what only moved is no news', async () => {
    const made = makeRepository();
    made.commit({ 'migrations/1_users.sql': USERS }, { message: 'users' });
    made.commit(
      { 'migrations/2_names.sql': 'ALTER TABLE users RENAME COLUMN mail TO email;\n' },
      { message: 'names' },
    );
    made.git('mv', 'migrations/2_names.sql', 'migrations/5_names.sql');
    made.commit({}, { message: 'moved' });
    made.commit(
      {
        'migrations/1_users.sql': USERS.replace('varchar(100)', 'text'),
        'migrations/6_age.sql': 'ALTER TABLE users ADD COLUMN age int;\n',
      },
      { message: 'edited' },
    );
    expect(linesOf(await historyOf(made), 'users').slice(4)).toEqual([
      'names: renamed column mail→email:  →  migrations/2_names.sql:1',
      'edited: altered column email: varchar(100) → text migrations/1_users.sql:3 (edited)',
      'edited: added column age:  → integer migrations/6_age.sql:1',
    ]);
  });

  test('how a statement is written does not count', async () => {
    const made = makeRepository();
    made.commit({ 'migrations/1_users.sql': USERS }, { message: 'users' });
    made.commit(
      { 'migrations/1_users.sql': USERS.toLowerCase().replaceAll('\n', '\n\n') },
      { message: 'formatted' },
    );
    expect(new Set((await historyOf(made)).commits.map(({ subject }) => subject))).toEqual(
      new Set(['users']),
    );
  });

  test('a chain that ends takes its tables with it, and one that moved is the same', async () => {
    const made = makeRepository();
    made.commit({
      'migrations/1_users.sql': USERS,
      'other/migrations/1_logs.sql': 'CREATE TABLE logs (id int);',
    });
    made.write('db/README.md', '');
    made.git('mv', 'migrations', 'db/migrations');
    made.git('rm', '--quiet', '-r', 'other');
    made.commit({}, { message: 'moved' });
    const { chains, ...history } = await historyOf(made);
    expect(chains.map(({ id, until }) => [id, until])).toEqual([
      ['db/migrations', undefined],
      ['other/migrations', 1],
    ]);
    expect(linesOf({ chains, ...history }, 'logs').at(-2)).toBe(
      'moved: removed table logs:  →  other/migrations/1_logs.sql:1 (edited)',
    );
    expect(linesOf({ chains, ...history }, 'users')).toHaveLength(4);
  });
});

test('a merge stands for what it brought, in the order of the history and not of the dates', async () => {
  const made = makeRepository();
  made.commit({ 'migrations/1_users.sql': USERS }, { message: 'users', date: '2025-05-01T00:00:00Z' });
  made.git('checkout', '--quiet', '-b', 'side');
  made.commit(
    { 'migrations/3_side.sql': 'ALTER TABLE users ADD COLUMN side int;\n' },
    { message: 'side', date: '2020-01-01T00:00:00Z' },
  );
  made.git('checkout', '--quiet', 'main');
  made.commit({ 'migrations/2_main.sql': 'ALTER TABLE users ADD COLUMN main int;\n' }, { message: 'main' });
  made.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #12 from someone/side', 'side');
  const history = await historyOf(made);
  expect(linesOf(history, 'users').slice(-2)).toEqual([
    'main: added column main:  → integer migrations/2_main.sql:1',
    'Merge pull request #12 from someone/side: added column side:  → integer migrations/3_side.sql:1',
  ]);
  expect(history.commits.at(-1)).toMatchObject({
    pullRequest: 12,
    parents: [expect.any(String), expect.any(String)],
  });
});

test('a table that is made anew under its own name stays the table that it was', async () => {
  const made = makeRepository();
  made.commit({
    'drizzle.config.ts': "export default { dialect: 'sqlite', out: './drizzle' };",
    'drizzle/meta/_journal.json': JSON.stringify({ dialect: 'sqlite', entries: [{ idx: 0, tag: '0000_a' }] }),
    'drizzle/0000_a.sql': 'CREATE TABLE users (id integer PRIMARY KEY, age text);\n',
  });
  made.commit(
    {
      'drizzle/meta/_journal.json': JSON.stringify({
        dialect: 'sqlite',
        entries: [
          { idx: 0, tag: '0000_a' },
          { idx: 1, tag: '0001_b' },
        ],
      }),
      'drizzle/0001_b.sql': `PRAGMA foreign_keys=OFF;
CREATE TABLE __new_users (
  id integer PRIMARY KEY,
  age integer
);
INSERT INTO __new_users (id, age) SELECT id, age FROM users;
DROP TABLE users;
ALTER TABLE __new_users RENAME TO users;
`,
    },
    { message: 'anew' },
  );
  expect(linesOf(await historyOf(made), 'users').slice(4)).toEqual([
    'anew: altered column age: text → integer drizzle/0001_b.sql:4',
  ]);
});

test.each([
  ['Merge pull request #12 from a/b\n\nText (#3)', 12],
  ['Add users (#345)\n\nSee #1', 345],
  ['Revert "Add users (#345)" (#346)', 346],
  ["Merge branch 'a' into 'main'\n\nAdd users\n\nSee merge request group/project!77", 77],
  ['Merged PR 41: Add users', 41],
  ['Merged in a/b (pull request #9)', 9],
  ['Fix #12', undefined],
  ['Add users (#12) and more', undefined],
])('%j came with %s', (message, number) => {
  expect(pullRequestOf(message)).toBe(number);
});

test('a new name stands where it is given, whatever else the migration does', async () => {
  const made = makeRepository();
  const poll = 'CREATE TABLE poll (id text, kind mood, CONSTRAINT poll_pkey PRIMARY KEY (id));\n';
  made.commit({ 'migrations/1_poll.sql': `CREATE TYPE mood AS ENUM ('ok');\n${poll}` }, { message: 'poll' });
  const names = [
    'ALTER TYPE mood RENAME TO temper;',
    'ALTER TABLE poll RENAME TO polls;',
    'ALTER TABLE polls RENAME COLUMN id TO poll_id;',
    'ALTER TABLE polls RENAME CONSTRAINT poll_pkey TO polls_pkey;',
  ];
  made.commit({ 'migrations/2_names.sql': `${names.join('\n')}\n` }, { message: 'names' });
  expect(linesOf(await historyOf(made), 'polls').slice(4)).toEqual([
    'names: renamed table poll→polls:  →  migrations/2_names.sql:2',
    'names: renamed column id→poll_id:  →  migrations/2_names.sql:3',
    'names: altered column kind: mood → temper migrations/2_names.sql:1',
    'names: renamed constraint poll_pkey→polls_pkey:  →  migrations/2_names.sql:4',
  ]);
});
