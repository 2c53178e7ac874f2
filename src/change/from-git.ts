import { UserError } from '../errors.ts';
import { diffTrees } from '../git/diff.ts';
import type { Repository } from '../git/repository.ts';
import {
  findCommit,
  hasOneBranch,
  mergeBase,
  readDefaultBranch,
  resolveCommit,
  resolveCommits,
} from '../git/revision.ts';
import { EMPTY_TREE } from '../git/tree.ts';
import type { ChangeSet } from './change-set.ts';
import { NOTHING, treeOfCommit } from './commit-tree.ts';
import { changeSetOf, compareTrees } from './compare-trees.ts';
import { entriesOf, patch, toDifference } from './difference.ts';
import { searchBoth } from './search-both.ts';

/**
 * The change that a range names. `base..head` (and `base...head`) runs from the merge base of the two to head, as a pull
 * request shows it: what base gained meanwhile is not the change's, and would look like something that head takes back.
 * One revision: from its merge base with HEAD to the working tree. None: the same with the default branch; on that branch
 * itself with its upstream, else HEAD. The empty tree's id stands for the time before the first commit.
 */
export async function changeOfRange(repository: Repository, range?: string): Promise<ChangeSet> {
  if (!range?.includes('..')) return changeFromRevision(repository, range || undefined);
  const [left, right] = sidesOf(range);
  if (left === EMPTY_TREE[repository.objectFormat])
    return changeOfCommits(repository, undefined, await resolveCommit(repository, right));
  const [base = '', head = ''] = await resolveCommits(repository, [left, right]);
  return changeOfCommits(repository, await mergeBase(repository, base, head), head);
}

function sidesOf(range: string): readonly [string, string] {
  const [left = '', right = '', ...rest] = range.split(/\.{2,3}/);
  if (rest.length > 0)
    throw new UserError(`${range} is no range.`, 'Write it as `<base>..<head>`: `origin/main..HEAD`.');
  return [left || 'HEAD', right || 'HEAD'];
}

/** The change from one commit (undefined: from nothing) straight to another. */
export async function changeOfCommits(
  repository: Repository,
  base: string | undefined,
  head: string,
): Promise<ChangeSet> {
  if (base === undefined) return compareTrees(NOTHING, treeOfCommit(repository, head));
  const differences = (await diffTrees(repository, base, head)).map(toDifference);
  const search = searchBoth(repository, base, head, differences);
  const known = { base: entriesOf(differences, 'base'), head: entriesOf(differences, 'head') };
  const before = treeOfCommit(repository, base, { known: known.base, search: search.base });
  const after = treeOfCommit(repository, head, {
    known: known.head,
    list: async () => patch(await before.entries(), differences),
    search: search.head,
  });
  const files = differences.map(({ file }) => file);
  const merges = async () => (await import('./merges.ts')).mergedSides(repository, base, head);
  return { ...changeSetOf(before, after, files), merges };
}

/** Everything, as if it were new: of a revision, or of the working tree (in a bare repository of HEAD). */
export async function changeOfWhole(repository: Repository, revision?: string): Promise<ChangeSet> {
  if (revision || !repository.top)
    return changeOfCommits(repository, undefined, await resolveCommit(repository, revision || 'HEAD'));
  return changeToWorkingTree(repository, undefined);
}

async function changeFromRevision(repository: Repository, revision: string | undefined): Promise<ChangeSet> {
  const [base = '', head = ''] = await resolveCommits(repository, [
    revision ?? (await baseOfWorkingTree(repository)),
    'HEAD',
  ]);
  return changeToWorkingTree(repository, await mergeBase(repository, base, head));
}

async function baseOfWorkingTree(repository: Repository): Promise<string> {
  const branch = await readDefaultBranch(repository);
  if (branch?.upstream && (await findCommit(repository, branch.upstream))) return branch.upstream;
  if (branch) return branch.ref;
  if ((await findCommit(repository, 'HEAD')) === undefined || (await hasOneBranch(repository))) return 'HEAD';
  throw new UserError(
    'There is no default branch to compare with: neither the remote nor this clone has main, master, develop or trunk.',
    'Name the base: `tablewarden check <base>`, or fetch it first: `git fetch origin main`.',
  );
}

async function changeToWorkingTree(repository: Repository, base: string | undefined): Promise<ChangeSet> {
  if (!repository.top)
    throw new UserError(
      'A bare repository has no working tree.',
      'Name both sides: `tablewarden check <base>..<head>`.',
    );
  const { changeOfWorkingTree } = await import('./working-tree.ts'); // commits alone need neither the disk nor its hashes
  return changeOfWorkingTree(repository, repository.top, base);
}
