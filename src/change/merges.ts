import { listMerges, pathsBetween } from '../git/merges.ts';
import type { Repository } from '../git/repository.ts';
import { findMergeBase } from '../git/revision.ts';
import type { Tree } from './change-set.ts';
import { treeOfCommit } from './commit-tree.ts';

/** What a merge commit made of one of its parents. */
export interface MergedSide {
  /** The merge commit. */
  readonly commit: string;
  readonly parent: string;
  /** Paths that the parent altered since the sides parted, and that the merge has otherwise than the parent. */
  readonly paths: readonly string[];
  /** Where the sides parted; the parent; what became of it. */
  readonly before: Tree;
  readonly side: Tree;
  readonly merged: Tree;
}

/** Merges that are looked at, the newest ones: a branch that follows another one for months has more. */
const MOST = 20;

/** The sides of a range's merge commits of which the merge has something otherwise. */
export async function mergedSides(
  repository: Repository,
  base: string,
  head: string,
): Promise<readonly MergedSide[]> {
  const found: MergedSide[] = [];
  for (const { commit, parents } of await listMerges(repository, base, head, MOST))
    for (const [at, parent] of parents.entries()) {
      const other = parents[at === 0 ? 1 : 0];
      const parted = other === undefined ? undefined : await findMergeBase(repository, parent, other);
      if (parted === undefined || parted === parent) continue;
      const altered = new Set(await pathsBetween(repository, parted, parent));
      const paths = (await pathsBetween(repository, parent, commit)).filter((path) => altered.has(path));
      if (paths.length === 0) continue;
      const [before, side, merged] = [parted, parent, commit].map((one) => treeOfCommit(repository, one));
      if (before && side && merged) found.push({ commit, parent, paths, before, side, merged });
    }
  return found;
}
