import { afterAll, expect, test } from 'vitest';
import { makeRepository, removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';
import { violations } from './violations.ts';

afterAll(removeFolders);

test('branches that collide are named with the place, others are counted', () => {
  const made = makeRepository();
  made.commit({ 'migrations/1_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n' });
  for (const [branch, path, text] of [
    ['code', 'src/users.ts', "export const emails = () => pool.query('SELECT email FROM users');\n"],
    ['drops', 'migrations/3_drops.sql', 'ALTER TABLE users DROP COLUMN email;\n'],
    ['edits', 'migrations/2_work.sql', 'CREATE INDEX users_email ON users (lower(email));\n'],
    ['harmless', 'migrations/4_harmless.sql', 'ALTER TABLE users ADD COLUMN age int;\n'],
    [
      'work',
      'migrations/2_work.sql',
      'CREATE INDEX users_email ON users (email);\nALTER TABLE users RENAME COLUMN email TO mail;\n',
    ],
  ] as const) {
    made.git('checkout', '--quiet', '-b', branch, 'main');
    made.commit({ [path]: text });
  }
  const { code, out } = tablewarden(made.directory, ['conflicts']);
  expect({ code, out }).toEqual({
    code: 1,
    out: `code
  Their code begins to use users.email, which ours renames to users.mail
      ours migrations/2_work.sql:2, theirs src/users.ts:1

drops
  Theirs does not apply after ours: column "email" of relation "users" does not exist
      ours migrations/2_work.sql:2, theirs migrations/3_drops.sql:1
  Ours does not apply after theirs: column "email" does not exist
      ours migrations/2_work.sql:1, theirs migrations/3_drops.sql:1

edits
  Both have migrations/2_work.sql, each otherwise

3 of 4 other branches collide with this change
`,
  });
  const alone = tablewarden(made.directory, ['conflicts', 'harmless', 'main', '--format', 'json']);
  expect(alone.code).toBe(0);
  expect(JSON.parse(alone.out).branches).toEqual([
    { branch: 'harmless', chains: [{ chain: 'migrations', conflicts: [] }] },
  ]);

  const all = JSON.parse(tablewarden(made.directory, ['conflicts', '--format', 'json']).out);
  expect(violations('src/report/conflicts/conflicts.schema.json', all)).toEqual([]);
  const places = all.branches[0].chains[0].conflicts[0];
  expect(places).toEqual({
    ...{ kind: 'used', by: 'theirs', name: 'users.email', renamedTo: 'users.mail' },
    ours: { path: 'migrations/2_work.sql', line: 2, endLine: 2 },
    theirs: { path: 'src/users.ts', line: 1, endLine: 1 },
  });
});
