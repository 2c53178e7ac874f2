import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AppKey, type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Installation, Pull, RegisteredApp } from '../harness/github/state.ts';
import { removeFolders } from '../hook/repository.ts';
import { makeServer, type Server } from './server.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id integer PRIMARY KEY);\n';
/** A reference without an index, and a statement that fails. */
const BROKEN = `CREATE TABLE orders (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers (id)
);
ALTER TABLE nowhere ADD COLUMN x integer;
`;
const CONFIG = 'migrations: [{ path: migrations, dialect: sqlite }]\n';

const PATIENT = { timeout: 300_000 };
const SOON = { timeout: 240_000, interval: 50 };

let github: Github;
let shop: Hosted;
let key: AppKey & { readonly app: RegisteredApp };
let installation: Installation;
let server: Server;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', { 'migrations/1.sql': CUSTOMERS, 'tablewarden.yml': CONFIG });
  key = github.registerApp();
  installation = github.install(key.app, 'octo');
  server = await makeServer(github, key);
});
afterEach(async () => {
  await server.kill();
  await github.close();
});

const checksOf = (head: string) =>
  shop.checks.filter(({ headSha }) => headSha === head).map((run) => run.conclusion ?? run.status);
const conclusions = (pull: Pull) => expect.poll(() => checksOf(pull.headSha), SOON);
const logged = (message: string) =>
  expect.poll(() => server.log.map((line) => line.message), SOON).toContain(message);
const rulesIn = (pull: Pull) => pull.threads.map(({ body }) => /`([a-z-]+)`/.exec(body)?.[1]);

async function opened(
  files: Readonly<Record<string, string>>,
  options: Parameters<Github['openPull']>[2] = {},
): Promise<Pull> {
  await github.push(options.headRepo ?? shop, 'feature', files);
  return github.openPull(shop, 'feature', options);
}

