import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, makeRepository, removeFolders, type TestRepository } from '../hook/repository.ts';
import { checkOut, makeOrigin, runAction } from './runner.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n';
const REQUIRED =
  'ALTER TABLE customers ADD COLUMN country text NOT NULL;\nCREATE INDEX x ON customers (county);\n';
const ZERO = '0'.repeat(40);

let repository: TestRepository;
let origin: string;
const commits: Record<string, string> = {};

/** main, which goes on after its branches left: `broken`, `harmless`, `switched` (which turns the rules off), `unread`. */
beforeAll(() => {
  repository = makeRepository();
  const { git, commit } = repository;
  commits.start = commit({ 'migrations/1_customers.sql': CUSTOMERS, 'README.md': 'shop\n' });
  const branches: Record<string, Record<string, string>> = {
    broken: { 'migrations/2_country.sql': REQUIRED },
    harmless: { 'migrations/2_notes.sql': 'ALTER TABLE customers ADD COLUMN notes text;\n' },
    switched: {
      'migrations/2_country.sql': REQUIRED,
      'tablewarden.yml': 'rules: { not-null-without-default: off, migration-does-not-apply: off }\n',
    },
    unread: { 'migrations/2_binary.sql': 'SELECT \u0000\u0001\u0000;' },
  };
  for (const [name, files] of Object.entries(branches)) {
    git('checkout', '--quiet', '-b', name, commits.start);
    commits[name] = commit(files);
  }
  git('checkout', '--quiet', 'main');
  for (let at = 0; at < 3; at++) commits.main = commit({ 'README.md': `shop ${at}\n` });
  git('checkout', '--quiet', '--detach', 'main');
  git('merge', '--quiet', '--no-edit', 'broken');
  commits.merged = git('rev-parse', 'HEAD');
  git('update-ref', 'refs/pull/1/merge', 'HEAD');
  origin = makeOrigin(repository);
});

function pullRequest(head: string, said: Readonly<Record<string, unknown>> = {}) {
  const repo = { full_name: 'octo/shop' };
  const pull_request = {
    number: 1,
    commits: 1,
    base: { sha: commits.main, repo },
    head: { sha: commits[head], repo, ...said },
  };
  return { name: 'pull_request', payload: { number: 1, pull_request } };
}

function push(ref: string, before: string, after: string, said: Readonly<Record<string, unknown>> = {}) {
  return { name: 'push', payload: { ref, before, after, repository: { default_branch: 'main' }, ...said } };
}

