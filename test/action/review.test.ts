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

function judge(pull: Pull, as = token, name = 'pull_request', inputs: Readonly<Record<string, string>> = {}) {
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
    { token: as, prove: 'off', ...inputs },
    env,
  );
}

async function opened(files: Readonly<Record<string, string>>): Promise<Pull> {
  await github.push(shop, 'feature', files);
  return github.openPull(shop, 'feature');
}

const writes = () =>
  github.state.asked.filter(
    ({ method, operation }) => method !== 'GET' && !/^(git|graphql)$/.test(operation),
  );

describe('the step', PATIENT, () => {
  test('reviews a pull request, and sends nothing where it was said already', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    const step = await judge(pull);
    expect(step.log).not.toContain('omment');
    expect(pull.reviews).toHaveLength(1);
    expect(pull.threads.map(({ startLine, line }) => [startLine, line])).toEqual([
      [1, 4],
      [3, 4],
    ]);
    expect(pull.comments.map(({ author, body }) => [author.login, body.split('\n')[0]])).toEqual([
      ['github-actions[bot]', '## Tablewarden: success (1 warning, 1 note)'],
    ]);
    const before = writes().length;
    await judge(pull);
    expect(writes()).toHaveLength(before);
  });

  test('writes nothing where it is told not to', async () => {
    const pull = await opened({ 'migrations/2.sql': ORDERS });
    expect(await judge(pull, token, 'pull_request', { review: 'false' })).toMatchObject({ code: 0 });
    expect(github.state.asked).toEqual([]);
  });

  test('with the token of a fork, or one without the permission, says so and judges all the same', async () => {
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
