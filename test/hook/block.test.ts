import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { addBlock, hookBlock } from '../../src/hook/block.ts';
import { at, removeFolders, temporaryFolder } from './repository.ts';

afterAll(removeFolders);

const REFS = `refs/heads/main ${'1'.repeat(40)} refs/heads/main ${'2'.repeat(40)}\n`;

/** Runs a hook with the block in it, as git does: from the top, with the remote as arguments and refs on standard input. */
function run(options: {
  existing?: string;
  command?: string;
  input?: string;
  place?: string;
  shell?: string;
}) {
  const directory = temporaryFolder();
  const place = options.place ?? 'node_modules/.bin/tablewarden';
  const edit = addBlock(options.existing ?? '#!/bin/sh\ncat > theirs\n', hookBlock([place]));
  if (edit.kind === 'not-a-shell-script') throw new Error(edit.interpreter);
  const { write } = at(directory);
  write('pre-push', edit.text, 0o755);
  if (options.command) write(place, `#!/bin/sh\n${options.command}\n`, 0o755);
  const { status, stderr } = spawnSync(options.shell ?? 'sh', ['pre-push', 'origin', 'url'], {
    cwd: directory,
    input: options.input ?? REFS,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  const text = (path: string) => {
    try {
      return readFileSync(join(directory, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  return { status, stderr, ours: text('ours'), theirs: text('theirs'), args: text('args') };
}

describe.each(['sh', 'bash'])("the hook's lines in %s", (shell) => {
  test('give both hooks the same standard input, and ours the arguments', () => {
    const result = run({ shell, command: 'cat > ours; echo "$@" > args' });
    expect(result).toMatchObject({ status: 0, ours: REFS, theirs: REFS, args: 'hook run origin url\n' });
  });

  test('stop the push at exit code 1 before the old hook runs', () => {
    expect(run({ shell, command: 'exit 1' })).toMatchObject({ status: 1, theirs: undefined });
  });

  test('let the push pass at any other trouble, with a line', () => {
    const result = run({ shell, command: 'exit 139' });
    expect(result).toMatchObject({ status: 0, theirs: REFS });
    expect(result.stderr).toContain('could not run (exit code 139): the push goes on unjudged');
  });

  test('let the push pass where the command is not installed, with a line', () => {
    const result = run({ shell });
    expect(result).toMatchObject({ status: 0, theirs: REFS });
    expect(result.stderr).toContain('not installed here');
  });

  test('hand over no refs where there are none', () => {
    const result = run({ shell, command: 'cat > ours', input: '' });
    expect(result).toMatchObject({ status: 0, theirs: '' });
    expect(result.ours?.trim()).toBe('');
  });

  test("keep the old hook's verdict", () => {
    expect(run({ shell, existing: '#!/bin/sh\nexit 7\n', command: 'cat' }).status).toBe(7);
    expect(run({ shell, existing: '#!/bin/sh\nset -eu\ntrue\n', command: 'exit 3' }).status).toBe(0);
  });

  test('find a command in a folder with spaces and quotes', () => {
    expect(run({ shell, place: "my app's/tablewarden", command: 'cat > ours' }).ours).toBe(REFS);
  });

  test('stand more refs than a pipe holds', () => {
    const input = REFS.repeat(2000);
    expect(run({ shell, command: 'cat > ours', input })).toMatchObject({ ours: input, theirs: input });
  });
});
