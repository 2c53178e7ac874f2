import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { listIndex, listTouched, listUntracked } from '../git/tree.ts';
import type { Tree, TreeEntry } from './change-set.ts';
import { readEntries, toEntries } from './commit-tree.ts';
import { MAX_FILE_BYTES } from './decode.ts';
import { readFiles } from './from-folders.ts';
import { contentId } from './from-texts.ts';

/**
 * The files as they lie on the disk: tracked, and untracked ones that are not ignored. Contents are read and hashed here,
 * never through git's filters, which a hostile repository may set.
 */
export function treeOfWorkingTree(repository: Repository, top: string): Tree {
  let listed: Promise<{ entries: Map<string, TreeEntry>; onDisk: Set<string> }> | undefined;
  const look = () => {
    listed ??= list(repository, top);
    return listed;
  };
  return {
    name: 'working tree',
    entries: async () => (await look()).entries,
    read: async (paths) => {
      const { entries, onDisk } = await look();
      const wanted = [...paths];
      const disk = await readFiles(
        top,
        entries,
        wanted.filter((path) => onDisk.has(path)),
      );
      const kept = await readEntries(
        repository,
        entries,
        wanted.filter((path) => !onDisk.has(path)),
      );
      return new Map([...disk, ...kept]);
    },
  };
}

async function list(repository: Repository, top: string) {
  const entries = toEntries(await listIndex(repository));
  const onDisk = new Set<string>();
  for (const path of [...(await listTouched(repository)), ...(await listUntracked(repository))]) {
    const entry = await entryOnDisk(top, path, entries.get(path));
    if (!entry) entries.delete(path);
    else if (entry !== entries.get(path)) {
      entries.set(path, entry);
      onDisk.add(path);
    }
  }
  return { entries, onDisk };
}

/** The entry of a file as it lies on the disk; the indexed one when only its line ends or time stamps differ. */
async function entryOnDisk(
  top: string,
  path: string,
  indexed: TreeEntry | undefined,
): Promise<TreeEntry | undefined> {
  if (indexed?.kind === 'submodule') return indexed;
  const info = await lstat(join(top, path)).catch(() => undefined);
  if (!info) return undefined;
  if (info.isSymbolicLink())
    return indexed?.kind === 'symlink' ? indexed : { path, kind: 'symlink', id: `link:${path}` };
  if (!info.isFile()) return undefined;
  if (info.size > MAX_FILE_BYTES) return { path, kind: 'file', id: `size:${info.size}` };
  const bytes = await readFile(join(top, path));
  const algorithm = indexed?.id.length === 64 ? 'sha256' : 'sha1';
  const same = (id: string) => indexed?.kind === 'file' && indexed.id === id;
  const id = contentId(bytes, algorithm);
  if (same(id)) return indexed;
  if (
    bytes.includes('\r\n') &&
    same(contentId(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), algorithm))
  )
    return indexed;
  return { path, kind: 'file', id };
}
