import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedOptions, openEmbedded } from '../../src/queue/embedded.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';
import { holding, task } from './holding.ts';

afterAll(removeFolders);

const SOON = { timeout: 240_000, interval: 20 };

let folder: string;
let queues: Queue[];

beforeEach(() => {
  folder = temporaryFolder();
  queues = [];
});
afterEach(() => Promise.all(queues.map((queue) => queue.stop())));

async function open(options: Partial<EmbeddedOptions> = {}): Promise<Queue> {
  const queue = await openEmbedded({
    ...{ folder, most: 4, mostOfLane: 2, patience: 1, settling: 0 },
    ...options,
  });
  queues.push(queue);
  return queue;
}

test('a delivery counts once, also where it comes twice at a time and after a restart', async () => {
  const queue = await open();
  const both = [queue.add([task('a')], 'guid'), queue.add([task('b')], 'guid')];
  expect(await Promise.all(both)).toEqual([true, false]);
  await queue.stop();
  const next = await open();
  expect(await next.add([task('c')], 'guid')).toBe(false);
  expect(await next.counts()).toMatchObject({ pending: 1 });
  expect((await next.hasSeen('guid')) && (await next.hasOpen('a'))).toBe(true);
});

test('the newest of a key counts: one that waits is replaced, one that runs is stopped first', async () => {
  const queue = await open();
  const { runs, work } = holding();
  await queue.add([task('a')]);
  queue.start(work);
  await expect.poll(() => runs.length, SOON).toBe(1);
  await queue.add([task('a')]);
  await queue.add([task('a')]);
  await queue.add([task('b')]);
  expect(runs[0]?.signal.reason).toBe('superseded');
  await expect.poll(() => runs.length, SOON).toBe(3);
  for (const run of runs.slice(1)) run.end();
  await expect.poll(() => queue.counts(), SOON).toMatchObject({ completed: 2, superseded: 2, processing: 0 });
});

test('lanes take turns, however much waits in one', async () => {
  const queue = await open({ most: 3, mostOfLane: 2 });
  const { work, runs, keys } = holding();
  await queue.add(['a1', 'a2', 'a3', 'a4', 'a5'].map((key) => task(key, 'a')));
  await queue.add([task('b1', 'b'), task('b2', 'b')]);
  await queue.add([task('c1', 'c')]);
  queue.start(work);
  for (let at = 0; at < 8; at++) {
    await expect.poll(() => runs.length, SOON).toBeGreaterThan(at);
    runs[at]?.end();
  }
  expect(keys().slice(0, 4).sort()).toEqual(['a1', 'a2', 'b1', 'c1']);
  expect(keys().toSorted()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'c1']);
});

test('what throws is tried again, and in the end it has failed', async () => {
  const queue = await open({ attempts: 3 });
  const seen: [number, boolean][] = [];
  queue.start(async ({ attempt, isLast }) => {
    seen.push([attempt, isLast]);
    throw new Error('no answer');
  });
  await queue.add([task('a')]);
  await expect.poll(() => queue.counts(), SOON).toMatchObject({ failed: 1, pending: 0 });
  expect(seen).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
});

test('what a process was at is done by the next one, which knows what was noted', async () => {
  const queue = await open();
  const first = holding();
  queue.start(first.work);
  await queue.add([task('a'), task('b')]);
  await expect.poll(() => first.runs.length, SOON).toBe(2);
  await first.runs[0]?.keep({ head: 'abc' });
  await queue.stop();
  const next = await open();
  const second = holding();
  next.start(second.work);
  await expect.poll(() => second.runs.length, SOON).toBe(2);
  expect(second.runs.map(({ task: { key }, note, attempt }) => [key, note, attempt])).toEqual([
    ['a', { head: 'abc' }, 1],
    ['b', undefined, 1],
  ]);
  expect(next.lastAlive).toBeGreaterThan(0);
});

test('two processes do not share a folder', async () => {
  await open();
  await expect(open()).rejects.toThrow('uses');
});

test('wherever the machine stops while it writes, what was acknowledged before is there', async () => {
  const queue = await open();
  for (let at = 0; at < 6; at++) await queue.add([task(`key ${at % 3}`)], `guid ${at}`);
  await queue.stop();
  const whole = readFileSync(join(folder, 'queue.journal'));
  const ends = [...whole.keys()].filter((at) => whole[at] === 10);
  for (let length = 0; length <= whole.length; length += 7) {
    folder = temporaryFolder();
    const torn = Buffer.concat([whole.subarray(0, length), Buffer.from('\u0000\u0000garbage')]);
    writeFileSync(join(folder, 'queue.journal'), torn);
    const next = await open();
    const held = ends.filter((end) => end < length).length;
    const seen = await Promise.all([0, 1, 2, 3, 4, 5].map((at) => next.hasSeen(`guid ${at}`)));
    expect(seen).toEqual([0, 1, 2, 3, 4, 5].map((at) => at < held));
    expect((await next.counts()).pending).toBe(Math.min(3, held));
    expect(await next.add([task('later')], 'later')).toBe(true);
    await next.stop();
    expect(await (await open()).hasSeen('later')).toBe(true);
  }
});

test('the journal does not grow with what is over', async () => {
  const queue = await open({ most: 20, mostOfLane: 20 });
  queue.start(async () => 'completed');
  for (let round = 0; round < 40; round++)
    await Promise.all(Array.from({ length: 40 }, (_, at) => queue.add([task(`${at}`)])));
  await expect.poll(() => queue.counts(), SOON).toMatchObject({ pending: 0, processing: 0 });
  const { completed, superseded } = await queue.counts();
  expect(completed + superseded).toBe(1600);
  await queue.add([task('last')], 'guid');
  await queue.stop();
  expect(readFileSync(join(folder, 'queue.journal'), 'utf8').split('\n').length).toBeLessThan(4000);
  const next = await open();
  expect((await next.counts()).completed).toBeGreaterThanOrEqual(completed);
  expect(await next.hasSeen('guid')).toBe(true);
});
