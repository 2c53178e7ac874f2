import { splitRecords } from './path.ts';
import type { Repository } from './repository.ts';

/** A merge commit and what it merged, the branch that it was made on first. */
export interface MergeCommit {
  readonly commit: string;
  readonly parents: readonly string[];
}

/** At most so many merge commits that `head` has and `base` has not, the newest first; none where a clone is too shallow to tell. */
export async function listMerges(
  repository: Repository,
  base: string,
  head: string,
  most: number,
): Promise<readonly MergeCommit[]> {
  const args = ['rev-list', '--merges', '--parents', `--max-count=${most}`, head, `^${base}`];
  const { code, stdout } = await repository.try(args);
  const lines = code === 0 ? stdout.toString('latin1').trimEnd().split('\n') : [];
  return lines.flatMap((line) => {
    const [commit, ...parents] = line.split(' ');
    return commit ? [{ commit, parents }] : [];
  });
}

/** Paths that differ between two commits, told without a look at any content: a partial clone lacks some. */
export async function pathsBetween(
  repository: Repository,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '--no-renames', '--name-only', '-z', from, to];
  return splitRecords(await repository.run(args));
}
