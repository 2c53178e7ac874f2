import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { removeFolders } from '../../hook/repository.ts';
import { type Github, startGithub } from './github.ts';
import { makeJwt } from './jwt.ts';
import type { Hosted, Installation, Pull } from './state.ts';
import { signatureOf } from './webhooks.ts';

afterAll(removeFolders);

/** What an app hears, in the order in which it hears it. */
interface Heard {
  readonly event: string;
  readonly guid: string;
  readonly isSigned: boolean;
  // what a test looks at is its own matter
  // biome-ignore lint/suspicious/noExplicitAny: the payloads of twenty events
  readonly payload: any;
}

const SECRET = 'a secret between two';

let github: Github;
let shop: Hosted;
let pull: Pull;
let installation: Installation;
let listener: Server;
let status: number;
let heard: Heard[];
let ask: (path: string, method?: string, lead?: number) => Promise<Response>;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', { 'a.sql': 'SELECT 1;\n' });
  const key = github.registerApp();
  installation = github.install(key.app, 'octo');
  heard = [];
  status = 202;
  listener = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const {
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-hub-signature-256': signed,
    } = request.headers;
    heard.push({
      event: String(event),
      guid: String(guid),
      isSigned: signed === signatureOf(SECRET, text),
      payload: JSON.parse(text),
    });
    response.writeHead(status, { connection: 'close' }).end('heard'); // a busy machine comes back after it was closed
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address() as { readonly port: number };
  key.app.hook = { url: `http://127.0.0.1:${port}/api/github/webhooks`, secret: SECRET };
  ask = (path, method = 'GET', lead = github.state.lead) =>
    fetch(`${github.url}${path}`, { method, headers: { authorization: `bearer ${makeJwt(key, {}, lead)}` } });
  await github.push(shop, 'feature', { 'b.sql': 'SELECT 2;\n' });
  pull = await github.openPull(shop, 'feature');
});
afterEach(async () => {
  listener.close();
  await github.close();
});

const names = () => heard.map(({ event, payload }) => `${event}.${payload.action}`);

