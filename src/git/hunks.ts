import type { Repository } from './repository.ts';

/** Lines of head that one hunk of a unified diff shows, context included; 1-based, both ends included. */
export interface ShownLines {
  readonly from: number;
  readonly to: number;
}

/**
 * The hunks that git's own diff of one file shows with three lines of context, as reviewers see them; none for a binary
 * file and one that the change deletes.
 */
export async function shownHunks(
  repository: Repository,
  base: string,
  head: string,
  paths: readonly string[],
): Promise<readonly ShownLines[]> {
  const args = ['-r', '-p', '--unified=3', '--find-renames', '--no-color', '--no-ext-diff', '--no-textconv'];
  const output = await repository.run(['diff-tree', ...args, base, head, '--', ...paths]);
  const hunks: ShownLines[] = [];
  for (const [, from, count] of output
    .toString('latin1')
    .matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)) {
    const [start, length] = [Number(from), Number(count ?? 1)];
    if (length > 0) hunks.push({ from: start, to: start + length - 1 });
  }
  return hunks;
}
