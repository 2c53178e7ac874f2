import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Github, startGithub } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';
import { removeFolders } from '../hook/repository.ts';
import { makeServer, type Server } from './server.ts';

afterAll(removeFolders);

const RULE = 'conflicts-with-open-pull-request';
/** The rule blocks here, so that what it says is seen in the conclusion too. */
const BASE = {
  'migrations/1.sql': 'CREATE TABLE customers (id integer PRIMARY KEY, email text);\n',
  'tablewarden.yml': `migrations: [{ path: migrations, dialect: sqlite }]\nrules: { ${RULE}: error }\n`,
};
const AGE = 'ALTER TABLE customers ADD COLUMN age integer;\n';
const SOON = { timeout: 240_000, interval: 50 };

let github: Github;
let shop: Hosted;
let server: Server;

beforeEach(async () => {
  github = await startGithub();
  shop = github.createRepository('octo/shop', BASE);
  const key = github.registerApp();
  github.install(key.app, 'octo');
  server = await makeServer(github, key);
  await server.start();
});
afterEach(async () => {
  await server.kill();
  await github.close();
});

type Files = Readonly<Record<string, string>>;

async function opened(branch: string, files: Files, headRepo?: Hosted): Promise<Pull> {
  await github.push(headRepo ?? shop, branch, files);
  return github.openPull(shop, branch, headRepo ? { headRepo } : {});
}

/** The conclusions on a pull request's newest commit, the newest last. */
const conclusion = (pull: Pull) =>
  expect.poll(() => shop.checks.filter(({ headSha }) => headSha === pull.headSha).at(-1)?.conclusion, SOON);
/** What stands about other pull requests. */
const said = ({ threads }: Pull) =>
  threads.flatMap(({ body }) =>
    body.includes(RULE)
      ? [
          body
            .split('\n\n')[1]
            ?.replaceAll('&#8203;', '')
            .replaceAll('\u200b', '')
            .replace(/<[^>]*>|\\/g, ''),
        ]
      : [],
  );
const runsOf = (pull: Pull) =>
  server.log.filter(
    ({ task, message }) => task === `octo/shop#${pull.number}` && message === 'task completed',
  ).length;
const isQuiet = async () => {
  const { tasks } = (await (await fetch(`${server.url}/healthz`)).json()) as {
    readonly tasks: Readonly<Record<string, number>>;
  };
  return (tasks.pending ?? 0) + (tasks.processing ?? 0) === 0;
};
const allQuiet = () => expect.poll(isQuiet, SOON).toBe(true);
/** What a pull request comes to, once nothing is being done any more: an event in the middle stops runs and asks for others. */
async function ends(pull: Pull, word: string): Promise<void> {
  await conclusion(pull).toBe(word);
  await allQuiet();
}

