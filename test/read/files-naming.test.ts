import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { treeOfCommit } from '../../src/change/commit-tree.ts';
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
