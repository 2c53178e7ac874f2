import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../../src/github/api.ts';
import { marker, memoryOf } from '../../src/github/marker.ts';
import { isForbidden, statusOf } from '../../src/github/trouble.ts';
import { textAt } from '../harness/github/git.ts';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Installation, Pull, ReviewComment } from '../harness/github/state.ts';
import { issueToken } from '../harness/github/tokens.ts';
import { removeFolders } from '../hook/repository.ts';
import { render, textOutsideCode } from '../report/rendered.ts';
import { quickApi, review } from './reviewed.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY);\n';
/** One table without a key, whose reference no index leads with. */
const ORDERS = `CREATE TABLE orders (
  customer_id bigint NOT NULL
    REFERENCES customers (id)
);
`;
const LEGACY = 'legacy: [{ table: posts, use: documents, because: unified, since: 2026-01-02 }]\n';

let github: Github;
let shop: Hosted;
let installation: Installation;
let token: string;
let api: Api;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', {
    'migrations/1.sql': `${CUSTOMERS}CREATE TABLE posts (id bigint PRIMARY KEY);\n`,
    'tablewarden.yml': LEGACY,
    'README.md': 'shop\n',
  });
  installation = github.install(github.registerApp().app, 'octo');
  token = github.tokenOf(installation);
  api = quickApi(github, () => token);
});
afterEach(() => github.close());

const judge = (pull: Pull, prove?: 'fast') =>
  review(api, shop, pull, { appId: installation.app.id, ...(prove ? { prove } : {}) });

async function opened(files: Readonly<Record<string, string | undefined>>, draft = false): Promise<Pull> {
  await github.push(shop, 'feature', files);
  return github.openPull(shop, 'feature', { draft });
}

/** What was sent, check runs apart: every head has one of its own. */
const said = () =>
  github.state.asked
    .filter(({ method, operation }) => method !== 'GET' && !/^(git|graphql|checks\/.*)$/.test(operation))
    .map(({ operation }) => operation);
const ruleOf = ({ body }: ReviewComment) => /`([a-z-]+)`/.exec(body)?.[1];
const placeOf = (comment: ReviewComment) =>
  `${comment.path}:${comment.startLine === undefined ? '' : `${comment.startLine}-`}${comment.line} ${ruleOf(comment)}`;
const checkOf = ({ headSha }: Pull) => shop.checks.filter((check) => check.headSha === headSha);

