import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBench } from './bench.ts';
import { tally } from './tally.ts';

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

test('of random pairs of operations those are told to collide whose order matters to PostgreSQL', async () => {
  const judged = [];
  for (const pair of await bench.makePairs(120, 7)) judged.push(await bench.judge(pair));
  const { collide, missed, false: wrong } = tally(judged);
  expect(collide.length).toBeGreaterThan(4);
  expect(missed).toEqual([]);
  expect(wrong.length).toBeLessThanOrEqual(1);
});
