import type { DiffEntry } from '../git/diff.ts';
import type { ChangedFile, TreeEntry } from './change-set.ts';
import { kindOf, sortedEntries } from './commit-tree.ts';

/** A changed file and its entries at the two sides. */
export interface Difference {
  readonly file: ChangedFile;
  readonly base?: TreeEntry;
  readonly head?: TreeEntry;
}

/** A difference as git told it. */
export function toDifference(entry: DiffEntry): Difference {
  const { status, path, oldPath, mode, oldMode, oldId, id } = entry;
  const file = { path, status, kind: kindOf(mode), ...(oldPath === undefined ? {} : { oldPath }) };
  const base = oldId === undefined ? undefined : { path: oldPath ?? path, kind: kindOf(oldMode), id: oldId };
  const head = status === 'deleted' ? undefined : { path, kind: kindOf(mode), id: id ?? 'not looked at' };
  return { file, base, head };
}

/** The entries of one side that the differences name. */
export function entriesOf(
  differences: readonly Difference[],
  side: 'base' | 'head',
): ReadonlyMap<string, TreeEntry> {
  return new Map(
    differences.flatMap((difference) => {
      const entry = difference[side];
      return entry ? [[entry.path, entry]] : [];
    }),
  );
}

/** Head's entries, made from base's: the differences are all that parts them. */
export function patch(
  base: ReadonlyMap<string, TreeEntry>,
  differences: readonly Difference[],
): ReadonlyMap<string, TreeEntry> {
  const entries = new Map(base);
  for (const { base: before } of differences) if (before) entries.delete(before.path);
  for (const { head } of differences) if (head) entries.set(head.path, head);
  return sortedEntries([...entries.values()]);
}

/** Pairs a deleted file with an added one of the same content: it moved. */
export function pairMoved(differences: readonly Difference[]): Difference[] {
  const gone = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { file, base } = difference;
    if (file.status !== 'deleted' || base?.kind !== 'file') continue;
    const same = gone.get(base.id);
    if (same) same.push(difference);
    else gone.set(base.id, [difference]);
  }
  for (const same of gone.values()) same.reverse();
  const moved = new Set<Difference>();
  const paired = differences.map((difference) => {
    const { file, head } = difference;
    const old = file.status === 'added' && head ? gone.get(head.id)?.pop() : undefined;
    if (!old) return difference;
    moved.add(old);
    const renamed: ChangedFile = { ...file, status: 'renamed', oldPath: old.file.path };
    return { ...difference, file: renamed, base: old.base };
  });
  return paired.filter((difference) => !moved.has(difference)).sort(byPath);
}

function byPath(a: Difference, b: Difference): number {
  return a.file.path < b.file.path ? -1 : 1;
}
