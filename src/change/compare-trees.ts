import type { ChangedFile, ChangeSet, Hunk, Tree, TreeEntry } from './change-set.ts';
import { hunksBetween } from './diff.ts';

/** The change between two trees, told by their paths and content ids; a file that moved unaltered is a rename. */
export async function compareTrees(
  base: Tree,
  head: Tree,
  renames?: ReadonlyMap<string, string>,
): Promise<ChangeSet> {
  const before = await base.entries();
  const after = await head.entries();
  return changeSetOf(base, head, changedFiles(before, after, renames ?? new Map()));
}

function changedFiles(
  before: ReadonlyMap<string, TreeEntry>,
  after: ReadonlyMap<string, TreeEntry>,
  renames: ReadonlyMap<string, string>,
): ChangedFile[] {
  const gone = new Map<string, string[]>();
  for (const entry of before.values())
    if (!after.has(entry.path)) gone.set(entry.id, [...(gone.get(entry.id) ?? []), entry.path]);
  const moved = new Set<string>();
  const files: ChangedFile[] = [];
  for (const { path, kind, id } of after.values()) {
    const old = before.get(path);
    if (old) {
      if (old.id !== id || old.kind !== kind) files.push({ path, status: 'modified', kind });
      continue;
    }
    const oldPath = renames.get(path) ?? gone.get(id)?.shift();
    if (oldPath) moved.add(oldPath);
    files.push(oldPath ? { path, oldPath, status: 'renamed', kind } : { path, status: 'added', kind });
  }
  for (const { path, kind } of before.values())
    if (!after.has(path) && !moved.has(path)) files.push({ path, status: 'deleted', kind });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A change set over two trees and the files that differ between them. */
export function changeSetOf(base: Tree, head: Tree, files: readonly ChangedFile[]): ChangeSet {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    base,
    head,
    files,
    hunks: async (paths) => {
      const asked = [...paths].flatMap((path) => byPath.get(path) ?? []);
      const there = asked.filter((file) => file.status !== 'deleted');
      const heads = await head.read(there.map((file) => file.path));
      const known = there.filter((file) => file.status !== 'added');
      const bases = await base.read(known.map((file) => file.oldPath ?? file.path));
      const hunks = new Map<string, readonly Hunk[]>();
      for (const file of there) {
        const text = heads.get(file.path)?.text;
        const old = file.status === 'added' ? undefined : bases.get(file.oldPath ?? file.path)?.text;
        if (text !== undefined) hunks.set(file.path, hunksBetween(old, text));
      }
      return hunks;
    },
  };
}