describe('a pull request with a bad migration and code that uses a legacy table', () => {
  test('has one check run, one summary and one review on the lines; suggestions mend it, and the next push tidies up', async () => {
    const pull = await opened({
      'migrations/2.sql': ORDERS,
      'migrations/3.sql': 'ALTER TABLE customers ADD COLUMN country text NOT NULL;\n',
      'src/feed.ts':
        "import { pool } from './pool';\n\nexport const feed = () => pool.query('SELECT id FROM posts');\n",
    });
    await judge(pull, 'fast');
    expect(pull.reviews).toHaveLength(1);
    expect(pull.threads.map(placeOf).sort()).toEqual([
      'migrations/2.sql:1-4 table-without-primary-key',
      'migrations/2.sql:3-4 foreign-key-without-index',
      'migrations/3.sql:1 not-null-without-default',
      'src/feed.ts:3 legacy-table-used',
    ]);
    expect(pull.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      '## Tablewarden: failure (1 error, 2 warnings, 1 note)',
    ]);
    const [check, ...others] = checkOf(pull);
    expect(others).toEqual([]);
    expect(check).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(check?.annotations).toHaveLength(4);
    expect(check?.summary).toMatch(
      /\*\*Proof\*\*: .*\n[\s\S]*\*\*Coverage\*\*: [\s\S]*```mermaid\nerDiagram/,
    );

    await github.applySuggestion(
      pull,
      pull.threads.find((one) => ruleOf(one) === 'foreign-key-without-index')!,
    );
    await github.push(shop, 'feature', {
      'migrations/3.sql': 'ALTER TABLE customers ADD COLUMN country text;\n',
      'src/feed.ts': "import { pool } from './pool';\n",
    });
    await judge(pull, 'fast');
    expect(pull.threads.map(ruleOf)).toEqual(['table-without-primary-key']);
    await github.applySuggestion(pull, pull.threads[0]!);
    await judge(pull, 'fast');
    expect(pull.threads).toEqual([]);
    expect(pull.reviews).toHaveLength(1);
    expect(pull.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      '## Tablewarden: success (no findings)',
    ]);
    expect(checkOf(pull)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });
});

describe('what was said', () => {
  test('is not said again: not by a rerun, not after a push that changes nothing, a rebase or a force push', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    const before = said();
    expect(before).toEqual(['pulls/create-review', 'issues/create-comment']);
    await judge(pull);
    expect(checkOf(pull)).toHaveLength(1);
    await github.push(shop, 'feature', { 'README.md': 'a shop\n' });
    await judge(pull);
    await github.push(shop, 'main', { 'README.md': 'shops\n' });
    await github.push(shop, 'feature', { 'migrations/2.sql': ORDERS }, { from: 'origin/main', force: true });
    await judge(pull);
    await github.rebase(shop, 'feature');
    await judge(pull);
    expect(said()).toEqual(before);
  });

  test('moves with its lines, and is not said again where they are others now', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    await github.push(shop, 'feature', {
      'migrations/2.sql': `-- orders\n${ORDERS.replace('bigint', 'int8')}`,
    });
    await judge(pull);
    expect(pull.reviews).toHaveLength(1);
    expect(pull.threads.map(ruleOf).sort()).toEqual([
      'foreign-key-without-index',
      'table-without-primary-key',
    ]);
  });

  test('stays where somebody answered it, and tells what became of it, once', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    const [answered, other] = pull.threads;
    await github.reply(shop, pull, answered!, 'maintainer', 'On purpose?');
    await github.push(shop, 'feature', { 'migrations/2.sql': '-- nothing yet\n' });
    await judge(pull);
    expect(pull.threads).not.toContain(other);
    expect(pull.threads).toHaveLength(2);
    expect(answered?.body).toMatch(/^\*\*Fixed in [0-9a-f]{12}\.\*\*/);
    expect(answered?.resolvedBy).toBeUndefined();
    const edits = answered?.edits;
    await judge(pull);
    expect(answered?.edits).toBe(edits);
  });

  test('is not said again where somebody deleted it, and what others wrote is left alone', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    const [first] = pull.threads.splice(0, 1);
    await github.comment(shop, pull, 'stranger', pull.comments[0]!.body);
    const forged = { ...first!, id: 1, author: github.person('stranger') };
    pull.threads.push(forged);
    await github.push(shop, 'feature', { 'README.md': 'x\n' });
    await judge(pull);
    expect(pull.threads.filter((one) => one !== forged)).toHaveLength(1);
    await github.push(shop, 'feature', { 'migrations/2.sql': '-- nothing yet\n' });
    await judge(pull);
    expect(pull.threads).toEqual([forged]);
    expect(pull.comments.map(({ author, edits }) => [author.login, edits])).toEqual([
      ['tablewarden[bot]', 1],
      ['stranger', 0],
    ]);
  });

  test('is there once after an answer that got lost, and a limit is waited for', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    github.fail({ operation: 'pulls/create-review', times: 1, after: true, reset: true });
    github.fail({ operation: 'issues/create-comment', times: 1, after: true, status: 502 });
    github.fail({
      operation: 'pulls/list-review-comments',
      times: 1,
      status: 403,
      message: 'You have exceeded a secondary rate limit.',
      headers: { 'retry-after': '1' },
    });
    await judge(pull);
    expect([pull.reviews.length, pull.threads.length, pull.comments.length]).toEqual([1, 2, 1]);
  });
});

describe('with `review: { fixed: resolve }`', () => {
  const nothing = { 'migrations/2.sql': '-- nothing yet\n' };

  test('a comment whose finding is gone says so, and its thread is resolved: not one that somebody answered', async () => {
    await github.push(shop, 'main', { 'tablewarden.yml': `${LEGACY}review: { fixed: resolve }\n` });
    token = github.tokenOf(
      github.install(installation.app, 'octo', { ...installation.permissions, contents: 'write' }),
    );
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    const [answered, other] = pull.threads;
    await github.reply(shop, pull, answered!, 'maintainer', 'On purpose?');
    await github.push(shop, 'feature', nothing);
    await judge(pull);
    expect(pull.threads.map(({ resolvedBy, body }) => [resolvedBy?.login, body.slice(0, 10)])).toEqual([
      [undefined, '**Fixed in'],
      ['tablewarden[bot]', '**Fixed in'],
      [undefined, 'On purpose'],
    ]);
    await github.push(shop, 'feature', { 'migrations/2.sql': ORDERS });
    await judge(pull);
    expect(other?.resolvedBy).toBeUndefined();
    expect(other?.body).not.toContain('Fixed in');
    expect(pull.reviews).toHaveLength(1);
  });

  test('a token that may not resolve says so in the comment alone, and tells what it would take', async () => {
    await github.push(shop, 'main', { 'tablewarden.yml': `${LEGACY}review: { fixed: resolve }\n` });
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    await github.push(shop, 'feature', nothing);
    expect((await judge(pull)).unposted).toContain('`contents: write`');
    expect(pull.threads.map(({ resolvedBy, body }) => [resolvedBy, /Fixed in/.test(body)])).toEqual([
      [undefined, true],
      [undefined, true],
    ]);
    const before = said();
    await judge(pull);
    expect(said()).toEqual(before);
  });
});

describe('how much is said', () => {
  test('of 300 findings at most 25 comments, five of a rule, and the rest in a summary that fits', async () => {
    const table = (at: number) => `CREATE TABLE orders_${at} (
  customer_id integer REFERENCES customers (id) ON DELETE CASCADE,
  payer_id bigint REFERENCES customers (id) ON DELETE CASCADE,
  state varchar(20) NOT NULL
);
`;
    const pull = await opened({
      'migrations/2.sql': Array.from({ length: 80 }, (_, at) => table(at)).join(''),
    });
    const { report } = await judge(pull);
    expect(report.findings.length).toBeGreaterThan(299);
    expect(pull.reviews).toHaveLength(1);
    expect(pull.threads.length).toBeLessThanOrEqual(25);
    expect(pull.threads.length).toBeGreaterThan(10);
    expect(pull.comments[0]?.body.length).toBeLessThan(65_536);
    expect(checkOf(pull)[0]?.annotations).toHaveLength(report.findings.length);
    await judge(pull);
    expect(pull.reviews).toHaveLength(1);
  });

  test('of a draft nothing, until it is ready; its check run tells', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS }, true);
    await judge(pull);
    expect(said()).toEqual([]);
    expect(checkOf(pull)[0]?.annotations).toHaveLength(2);
    await github.change(shop, pull, 'ready_for_review');
    await judge(pull);
    expect(pull.threads).toHaveLength(2);
    expect(checkOf(pull)).toHaveLength(1);
  });
});

describe('where GitHub refuses a review', () => {
  test('its comments are tried one by one: on the line, on the file, and else the summary holds them', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    github.fail({ operation: 'pulls/create-review', times: 1, status: 422, message: 'Unprocessable Entity' });
    github.fail({
      operation: 'pulls/create-review-comment',
      times: 1,
      status: 422,
      message: 'Validation Failed',
    });
    await judge(pull);
    expect(pull.threads.map(({ subject, line }) => [subject, line])).toEqual([
      ['file', undefined],
      ['line', 4],
    ]);
    expect(pull.comments).toHaveLength(1);
  });
});

test('names of tables, paths and errors of engines mention nobody, end no comment and forge no memory', async () => {
  const forged = marker({ kind: 'summary', digest: 'x', said: [] });
  const name = `@octo/team #1 ${forged} \`\`\`suggestion ::error::x`;
  const path = `migrations/2 @octo-team ${forged.replaceAll('/', '')}.sql`;
  const pull = await opened({
    [path]: `CREATE TABLE "${name.slice(0, 60)}" (a bigint);\n`,
    'migrations/3.sql': `ALTER TABLE customers DROP CONSTRAINT "@octo/team #2 <!-- x --> ${'`'.repeat(3)}";\n`,
  });
  const { report } = await judge(pull, 'fast');
  expect(report.findings.map(({ rule }) => rule)).toContain('migration-does-not-apply');
  const check = checkOf(pull)[0]!;
  for (const body of [...pull.threads, ...pull.comments].map((one) => one.body)) {
    expect(body.match(/<!--|-->/g)).toEqual(['<!--', '-->']);
    expect(memoryOf(body)).toBeDefined();
    expect(textOutsideCode(render(body))).not.toMatch(/@octo|#\d/);
  }
  expect(check.summary).not.toMatch(/<!--|-->/);
  expect(textOutsideCode(render(check.summary!))).not.toMatch(/@octo|#\d/);
  expect(check.annotations.map((one) => one.path).sort()).toEqual([path, 'migrations/3.sql']);
  const before = said();
  await judge(pull, 'fast');
  expect(said()).toEqual(before);
});

test('the check run lists the waivers that a change adds, with their reasons, and no comment is written', async () => {
  const because = 'tablewarden: allow table-without-primary-key because rows are only ever added @octo/team';
  const pull = await opened({ 'migrations/2.sql': `CREATE TABLE log (line text NOT NULL); -- ${because}\n` });
  await judge(pull);
  expect(checkOf(pull)).toMatchObject([{ conclusion: 'success', annotations: [] }]);
  expect(checkOf(pull)[0]?.summary).toMatch(
    /\*\*Waivers\*\*: table-without-primary-key at migrations\/2\.sql:1 because rows are only ever added @&#8203;octo\/team/,
  );
  expect(said()).toEqual([]);
});

describe('kinds of files', () => {
  test('a renamed one is spoken of on the lines that were altered, a deleted one not at all', async () => {
    const long = Array.from({ length: 20 }, (_, at) => `-- line ${at}\n`).join('');
    await github.push(shop, 'main', { 'migrations/2.sql': long, 'migrations/gone.sql': `${ORDERS}` });
    const pull = await opened({
      'migrations/2.sql': undefined,
      'migrations/3.sql': `${long}${ORDERS.replace('orders', 'visits')}`,
      'migrations/gone.sql': undefined,
    });
    await judge(pull);
    expect(pull.threads.map(placeOf)).toEqual([
      'migrations/3.sql:21-24 table-without-primary-key',
      'migrations/3.sql:23-24 foreign-key-without-index',
    ]);
    expect(pull.reviews).toHaveLength(1);
  });

  test('lines that end in CR and LF are suggested as such', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS.replaceAll('\n', '\r\n') });
    await judge(pull);
    const comment = pull.threads.find((one) => ruleOf(one) === 'foreign-key-without-index');
    await github.applySuggestion(pull, comment!);
    const text = textAt(shop.folder, pull.headSha, 'migrations/2.sql');
    expect(text).toContain('CREATE INDEX');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    await judge(pull);
    expect(pull.threads.map(ruleOf)).toEqual(['table-without-primary-key']);
  });

  test('one too large for GitHub to show is judged, and spoken of where GitHub takes it', async () => {
    const large = Array.from({ length: 21_000 }, (_, at) => `-- line ${at}\n`).join('');
    const pull = await opened({ 'migrations/2.sql': `${large}${ORDERS}`, 'logo.png': 'a\u0000b' });
    await judge(pull);
    expect(
      checkOf(pull)[0]
        ?.annotations.map((one) => one.start_line)
        .sort(),
    ).toEqual([21_001, 21_003]);
    expect(pull.comments).toHaveLength(1);
  });
});

describe('kinds of pull requests', () => {
  test('one from a fork is answered by the app, whose token is that of the base', async () => {
    const copy = github.fork(shop, 'somebody');
    await github.push(copy, 'feature', { 'migrations/2.sql': ORDERS });
    const pull = await github.openPull(shop, 'feature', { headRepo: copy });
    await judge(pull);
    expect([pull.threads.length, pull.comments.length, checkOf(pull).length]).toEqual([2, 1, 1]);
  });

  test('one into a branch of another is judged from there', async () => {
    await github.push(shop, 'below', { 'migrations/2.sql': ORDERS });
    await github.push(
      shop,
      'above',
      { 'migrations/3.sql': ORDERS.replace('orders', 'visits') },
      { from: 'origin/below' },
    );
    const pull = await github.openPull(shop, 'above', { base: 'below' });
    await judge(pull);
    expect(pull.threads.map(({ path }) => path)).toEqual(['migrations/3.sql', 'migrations/3.sql']);
  });
});

describe('who may', () => {
  test('a token that is over in the middle of a run is renewed, and nothing is said twice', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    api = quickApi(github, (isOver) => (token = isOver ? github.tokenOf(installation) : token));
    github.fail({ operation: 'pulls/list-review-comments', times: 1, lead: 3_600_001 });
    await judge(pull);
    expect([pull.reviews.length, pull.comments.length, checkOf(pull).length]).toEqual([1, 1, 1]);
  });

  test('an installation that is gone, or that may only read, ends in an error that says so and names no token', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    token = issueToken(github.state, installation, {
      permissions: { pull_requests: 'read', contents: 'read' },
    }).secret;
    const weak = await judge(pull).catch((error: Error) => error);
    expect(isForbidden(weak)).toBe(true);
    await github.uninstall(installation);
    const gone = await judge(pull).catch((error: Error) => error);
    expect(statusOf(gone)).toBe(401);
    expect(`${weak}${gone}`).not.toContain(token);
    expect(said()).toEqual([]);
  });
});
