import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GraphileOptions, openGraphile } from '../../src/queue/graphile.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { type Database, startDatabase } from './database.ts';
import { holding, task } from './holding.ts';

const SOON = { timeout: 240_000, interval: 20 };

let database: Database;
let url: string;
let databases = 0;
let queues: Queue[];

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  databases += 1;
  url = await database.make(`queue_${databases}`);
  queues = [];
});
afterEach(() => Promise.all(queues.map((queue) => queue.stop())));

async function open(options: Partial<GraphileOptions> = {}): Promise<Queue> {
  const queue = await openGraphile({ url, most: 4, mostOfLane: 2, ...options });
  queues.push(queue);
  return queue;
}

test('a delivery counts once, also where it comes to two machines at a time', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  const both = [one.add([task('a')], 'guid'), two.add([task('b')], 'guid')];
  expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
  expect(await two.counts()).toMatchObject({ pending: 1 });
  expect(await one.hasSeen('guid')).toBe(true);
  expect([await two.hasOpen('a'), await two.hasOpen('b')].toSorted()).toEqual([false, true]);
  expect(await one.add([], 'of nothing')).toBe(true);
  expect(await two.add([], 'of nothing')).toBe(false);
});

test('the newest of a key counts, whichever machine hears of it: what waits is replaced, what runs is stopped first', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  const { runs, work } = holding();
  await one.add([task('a')]);
  one.start(work);
  await expect.poll(() => runs.length, SOON).toBe(1);
  await two.add([task('a')]);
  await two.add([task('a')]);
  await two.add([task('b')]);
  await expect.poll(() => runs[0]?.signal.reason, SOON).toBe('superseded');
  for (const at of [1, 2]) {
    await expect.poll(() => runs.length, SOON).toBeGreaterThan(at); // the two may share a place of their lane
    runs[at]?.end();
  }
  await expect
    .poll(() => two.counts(), SOON)
    .toMatchObject({ completed: 2, superseded: 2, pending: 0, processing: 0 });
});

test('no lane takes all places, on no machine', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  const { work, runs, keys } = holding();
  await one.add(Array.from({ length: 12 }, (_, at) => task(`a${at}`, 'a')));
  await two.add([task('b', 'b')]);
  one.start(work);
  two.start(work);
  await expect.poll(() => keys().includes('b'), SOON).toBe(true);
  expect(keys().filter((key) => key !== 'b').length).toBeLessThanOrEqual(2);
  for (let at = 0; at < 13; at++) {
    await expect.poll(() => runs.length, SOON).toBeGreaterThan(at);
    runs[at]?.end();
  }
  await expect.poll(() => one.counts(), SOON).toMatchObject({ completed: 13 });
});

test('what throws is tried again, and in the end it has failed', async () => {
  const queue = await open({ attempts: 2 });
  const seen: [number, boolean][] = [];
  queue.start(async ({ attempt, isLast }) => {
    seen.push([attempt, isLast]);
    throw new Error('no answer');
  });
  await queue.add([task('a')]);
  await expect.poll(() => queue.counts(), SOON).toMatchObject({ failed: 1, pending: 0, processing: 0 });
  expect(seen).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(await queue.hasOpen('a')).toBe(false);
});

test('what a process was at when it was told to stop is done by another one, which knows what was noted', async () => {
  const queue = await open();
  const first = holding();
  queue.start(first.work);
  await queue.add([task('a')]);
  await expect.poll(() => first.runs.length, SOON).toBe(1);
  await first.runs[0]?.keep({ head: 'abc' });
  await queue.stop();
  const next = await open();
  const second = holding();
  next.start(second.work);
  await expect.poll(() => second.runs.length, SOON).toBe(1);
  expect(second.runs.map(({ note, attempt }) => [note, attempt])).toEqual([[{ head: 'abc' }, 1]]);
  expect(next.lastAlive).toBeGreaterThan(0);
});

