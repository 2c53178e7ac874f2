import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { changeOfCommits, changeOfRange, changeOfWhole } from '../../src/change/from-git.ts';
import { openRepository } from '../../src/git/repository.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tablewarden-test-'));
  folders.push(folder);
  return folder;
}

function newRepository(...init: string[]): string {
  const folder = newFolder();
  git(folder, 'init', '-q', '-b', 'main', ...init);
  return folder;
}

function git(folder: string, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=t',
    '-c',
    'user.email=t@example.invalid',
    '-c',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function commit(folder: string, files: Record<string, string | Buffer | null>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text === null) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
  return git(folder, 'rev-parse', 'HEAD');
}

const listed = async (change: ReturnType<typeof changeOfRange>) =>
  (await change).files.map(
    (file) => `${file.status} ${file.oldPath ? `${file.oldPath} -> ` : ''}${file.path}`,
  );

test('a range runs from the merge base: what base gained meanwhile is not the change', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\n', 'old name.sql': 'SELECT 2;\nSELECT 3;\n', 'gone.sql': 'x' });
  git(folder, 'checkout', '-q', '-b', 'feature');
  commit(folder, { 'a.sql': 'SELECT 1;\nSELECT 9;\n', 'old name.sql': null, 'gone.sql': null });
  commit(folder, { 'new\tname.sql': 'SELECT 2;\nSELECT 3;\n', 'bin.dat': Buffer.from([0, 1, 2]) });
  git(folder, 'checkout', '-q', 'main');
  commit(folder, { 'main only.sql': 'SELECT 4;' });
  const repository = await openRepository(folder);
  const change = await changeOfRange(repository, 'main..feature');
  expect(await listed(Promise.resolve(change))).toEqual([
    'modified a.sql',
    'added bin.dat',
    'deleted gone.sql',
    'renamed old name.sql -> new\tname.sql',
  ]);
  expect((await change.hunks(['a.sql'])).get('a.sql')).toEqual([{ line: 2, count: 1 }]);
  expect((await change.head.read(['bin.dat'])).get('bin.dat')).toMatchObject({ reason: 'binary' });
});

test('without a range: the working tree, uncommitted and untracked files too, against the default branch', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\n', '.gitignore': 'ignored.sql\n', 'sub/b.sql': 'b' });
  git(folder, 'checkout', '-q', '-b', 'work');
  commit(folder, { 'c.sql': 'c' });
  writeFileSync(join(folder, 'a.sql'), 'SELECT 2;\n');
  writeFileSync(join(folder, 'new.sql'), 'n');
  writeFileSync(join(folder, 'ignored.sql'), 'i');
  rmSync(join(folder, 'sub/b.sql'));
  symlinkSync('/etc/passwd', join(folder, 'link.sql'));
  const change = await changeOfRange(await openRepository(join(folder, 'sub', '..')));
  expect(await listed(Promise.resolve(change))).toEqual([
    'modified a.sql',
    'added c.sql',
    'added link.sql',
    'added new.sql',
    'deleted sub/b.sql',
  ]);
  expect((await change.head.read(['link.sql', 'a.sql'])).get('link.sql')).toMatchObject({
    reason: 'symlink',
  });
  expect((await change.head.read(['a.sql'])).get('a.sql')).toMatchObject({ text: 'SELECT 2;\n' });
});

test('a file whose line ends alone differ on the disk is unchanged', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\nSELECT 2;\n' });
  writeFileSync(join(folder, 'a.sql'), 'SELECT 1;\r\nSELECT 2;\r\n');
  expect(await listed(changeOfRange(await openRepository(folder)))).toEqual([]);
});

test.each(['sha1', 'sha256'])('first commit, whole tree and worktree in a %s repository', async (format) => {
  const folder = newRepository(`--object-format=${format}`);
  const first = commit(folder, { 'a.sql': 'SELECT 1;\n' });
  const repository = await openRepository(folder);
  expect(await listed(changeOfCommits(repository, undefined, first))).toEqual(['added a.sql']);
  expect(await listed(changeOfWhole(repository))).toEqual(['added a.sql']);
  const tree = join(newFolder(), 'tree');
  git(folder, 'worktree', 'add', '-q', '--detach', tree);
  writeFileSync(join(tree, 'b.sql'), 'SELECT 2;');
  const worktree = await openRepository(tree);
  expect(await listed(changeOfRange(worktree))).toEqual(['added b.sql']);
  expect(worktree.commonDir).toBe(repository.commonDir);
});

test('a submodule is listed and never entered', async () => {
  const inner = newRepository();
  commit(inner, { 'x.sql': 'SELECT 1;' });
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;' });
  git(folder, 'submodule', '--quiet', 'add', inner, 'sub');
  const head = commit(folder, {});
  const change = await changeOfCommits(await openRepository(folder), `${head}~1`, head);
  expect(change.files.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    '.gitmodules file',
    'sub submodule',
  ]);
  expect((await change.head.read(['sub'])).size).toBe(0);
});

test.each([
  ['not a repository', () => newFolder(), undefined, 'is not a git repository'],
  ['no commit', () => newRepository(), 'a..b', 'has no commit yet'],
  ['an unknown revision', oneCommit, 'main..nowhere', 'There is no commit nowhere'],
  ['before the first commit', oneCommit, 'HEAD~1..HEAD', 'does not go back that far'],
  ['an option for a revision', oneCommit, '--output=x..HEAD', 'There is no commit --output=x'],
  ['a shallow clone without the base', shallowClone, 'HEAD~1..HEAD', 'shallow clone'],
  ['unrelated histories', unrelated, 'main..other', 'no common history'],
])('%s is told in plain words', async (_, make, range, message) => {
  const folder = make();
  await expect(openRepository(folder).then((repository) => changeOfRange(repository, range))).rejects.toThrow(
    message,
  );
});

function oneCommit(): string {
  const folder = newRepository();
  commit(folder, { a: 'a' });
  return folder;
}

function shallowClone(): string {
  const folder = oneCommit();
  commit(folder, { b: 'b' });
  const clone = newFolder();
  git(clone, 'clone', '-q', '--depth=1', `file://${folder}`, 'clone');
  return join(clone, 'clone');
}

function unrelated(): string {
  const folder = oneCommit();
  git(folder, 'checkout', '-q', '--orphan', 'other');
  commit(folder, { b: 'b' });
  return folder;
}

test('nothing that a repository configures is run', async () => {
  const folder = oneCommit();
  const trap = join(newFolder(), 'ran');
  writeFileSync(join(folder, '.gitattributes'), '*.sql diff=evil filter=evil\n');
  for (const key of [
    'core.fsmonitor',
    'diff.external',
    'diff.evil.command',
    'diff.evil.textconv',
    'filter.evil.clean',
    'filter.evil.smudge',
  ])
    git(folder, 'config', key, `touch ${trap};`);
  writeFileSync(join(folder, 'a.sql'), 'SELECT 1;');
  const change = await changeOfRange(await openRepository(folder));
  await change.head.read(change.files.map((file) => file.path));
  expect(change.files.map((file) => file.path)).toContain('a.sql');
  expect(existsSync(trap)).toBe(false);
});