describe('pull requests beside each other', { timeout: 400_000 }, () => {
  test('both are told, once; what one of them does is over for the other when it is closed', async () => {
    const first = await opened('first', { 'migrations/2.sql': AGE });
    await ends(first, 'success');
    const second = await opened('second', { 'migrations/3.sql': AGE.replace('integer', 'text') });
    await ends(second, 'failure');
    await ends(first, 'failure');
    await allQuiet();
    expect(said(second)).toEqual([
      'customers.age is made otherwise in #1 (migrations/2.sql:1): the one that runs second is refused.',
    ]);
    expect(said(first)).toEqual([
      'customers.age is made otherwise in #2 (migrations/3.sql:1): the one that runs second is refused.',
    ]);
    expect([runsOf(first), runsOf(second)]).toEqual([2, 1]); // and nobody asks for the second again
    expect([first.comments.length, second.comments.length]).toEqual([1, 1]);

    await github.change(shop, first, 'closed');
    await ends(second, 'success');
    await allQuiet();
    expect(said(second)).toEqual([]);
    expect(second.comments).toHaveLength(1);
    expect([runsOf(first), runsOf(second)]).toEqual([2, 2]);

    await github.change(shop, first, 'reopened');
    await ends(second, 'failure');
    await ends(first, 'failure');
  });

  test('a fix is over for both, and asks for neither again', async () => {
    const first = await opened('first', { 'migrations/2.sql': AGE });
    await ends(first, 'success');
    const second = await opened('second', { 'migrations/3.sql': AGE });
    await ends(first, 'failure');
    expect(said(first)).toEqual([
      'customers.age is already in #2 (migrations/3.sql:1): the one that runs second is refused.',
    ]);
    await github.push(shop, 'second', { 'migrations/3.sql': AGE.replace('age', 'height') });
    await ends(second, 'success');
    await ends(first, 'success');
    await allQuiet();
    expect([said(first), said(second)]).toEqual([[], []]);
    expect([runsOf(first), runsOf(second)]).toEqual([3, 2]);
  });

  test('three, one of a fork, of which one is about code', async () => {
    const drops = await opened('drops', { 'migrations/2.sql': 'ALTER TABLE customers DROP COLUMN email;\n' });
    await ends(drops, 'success');
    const reads = await opened('reads', {
      'src/emails.ts': "export const emails = () => db.query('SELECT email FROM customers');\n",
    });
    await ends(reads, 'failure');
    const fork = github.fork(shop, 'stranger');
    const renames = await opened(
      'renames',
      { 'migrations/4.sql': 'ALTER TABLE customers RENAME COLUMN email TO mail;\n' },
      fork,
    );
    await ends(renames, 'failure');
    await ends(drops, 'failure');
    await allQuiet();
    expect(said(reads)).toEqual([
      'Queries fail once both are merged: customers.email is dropped in #1 (migrations/2.sql:1).',
      'Queries fail once both are merged: customers.email is renamed to customers.mail in #3 (migrations/4.sql:1).',
    ]);
    expect(
      said(drops)
        .map((one) => /#\d/.exec(one ?? '')?.[0])
        .toSorted(),
    ).toEqual(['#2', '#3', '#3']);
    expect([runsOf(drops), runsOf(reads), runsOf(renames)]).toEqual([3, 2, 1]);
  });

  test('what was merged is in the way until the other one is on top of it', async () => {
    const reads = await opened('reads', {
      'src/emails.ts': "export const emails = () => db.query('SELECT email FROM customers');\n",
    });
    await ends(reads, 'success');
    const drops = await opened('drops', { 'migrations/2.sql': 'ALTER TABLE customers DROP COLUMN email;\n' });
    await ends(reads, 'failure');
    await allQuiet();
    await github.merge(shop, reads);
    await expect
      .poll(() => said(drops), SOON)
      .toEqual([
        'Queries fail once both are merged: customers.email is dropped here, and comes into use in #1 (src/emails.ts:1, merged).',
      ]);
    await allQuiet();
    await github.rebase(shop, 'drops');
    await expect.poll(() => said(drops), SOON).toEqual([]); // now it is the change itself that breaks it
    await ends(drops, 'failure');
    expect(drops.threads.map(({ body }) => body).join()).toContain('column-dropped-in-use');
  });

  test('one that touches no database costs what it cost alone, and nothing when it is closed', async () => {
    const costs = async (branch: string, number: number) => {
      const before = github.state.asked.length;
      const pull = await opened(branch, { [`${branch}.md`]: 'Words.\n' });
      await ends(pull, 'success');
      await allQuiet();
      const asked = github.state.asked.slice(before).map(({ operation }) => operation);
      const between = github.state.asked.length;
      await github.change(shop, pull, 'closed');
      await expect
        .poll(() => server.log.some(({ task }) => task === `octo/shop#${number} closed`), SOON)
        .toBe(true);
      expect(github.state.asked.length).toBe(between);
      return asked.filter((operation) => !operation.startsWith('apps/')).toSorted(); // who it is, and what it missed
    };
    const alone = await costs('alone', 1);
    const other = await opened('other', { 'migrations/2.sql': AGE });
    await ends(other, 'success');
    await allQuiet();
    expect(await costs('beside', 3)).toEqual(alone);
  });
});
