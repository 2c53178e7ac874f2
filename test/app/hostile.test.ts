import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, expect, test } from 'vitest';
import { hear } from '../../src/app/events.ts';
import { ofTask, toTask } from '../../src/app/task.ts';
import { startGithub } from '../harness/github/github.ts';
import { removeFolders } from '../hook/repository.ts';
import { makeServer } from './server.ts';

afterAll(removeFolders);

type Json = Record<string, unknown>;

const FILE = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json');
/** Payloads as GitHub sent them over the years, by event. */
const EXAMPLES = (JSON.parse(readFileSync(FILE, 'utf8')) as { name: string; examples: Json[] }[]).flatMap(
  ({ name, examples }) => examples.map((payload) => ({ event: name, payload })),
);

const WRONG: readonly unknown[] = [null, 0, -1, 1.5, 1e21, '', '../..', 'x'.repeat(300), [], {}, true];
const APP = 7;
const FOR_US = {
  ...{ installation: { id: 5 }, number: 3, issue: { number: 3, pull_request: {} } },
  ...{ check_run: { app: { id: APP }, external_id: 'pull request 3 into main', head_sha: 'a'.repeat(40) } },
  ...{ check_suite: { app: { id: APP }, head_sha: 'a'.repeat(40) } },
};

/** Every value of a payload, three levels deep, put in the place of another and back again. */
function mutate(payload: Json, look: (path: string) => void, path = '', depth = 3): void {
  for (const name of Object.keys(payload)) {
    const right = payload[name];
    for (const wrong of WRONG) {
      payload[name] = wrong;
      look(`${path}.${name} = ${JSON.stringify(wrong)}`);
    }
    delete payload[name];
    look(`${path}.${name} is gone`);
    payload[name] = right;
    if (depth > 1 && typeof right === 'object' && right !== null && !Array.isArray(right))
      mutate(right as Json, look, `${path}.${name}`, depth - 1);
  }
}

test('whatever a payload holds, it asks for something that makes sense or for nothing', () => {
  let asked = 0;
  for (const { event, payload } of EXAMPLES) {
    const ours = { ...payload, ...FOR_US };
    mutate(ours, (path) => {
      const { tasks = [] } = hear(event, ours, APP);
      for (const task of tasks) {
        asked += 1;
        const { owner, repo, installation } = task;
        const isSane =
          /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(`${owner}/${repo}`) &&
          Number.isSafeInteger(installation) &&
          (!('number' in task) || task.number > 0) &&
          JSON.stringify(ofTask(JSON.parse(JSON.stringify(toTask(task))))) === JSON.stringify(task);
        if (!isSane) throw new Error(`${event}${path} asks for ${JSON.stringify(task)}`);
      }
    });
  }
  expect(EXAMPLES.length).toBeGreaterThan(300);
  expect(asked).toBeGreaterThan(1000);
});

test('the App takes every example, cut off and of other types too, and says nothing of what it holds', {
  timeout: 240_000,
}, async () => {
  const github = await startGithub();
  const key = github.registerApp();
  const server = await makeServer(github, key);
  await server.start();
  const planted = 'ghs_plantedPlantedPlanted0123';
  const statuses = new Map<number, number>();
  const send = async (event: string, body: string, headers: Readonly<Record<string, string>> = {}) => {
    const { status, text } = await github.send(key.app, event, body, headers);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect(text).not.toContain(planted);
    return status;
  };
  for (const [at, { event, payload }] of EXAMPLES.entries()) {
    const body = JSON.stringify({ ...payload, ...FOR_US, secret: planted });
    expect([200, 202]).toContain(await send(event, body));
    const kind = at % 4;
    if (kind === 0) expect(await send(event, body.slice(0, (at * 37) % body.length))).toBe(400);
    if (kind === 1)
      expect(await send(event, body, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).toBe(401);
    if (kind === 2) expect(await send(event, `[${body}]`)).toBe(400);
    if (kind === 3) expect(await send(event, body, { 'content-type': 'text/plain' })).toBe(415);
  }
  await expect
    .poll(async () => (await (await fetch(`${server.url}/healthz`)).json()) as Json, { timeout: 240_000 })
    .toMatchObject({ status: 'ok', tasks: { pending: 0, processing: 0 } });
  expect(statuses.get(202)).toBeGreaterThan(10);
  expect(server.text()).not.toMatch(/plantedPlanted|a secret between two|PRIVATE KEY|\n {4}at /);
  expect(await server.stop()).toBe(0);
  await github.close();
});
