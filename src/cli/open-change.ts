import { join } from 'node:path';
import { type Cache, openCache } from '../cache/cache.ts';
import type { ChangeSet, Tree } from '../change/change-set.ts';
import { NOTHING } from '../change/commit-tree.ts';
import { compareTrees } from '../change/compare-trees.ts';
import { changeOfFolders, treeOfFolder } from '../change/from-folders.ts';
import { changeOfRange, changeOfWhole } from '../change/from-git.ts';
import { UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import type { Request } from './arguments.ts';
import { treeOfSetup } from './setup-files.ts';

/** What a command line points at. */
export interface OpenedChange {
  readonly changeSet: ChangeSet;
  /** Where configuration and own rules are read: the working tree, whatever the range. */
  readonly setupTree: Tree;
  readonly cache: Cache;
}

/** Opens the range, the folders or, with `whole`, everything of one side that the command line names. */
export async function openChange(
  request: Request,
  range: string | undefined,
  whole: boolean,
): Promise<OpenedChange> {
  const { from, to, repo } = request.options;
  if (from !== undefined || to !== undefined) {
    if (to === undefined || (from === undefined && !whole) || range !== undefined || repo !== undefined)
      throw new UserError(
        'Two folders stand in the place of a repository and a range.',
        'Name both and nothing else: `--from DIR --to DIR`.',
      );
    const changeSet = await (whole
      ? compareTrees(NOTHING, treeOfFolder(to))
      : changeOfFolders(from ?? to, to));
    return { changeSet, setupTree: treeOfSetup(to), cache: openCache(undefined) };
  }
  const repository = await openRepository(repo ?? '.');
  const changeSet = whole
    ? await changeOfWhole(repository, range?.split(/\.{2,3}/).at(-1))
    : await changeOfRange(repository, range);
  return {
    changeSet,
    setupTree: repository.top ? treeOfSetup(repository.top) : changeSet.head,
    cache: openCache(join(repository.commonDir, 'tablewarden')),
  };
}
