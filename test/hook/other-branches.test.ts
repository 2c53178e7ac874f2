import { afterAll, beforeEach, expect, test } from 'vitest';
import { installHook } from '../../src/hook/install.ts';
import { CLI } from '../cli/tablewarden.ts';
import { at, makeRepository, removeFolders, type TestRepository, temporaryFolder } from './repository.ts';

afterAll(removeFolders);

const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n';
const AGE = 'migrations/2_age.sql';

let ours: TestRepository;
let theirs: TestRepository;

/** Two clones of one remote; ours has the hook, and fetches what theirs pushes. */
beforeEach(async () => {
  const remote = temporaryFolder();
  ours = makeRepository();
  ours.git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  ours.git('remote', 'add', 'origin', remote);
  ours.write('.gitignore', 'node_modules/\n');
  ours.commit({ 'migrations/1_users.sql': USERS }, { date: '2026-01-01T12:00:00Z' });
  ours.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  ours.git('clone', '--quiet', remote, `${remote}-theirs`);
  theirs = at(`${remote}-theirs`);
  ours.write('node_modules/.bin/tablewarden', `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, 0o755);
  await installHook(ours.directory);
});

/** Another's branch, pushed and fetched. */
function branch(name: string, files: Readonly<Record<string, string>>, date = '2026-01-05T12:00:00Z'): void {
  theirs.git('checkout', '--quiet', '-b', name, 'origin/main');
  theirs.commit(files, { date });
  theirs.git('push', '--quiet', 'origin', name);
  ours.git('fetch', '--quiet', 'origin');
}

/** Pushes our branch with these files; the hook's words. */
function push(files: Readonly<Record<string, string>>): { readonly code: number; readonly text: string } {
  ours.git('checkout', '--quiet', '-B', 'work', 'main');
  ours.commit(files, { date: '2026-01-10T12:00:00Z' });
  return ours.tryGit('push', '--quiet', '--force', 'origin', 'work');
}

test('a migration that collides with one of another branch is a warning that names it, once', () => {
  branch('bob/age', { 'migrations/3_age.sql': 'ALTER TABLE users ADD COLUMN age smallint;\n' });
  branch('bob/age-and-more', {
    'migrations/3_age.sql': 'ALTER TABLE users ADD COLUMN age smallint;\n',
    'a.txt': 'a',
  });
  branch('carol/name', { 'migrations/3_name.sql': 'ALTER TABLE users ADD COLUMN name text;\n' });
  const { code, text } = push({ [AGE]: 'ALTER TABLE users ADD COLUMN age integer;\n' });
  expect(code).toBe(0);
  const line = text.replace(/\s+/g, ' ');
  expect(line).toContain('warning conflicts-with-open-pull-request');
  expect(line).toMatch(/users\.age is made otherwise in origin\/bob\/age[\w-]* \(migrations\/3_age\.sql:1\)/);
  expect(line.match(/made otherwise/g)).toHaveLength(1);
  expect(line).not.toContain('carol');
  expect(line).not.toContain('not compared');
});

test('what the default branch gained meanwhile is compared as merged', () => {
  theirs.commit({ 'migrations/2_plan.sql': 'ALTER TABLE users DROP COLUMN email;\n' });
  theirs.git('push', '--quiet', 'origin', 'main');
  ours.git('fetch', '--quiet', 'origin');
  const { text } = push({ 'migrations/2_mail.sql': 'CREATE INDEX users_email ON users (email);\n' });
  const line = text.replace(/\s+/g, ' ');
  expect(line).toContain('the number 2 is taken in origin/main (migrations/2_plan.sql:1, merged)');
  expect(line).toContain('This no longer applies after origin/main');
});

test('code of another branch that begins to use what is dropped here is told', () => {
  branch('bob/mails', {
    'src/mails.ts': "export const mails = () => pool.query('SELECT email FROM users');\n",
  });
  const { text } = push({ 'migrations/2_drop.sql': 'ALTER TABLE users DROP COLUMN email;\n' });
  expect(text.replace(/\s+/g, ' ')).toContain(
    'Queries fail once both are merged: users.email is dropped here, and comes into use in origin/bob/mails (src/mails.ts:1)',
  );
});

test('branches that did not move lately are left out, and so are more than are asked for', () => {
  const drop = { 'migrations/3_age.sql': 'ALTER TABLE users ADD COLUMN age smallint;\n' };
  branch('old', drop, '2025-12-01T12:00:00Z');
  branch('new', { 'migrations/3_name.sql': 'ALTER TABLE users ADD COLUMN name text;\n' });
  const ages = { [AGE]: 'ALTER TABLE users ADD COLUMN age integer;\n' };
  const { text } = push(ages);
  expect(text).not.toContain('conflicts-with');
  expect(text).toContain('1 branch of the remote that moved longer ago is not compared with work');
  ours.commit({ 'tablewarden.yml': 'hook: { days: 60, branches: 1 }\n' });
  ours.git('push', '--quiet', '--no-verify', 'origin', 'work:main');
  ours.git('branch', '--quiet', '--force', 'main', 'work');
  const second = { 'migrations/4_name.sql': 'ALTER TABLE users ADD COLUMN name varchar(9);\n' };
  expect(push(second).text).toMatch(
    /made otherwise in origin\/new[\s\S]*1 branch of the remote that moved longer ago/,
  );
});

test('a push without a migration, and one where none are asked for, look at no branch', () => {
  branch('bob/age', { 'migrations/3_age.sql': 'ALTER TABLE users ADD COLUMN age smallint;\n' });
  const code = "export const ids = () => pool.query('SELECT id FROM users');\n";
  expect(push({ 'src/ids.ts': code }).text).not.toMatch(/age|branch of the remote/);
  ours.git('checkout', '--quiet', 'main');
  ours.commit({ 'tablewarden.yml': 'hook: { branches: 0 }\n' });
  ours.git('push', '--quiet', '--no-verify', 'origin', 'main');
  expect(push({ [AGE]: 'ALTER TABLE users ADD COLUMN age integer;\n' }).text).not.toMatch(
    /conflicts-with|branch of the remote/,
  );
});
