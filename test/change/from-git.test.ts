import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ChangeSet } from '../../src/change/change-set.ts';
import { changeOfCommits, changeOfRange, changeOfWhole } from '../../src/change/from-git.ts';
import { openRepository } from '../../src/git/repository.ts';
import { commit, git, newFolder, newRepository, write } from '../git/made-repository.ts';

const listed = (change: ChangeSet) =>
  change.files.map((file) => `${file.status} ${file.oldPath ? `${file.oldPath} -> ` : ''}${file.path}`);

const changeIn = async (folder: string, range?: string) => changeOfRange(await openRepository(folder), range);

const paths = async (tree: ChangeSet['head']) => [...(await tree.entries()).keys()];

/** `main` and `feature` part after the first commit. */
function twoBranches(): string {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;\n', 'old name.sql': 'SELECT 2;\nSELECT 3;\n', 'gone.sql': 'x' });
  git(folder, 'checkout', '-q', '-b', 'feature');
  commit(folder, { 'a.sql': 'SELECT 1;\nSELECT 9;\n', 'old name.sql': null, 'gone.sql': null });
  commit(folder, { 'new\tname.sql': 'SELECT 2;\nSELECT 3;\n', 'bin.dat': Buffer.from([0, 1, 2]) });
  git(folder, 'checkout', '-q', 'main');
  commit(folder, { 'main only.sql': 'SELECT 4;' });
  return folder;
}

test.each(['main..feature', 'main...feature'])(
  '%s runs from the merge base: what base gained meanwhile is not the change',
  async (range) => {
    const change = await changeIn(twoBranches(), range);
    expect(listed(change)).toEqual([
      'modified a.sql',
      'added bin.dat',
      'deleted gone.sql',
      'renamed old name.sql -> new\tname.sql',
    ]);
    expect(await change.hunks(['a.sql', 'bin.dat', 'gone.sql', 'elsewhere'])).toEqual(
      new Map([['a.sql', [{ line: 2, count: 1 }]]]),
    );
    expect((await change.head.read(['bin.dat'])).get('bin.dat')).toMatchObject({
      reason: 'binary',
      bytes: 3,
    });
  },
);

test('both trees are whole, and paths that one lacks are left out of what is read', async () => {
  const change = await changeIn(twoBranches(), 'main..feature');
  expect(await paths(change.base)).toEqual(['a.sql', 'gone.sql', 'old name.sql']);
  expect(await paths(change.head)).toEqual(['a.sql', 'bin.dat', 'new\tname.sql']);
  const texts = await change.base.read(['gone.sql', 'bin.dat']);
  expect([...texts.keys()]).toEqual(['gone.sql']);
});

test('a part of a tree is what lies at and below the paths given, and reads like the whole', async () => {
  const folder = newRepository();
  commit(folder, {
    'a.yml': 'one',
    'a.yml.md': 'x',
    'rules/b.md': 'two',
    'rules/deep/c.md': 'y',
    'z.md': 'z',
  });
  const { base } = await changeOfCommits(await openRepository(folder), 'HEAD', 'HEAD');
  const part = base.part?.(['a.yml', 'none.yml', 'rules']);
  expect(part && (await paths(part))).toEqual(['a.yml', 'rules/b.md', 'rules/deep/c.md']);
  expect(await part?.read(['a.yml', 'z.md'])).toEqual(await base.read(['a.yml']));
});

test('commits are compared straight, without a merge base', async () => {
  const folder = twoBranches();
  const repository = await openRepository(folder);
  const change = await changeOfCommits(repository, git(folder, 'rev-parse', 'main'), 'feature');
  expect(listed(change)).toContain('deleted main only.sql');
});

test('a missing side of a range is HEAD, as git has it', async () => {
  const folder = twoBranches();
  expect(listed(await changeIn(folder, 'feature..'))).toEqual(['added main only.sql']);
  expect(listed(await changeIn(folder, '..feature'))).toHaveLength(4);
});

test('a renamed and altered file keeps its old path', async () => {
  const folder = newRepository();
  const text = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);\n';
  commit(folder, { '1.sql': text });
  commit(folder, { '1.sql': null, '2.sql': `${text}SELECT 1;\n` });
  const change = await changeIn(folder, 'HEAD~1..HEAD');
  expect(change.files).toEqual([{ path: '2.sql', oldPath: '1.sql', status: 'renamed', kind: 'file' }]);
  expect(await change.hunks(['2.sql'])).toEqual(new Map([['2.sql', [{ line: 4, count: 1 }]]]));
});

test('a file that became a symbolic link is modified, and the link is not followed', async () => {
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;' });
  rmSync(join(folder, 'a.sql'));
  symlinkSync('/etc/hosts', join(folder, 'a.sql'));
  commit(folder, {});
  const change = await changeIn(folder, 'HEAD~1..HEAD');
  expect(change.files).toEqual([{ path: 'a.sql', status: 'modified', kind: 'symlink' }]);
  expect((await change.head.read(['a.sql'])).get('a.sql')).toMatchObject({
    text: undefined,
    reason: 'symlink',
  });
  expect((await change.base.read(['a.sql'])).get('a.sql')).toMatchObject({ text: 'SELECT 1;' });
  expect((await change.hunks(['a.sql'])).size).toBe(0);
});

