import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadHarness } from '../../.github/scripts/load-harness.mjs';
import type * as Harness from './crowd.ts';

test('several processes, some of them killed, check each newest head once', async () => {
  const { crowd } = await loadHarness<typeof Harness>('queue', ['./crowd.ts']);
  const module = resolve('node_modules/.cache/tablewarden/queue.mjs');
  const { wrong, figures } = await crowd({
    ...{ deliveries: 200, keys: 30, processes: 3, kills: 2, seed: 7, module },
  });
  expect(wrong).toEqual([]);
  expect(figures).toMatchObject({ failed: 0, 'processes killed': 2 });
  expect(figures['of them known']).toBe(figures['deliveries that came twice']);
});
