import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { treeOfCommit } from '../../src/change/commit-tree.ts';
import { changeOfCommits } from '../../src/change/from-git.ts';
import { openRepository } from '../../src/git/repository.ts';
import { filesNaming } from '../../src/read/files-naming.ts';
import { commit, git, newRepository } from '../git/made-repository.ts';

test('a clone that lacks some contents still tells which of the others name a table', async () => {
  const folder = newRepository();
  commit(folder, {
    'a.ts': 'lost',
    'b.ts': 'sql`SELECT 1 FROM orders`',
    'c.ts': 'reorders',
    'd.md': 'orders',
  });
  const tree = treeOfCommit(await openRepository(folder), git(folder, 'rev-parse', 'HEAD'));
  expect(await filesNaming(tree, ['orders'])).toEqual(['b.ts']);
  const id = git(folder, 'rev-parse', 'HEAD:a.ts');
  rmSync(join(folder, '.git/objects', id.slice(0, 2), id.slice(2)));
  expect(await filesNaming(tree, ['orders'])).toEqual(['b.ts']);
});

test('both sides of a change name what each commit names by itself', async () => {
  const folder = newRepository();
  const uses = 'sql`SELECT 1 FROM orders`';
  const before = commit(folder, {
    'stays.ts': uses,
    'gains.ts': 'nothing',
    'loses.ts': uses,
    'goes.ts': uses,
    'moves.ts': `${uses}\n${'// the same\n'.repeat(20)}`,
    '[a].ts': 'nothing',
  });
  const after = commit(folder, {
    'gains.ts': uses,
    'loses.ts': 'nothing',
    'goes.ts': null,
    'moves.ts': null,
    'moved/here.ts': `${uses}\n${'// the same\n'.repeat(20)}`,
    'comes.ts': uses,
    '[a].ts': uses,
  });
  const repository = await openRepository(folder);
  const { base, head } = await changeOfCommits(repository, before, after);
  const sorted = async (...asked: Parameters<typeof filesNaming>) =>
    [...(await filesNaming(...asked))].sort();
  for (const words of [['orders'], ['nothing', 'same'], ['orders'], ['unheard']]) {
    expect(await sorted(head, words)).toEqual(await sorted(treeOfCommit(repository, after), words));
    expect(await sorted(base, words)).toEqual(await sorted(treeOfCommit(repository, before), words));
  }
  expect(await sorted(head, ['orders'])).toEqual([
    '[a].ts',
    'comes.ts',
    'gains.ts',
    'moved/here.ts',
    'stays.ts',
  ]);
});
