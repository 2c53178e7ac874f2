import type { ChangeSet } from '../change/change-set.ts';
import { once } from '../change/commit-tree.ts';
import { type ShownLines, shownHunks } from '../git/hunks.ts';
import type { Repository } from '../git/repository.ts';

/** The lines in which GitHub shows a file of a change, by its path at head; of a renamed file those that were altered with it. */
export function shownLines(
  repository: Repository,
  { base, head, files }: ChangeSet,
): (path: string) => Promise<readonly ShownLines[]> {
  const known = new Map(
    files.map(({ path, oldPath }) => {
      const paths = oldPath === undefined ? [path] : [path, oldPath];
      return [path, once(() => shownHunks(repository, base.name, head.name, paths))];
    }),
  );
  return async (path) => (await known.get(path)?.()) ?? [];
}
