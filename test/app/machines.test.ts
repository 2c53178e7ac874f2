import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGithub } from '../harness/github/github.ts';
import { removeFolders } from '../hook/repository.ts';
import { type Database, startDatabase } from '../queue/database.ts';
import { makeServer, type Server } from './server.ts';

const SOON = { timeout: 240_000, interval: 20 };

let database: Database;
const servers: Server[] = [];
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => {
  for (const server of servers) await server.kill();
  await database.close();
  removeFolders();
});

test('what one machine was at when it died another one ends, and nothing is said twice', async () => {
  const github = await startGithub();
  const shop = github.createRepository('octo/shop', {
    'migrations/1.sql': 'CREATE TABLE customers (id integer PRIMARY KEY);\n',
    'tablewarden.yml': 'migrations: [{ path: migrations, dialect: sqlite }]\n',
  });
  const key = github.registerApp();
  github.install(key.app, 'octo');
  const env = { QUEUE_DATABASE_URL: await database.make('app') };
  const second = await makeServer(github, key);
  const first = await makeServer(github, key); // events reach this one
  servers.push(first, second);
  await first.start(env);
  await github.push(shop, 'feature', { 'migrations/2.sql': 'ALTER TABLE nowhere ADD COLUMN x integer;\n' });
  const pull = await github.openPull(shop, 'feature');
  await expect.poll(() => shop.checks.map(({ status }) => status), SOON).toEqual(['in_progress']);
  await first.kill();
  await second.start(env);
  await expect.poll(() => shop.checks.map(({ conclusion }) => conclusion), SOON).toEqual(['failure']);
  expect(pull.comments).toHaveLength(1);
  expect(shop.checks[0]?.summary).toContain('the App runs on several machines');
  const health = () => fetch(`${second.url}/healthz`).then((answer) => answer.json());
  await expect.poll(health, SOON).toMatchObject({ status: 'ok', tasks: { completed: 1, pending: 0 } });
  expect(await second.stop()).toBe(0);
  expect(first.text() + second.text()).not.toContain('postgres://');
  await github.close();
});
