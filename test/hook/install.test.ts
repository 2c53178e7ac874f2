import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { installHook } from '../../src/hook/install.ts';
import { at, makeRepository, removeFolders, temporaryFolder } from './repository.ts';

afterAll(removeFolders);

const read = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8');

describe('hook install', () => {
  test('makes an executable pre-push hook, once', async () => {
    const { directory } = makeRepository();
    expect(await installHook(directory)).toContain('Created .git/hooks/pre-push.');
    const text = read(directory, '.git/hooks/pre-push');
    expect(text).toMatch(/^#!\/bin\/sh\n# >>> tablewarden/);
    expect(statSync(join(directory, '.git/hooks/pre-push')).mode & 0o111).toBe(0o111);
    expect(await installHook(directory)).toContain('nothing to do');
    expect(read(directory, '.git/hooks/pre-push')).toBe(text);
  });

  test('keeps every byte of a hook that was there, after its own lines', async () => {
    const { directory, write } = makeRepository();
    write('.git/hooks/pre-push', '#!/usr/bin/env bash\nset -euo pipefail\nnpm test\nexit 0\n');
    expect(await installHook(directory)).toContain('Added to .git/hooks/pre-push');
    const text = read(directory, '.git/hooks/pre-push');
    expect(text).toMatch(/^#!\/usr\/bin\/env bash\n# >>> tablewarden/);
    expect(text.endsWith('# <<< tablewarden\nset -euo pipefail\nnpm test\nexit 0\n')).toBe(true);
    expect(statSync(join(directory, '.git/hooks/pre-push')).mode & 0o111).toBe(0o111);
  });

  test('renews its own lines where they are older', async () => {
    const { directory, write } = makeRepository();
    await installHook(directory);
    const text = read(directory, '.git/hooks/pre-push');
    write('.git/hooks/pre-push', `${text.replace('tablewarden_refs=$(cat)', 'cat')}npm test\n`);
    expect(await installHook(directory)).toContain('Renewed');
    expect(read(directory, '.git/hooks/pre-push')).toBe(`${text}npm test\n`);
  });

  test('follows core.hooksPath', async () => {
    const { directory, git } = makeRepository();
    git('config', 'core.hooksPath', 'tools/hooks');
    expect(await installHook(directory)).toContain('Created tools/hooks/pre-push.');
    expect(read(directory, 'tools/hooks/pre-push')).toContain('tablewarden hook run');
  });

  test('uses the hooks that all worktrees share', async () => {
    const { directory, git, commit } = makeRepository();
    commit({ a: '' });
    const beside = join(temporaryFolder(), 'beside');
    git('worktree', 'add', '--quiet', beside);
    await installHook(beside);
    expect(read(directory, '.git/hooks/pre-push')).toContain('tablewarden hook run');
  });

  test("uses a submodule's own hooks", async () => {
    const inner = makeRepository();
    inner.commit({ a: '' });
    const { directory, git } = makeRepository();
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.directory, 'inner');
    await installHook(join(directory, 'inner'));
    expect(read(directory, '.git/modules/inner/hooks/pre-push')).toContain('tablewarden hook run');
  });

  test('finds a command that is installed below the top', async () => {
    const { directory, write } = makeRepository();
    write('packages/db/node_modules/.bin/tablewarden', '#!/bin/sh\n', 0o755);
    await installHook(join(directory, 'packages/db'));
    expect(read(directory, '.git/hooks/pre-push')).toContain(
      '[ -x packages/db/node_modules/.bin/tablewarden ]',
    );
  });

  test('leaves a hook in another language alone, and says what to call', async () => {
    const { directory, write } = makeRepository();
    write('.git/hooks/pre-push', '#!/usr/bin/env python3\nprint()\n');
    const refused = await installHook(directory).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(String(refused)).toContain('is run by /usr/bin/env python3');
    expect(read(directory, '.git/hooks/pre-push')).toBe('#!/usr/bin/env python3\nprint()\n');
  });

  test('asks for a repository', async () => {
    await expect(installHook(temporaryFolder())).rejects.toThrow('is not a git repository');
  });
});

describe('a hook manager gets advice, and no edit', () => {
  test.each<{ name: string; files: Readonly<Record<string, string>>; lines: string }>([
    {
      name: 'husky',
      files: { 'package.json': '{"devDependencies":{"husky":"9"}}', '.husky/pre-commit': 'npm test\n' },
      lines: 'node_modules/.bin/tablewarden hook run "$@"',
    },
    {
      name: 'lefthook',
      files: { 'lefthook.yml': 'pre-commit: {}\n' },
      lines:
        '      run: node_modules/.bin/tablewarden hook run {1} {2} {files}\n      files: echo lefthook.yml\n      use_stdin: true',
    },
    {
      name: 'simple-git-hooks',
      files: { 'package.json': '{"simple-git-hooks":{}}' },
      lines: String.raw`"pre-push": "node_modules/.bin/tablewarden hook run \"$@\""`,
    },
    {
      name: 'pre-commit',
      files: { '.pre-commit-config.yaml': 'repos: []\n' },
      lines:
        '        entry: node_modules/.bin/tablewarden hook run\n        language: system\n        stages: [pre-push]',
    },
  ])('$name', async ({ name, files, lines }) => {
    const { directory, commit, git } = makeRepository();
    commit(files);
    const said = await installHook(directory);
    expect(said).toContain(`${name} manages the hooks of this repository`);
    expect(said).toContain(lines);
    expect(git('status', '--porcelain')).toBe('');
    expect(() => statSync(join(directory, '.git/hooks/pre-push'))).toThrow();
  });

  test("husky is known by its hooks path, and a stray folder of its name is nobody's", async () => {
    const husky = makeRepository();
    husky.git('config', 'core.hooksPath', '.husky/_');
    expect(await installHook(husky.directory)).toContain('husky manages');
    const stray = makeRepository();
    stray.write('.husky/pre-commit', 'npm test\n');
    expect(await installHook(stray.directory)).toContain('Created .git/hooks/pre-push.');
  });

  test('a package.json that does not parse is no obstacle', async () => {
    const { directory, write } = makeRepository();
    write('package.json', '{');
    expect(await installHook(at(directory).directory)).toContain('Created');
  });
});
