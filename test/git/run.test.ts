import { describe, expect, test } from 'vitest';
import { type GitOptions, runGit } from '../../src/git/run.ts';
import { commit, git, newRepository } from './made-repository.ts';

const env = { ...process.env, LC_ALL: 'C' };

describe.each([
  ['waited for', true],
  ['followed', false],
])('a git that is %s', (_, waits) => {
  const run = (folder: string, args: readonly string[], more: Partial<GitOptions> = {}) =>
    runGit(folder, args, { env, waits, ...more });

  test('is heard out', async () => {
    const folder = newRepository();
    commit(folder, { 'a.txt': 'one\n' });
    const id = git(folder, 'rev-parse', 'HEAD:a.txt');
    const { code, stdout, stderr } = await run(folder, ['cat-file', '--batch'], { input: `${id}\n` });
    expect({ code, stdout: String(stdout), stderr }).toEqual({
      code: 0,
      stdout: `${id} blob 4\none\n\n`,
      stderr: '',
    });
  });

  test('says why it failed', async () => {
    const { code, stderr } = await run(newRepository(), ['rev-parse', '--verify', 'gone']);
    expect({ code, stderr }).toEqual({ code: 128, stderr: 'fatal: Needed a single revision' });
  });

  test('cannot be started where there is no folder', async () => {
    await expect(run('/nowhere/at/all', ['status'])).rejects.toThrow('There is no folder /nowhere/at/all.');
  });

  test('hands over what it says as it comes, however much that is, until it is told to stop', async () => {
    const folder = newRepository();
    commit(folder, { 'large.bin': Buffer.alloc(33_000_000) });
    const args = ['cat-file', 'blob', 'HEAD:large.bin'];
    let bytes = 0;
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      return 'go on' as const;
    };
    expect(await run(folder, args, { take: count })).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
    expect(bytes).toBe(33_000_000);
    expect(await run(folder, args, { take: () => 'stop' })).toMatchObject({ code: 0 });
  });
});
