import { UserError } from '../errors.ts';
import { diffTrees } from '../git/diff.ts';
import type { Repository } from '../git/repository.ts';
import { openRepository } from '../git/repository.ts';
import { defaultBranch, findCommit, mergeBase, resolveCommit } from '../git/revision.ts';
import type { ChangedFile, ChangeSet, Tree } from './change-set.ts';
import { kindOf, NOTHING, treeOfCommit } from './commit-tree.ts';
import { changeSetOf, compareTrees } from './compare-trees.ts';
import { treeOfWorkingTree } from './working-tree.ts';

/**
 * The change that a range names. `base..head` (and `base...head`) runs from the merge base of the two to head, as a pull
 * request shows it: what base gained meanwhile is not the change's. One revision: from its merge base with HEAD to the
 * working tree. None: the same with the default branch.
 */
export async function changeOfRange(repository: Repository, range?: string): Promise<ChangeSet> {
  const [left, right] = range?.split(/\.{2,3}/) ?? [];
  if (range?.includes('..')) {
    const head = await resolveCommit(repository, right || 'HEAD');
    const base = await resolveCommit(repository, left || 'HEAD');
    return changeOfCommits(repository, await mergeBase(repository, base, head), head);
  }
  const head = await resolveCommit(repository, 'HEAD');
  const base = left ? await resolveCommit(repository, left) : await baseOfWorkingTree(repository);
  return compareTrees(
    treeOfCommit(repository, await mergeBase(repository, base, head)),
    await workingTree(repository),
  );
}

/** The change from one commit (undefined: from nothing) straight to another. */
export async function changeOfCommits(
  repository: Repository,
  base: string | undefined,
  head: string,
): Promise<ChangeSet> {
  const to = treeOfCommit(repository, head);
  if (base === undefined) return compareTrees(NOTHING, to);
  const files = (await diffTrees(repository, base, head)).map(toChangedFile);
  return changeSetOf(treeOfCommit(repository, base), to, files);
}

/** Everything, as if it were new: of a revision, or of the working tree. */
export async function changeOfWhole(repository: Repository, revision?: string): Promise<ChangeSet> {
  if (revision) return changeOfCommits(repository, undefined, await resolveCommit(repository, revision));
  if (!repository.top) return changeOfCommits(repository, undefined, await resolveCommit(repository, 'HEAD'));
  return compareTrees(NOTHING, await workingTree(repository));
}

async function baseOfWorkingTree(repository: Repository): Promise<string> {
  const branch = await defaultBranch(repository);
  if (branch) return resolveCommit(repository, branch);
  return (await findCommit(repository, '@{upstream}')) ?? resolveCommit(repository, 'HEAD');
}

/** Git lists paths relative to where it runs, so the working tree is looked at from its top. */
async function workingTree(repository: Repository): Promise<Tree> {
  if (!repository.top)
    throw new UserError(
      'A bare repository has no working tree.',
      'Name both sides: `tablewarden check <base>..<head>`.',
    );
  const top = repository.directory === repository.top ? repository : await openRepository(repository.top);
  return treeOfWorkingTree(top, repository.top);
}

function toChangedFile({
  status,
  path,
  oldPath,
  mode,
}: Awaited<ReturnType<typeof diffTrees>>[number]): ChangedFile {
  return { path, oldPath, status, kind: kindOf(mode) };
}
