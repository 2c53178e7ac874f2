import { afterAll, expect, test } from 'vitest';
import { makeRepository, removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';

afterAll(removeFolders);

test('branches that collide are named with the place, others are counted', () => {
  const made = makeRepository();
  made.commit({ 'migrations/1_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n' });
  for (const [branch, path, text] of [
    ['drops', 'migrations/3_drops.sql', 'ALTER TABLE users DROP COLUMN email;\n'],
    ['edits', 'migrations/2_work.sql', 'CREATE INDEX users_email ON users (lower(email));\n'],
    ['harmless', 'migrations/4_harmless.sql', 'ALTER TABLE users ADD COLUMN age int;\n'],
    ['work', 'migrations/2_work.sql', 'CREATE INDEX users_email ON users (email);\n'],
  ] as const) {
    made.git('checkout', '--quiet', '-b', branch, 'main');
    made.commit({ [path]: text });
  }
  const { code, out } = tablewarden(made.directory, ['conflicts']);
  expect({ code, out }).toEqual({
    code: 1,
    out: `refs/heads/drops
  Ours does not apply after theirs: column "email" does not exist  migrations/2_work.sql:1

refs/heads/edits
  Both have migrations/2_work.sql, each otherwise

2 of 3 other branches collide with this change in migrations; what code expects is not compared
`,
  });
  const alone = tablewarden(made.directory, ['conflicts', 'harmless', 'main', '--format', 'json']);
  expect(alone.code).toBe(0);
  expect(JSON.parse(alone.out).branches).toEqual([
    { branch: 'harmless', chains: [{ chain: 'migrations', conflicts: [] }] },
  ]);
});
