import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { installHook } from '../../src/hook/install.ts';
import { CLI } from '../cli/tablewarden.ts';
import { at, makeRepository, removeFolders, type TestRepository, temporaryFolder } from './repository.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n';
const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY);\n';
const REQUIRED =
  'ALTER TABLE customers ADD COLUMN country text NOT NULL;\nCREATE INDEX customers_country ON customers (county);\n';
const STOPPED = 'tablewarden stopped the push';

let repository: TestRepository;
let remote: string;

/** A clone whose main is pushed, with the hook really installed; the command lies where npm would put it. */
beforeEach(async () => {
  remote = temporaryFolder();
  repository = makeRepository();
  const { git, commit, write, directory } = repository;
  git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  git('remote', 'add', 'origin', remote);
  write('.gitignore', 'node_modules/\n');
  commit({ 'migrations/1_customers.sql': CUSTOMERS });
  git('push', '--quiet', '--set-upstream', 'origin', 'main');
  installCommand(`exec "${process.execPath}" "${CLI}" "$@"`);
  await installHook(directory);
});

function installCommand(line: string): void {
  repository.write('node_modules/.bin/tablewarden', `#!/bin/sh\n${line}\n`, 0o755);
}

const remoteId = (ref: string) =>
  repository.tryGit('--git-dir', remote, 'rev-parse', '--verify', '--quiet', ref);