test('connections that the database ends are opened again', async () => {
  const queue = await open({ silence: 3000 });
  const { runs, work } = holding();
  queue.start(work);
  await queue.add([task('a')]);
  await expect.poll(() => runs.length, SOON).toBe(1);
  await database.dropConnections();
  await expect.poll(() => queue.add([task('a')]).catch(() => false), SOON).toBe(true);
  await expect.poll(() => runs[0]?.signal.reason, SOON).toBe('superseded');
  await expect.poll(() => runs.length, SOON).toBe(2);
  runs[1]?.end();
  await expect
    .poll(() => queue.counts(), SOON)
    .toMatchObject({ completed: 1, superseded: 1, pending: 0, processing: 0 });
});

test('a run that ends as the connections go is done with, or done again', async () => {
  const queue = await open({ silence: 3000 });
  const { runs, work } = holding();
  queue.start(work);
  for (const key of ['a', 'b', 'c']) {
    await queue.add([task(key)]);
    await expect.poll(() => runs.at(-1)?.task.key, SOON).toBe(key);
    await Promise.all([database.dropConnections(), runs.at(-1)?.end()]);
    await expect.poll(() => queue.hasSeen('nothing').catch(() => true), SOON).toBe(false);
  }
  const ended = async () => {
    for (const run of runs) run.end();
    return queue.counts().catch(() => undefined);
  };
  await expect.poll(ended, SOON).toMatchObject({ pending: 0, processing: 0 });
});

test('a run whose task another process holds by now takes nothing away', async () => {
  const told: string[] = [];
  const queue = await open({ told: (_task, state) => told.push(state) });
  const { runs, work } = holding();
  queue.start(work);
  await queue.add([task('a')]);
  await expect.poll(() => runs.length, SOON).toBe(1);
  await database.run(
    url,
    "UPDATE graphile_worker._private_jobs SET locked_by = 'other'; UPDATE graphile_worker._private_job_queues SET locked_by = 'other'",
  );
  runs[0]?.end();
  await queue.stop();
  const next = await open();
  expect(await next.counts()).toMatchObject({ processing: 1, completed: 0 });
  expect(told).toEqual([]);
});

test('what a dead process held is given to another one, and is taken for the cause when it kills again and again', async () => {
  const queue = await open({ silence: 300 });
  await queue.add([task('a')]);
  /** As a process leaves it that ends in the middle. */
  const die = () =>
    database.run(
      url,
      `UPDATE graphile_worker._private_jobs SET locked_by = 'gone', locked_at = now() - interval '1 minute', attempts = attempts + 1;
       UPDATE graphile_worker._private_job_queues SET locked_by = 'gone', locked_at = now() - interval '1 minute'`,
    );
  await die();
  const { runs, work } = holding();
  queue.start(work);
  await expect.poll(() => runs.map(({ attempt }) => attempt), SOON).toEqual([1]);
  await queue.stop();
  await database.run(
    url,
    "INSERT INTO tablewarden_queue.deaths VALUES ('a', 20) ON CONFLICT (task_key) DO UPDATE SET deaths = 20",
  );
  await die();
  const told: unknown[] = [];
  const next = await open({ silence: 300, told: (_task, state, error) => told.push([state, String(error)]) });
  next.start(work);
  await expect
    .poll(() => told, SOON)
    .toEqual([['failed', 'Error: the process ended each time that it was tried']]);
  await expect.poll(() => next.counts(), SOON).toMatchObject({ failed: 1, pending: 0, processing: 0 });
});

test('one machine takes a turn', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  const turns = await Promise.all([one, two, one].map((queue) => queue.takeTurn('look around', 60_000)));
  expect(turns.filter((mine) => mine)).toHaveLength(1);
  expect(await two.takeTurn('look around', 0)).toBe(true);
});

test('a database that is not there is told of, without its password', async () => {
  const opened = openGraphile({
    url: 'postgres://owner:open-sesame@127.0.0.1:1/none',
    most: 1,
    mostOfLane: 1,
  });
  const error: Error = await opened.then(
    () => new Error('opened'),
    (reason) => reason,
  );
  expect(error.message).toMatch(/^The database of the queue cannot be used: /);
  expect(`${error.message} ${error.stack}`).not.toContain('open-sesame');
});