describe('a pull request', () => {
  test('is judged from where its branch left, in a checkout of nothing but the merge commit', async () => {
    const checkout = checkOut(origin, commits.merged!);
    const step = await runAction(checkout, pullRequest('broken'));
    expect(step.code).toBe(1);
    expect(step.outputs).toMatchObject({ conclusion: 'failure', errors: '2', warnings: '0' });
    expect(step.log).toContain('Fetching 50 commits of history');
    expect(step.log).toMatch(
      /^::error file=migrations\/2_country\.sql,line=1,endLine=1,col=\d+,endColumn=\d+,title=not-null-without-default::The migration stops/m,
    );
    expect(step.summary).toMatch(/^## Tablewarden: failure \(2 errors\b/);
    expect(step.summary).toContain(
      `](https://github.example/octo/shop/blob/${commits.broken}/migrations/2_country.sql#L1)`,
    );
    const report = JSON.parse(readFileSync(step.outputs.json!, 'utf8'));
    expect(report).toMatchObject({ base: commits.start, head: commits.broken });
    expect(JSON.parse(readFileSync(step.outputs.sarif!, 'utf8')).runs[0].results).toHaveLength(
      report.findings.length,
    );
    expect(readFileSync(step.outputs.markdown!, 'utf8')).toMatch(/^## Tablewarden: failure/);
  });

  test('without a finding at the fail level passes', async () => {
    const checkout = checkOut(origin, commits.harmless!, '--depth=2');
    expect(await runAction(checkout, pullRequest('harmless'))).toMatchObject({
      code: 0,
      outputs: { conclusion: 'success' },
    });
    expect(await runAction(checkout, pullRequest('broken'), { 'fail-on': 'never' })).toMatchObject({
      code: 0,
      outputs: { conclusion: 'success', errors: '2' },
    });
  });

  test('needs no fetch where the checkout holds its history', async () => {
    const checkout = checkOut(origin, commits.broken!, '--no-tags', '--prune');
    at(checkout).git('fetch', '--quiet', 'origin', commits.main!);
    at(checkout).git('remote', 'set-url', 'origin', 'file:///nowhere');
    expect((await runAction(checkout, pullRequest('broken'))).code).toBe(1);
  });

  test('cannot switch off its own guard', async () => {
    const step = await runAction(checkOut(origin, commits.switched!), pullRequest('switched'));
    expect(step).toMatchObject({ code: 1, outputs: { conclusion: 'failure' } });
    expect(step.summary).toContain('> tablewarden.yml of this change counts once merged');
  });

  test('is judged by the configuration that its base has now, also where its branch left before', async () => {
    const shop = makeRepository();
    const start = shop.commit({ 'migrations/1.sql': CUSTOMERS });
    shop.git('checkout', '--quiet', '-b', 'feature');
    const head = shop.commit({ 'migrations/2.sql': 'CREATE TABLE visits (at timestamptz);\n' });
    shop.git('checkout', '--quiet', 'main');
    const tip = shop.commit({ 'tablewarden.yml': 'rules: { table-without-primary-key: error }\n' });
    const payload = { merge_group: { base_sha: tip, head_sha: head } };
    const step = await runAction(checkOut(makeOrigin(shop), head), { name: 'merge_group', payload });
    expect(step).toMatchObject({ code: 1, outputs: { errors: '1' } });
    expect(JSON.parse(readFileSync(step.outputs.json!, 'utf8')).base).toBe(start);
    expect(step.summary).not.toContain('counts once merged');
  });

  test('that was not read in full is neutral: it passes, and says that it is no approval', async () => {
    const step = await runAction(checkOut(origin, commits.unread!), pullRequest('unread'));
    expect(step).toMatchObject({ code: 0, outputs: { conclusion: 'neutral' } });
    expect(step.log).toMatch(/^::warning title=Tablewarden::neutral: something was not read/m);
  });

  test('on pull_request_target is judged, with a warning about the rest of the job', async () => {
    const event = {
      ...pullRequest('broken', { repo: { full_name: 'stranger/shop' } }),
      name: 'pull_request_target',
    };
    const step = await runAction(checkOut(origin, commits.main!), event);
    expect(step.code).toBe(1);
    expect(step.log).toMatch(/^::warning title=Tablewarden::This workflow runs on pull_request_target/m);
  });
});

describe('other events', () => {
  test('a push to the default branch is judged from its former tip', async () => {
    const event = push('refs/heads/main', commits.main!, commits.merged!);
    const step = await runAction(checkOut(origin, commits.merged!), event);
    expect(step).toMatchObject({ code: 1, outputs: { errors: '2' } });
  });

  test('a push to another branch is judged as its pull request would be', async () => {
    const event = push('refs/heads/broken', ZERO, commits.broken!);
    const step = await runAction(checkOut(origin, commits.broken!), event);
    expect(step).toMatchObject({ code: 1, outputs: { errors: '2' } });
    expect(JSON.parse(readFileSync(step.outputs.json!, 'utf8')).base).toBe(commits.start);
  });

  test('a deleted branch and a first push are nothing to judge', async () => {
    const checkout = checkOut(origin, commits.main!);
    const deleted = push('refs/heads/x', commits.main!, ZERO, { deleted: true });
    expect(await runAction(checkout, deleted)).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    const first = await runAction(checkout, push('refs/heads/main', ZERO, commits.main!));
    expect(first).toMatchObject({ code: 0, outputs: { conclusion: 'success' } });
    expect(first.summary).toContain('nothing to compare with');
  });

  test('a merge group is judged from its base', async () => {
    const payload = { merge_group: { base_sha: commits.main, head_sha: commits.merged } };
    const step = await runAction(checkOut(origin, commits.merged!), { name: 'merge_group', payload });
    expect(step).toMatchObject({ code: 1, outputs: { errors: '2' } });
  });

  test('one by the clock compares nothing, and judges everything where it is asked to', async () => {
    const checkout = checkOut(origin, commits.merged!);
    const asked = { name: 'schedule', payload: {} };
    const refused = await runAction(checkout, asked);
    expect(refused).toMatchObject({ code: 2, outputs: { conclusion: 'error' } });
    expect(refused.log).toContain('Set `all: true`');
    const whole = await runAction(checkout, asked, { all: 'true' });
    expect(whole).toMatchObject({ code: 1, outputs: { conclusion: 'failure' } });
  });

  test('two commits may be named', async () => {
    const sides = { base: commits.start!, head: commits.broken! };
    const checkout = checkOut(origin, commits.merged!, '--no-tags');
    expect((await runAction(checkout, { name: 'workflow_dispatch', payload: {} }, sides)).code).toBe(1);
  });
});

describe('a set-up that is wrong', () => {
  test.each([
    [{ 'fail-on': 'warn' }, 'The input fail-on does not know warn.', 'It takes error, warning, never'],
    [{ all: 'yes' }, 'The input all does not know yes.', 'It takes false, true'],
    [{ base: 'main' }, 'The input base stands alone.', 'Name both sides, or neither'],
    [{ path: 'nowhere' }, 'There is no folder', 'Check the spelling'],
  ])('%j is told in two sentences', async (inputs, what, then) => {
    const step = await runAction(checkOut(origin, commits.main!), pullRequest('broken'), inputs);
    expect(step).toMatchObject({ code: 2, outputs: { conclusion: 'error' } });
    const [line = ''] = /^::error title=Tablewarden could not judge this change::.*$/m.exec(step.log) ?? [];
    expect(line).toContain(what);
    expect(line).toContain(`%0A${then}`);
    expect(step.summary).toContain('## Tablewarden could not judge this change');
  });

  test('a history that cannot be fetched', async () => {
    const checkout = checkOut(origin, commits.merged!);
    at(checkout).git('remote', 'set-url', 'origin', 'file:///nowhere');
    const step = await runAction(checkout, pullRequest('broken'));
    expect(step.code).toBe(2);
    expect(step.log).toContain('The history that the checkout lacks cannot be fetched');
    expect(step.log).toContain('fetch-depth');
  });

  test('a broken configuration of the base names the base', async () => {
    const other = makeRepository();
    const base = other.commit({ 'migrations/1.sql': CUSTOMERS, 'tablewarden.yml': 'rulez: {}\n' });
    const head = other.commit({ 'migrations/2.sql': REQUIRED, 'tablewarden.yml': 'rules: {}\n' });
    const event = { name: 'merge_group', payload: { merge_group: { base_sha: base, head_sha: head } } };
    const step = await runAction(other.directory, event);
    expect(step.code).toBe(2);
    expect(step.log).toContain(`read from the base, ${base.slice(0, 12)}`);
  });

  test('no run of GitHub Actions', async () => {
    const step = await runAction(
      checkOut(origin, commits.main!),
      pullRequest('broken'),
      {},
      { GITHUB_EVENT_PATH: '' },
    );
    expect(step.code).toBe(2);
    expect(step.log).toContain('npx tablewarden check');
  });
});

test('names of a repository issue no command and forge no output', async () => {
  const hostile = makeRepository();
  const name = '::error title=forged::x\\n##[add-mask]y %0A::stop-commands::z';
  const base = hostile.commit({ 'migrations/1_customers.sql': CUSTOMERS });
  const head = hostile.commit({
    'migrations/2 ::set-output name=a::b.sql': `CREATE TABLE "${name}" (a int);\n`,
    'migrations/3 ##[error]c.sql': 'CREATE TABLE customers (id int);\n',
  });
  const event = { name: 'merge_group', payload: { merge_group: { base_sha: base, head_sha: head } } };
  const step = await runAction(hostile.directory, event);
  expect(Object.keys(step.outputs).sort()).toEqual([
    'conclusion',
    'errors',
    'findings',
    'json',
    'markdown',
    'notes',
    'sarif',
    'warnings',
  ]);
  const [, token = ''] = /^::stop-commands::(.*)$/m.exec(step.log) ?? [];
  const outside = step.log
    .slice(step.log.indexOf(`\n::${token}::\n`) + token.length + 6)
    .trimEnd()
    .split('\n');
  for (const line of outside)
    expect(line).toMatch(
      /^::(error|warning|notice) (file=[^:,]*,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?)?title=[\w%-]+::/,
    );
  expect(outside.length).toBeGreaterThan(1);
  expect(existsSync(step.outputs.sarif!)).toBe(true);
});
