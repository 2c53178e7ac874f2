import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository, removeFolders, type TestRepository } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';
import { violations } from './violations.ts';

afterAll(removeFolders);

let made: TestRepository;
const ids: string[] = [];

/** January: users; February, pull request 7: a column and an index; March: users are gone. In the working tree: orders. */
beforeAll(() => {
  made = makeRepository();
  const users = 'CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  email text\n);\n';
  ids.push(
    made.commit({ 'migrations/1_users.sql': users }, { message: 'Add users', date: '2025-01-10T12:00:00Z' }),
  );
  ids.push(
    made.commit(
      {
        'migrations/2_age.sql':
          'ALTER TABLE users ADD COLUMN age int;\nCREATE INDEX users_age ON users (age);\n',
      },
      { message: 'Add age (#7)', date: '2025-02-10T12:00:00Z' },
    ),
  );
  ids.push(
    made.commit(
      { 'migrations/3_gone.sql': 'DROP TABLE users;\n' },
      { message: 'Drop users', date: '2025-03-10T12:00:00Z' },
    ),
  );
  made.write('migrations/4_orders.sql', 'CREATE TABLE orders (id bigint PRIMARY KEY);\n');
});

const run = (...args: readonly string[]) => tablewarden(made.directory, args);
const short = (at: number) => ids[at]?.slice(0, 10);

test('history tells every change, and what is not committed yet', () => {
  expect(run('history', 'users').out).toBe(
    `2025-01-10  ${short(0)}  Add users
  + table users (2 columns, 1 constraint)  migrations/1_users.sql:1
2025-02-10  ${short(1)}  #7  Add age (#7)
  + column age integer  migrations/2_age.sql:1
  + index users_age INDEX (age)  migrations/2_age.sql:2
2025-03-10  ${short(2)}  Drop users
  - table users (3 columns, 1 constraint, 1 index)  migrations/3_gone.sql:1
`,
  );
  expect(run('history', 'users.email').out).toContain(
    '+ column email text  (with its table)  migrations/1_users.sql:3',
  );
  expect(run('history', 'orders').out).toContain('not committed yet\n  + table orders');
});

test('what never existed is a plain answer', () => {
  const { code, out } = run('history', 'user');
  expect({ code, out }).toEqual({
    code: 0,
    out: 'user does not exist, up to the working tree. Neither now nor before was it in 1 chain of migrations: migrations.\nDid you mean users?\n',
  });
});

test('blame names what last touched each part, at any time; where there is no table, when there was one', () => {
  expect(run('blame', 'users', '--at', '2025-02-28').out).toBe(
    `users (migrations)
2025-01-10  ${short(0)}      column      id          bigint NOT NULL  migrations/1_users.sql:2
2025-01-10  ${short(0)}      column      email       text  migrations/1_users.sql:3
2025-02-10  ${short(1)}  #7  column      age         integer  migrations/2_age.sql:1
2025-01-10  ${short(0)}      constraint  users_pkey  PRIMARY KEY (id)  migrations/1_users.sql:2
2025-02-10  ${short(1)}  #7  index       users_age   INDEX (age)  migrations/2_age.sql:2
`,
  );
  expect(run('blame', 'users').out).toBe(
    `users does not exist in the working tree.
It was made:    2025-01-10  ${short(0)}  Add users
It was dropped: 2025-03-10  ${short(2)}  Drop users
`,
  );
  expect(run('blame', 'orders', '--at', 'HEAD').out).toMatch(
    /^orders does not exist at .*\nIt was made: {4}not committed yet\n$/,
  );
});

test('diff and schema take a revision, or a date', () => {
  expect(run('diff', '2025-01-31', 'main@2025-02-28').out).toBe(
    `migrations: ${short(0)} → ${short(1)}, 1 migration more

table users
  + column age integer  migrations/2_age.sql:1
  + index users_age INDEX (age)  migrations/2_age.sql:2
`,
  );
  expect(run('diff', ids[2] ?? '').out).toContain('+ table orders (1 column, 1 constraint)');
  expect(run('diff', 'HEAD', 'HEAD').out).toMatch(/the schema is the same \(1 chain of migrations\)\n$/);
  expect(run('schema', '--at', '2025-01-31').out).toContain('CREATE TABLE users');
  expect(run('schema', '--at', '2025-03-31').out).not.toContain('CREATE TABLE users');
  expect(run('schema', '--at', '2024-01-01')).toMatchObject({ code: 2 });
});

test('JSON keeps to the published schema', () => {
  for (const args of [
    ['history', 'users'],
    ['history', 'nobody'],
    ['history', 'orders'],
    ['blame', 'users', '--at', ids[1] ?? ''],
    ['blame', 'users'],
    ['diff', ids[0] ?? '', ids[2] ?? ''],
  ]) {
    const document = JSON.parse(run(...args, '--format', 'json').out);
    expect(violations('src/report/history/history.schema.json', document), args.join(' ')).toEqual([]);
  }
  const { chains } = JSON.parse(run('history', 'users.age', '--format', 'json').out);
  expect(chains[0].entries[0]).toMatchObject({
    ...{ change: 'added', object: 'column', table: 'users', name: 'age', after: 'integer' },
    ...{ path: 'migrations/2_age.sql', line: 1, migration: 'migrations/2_age.sql' },
    commit: { id: ids[1], authorDate: '2025-02-10T12:00:00+00:00', pullRequest: 7, subject: 'Add age (#7)' },
  });
});
