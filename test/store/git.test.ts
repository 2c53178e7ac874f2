import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { headThen, pathThen, tipThen } from '../../src/store/git/ask.ts';
import { evict } from '../../src/store/git/evict.ts';
import { forget, updateGitHistory } from '../../src/store/git/update.ts';
import { openStorage, type StorageManager } from '../../src/store/storage-manager.ts';
import { makeRepository, removeFolders, type TestRepository, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

const MAIN = 'refs/heads/main';
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

let made: TestRepository;
let repository: Repository;
let storage: StorageManager;
const ids: Record<string, string> = {};

beforeAll(async () => {
  made = makeRepository();
  ids.first = made.commit({ 'a.sql': '1', 'b.sql': '1' }, { message: 'first', date: '2025-01-01T00:00:00Z' });
  ids.late = made.commit({ 'a.sql': '2' }, { message: 'late (#7)', date: '2030-01-01T00:00:00Z' });
  made.git('rm', '--quiet', 'b.sql');
  ids.third = made.commit({}, { message: 'third', date: '2025-03-01T00:00:00Z' });
  repository = await openRepository(made.directory);
  storage = openStorage(join(temporaryFolder(), 'store.duckdb'));
  await updateGitHistory(storage, repository);
});

const path = async (name: string, day: string) =>
  (await pathThen(storage, repository, MAIN, name, at(day)))?.commit;

describe('what was current', () => {
  test('of a path, with a wrong clock set aside', async () => {
    expect(await path('a.sql', '2025-01-15')).toBe(ids.late);
    expect(await path('b.sql', '2025-02-01')).toBe(ids.first);
    expect(await path('a.sql', '2024-12-31')).toBeUndefined();
    expect(await path("it's not there", '2025-02-01')).toBeUndefined();
    expect(await pathThen(storage, repository, MAIN, 'b.sql', at('2025-03-02'))).toEqual({
      ...{ commit: ids.third, since: '2025-03-01T00:00:00.000Z', subject: 'third' },
    });
  });

  test('of the branch, and of HEAD by its reflog', async () => {
    expect(await tipThen(storage, MAIN, at('2025-02-01'))).toMatchObject({
      commit: ids.late,
      pullRequest: 7,
    });
    expect(await tipThen(storage, MAIN, at('2024-12-31'))).toBeUndefined();
    expect((await headThen(storage, at('2025-03-02')))?.commit).toBe(ids.third);
    expect(await headThen(storage, at('2024-12-31'))).toBeUndefined();
  });

  test('is known again after it was evicted, and after the store was emptied', async () => {
    expect(await evict(storage, { bytes: 1, days: 90 })).toMatchObject({ paths: 3 });
    const kept = () => storage.read(({ query }) => query('SELECT count(*) AS rows FROM git_path_changes'));
    expect(await kept()).toEqual([{ rows: 0 }]);
    expect(await path('b.sql', '2025-02-01')).toBe(ids.first);
    expect(await kept()).not.toEqual([{ rows: 0 }]);
    await forget(storage);
    expect(await updateGitHistory(storage, repository)).toMatchObject({ added: 3, gone: 0, paths: 4 });
    expect(await path('a.sql', '2025-01-15')).toBe(ids.late);
  });
});

test('an update reads what came, and a rebased branch is what it is now', async () => {
  expect(await updateGitHistory(storage, repository)).toMatchObject({ added: 0, gone: 0 });
  made.git('reset', '--quiet', '--hard', ids.late ?? '');
  ids.other = made.commit({ 'c.sql': '1' }, { message: 'other', date: '2025-04-01T00:00:00Z' });
  expect(await updateGitHistory(storage, repository)).toMatchObject({ added: 1, gone: 1, paths: 1 });
  expect((await tipThen(storage, MAIN, at('2025-05-01')))?.commit).toBe(ids.other);
  expect(await path('b.sql', '2025-03-02')).toBe(ids.first);
  await storage.write(({ run }) => run("UPDATE git_commits SET last_accessed = DATE '2020-01-01'"));
  expect(await evict(storage)).toEqual({ paths: 0, commits: 1 });
});
