import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { forgetPull, type KeptPull, keepPull, markTold, readPulls } from '../../src/store/pull-requests.ts';
import { openStorage } from '../../src/store/storage-manager.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

const sha = (digit: string) => digit.repeat(40);
const use = {
  chain: 'm',
  table: { name: "o'clock" },
  span: { path: 'a.ts', line: 1, column: 1, endLine: 1, endColumn: 2 },
};
const PULL: KeptPull = {
  ...{ number: 7, base: 'main', head: sha('a'), isTold: false, collidesWith: [8, 9] },
  change: { chains: [{ id: 'm', dialect: 'postgres', migrations: [] }], uses: [use] },
};

test('what is kept of a pull request takes the place of what was, by repository', async () => {
  const storage = openStorage(join(temporaryFolder(), 'store.duckdb'));
  expect(await keepPull(storage, 'octo/shop', PULL)).toEqual([PULL]);
  await keepPull(storage, 'octo/other', { ...PULL, number: 1 });
  const merged = { ...PULL, head: sha('b'), mergedAs: sha('c'), isTold: true, collidesWith: [] };
  expect(await keepPull(storage, 'octo/shop', merged)).toEqual([merged]);
  await keepPull(storage, 'octo/shop', { ...PULL, number: 2 });
  expect((await readPulls(storage, 'octo/shop')).map(({ number }) => number)).toEqual([2, 7]);
  await markTold(storage, 'octo/shop', { number: 2, head: sha('b') });
  await markTold(storage, 'octo/shop', { number: 7, head: sha('b') }); // it was merged meanwhile
  expect((await readPulls(storage, 'octo/shop')).map(({ isTold }) => isTold)).toEqual([false, true]);
  await markTold(storage, 'octo/shop', { number: 2, head: sha('a') });
  expect((await readPulls(storage, 'octo/shop')).map(({ isTold }) => isTold)).toEqual([true, true]);
  await forgetPull(storage, 'octo/shop', 7);
  expect((await readPulls(storage, 'octo/shop')).map(({ number }) => number)).toEqual([2]);
  await storage.write(({ run }) =>
    run('UPDATE pull_requests SET merged_as = head, judged_at = now() - INTERVAL 31 DAY'),
  );
  expect(await keepPull(storage, 'octo/shop', PULL)).toEqual([PULL]);
  await storage.write(({ run }) => run("UPDATE pull_requests SET reader_version = 'of yesterday'"));
  expect(await readPulls(storage, 'octo/shop')).toEqual([]);
});

test('the schema refuses what is no pull request', async () => {
  const storage = openStorage(join(temporaryFolder(), 'store.duckdb'));
  await expect(keepPull(storage, 'octo/shop', { ...PULL, number: 0 })).rejects.toThrow('CHECK');
  await expect(keepPull(storage, 'octo/shop', { ...PULL, base: '' })).rejects.toThrow('CHECK');
  await expect(keepPull(storage, 'octo/shop', { ...PULL, head: 'HEAD' })).rejects.toThrow('no commit id');
});
