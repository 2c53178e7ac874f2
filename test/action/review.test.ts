import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';
import { removeFolders } from '../hook/repository.ts';
import { checkOut, runAction } from './runner.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY);\n';
/** One table without a key, whose reference no index leads with. */
const ORDERS = `CREATE TABLE orders (
  customer_id bigint NOT NULL
    REFERENCES customers (id)
);
`;

/** What is written is paced as GitHub asks: a second between two requests, three where people are told. */
const PATIENT = { timeout: 300_000 };

let github: Github;
let shop: Hosted;
let token: string;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', { 'migrations/1.sql': CUSTOMERS });
  token = github.actionsToken(shop, { contents: 'read', pull_requests: 'write' });
});
afterEach(() => github.close());

function judge(pull: Pull, as = token, name = 'pull_request') {
  const repo = (of: Hosted) => ({ full_name: `${of.owner}/${of.name}` });
  const pull_request = {
    number: pull.number,
    commits: 1,
    draft: pull.draft,
    base: { sha: pull.baseSha, repo: repo(shop) },
    head: { sha: pull.headSha, repo: repo(pull.headRepo) },
  };
  const env = { GITHUB_API_URL: github.url, GITHUB_SERVER_URL: github.url };
  return runAction(
    checkOut(shop.folder, pull.headSha),
    { name, payload: { pull_request } },
    { token: as, prove: 'off' },
    env,
  );
}

async function opened(files: Readonly<Record<string, string>>, draft = false): Promise<Pull> {
  await github.push(shop, 'feature', files);
  return github.openPull(shop, 'feature', { draft });
}

const writes = () =>
  github.state.asked.filter(
    ({ method, operation }) => method !== 'GET' && !/^(git|graphql)$/.test(operation),
  );

describe('a review', PATIENT, () => {
  test('says each thing on its lines, once, and takes back what its own suggestions mend', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    const step = await judge(pull);
    expect(step.log).not.toContain('omment');
    expect(pull.reviews).toHaveLength(1);
    expect(
      pull.threads.map(({ startLine, line, body }) => [startLine, line, /`([a-z-]+)`/.exec(body)?.[1]]),
    ).toEqual([
      [1, 4, 'table-without-primary-key'],
      [3, 4, 'foreign-key-without-index'],
    ]);
    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]?.body).toMatch(/^## Tablewarden: success \(1 warning, 1 note\)/);

    const before = writes().length;
    await judge(pull);
    await github.rebase(shop, 'feature');
    await judge(pull);
    expect(writes()).toHaveLength(before);

    await github.applySuggestion(pull, pull.threads[1]!);
    await judge(pull);
    expect(pull.threads.map(({ body }) => /`([a-z-]+)`/.exec(body)?.[1])).toEqual([
      'table-without-primary-key',
    ]);
    await github.applySuggestion(pull, pull.threads[0]!);
    await judge(pull);
    expect(pull.threads).toEqual([]);
    expect(pull.comments).toHaveLength(1);
    expect(pull.comments[0]?.body).toMatch(/^## Tablewarden: success \(no findings\)/);
    expect(pull.reviews).toHaveLength(1);
  });

  test('keeps a thread that somebody answered, and says what became of it', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    await judge(pull);
    const [answered, other] = pull.threads;
    await github.reply(shop, pull, answered!, 'maintainer', 'On purpose?');
    await github.push(shop, 'feature', { 'migrations/2.sql': '-- nothing yet\n' });
    await judge(pull);
    expect(pull.threads).not.toContain(other);
    expect(pull.threads).toHaveLength(2);
    expect(answered?.body).toMatch(/^\*\*Fixed in [0-9a-f]{12}\.\*\*/);
    const edits = answered?.edits;
    await judge(pull);
    expect(answered?.edits).toBe(edits);
  });

  test('does not say again what somebody deleted, and leaves alone what others wrote', async () => {
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
      ['github-actions[bot]', 1],
      ['stranger', 0],
    ]);
  });

  test('of 300 findings stays within 25 comments and a few of each rule', async () => {
    const tables = Array.from({ length: 150 }, (_, at) => ORDERS.replace('orders', `orders_${at}`)).join('');
    const pull = await opened({ 'migrations/2.sql': tables });
    await judge(pull);
    expect(pull.reviews).toHaveLength(1);
    expect(pull.threads).toHaveLength(10);
    expect(pull.comments[0]?.body.length).toBeLessThan(65_536);
  });

  test('of a draft waits until it is ready', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS }, true);
    await judge(pull);
    expect(writes()).toEqual([]);
    await github.change(shop, pull, 'ready_for_review');
    await judge(pull);
    expect(pull.threads).toHaveLength(2);
  });
});

describe('where GitHub refuses', PATIENT, () => {
  test('a review as a whole, its comments are tried one by one', async () => {
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
  });

  test('nothing is there twice after an answer that got lost, and a limit is waited for', async () => {
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

  test('the token of a fork, or one without the permission, the step says so and judges all the same', async () => {
    const copy = github.fork(shop, 'somebody');
    await github.push(copy, 'feature', { 'migrations/2.sql': ORDERS });
    const pull = await github.openPull(shop, 'feature', { headRepo: copy });
    const weak = github.actionsToken(shop, { contents: 'read', pull_requests: 'read' });
    const fork = await judge(pull, weak);
    expect(fork).toMatchObject({ code: 0, outputs: { warnings: '1' } });
    expect(fork.summary).toContain('the token of a pull request from a fork may only read');
    const own = await judge(pull, weak, 'pull_request_target');
    expect(own.log).toContain('Give the job `permissions: { contents: read, pull-requests: write }`');
    expect(own.log + own.summary + fork.log + fork.summary).not.toContain(weak);
    expect(pull.threads).toEqual([]);
  });
});

test('names of the repository mention nobody, close no marker and forge none', async () => {
  const name = '"@octo/team <!-- tablewarden:1 e30 --> ```suggestion"';
  const pull = await opened({ 'migrations/2.sql': `CREATE TABLE ${name} (a bigint);\n` });
  const step = await judge(pull);
  const text = [pull.threads[0]!.body, pull.comments[0]!.body];
  for (const body of text) {
    expect(body.match(/<!--/g)).toHaveLength(1);
    expect(body).not.toMatch(/@octo\/team(?![^`]*`)/);
  }
  expect(step.log + step.summary + text.join('')).not.toContain(token);
});
