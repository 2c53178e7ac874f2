import type { ChangedFile, ChangeSet, Hunk, Tree, TreeEntry } from './change-set.ts';
import { hunksBetween } from './diff.ts';
import { type Difference, pairMoved } from './difference.ts';

/**
 * The change between two trees, told by their paths and content ids; a file that moved unaltered is a rename. `renames`
 * tells old paths by new ones where the content changed too.
 */
export async function compareTrees(
  base: Tree,
  head: Tree,
  renames: ReadonlyMap<string, string> = new Map(),
): Promise<ChangeSet> {
  const differences = compareEntries(await base.entries(), await head.entries(), renames);
  return changeSetOf(
    base,
    head,
    pairMoved(differences).map(({ file }) => file),
  );
}

function compareEntries(
  before: ReadonlyMap<string, TreeEntry>,
  after: ReadonlyMap<string, TreeEntry>,
  renames: ReadonlyMap<string, string>,
): Difference[] {
  const differences: Difference[] = [];
  const moved = new Set<string>();
  for (const head of after.values()) {
    const { path, kind } = head;
    const same = before.get(path);
    if (same?.id === head.id && same.kind === kind) continue;
    const oldPath = same ? undefined : renames.get(path);
    const old = oldPath === undefined || after.has(oldPath) ? undefined : before.get(oldPath);
    if (old) moved.add(old.path);
    if (same) differences.push({ file: { path, status: 'modified', kind }, base: same, head });
    else if (old) differences.push({ file: { path, oldPath, status: 'renamed', kind }, base: old, head });
    else differences.push({ file: { path, status: 'added', kind }, head });
  }
  for (const base of before.values())
    if (!after.has(base.path) && !moved.has(base.path))
      differences.push({ file: { path: base.path, status: 'deleted', kind: base.kind }, base });
  return differences;
}

/** Files whose two texts are held at once. */
const BATCH = 200;

/** A change set over two trees and the files that differ between them. */
export function changeSetOf(base: Tree, head: Tree, files: readonly ChangedFile[]): ChangeSet {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    base,
    head,
    files,
    hunks: async (paths) => {
      const asked = [...new Set(paths)].flatMap((path) => byPath.get(path) ?? []);
      const there = asked.filter((file) => file.status !== 'deleted' && file.kind === 'file');
      const hunks = new Map<string, readonly Hunk[]>();
      for (let at = 0; at < there.length; at += BATCH)
        for (const [path, found] of await hunksOf(base, head, there.slice(at, at + BATCH)))
          hunks.set(path, found);
      return hunks;
    },
  };
}

async function hunksOf(base: Tree, head: Tree, files: readonly ChangedFile[]) {
  const heads = await head.read(files.map((file) => file.path));
  const bases = await base.read(
    files.flatMap((file) => (file.status === 'added' ? [] : (file.oldPath ?? file.path))),
  );
  return files.flatMap((file): [string, readonly Hunk[]][] => {
    const text = heads.get(file.path)?.text;
    const old = file.status === 'added' ? undefined : bases.get(file.oldPath ?? file.path)?.text;
    return text === undefined ? [] : [[file.path, hunksBetween(old, text)]];
  });
}