describe('the App', PATIENT, () => {
  test('judges what is opened and pushed, says each thing once, and takes it back', async () => {
    await server.start();
    const pull = await opened({ 'migrations/2.sql': BROKEN });
    await conclusions(pull).toEqual(['failure']);
    expect(rulesIn(pull).toSorted()).toEqual(['foreign-key-without-index', 'migration-does-not-apply']);
    expect(pull.comments).toHaveLength(1);
    expect(shop.checks[0]?.summary).toContain("Run apart from the App's secrets: ");
    const { git = 0, ...calls } = github.spent();
    const total = Object.values(calls).reduce((sum, count) => sum + count, 0);
    expect(git).toBe(0); // a small one of a repository that was never fetched comes through the API
    expect(total).toBeLessThanOrEqual(24);

    await github.rerequest(shop, shop.checks[0]!);
    await expect.poll(() => github.spent()['checks/update'], SOON).toBe(3);
    await conclusions(pull).toEqual(['failure']);
    await github.push(shop, 'feature', { 'migrations/2.sql': '-- nothing yet\n' });
    await conclusions(pull).toEqual(['success']);
    expect(pull.threads).toEqual([]);
    expect(pull.comments).toHaveLength(1);
    expect(pull.reviews).toHaveLength(1);
    expect(await server.stop()).toBe(0);
  });

  test('fetches by git what the API is too little for, in the middle of a judgement too', async () => {
    const code = Array.from({ length: 100 }, (_, at) => [
      `src/${at}.ts`,
      `export const customers = ${at};\n`,
    ]);
    await github.push(shop, 'main', {
      ...Object.fromEntries(code),
      'src/a.ts': "db.run('SELECT email FROM customers');\n",
    });
    await server.start();
    const pull = await opened({ 'migrations/2.sql': 'DROP TABLE customers;\n' });
    await conclusions(pull).toEqual(['failure']);
    expect(rulesIn(pull)).toContain('table-dropped-in-use');
    expect(github.spent().git).toBeGreaterThan(0);
    expect(github.spent()['git/get-blob']).toBeLessThanOrEqual(80);
  });

  test('obeys those who may write, and puts a waiver where waivers live', async () => {
    await server.start();
    const pull = await opened({ 'migrations/2.sql': BROKEN.replace(/ALTER.*\n/, '') });
    await conclusions(pull).toEqual(['success']);
    const said = pull.comments.length;
    const ignored = await github.comment(shop, pull, 'stranger', '/tablewarden explain column-dropped');
    const asked = await github.comment(
      shop,
      pull,
      'maintainer',
      'Why?\n\n/tablewarden explain column-dropped',
    );
    await expect.poll(() => asked.reactions.map(({ content }) => content), SOON).toEqual(['eyes', 'rocket']);
    await expect.poll(() => ignored.reactions.map(({ content }) => content), SOON).toEqual(['confused']);
    expect(pull.comments.slice(said + 2).map(({ body }) => body)).toEqual([expect.stringContaining('# ')]);

    const [, print = ''] = /allow ([0-9a-f]{8,})/.exec(pull.threads[0]?.body ?? '') ?? [];
    const wish = `/tablewarden allow ${print} because deleting customers is not done`;
    const allowed = await github.comment(shop, pull, 'maintainer', wish);
    await expect.poll(() => allowed.reactions.length, SOON).toBe(2);
    const suggestion = pull.threads.at(-1)!;
    expect(suggestion.body).toContain(
      '-- tablewarden: allow foreign-key-without-index because deleting customers',
    );
    await github.applySuggestion(pull, suggestion);
    await conclusions(pull).toEqual(['success']);
    expect(rulesIn(pull)).not.toContain('foreign-key-without-index');
    expect(shop.checks.at(-1)?.summary).toContain('deleting customers is not done');
  });

  test('judges merge groups, pull requests of forks, stacked ones and drafts each as it should', async () => {
    await server.start();
    const fork = github.fork(shop, 'stranger');
    const pull = await opened({ 'migrations/2.sql': BROKEN }, { headRepo: fork, draft: true });
    await conclusions(pull).toEqual(['failure']);
    expect(pull.threads.length + pull.comments.length).toBe(0);
    await github.change(shop, pull, 'ready_for_review');
    await expect.poll(() => pull.threads.length, SOON).toBe(2);
    await conclusions(pull).toEqual(['failure']);

    await github.rerequestSuite(shop, pull.headSha); // it names no pull request of a fork
    await expect.poll(() => github.spent()['checks/update'], SOON).toBe(5);
    const group = await github.queueToMerge(shop, pull);
    await expect.poll(() => checksOf(group.head), SOON).toEqual(['failure']);
    await github.push(shop, 'release', { 'migrations/2.sql': BROKEN });
    await github.change(shop, pull, 'edited', 'release');
    await conclusions(pull).toEqual(['failure', 'success']);
    expect(shop.checks.at(-1)?.externalId).toBe('pull request 1 into release');
  });

  test('says what is wrong with the set-up of the base, which a pull request cannot alter', async () => {
    await github.push(shop, 'main', { 'tablewarden.yml': 'rulse: {}\n' });
    await server.start();
    const pull = await opened({
      'migrations/2.sql': BROKEN,
      'tablewarden.yml': 'rules: { migration-does-not-apply: off }\n',
    });
    await conclusions(pull).toEqual(['action_required']);
    expect(shop.checks[0]?.summary).toContain('rulse');
    await github.push(shop, 'main', { 'tablewarden.yml': CONFIG });
    await github.press(shop, shop.checks[0]!, 'recheck');
    await conclusions(pull).toEqual(['failure']);
    expect(shop.checks[0]?.actions.map(({ identifier }) => identifier)).toEqual(['recheck']);
    expect(shop.checks[0]?.summary).toContain('counts once merged');
  });

  test('finds what happened while it was away', async () => {
    await server.start();
    const first = await opened({ 'migrations/2.sql': 'CREATE TABLE a (id integer PRIMARY KEY);\n' });
    await conclusions(first).toEqual(['success']);
    await server.kill();
    await github.push(shop, 'feature', { 'migrations/3.sql': 'CREATE TABLE b (id integer PRIMARY KEY);\n' });
    github.state.deliveries.splice(0); // and GitHub knows nothing of it any more
    await github.push(shop, 'other', { 'migrations/2.sql': 'CREATE TABLE c (id integer PRIMARY KEY);\n' });
    const second = await github.openPull(shop, 'other');
    await server.start();
    await conclusions(first).toEqual(['success']);
    await conclusions(second).toEqual(['success']);
  });

  test('says what it may not do, and leaves where it is removed', async () => {
    await server.start();
    installation = Object.assign(installation, {
      permissions: { ...installation.permissions, pull_requests: 'read' },
    });
    const pull = await opened({ 'migrations/2.sql': BROKEN });
    await conclusions(pull).toEqual(['failure']);
    expect(pull.threads.length + pull.comments.length).toBe(0);
    expect(shop.checks[0]?.summary).toContain('No comment is written');
    await github.push(shop, 'feature', { 'migrations/2.sql': '-- nothing yet\n' });
    await expect.poll(() => shop.checks.length, SOON).toBe(2);
    github.advance(3_600_001); // its token is over while it judges
    await conclusions(pull).toEqual(['success']);
    await github.suspend(installation);
    await github.send(
      key.app,
      'pull_request',
      JSON.stringify({
        action: 'synchronize',
        number: 1,
        installation: { id: installation.id },
        repository: { name: 'shop', owner: { login: 'octo' } },
      }),
    );
    await logged('task failed');
    expect(server.log.at(-1)?.why).toContain('suspended');
  });
});
