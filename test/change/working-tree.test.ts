import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ChangeSet } from '../../src/change/change-set.ts';
import { changeOfRange } from '../../src/change/from-git.ts';
import { treeOfWorkingTree } from '../../src/change/working-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { commit, git, newFolder, newRepository, write } from '../git/made-repository.ts';

const listed = (change: ChangeSet) =>
  change.files.map((file) => `${file.status} ${file.oldPath ? `${file.oldPath} -> ` : ''}${file.path}`);

const changeIn = async (folder: string, range?: string) => changeOfRange(await openRepository(folder), range);

const kept = { 'a.sql': 'SELECT 1;\n', '.gitignore': 'ignored.sql\n', 'sub/b.sql': 'b' };

test('uncommitted and untracked files belong to the change, ignored and installed ones do not', async () => {
  const folder = newRepository();
  commit(folder, kept);
  git(folder, 'checkout', '-q', '-b', 'work');
  commit(folder, { 'c.sql': 'c' });
  write(folder, { 'a.sql': 'SELECT 2;\n', 'new.sql': 'n', 'ignored.sql': 'i', 'node_modules/x/y.sql': 'y' });
  rmSync(join(folder, 'sub/b.sql'));
  symlinkSync('/etc/hosts', join(folder, 'link.sql'));
  write(folder, { 'deep/here.txt': '' });
  const change = await changeIn(join(folder, 'deep'));
  expect(listed(change)).toEqual([
    'modified a.sql',
    'added c.sql',
    'added deep/here.txt',
    'added link.sql',
    'added new.sql',
    'deleted sub/b.sql',
  ]);
  const read = await change.head.read(['link.sql', 'a.sql', 'c.sql', 'sub/b.sql', '.gitignore']);
  expect(read.get('link.sql')).toMatchObject({ reason: 'symlink' });
  expect(['a.sql', 'c.sql', 'sub/b.sql', '.gitignore'].map((path) => read.get(path)?.text)).toEqual([
    'SELECT 2;\n',
    'c',
    undefined,
    'ignored.sql\n',
  ]);
  expect([...(await change.head.entries()).keys()]).toEqual([
    '.gitignore',
    'a.sql',
    'c.sql',
    'deep/here.txt',
    'link.sql',
    'new.sql',
  ]);
  expect(await change.hunks(['a.sql', 'new.sql'])).toEqual(
    new Map([
      ['a.sql', [{ line: 1, count: 1 }]],
      ['new.sql', [{ line: 1, count: 1 }]],
    ]),
  );
});

test('a named revision is compared from where the work left it', async () => {
  const folder = newRepository();
  commit(folder, kept);
  git(folder, 'checkout', '-q', '-b', 'work');
  commit(folder, { 'c.sql': 'c' });
  git(folder, 'checkout', '-q', 'main');
  commit(folder, { 'main.sql': 'm' });
  git(folder, 'checkout', '-q', 'work');
  write(folder, { 'd.sql': 'd' });
  expect(listed(await changeIn(folder, 'main'))).toEqual(['added c.sql', 'added d.sql']);
  expect(listed(await changeIn(folder, 'HEAD'))).toEqual(['added d.sql']);
});

test('a new time stamp, another mode or other line ends are no change', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\nSELECT 2;\n', 'b.sql': 'b', 'c.sql': 'c' });
  write(folder, { 'a.sql': 'SELECT 1;\r\nSELECT 2;\r\n' });
  utimesSync(join(folder, 'b.sql'), 1, 1);
  chmodSync(join(folder, 'c.sql'), 0o755);
  expect(listed(await changeIn(folder))).toEqual([]);
});

test('a file that was committed as CRLF and one that autocrlf checked out are unchanged', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\r\n', 'b.sql': 'SELECT 1;\nSELECT 2;\n' });
  git(folder, 'config', 'core.autocrlf', 'true');
  rmSync(join(folder, 'b.sql'));
  git(folder, 'checkout', '-q', '--', 'b.sql');
  utimesSync(join(folder, 'a.sql'), 1, 1);
  utimesSync(join(folder, 'b.sql'), 1, 1);
  expect(listed(await changeIn(folder))).toEqual([]);
});

