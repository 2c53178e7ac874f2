import { type DiffEntry, diffWorkingTree } from '../git/diff.ts';
import type { Repository } from '../git/repository.ts';
import { findCommit } from '../git/revision.ts';
import { EMPTY_TREE, listUntracked } from '../git/tree.ts';
import type { ChangeSet, Tree } from './change-set.ts';
import { NOTHING, once, readEntries, treeOfCommit } from './commit-tree.ts';
import { changeSetOf } from './compare-trees.ts';
import { type Difference, entriesOf, pairMoved, patch, toDifference } from './difference.ts';
import { type Disk, openDisk, textsOnDisk } from './disk.ts';

/**
 * The change from a commit (undefined: from nothing) to the files as they lie on the disk: tracked, and untracked ones that
 * are not ignored. Contents are read and hashed here, never through git's filters, which a hostile repository may set; a
 * file whose line ends alone differ from git's is unchanged.
 */
export async function changeOfWorkingTree(
  repository: Repository,
  top: string,
  base: string | undefined,
): Promise<ChangeSet> {
  const disk = openDisk(top, repository.objectFormat);
  const [tracked, untracked] = await Promise.all([
    diffWorkingTree(repository, base ?? EMPTY_TREE[repository.objectFormat]),
    listUntracked(repository),
  ]);
  const onDisk = new Set<string>();
  const found: Difference[] = tracked.flatMap((entry) => look(entry, disk, onDisk));
  const gone = new Set(found.flatMap(({ file, base }) => (file.status === 'deleted' && base ? base.id : [])));
  for (const path of untracked) found.push(...lookAtNew(path, disk, onDisk, gone));
  const differences = pairMoved(found);

  const known = entriesOf(differences, 'base');
  const before = base ? treeOfCommit(repository, base, { known }) : NOTHING;
  const entries = once(async () => patch(await before.entries(), differences));
  const head: Tree = {
    name: 'working tree',
    entries,
    read: async (paths) => {
      const wanted = [...paths];
      const lying = wanted.filter((path) => onDisk.has(path));
      const kept = wanted.filter((path) => !onDisk.has(path));
      const texts = new Map(textsOnDisk(disk, lying));
      if (kept.length === 0) return texts;
      for (const [path, text] of await readEntries(repository, await entries(), kept)) texts.set(path, text);
      return texts;
    },
    // without a commit git has nothing to search in: whoever asks reads the files
    ...(base && {
      search: async (words) => {
        const found = await before.search?.(words);
        return found && [...new Set([...found, ...onDisk])];
      },
    }),
  };
  const files = differences.map(({ file }) => file);
  const merges = async () =>
    base === undefined ? [] : (await import('./merges.ts')).mergedSides(repository, base, 'HEAD');
  return { ...changeSetOf(before, head, files), merges };
}

/** A tracked file that git saw differ, or whose time stamp says that it may. */
function look(entry: DiffEntry, disk: Disk, onDisk: Set<string>): Difference[] {
  const told = toDifference(entry);
  if (!told.head || entry.id !== undefined || told.head.kind === 'submodule') return [told];
  const { path } = entry;
  const seen = disk.look(path);
  if (!seen) {
    if (!told.base) return [];
    const file = { path: told.base.path, status: 'deleted' as const, kind: told.base.kind };
    return [{ file, base: told.base }];
  }
  const alike = seen.kind === told.base?.kind && [seen.id, seen.asLf].includes(told.base.id);
  if (alike && entry.status === 'modified') return [];
  onDisk.add(path);
  const id = alike ? (told.base?.id ?? seen.id) : seen.id;
  return [{ ...told, file: { ...told.file, kind: seen.kind }, head: { path, kind: seen.kind, id } }];
}

function lookAtNew(path: string, disk: Disk, onDisk: Set<string>, gone: ReadonlySet<string>): Difference[] {
  const seen = disk.look(path);
  if (!seen) return [];
  onDisk.add(path);
  const id = seen.asLf !== undefined && gone.has(seen.asLf) ? seen.asLf : seen.id;
  return [{ file: { path, status: 'added', kind: seen.kind }, head: { path, kind: seen.kind, id } }];
}

/** The files as they lie on the disk, without a change. */
export function treeOfWorkingTree(repository: Repository, top: string): Tree {
  const change = once(async () => changeOfWorkingTree(repository, top, await findCommit(repository, 'HEAD')));
  return {
    name: 'working tree',
    entries: async () => (await change()).head.entries(),
    read: async (paths) => (await change()).head.read(paths),
  };
}