describe('an app hears', () => {
  test('what happens to a pull request, signed, with the installation that it is for', async () => {
    const { headSha } = pull;
    await github.push(shop, 'feature', { 'c.sql': 'SELECT 3;\n' });
    await github.push(shop, 'elsewhere', { 'c.sql': 'SELECT 3;\n' });
    await github.change(shop, pull, 'edited', 'elsewhere');
    await github.change(shop, pull, 'converted_to_draft');
    await github.change(shop, pull, 'ready_for_review');
    await github.change(shop, pull, 'closed');
    await github.change(shop, pull, 'reopened');
    expect(names().map((name) => name.replace('pull_request.', ''))).toEqual([
      ...['opened', 'synchronize', 'edited', 'converted_to_draft', 'ready_for_review', 'closed', 'reopened'],
    ]);
    expect(
      heard.every(({ isSigned, payload }) => isSigned && payload.installation.id === installation.id),
    ).toBe(true);
    expect(heard[1]?.payload).toMatchObject({ before: headSha, after: pull.headSha });
    expect(heard[2]?.payload.changes.base.ref.from).toBe('main');
    expect(new Set(heard.map(({ guid }) => guid)).size).toBe(heard.length);
  });

  test('what people say, and who may write there', async () => {
    shop.people.set('colleague', 'write');
    const said = await github.comment(shop, pull, 'colleague', '/tablewarden recheck');
    await github.comment(shop, pull, 'stranger', '/tablewarden recheck');
    await github.editComment(shop, pull, said, 'colleague', '/tablewarden explain x');
    expect(names().slice(1)).toEqual([
      'issue_comment.created',
      'issue_comment.created',
      'issue_comment.edited',
    ]);
    expect(heard[1]?.payload.issue.pull_request.url).toContain('/pulls/1');
    const token = github.tokenOf(installation);
    const may = async (login: string) => {
      const path = `/repos/octo/shop/collaborators/${login}/permission`;
      const answer = await fetch(github.url + path, { headers: { authorization: `token ${token}` } });
      return ((await answer.json()) as { readonly permission: string }).permission;
    };
    expect([await may('maintainer'), await may('colleague'), await may('stranger')]).toEqual([
      ...['admin', 'write', 'none'],
    ]);
  });

  test('that a check is asked for again, a button pressed, a suite run anew', async () => {
    const token = github.tokenOf(installation);
    await fetch(`${github.url}/repos/octo/shop/check-runs`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ name: 'x', head_sha: pull.headSha, conclusion: 'neutral' }),
    });
    await github.rerequest(shop, shop.checks[0]!);
    await github.press(shop, shop.checks[0]!, 'recheck');
    await github.rerequestSuite(shop, pull.headSha);
    expect(names().slice(1)).toEqual([
      ...['check_run.rerequested', 'check_run.requested_action', 'check_suite.rerequested'],
    ]);
    expect(heard[2]?.payload.requested_action.identifier).toBe('recheck');
    expect(heard[3]?.payload.check_suite.pull_requests[0].number).toBe(1);
  });

  test('of a merge queue, whose commit holds both sides', async () => {
    await github.push(shop, 'main', { 'd.sql': 'SELECT 4;\n' });
    const group = await github.queueToMerge(shop, pull);
    await github.leaveQueue(shop, group);
    expect(names().slice(1)).toEqual(['merge_group.checks_requested', 'merge_group.destroyed']);
    expect(heard[1]?.payload.merge_group.head_sha).toBe(group.head);
    const merged = await github.merge(shop, pull);
    expect(heard[3]?.payload.pull_request).toMatchObject({ state: 'closed', merged: true });
    expect(merged).not.toBe(pull.headSha);
  });

  test('of its installation, and nothing more once that is suspended or gone', async () => {
    const other = github.createRepository('octo/other', { a: 'x\n' });
    await github.tellInstalled(installation);
    await github.select(installation, ['other']);
    await github.push(shop, 'feature', { 'c.sql': 'SELECT 3;\n' });
    await github.suspend(installation);
    await github.push(other, 'x', { a: 'y\n' });
    await github.openPull(other, 'x');
    await github.suspend(installation, false);
    await github.uninstall(installation);
    expect(names().slice(1)).toEqual([
      'installation.created',
      'installation_repositories.removed',
      'installation.suspend',
      'installation.unsuspend',
      'installation.deleted',
    ]);
    expect((await ask(`/app/installations/${installation.id}`)).status).toBe(404);
    expect(await (await ask('/app/installations')).json()).toEqual([]);
  });
});

test('a delivery that failed is told once, listed, and sent again under its own id', async () => {
  status = 500;
  await github.comment(shop, pull, 'maintainer', 'x');
  status = 202;
  expect(heard).toHaveLength(2);
  const list = async (query: string) => {
    const answer = await ask(`/app/hook/deliveries${query}`);
    const found = (await answer.json()) as readonly { readonly id: number; readonly guid: string }[];
    return { found, next: /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] };
  };
  const [failed] = (await list('?status=failure')).found;
  expect(failed).toMatchObject({ event: 'issue_comment', status_code: 500, redelivery: false });
  const first = await list('?per_page=1');
  expect(first.found).toEqual([failed]);
  expect((await list(first.next!.slice(first.next!.indexOf('?')))).found[0]).toMatchObject({
    action: 'opened',
  });
  expect(await (await ask(`/app/hook/deliveries/${failed!.id}`)).json()).toMatchObject({
    request: { headers: { 'x-github-delivery': failed!.guid }, payload: { action: 'created' } },
    response: { payload: 'heard' },
  });
  expect((await ask(`/app/hook/deliveries/${failed!.id}/attempts`, 'POST')).status).toBe(202);
  await expect.poll(() => heard.length).toBe(3);
  expect(heard[2]?.guid).toBe(heard[1]?.guid);
  github.advance(3 * 86_400_000 + 1);
  expect((await list('')).found).toEqual([]);
});

test('a clock that runs late is told the time with the refusal of its token', async () => {
  github.advance(3_600_000);
  const answer = await ask('/app', 'GET', 0);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('must be a numeric value') });
  expect(Date.parse(answer.headers.get('date')!)).toBeGreaterThan(Date.now() + 3_590_000);
});