describe('git push', () => {
  test('passes in silence where nothing concerns a schema', () => {
    repository.commit({ 'notes.md': '# Notes\n' });
    const { code, text } = repository.tryGit('push', '--quiet');
    expect({ code, text }).toEqual({ code: 0, text: '' });
  });

  test('passes where the migrations are fine', () => {
    repository.commit({ 'migrations/2_orders.sql': ORDERS });
    const { code, text } = repository.tryGit('push', '--quiet');
    expect(code).toBe(0);
    expect(text).toContain('nothing to say about main');
  });

  test('is stopped by an error, which says how to go on', () => {
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    const { code, text } = repository.tryGit('push');
    expect(code).not.toBe(0);
    expect(text).toContain('migration-does-not-apply');
    expect(text).toContain(`${STOPPED} of main`);
    expect(text).toContain('tablewarden: allow <rule> because <reason>');
    expect(repository.tryGit('push', '--no-verify').code).toBe(0);
  });

  test('judges the pushed commit, not the working tree', () => {
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    repository.git('rm', '--quiet', 'migrations/2_country.sql');
    expect(repository.tryGit('push').text).toContain(STOPPED);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.write('migrations/2_country.sql', REQUIRED);
    repository.commit({ '.gitignore': 'node_modules/\nmigrations/2_country.sql\n' });
    repository.git('rm', '--quiet', '--cached', '--ignore-unmatch', 'migrations/2_country.sql');
    repository.git('commit', '--quiet', '--amend', '--no-edit', '--allow-empty');
    expect(repository.tryGit('push').code).toBe(0);
  });

  test('of a new branch judges what it adds to the default branch', () => {
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    expect(repository.tryGit('push', 'origin', 'feature').text).toContain(`${STOPPED} of feature`);
    expect(remoteId('refs/heads/feature').code).not.toBe(0);
  });

  test('of several refs judges each', () => {
    repository.git('checkout', '--quiet', '-b', 'good');
    repository.commit({ 'migrations/2_orders.sql': ORDERS });
    repository.git('checkout', '--quiet', '-b', 'bad', 'main');
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    const { code, text } = repository.tryGit('push', 'origin', 'good', 'bad');
    expect(code).not.toBe(0);
    expect(text).toContain('nothing to say about good');
    expect(text).toContain(`${STOPPED} of bad`);
    expect(remoteId('refs/heads/good').code).not.toBe(0);
  });

  test('of a tag judges its commit once, together with its branch', () => {
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    repository.git('tag', '-a', '-m', 'v1', 'v1');
    const { code, text } = repository.tryGit('push', 'origin', 'main', 'v1');
    expect(code).not.toBe(0);
    expect(text.split(STOPPED).length).toBe(2);
    expect(repository.tryGit('push', 'origin', 'v1').text).toContain(`${STOPPED} of v1`);
  });

  test('that deletes a branch passes', () => {
    repository.git('push', '--quiet', '--no-verify', 'origin', 'main:refs/heads/old');
    expect(repository.tryGit('push', 'origin', '--delete', 'old').code).toBe(0);
    expect(remoteId('refs/heads/old').code).not.toBe(0);
  });

  test('that is forced judges what is new since both parted', () => {
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.commit({ 'migrations/2_orders.sql': ORDERS });
    repository.git('push', '--quiet', 'origin', 'feature');
    repository.git('reset', '--quiet', '--hard', 'main');
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    expect(repository.tryGit('push', '--force', 'origin', 'feature').text).toContain(`${STOPPED} of feature`);
  });

  test('with nothing to push passes in silence', () => {
    expect(repository.tryGit('push', '--quiet')).toEqual({ code: 0, text: '' });
  });

  test('to an empty remote sums the history up, and passes', () => {
    const empty = temporaryFolder();
    repository.git('init', '--quiet', '--bare', empty);
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    const { code, text } = repository.tryGit('push', empty, 'main');
    expect(code).toBe(0);
    expect(text).toContain('first push here, so its 2 migrations were not judged as new');
  });

  test('takes the configuration from the base, so that a branch cannot switch off its own guard', () => {
    const off = 'rules: { migration-does-not-apply: off, not-null-without-default: off }\n';
    repository.commit({ 'migrations/2_country.sql': REQUIRED, 'tablewarden.yml': off });
    expect(repository.tryGit('push').text).toContain(STOPPED);
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.commit({ 'tablewarden.yml': off });
    expect(repository.tryGit('push').code).toBe(0);
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    expect(repository.tryGit('push').code).toBe(0);
  });

  test("of nothing but texts is judged by the base's own configuration and rules", () => {
    const page = `---
severity: error
reads: change
---
# A text that is changed
It is to be left alone.
## Message
{path} is to be left alone.
## Query
\`\`\`sql
SELECT path, 1 AS line, 1 AS col, 1 AS end_line, 1 AS end_col, NULL AS table_id FROM change.files
\`\`\`
`;
    repository.commit({ '.tablewarden/rules/text-changed.md': page });
    repository.git('push', '--quiet');
    repository.commit({ 'notes.md': 'More.\n' });
    expect(repository.tryGit('push').text).toContain('notes.md is to be left alone.');
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.commit({ 'tablewarden.yml': 'rulez: {}\n' });
    repository.git('push', '--quiet', '--no-verify');
    repository.commit({ 'notes.md': 'More.\n' });
    expect(repository.tryGit('push').text).toContain('rulez');
  });

  test('from a linked worktree is judged too', () => {
    const beside = join(temporaryFolder(), 'beside');
    repository.git('worktree', 'add', '--quiet', '-b', 'feature', beside);
    repository.commit({ 'notes.md': '' });
    repository.git('-C', beside, 'checkout', '--quiet', '--detach', 'main~1');
    const other = at(beside);
    other.commit({ 'migrations/2_country.sql': REQUIRED });
    other.write(
      'node_modules/.bin/tablewarden',
      `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`,
      0o755,
    );
    expect(other.tryGit('push', 'origin', 'HEAD:refs/heads/feature').text).toContain(STOPPED);
  });
});

describe('trouble of its own lets the push pass', () => {
  beforeEach(() => {
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
  });

  test.each([
    ['a crash', 'kill -SEGV $$', 'could not run'],
    ['a missing program', 'exec no-such-program', 'could not run'],
    ['no git to be found', `PATH= exec "${process.execPath}" "${CLI}" "$@"`, 'git was not found'],
  ])('%s', (_, line, said) => {
    installCommand(line);
    const { code, text } = repository.tryGit('push');
    expect(code).toBe(0);
    expect(text).toContain(said);
  });

  test('a configuration at the base that does not parse', () => {
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.commit({ 'tablewarden.yml': 'rulez: {}\n' });
    repository.git('push', '--quiet', '--no-verify');
    repository.commit({ 'migrations/2_country.sql': REQUIRED });
    const { code, text } = repository.tryGit('push');
    expect(code).toBe(0);
    expect(text).toContain('rulez');
  });
});
