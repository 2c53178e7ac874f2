import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { installHook } from '../../src/hook/install.ts';
import { CLI } from '../cli/tablewarden.ts';
import { makeRepository, removeFolders, type TestRepository, temporaryFolder } from './repository.ts';

afterAll(removeFolders);

let repository: TestRepository;

beforeEach(async () => {
  const remote = temporaryFolder();
  repository = makeRepository();
  repository.git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  repository.git('remote', 'add', 'origin', remote);
  repository.write('.gitignore', 'node_modules/\n');
  repository.commit({
    'migrations/1_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n',
  });
  repository.git('push', '--quiet', '--set-upstream', 'origin', 'main');
  const command = `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`;
  repository.write('node_modules/.bin/tablewarden', command, 0o755);
  await installHook(repository.directory);
});

/** Pushes a migration that is refused; the hook's words. */
function push(sql: string): string {
  repository.commit({ 'migrations/2_next.sql': sql });
  const { code, text } = repository.tryGit('push', '--quiet', 'origin', 'main');
  expect(code).not.toBe(0);
  return text.replace(/[0-9a-f]{40}/g, '(id)');
}

const REFUSED = 'ALTER TABLE users DROP COLUMN mail;\n';
const WRITTEN = "UPDATE users SET email = '';\nALTER TABLE users ALTER COLUMN mail SET NOT NULL;\n";

/** The one file that holds compiled code. */
function kept(): string {
  const folder = join(repository.directory, '.git/tablewarden');
  const found = readdirSync(folder).filter((name) => name.startsWith('code'));
  expect(found).toHaveLength(1);
  return join(folder, found[0] ?? '');
}

test('code that was compiled in one push serves the next ones, and tells the same', () => {
  const first = push(REFUSED);
  const { ino, size } = statSync(kept());
  expect(size).toBeGreaterThan(100_000);
  expect(push(REFUSED)).toBe(first);
  expect(statSync(kept()).ino).toBe(ino);
});

test('code for what other pushes need is added to what is there', () => {
  push(REFUSED);
  const parts = () =>
    readFileSync(kept(), 'latin1')
      .split('\n')[1]
      ?.match(/"[\w.-]+"/g) ?? [];
  const before = parts();
  push(WRITTEN);
  expect(parts()).toEqual(expect.arrayContaining(before));
  expect(parts().length).toBeGreaterThan(before.length);
});

test('code that was altered is not run: it is made anew', () => {
  const first = push(REFUSED);
  const whole = readFileSync(kept());
  for (const at of [3, 70, 5_000, whole.length - 1]) {
    const altered = Buffer.from(whole);
    altered[at] = (altered[at] ?? 0) ^ 0x55;
    writeFileSync(kept(), altered);
    expect(push(REFUSED)).toBe(first);
    expect(readFileSync(kept()).equals(altered)).toBe(false);
  }
  writeFileSync(kept(), whole.subarray(0, 200_000));
  expect(push(REFUSED)).toBe(first);
});
