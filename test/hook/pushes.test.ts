import { describe, expect, test } from 'vitest';
import { parsePushes, pushesOfPreCommit } from '../../src/hook/pushes.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const NONE = '0'.repeat(40);

describe("git's pre-push protocol", () => {
  test('is one ref a line; empty lines mean nothing', () => {
    expect(
      parsePushes(`refs/heads/x ${A} refs/heads/y ${B}\n\n(delete) ${NONE} refs/heads/z ${B}\n`),
    ).toEqual([
      { localRef: 'refs/heads/x', localId: A, remoteRef: 'refs/heads/y', remoteId: B },
      { localRef: '(delete)', localId: undefined, remoteRef: 'refs/heads/z', remoteId: B },
    ]);
    expect(parsePushes('\n')).toEqual([]);
  });

  test('holds SHA-256 ids too', () => {
    const id = 'c'.repeat(64);
    expect(parsePushes(`HEAD~1 ${id} refs/heads/x ${'0'.repeat(64)}`)).toEqual([
      { localRef: 'HEAD~1', localId: id, remoteRef: 'refs/heads/x', remoteId: undefined },
    ]);
  });

  test.each(['nonsense', `a ${A} b`, `a ${A} b ${B} c`, `a --upload-pack=x b ${B}`])('is not %j', (line) => {
    expect(() => parsePushes(line)).toThrow("no pre-push line of git's");
  });
});

describe('pre-commit', () => {
  test('names both ends of one ref', () => {
    const env = { PRE_COMMIT_FROM_REF: A, PRE_COMMIT_TO_REF: B, PRE_COMMIT_REMOTE_BRANCH: 'refs/heads/x' };
    expect(pushesOfPreCommit(env)).toEqual([
      { localRef: '', localId: B, remoteRef: 'refs/heads/x', remoteId: A },
    ]);
  });

  test('names only the branch at a first push', () => {
    const env = { PRE_COMMIT_REMOTE_NAME: 'origin', PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/x' };
    expect(pushesOfPreCommit(env)).toEqual([
      { localRef: 'refs/heads/x', localId: 'refs/heads/x', remoteRef: '', remoteId: undefined },
    ]);
  });

  test('is not there', () => {
    expect(pushesOfPreCommit({})).toBeUndefined();
  });
});