test('a change that was staged and taken back on the disk is no change; the staged state is not looked at', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'one', 'b.sql': 'two' });
  write(folder, { 'a.sql': 'other', 'new.sql': 'staged, then removed' });
  git(folder, 'add', '-A');
  write(folder, { 'a.sql': 'one' });
  rmSync(join(folder, 'new.sql'));
  const change = await changeIn(folder);
  expect(listed(change)).toEqual([]);
  expect((await change.head.read(['a.sql'])).get('a.sql')?.text).toBe('one');
  expect([...(await change.head.entries()).keys()]).toEqual(['a.sql', 'b.sql']);
});

test('a file that was moved is a rename: untracked, staged, and altered in an earlier commit', async () => {
  const folder = newRepository();
  const text = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);\n';
  commit(folder, { '1.sql': 'one\n', '2.sql': 'two\n', '3.sql': text });
  git(folder, 'checkout', '-q', '-b', 'work');
  git(folder, 'mv', '3.sql', 'third.sql');
  commit(folder, { 'third.sql': `${text}SELECT 1;\n` });
  renameSync(join(folder, '1.sql'), join(folder, 'first.sql'));
  git(folder, 'mv', '2.sql', 'second.sql');
  expect(listed(await changeIn(folder))).toEqual([
    'renamed 1.sql -> first.sql',
    'renamed 2.sql -> second.sql',
    'renamed 3.sql -> third.sql',
  ]);
});

test('an unfinished merge: the files with their markers, as they lie there', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'base\n', 'b.sql': 'base\n' });
  git(folder, 'checkout', '-q', '-b', 'other');
  commit(folder, { 'a.sql': 'theirs\n', 'b.sql': null });
  git(folder, 'checkout', '-q', 'main');
  commit(folder, { 'a.sql': 'ours\n', 'b.sql': 'ours\n' });
  expect(() => git(folder, 'merge', 'other')).toThrow();
  const change = await changeIn(folder, 'HEAD');
  expect(listed(change)).toEqual(['modified a.sql']);
  expect((await change.head.read(['a.sql'])).get('a.sql')?.text).toContain('<<<<<<< HEAD');
});

test('a folder that became a link is not followed: its files are gone', async () => {
  const folder = newRepository();
  commit(folder, { 'sub/b.sql': 'b', 'a.sql': 'a' });
  const outside = newFolder();
  write(outside, { 'b.sql': 'secret' });
  rmSync(join(folder, 'sub'), { recursive: true });
  symlinkSync(outside, join(folder, 'sub'));
  const change = await changeIn(folder);
  expect(listed(change)).toEqual(['added sub', 'deleted sub/b.sql']);
  expect([...(await change.head.read(['sub/b.sql', 'sub'])).values()]).toMatchObject([{ reason: 'symlink' }]);
});

test('a link that points elsewhere is modified; a file that became a folder is gone', async () => {
  const folder = newRepository();
  symlinkSync('one', join(folder, 'link'));
  commit(folder, { file: 'f' });
  rmSync(join(folder, 'link'));
  symlinkSync('other', join(folder, 'link'));
  rmSync(join(folder, 'file'));
  mkdirSync(join(folder, 'file'));
  write(folder, { 'file/inner.sql': 'i' });
  expect(listed(await changeIn(folder))).toEqual(['deleted file', 'added file/inner.sql', 'modified link']);
});

test('a sparse checkout lacks no file', async () => {
  const folder = newRepository();
  commit(folder, { 'kept/a.sql': 'a', 'left/b.sql': 'b' });
  git(folder, 'sparse-checkout', 'set', 'kept');
  write(folder, { 'kept/a.sql': 'A' });
  const change = await changeIn(folder);
  expect(listed(change)).toEqual(['modified kept/a.sql']);
  expect((await change.head.read(['left/b.sql'])).get('left/b.sql')?.text).toBe('b');
});

test('the working tree alone, also before the first commit', async () => {
  const folder = newRepository();
  write(folder, { 'tablewarden.yml': 'rules: {}\n' });
  const repository = await openRepository(folder);
  const tree = treeOfWorkingTree(repository, folder);
  expect((await tree.read(['tablewarden.yml', 'none'])).get('tablewarden.yml')?.text).toBe('rules: {}\n');
  commit(folder, {});
  writeFileSync(join(folder, 'b.sql'), 'b');
  const again = treeOfWorkingTree(repository, folder);
  expect([...(await again.entries()).keys()]).toEqual(['b.sql', 'tablewarden.yml']);
});
