import { afterAll, expect, test } from 'vitest';
import { removeFolders } from '../hook/repository.ts';
import { storm } from './storm.ts';

afterAll(removeFolders);

test('through duplicates, disorder, bursts and crashes each newest head gets one check run, and nothing is said twice', {
  timeout: 900_000,
}, async () => {
  const { wrong, heads } = await storm({ seed: 7, repositories: 4, webhooks: 30, kills: 4, jobs: 2 });
  expect(wrong).toEqual([]);
  expect(heads).toBe(4);
});