test('names with spaces, line breaks, quotes, patterns and bytes that are no UTF-8 stay apart', async () => {
  const folder = newRepository();
  commit(folder, { 'first.sql': '1' });
  const names = [
    'a b.sql',
    'a\nb.sql',
    '"quoted".sql',
    "it's.sql",
    '*.sql',
    ':(top)x.sql',
    '__proto__',
    'é.sql',
    '-o.sql',
  ];
  write(folder, Object.fromEntries(names.map((name) => [name, name])));
  const raw = [Buffer.from([0x63, 0xe9]), Buffer.from([0x63, 0xe8]), Buffer.from('c\\xE9')];
  for (const name of raw) {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), name.toString('hex'));
  }
  const expected = [...names, 'c\\xE9', 'c\\xE8', 'c\\x5CxE9'].sort();
  const texts = { 'c\\xE9': '63e9', 'c\\xE8': '63e8', 'c\\x5CxE9': '635c784539' };
  for (const committed of [false, true]) {
    if (committed) commit(folder, {});
    const change = await changeIn(folder, committed ? 'HEAD~1..HEAD' : 'HEAD');
    expect(change.files.map((file) => file.path)).toEqual(expected);
    const read = await change.head.read(expected);
    for (const name of names) expect(read.get(name)?.text).toBe(name);
    for (const [name, text] of Object.entries(texts)) expect(read.get(name)?.text).toBe(text);
  }
});

test('a submodule is listed and never entered', async () => {
  const inner = newRepository();
  commit(inner, { 'x.sql': 'SELECT 1;' });
  const folder = newRepository();
  commit(folder, { 'a.sql': 'SELECT 1;' });
  git(folder, 'submodule', '--quiet', 'add', inner, 'sub');
  git(folder, 'config', '-f', '.gitmodules', 'submodule.sub.ignore', 'all');
  commit(folder, {});
  const change = await changeIn(folder, 'HEAD~1..HEAD');
  expect(change.files.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    '.gitmodules file',
    'sub submodule',
  ]);
  expect((await change.head.read(['sub'])).size).toBe(0);

  write(folder, { 'sub/x.sql': 'SELECT 2;', 'sub/y.sql': 'SELECT 3;' });
  expect(listed(await changeIn(folder))).toEqual([]);
  const inside = await changeIn(join(folder, 'sub'));
  expect(listed(inside)).toEqual(['modified x.sql', 'added y.sql']);
});

test.each(['sha1', 'sha256'])('first commit, whole tree and worktree in a %s repository', async (format) => {
  const folder = newRepository(`--object-format=${format}`);
  const first = commit(folder, { 'a.sql': 'SELECT 1;\n' });
  const repository = await openRepository(folder);
  expect(listed(await changeOfCommits(repository, undefined, first))).toEqual(['added a.sql']);
  expect(listed(await changeOfWhole(repository))).toEqual(['added a.sql']);
  const empty = git(folder, 'hash-object', '-t', 'tree', '/dev/null');
  expect(listed(await changeOfRange(repository, `${empty}..HEAD`))).toEqual(['added a.sql']);

  const tree = join(newFolder(), 'tree');
  git(folder, 'worktree', 'add', '-q', '--detach', tree);
  renameSync(join(tree, 'a.sql'), join(tree, 'b.sql'));
  const worktree = await openRepository(tree);
  expect(listed(await changeOfRange(worktree))).toEqual(['renamed a.sql -> b.sql']);
  expect(worktree.commonDir).toBe(repository.commonDir);
});

test('everything of a revision, of a repository without commits, of a bare one', async () => {
  const folder = twoBranches();
  expect(listed(await changeOfWhole(await openRepository(folder), 'feature'))).toEqual([
    'added a.sql',
    'added bin.dat',
    'added new\tname.sql',
  ]);
  const fresh = newRepository();
  write(fresh, { 'a.sql': 'SELECT 1;', 'b.sql': 'SELECT 2;' });
  git(fresh, 'add', 'a.sql');
  expect(listed(await changeOfWhole(await openRepository(fresh)))).toEqual(['added a.sql', 'added b.sql']);
  const bare = join(newFolder(), 'bare.git');
  git(folder, 'clone', '-q', '--bare', folder, bare);
  const repository = await openRepository(bare);
  expect(repository.top).toBeUndefined();
  expect(listed(await changeOfWhole(repository))).toHaveLength(4);
  expect(listed(await changeOfRange(repository, 'main..feature'))).toHaveLength(4);
});

test('a file above the limit is told by its size and not loaded, the others are', async () => {
  const folder = newRepository();
  commit(folder, { '0.sql': '0' });
  const files = {
    'a.sql': 'A',
    'big.sql': Buffer.alloc(32_000_001, 'x'),
    'c.sql': 'C',
    'huge.sql': Buffer.alloc(33_000_000, 'y'),
  };
  write(folder, files);
  const names = Object.keys(files);
  for (const committed of [false, true]) {
    if (committed) commit(folder, {});
    const change = await changeIn(folder, committed ? 'HEAD~1..HEAD' : 'HEAD');
    const read = await change.head.read(names);
    expect(names.map((name) => read.get(name)?.text)).toEqual(['A', undefined, 'C', undefined]);
    expect(read.get('big.sql')).toEqual({ text: undefined, reason: 'too large', bytes: 32_000_001 });
    expect(read.get('huge.sql')).toMatchObject({ reason: 'too large' });
  }
});

test('inside .git a range of commits can be told, the working tree cannot', async () => {
  const folder = twoBranches();
  mkdirSync(join(folder, '.git', 'x'));
  const repository = await openRepository(join(folder, '.git', 'x'));
  expect(listed(await changeOfRange(repository, 'main..feature'))).toHaveLength(4);
  await expect(changeOfRange(repository)).rejects.toThrow('no working tree');
});
