import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { parsePushes } from '../../src/hook/pushes.ts';
import { rangeOfPush } from '../../src/hook/range-of-push.ts';
import { makeRepository, removeFolders, type TestRepository } from './repository.ts';

afterAll(removeFolders);

const NONE = '0'.repeat(40);

let repository: TestRepository;
let first: string;
let second: string;

/** main: first ← second, and the remote has both. */
beforeEach(() => {
  repository = makeRepository();
  first = repository.commit({ a: '1' });
  second = repository.commit({ a: '2' });
  repository.git('update-ref', 'refs/remotes/origin/main', second);
});

async function range(local: string, remote: string, remoteName = 'origin') {
  const [push] = parsePushes(`refs/heads/x ${local} refs/heads/x ${remote}`);
  return rangeOfPush(await openRepository(repository.directory), push!, remoteName);
}

describe('a push adds', () => {
  test('what is above the old end of its branch', async () => {
    const third = repository.commit({ a: '3' });
    expect(await range(third, second)).toEqual({ base: second, head: third, isRow: true });
  });

  test('with a new branch, what is above the default branch', async () => {
    repository.git('checkout', '--quiet', '-b', 'feature', first);
    const feature = repository.commit({ b: '1' });
    expect(await range(feature, NONE)).toEqual({ base: first, head: feature });
  });

  test('with a new branch of a remote without usual names, everything', async () => {
    repository.git('update-ref', '-d', 'refs/remotes/origin/main');
    repository.git('update-ref', 'refs/remotes/origin/stable', first);
    expect(await range(second, NONE)).toEqual({ base: undefined, head: second });
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/stable');
    expect(await range(second, NONE)).toEqual({ base: first, head: second });
  });

  test('to a remote that nothing is known of, everything', async () => {
    expect(await range(second, NONE, 'https://example.org/x.git')).toEqual({ base: undefined, head: second });
  });

  test('nothing when it deletes, or puts a new ref on a commit that the remote has', async () => {
    expect(await range(NONE, second)).toBeUndefined();
    expect(await range(first, NONE)).toBeUndefined();
    expect(await range(second, second)).toBeUndefined();
  });

  test('nothing when it rewinds', async () => {
    expect(await range(first, second)).toBeUndefined();
  });

  test('with an annotated tag, what its commit adds; with a tag of a file, nothing', async () => {
    const third = repository.commit({ a: '3' });
    repository.git('tag', '-a', '-m', 'v1', 'v1');
    repository.git('tag', 'file', 'HEAD:a');
    expect(await range(repository.git('rev-parse', 'v1'), NONE)).toEqual({ base: second, head: third });
    expect(await range(repository.git('rev-parse', 'file'), NONE)).toBeUndefined();
  });

  test('when forced, what is above the place where old and new parted', async () => {
    repository.git('checkout', '--quiet', '-b', 'feature');
    const old = repository.commit({ b: 'old' });
    repository.git('reset', '--quiet', '--hard', second);
    const rewritten = repository.commit({ b: 'new' });
    expect(await range(rewritten, old)).toEqual({ base: second, head: rewritten });
  });

  test('when forced over a commit that is not here, the same as a new branch', async () => {
    const third = repository.commit({ a: '3' });
    expect(await range(third, 'd'.repeat(40))).toEqual({ base: second, head: third });
  });

  test('after a rebase, only what is above the new place on the default branch', async () => {
    repository.git('checkout', '--quiet', '-b', 'feature', first);
    const old = repository.commit({ b: '1' });
    repository.git('rebase', '--quiet', 'main');
    const rebased = repository.git('rev-parse', 'HEAD');
    expect(await range(rebased, old)).toEqual({ base: second, head: rebased });
  });

  test('after a merge of the default branch, only what is above that', async () => {
    repository.git('checkout', '--quiet', '-b', 'feature', first);
    const old = repository.commit({ b: '1' });
    repository.git('merge', '--quiet', '--no-edit', 'main');
    const merged = repository.git('rev-parse', 'HEAD');
    expect(await range(merged, old)).toEqual({ base: second, head: merged });
  });

  test('of unrelated histories, everything', async () => {
    repository.git('checkout', '--quiet', '--orphan', 'other');
    const other = repository.commit({ c: '1' });
    expect(await range(other, NONE)).toEqual({ base: undefined, head: other });
  });
});
