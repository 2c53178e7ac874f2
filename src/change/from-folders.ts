import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { ChangeSet, FileText, Tree, TreeEntry } from './change-set.ts';
import { compareTrees } from './compare-trees.ts';
import { decode, MAX_FILE_BYTES } from './decode.ts';
import { contentId } from './from-texts.ts';

/** The change between two plain folders, without git. */
export function changeOfFolders(base: string, head: string): Promise<ChangeSet> {
  return compareTrees(treeOfFolder(base), treeOfFolder(head));
}

/** A folder as a tree; symbolic links are listed and never followed, `.git` and `node_modules` are left out. */
export function treeOfFolder(folder: string): Tree {
  let listed: Promise<ReadonlyMap<string, TreeEntry>> | undefined;
  const entries = () => {
    listed ??= list(folder);
    return listed;
  };
  return { name: folder, entries, read: async (paths) => readFiles(folder, await entries(), paths) };
}

async function list(folder: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const found: TreeEntry[] = [];
  const walk = async (relative: string): Promise<void> => {
    const children = await readdir(join(folder, relative), { withFileTypes: true });
    for (const child of children) {
      const path = relative ? `${relative}/${child.name}` : child.name;
      if (child.isSymbolicLink()) found.push({ path, kind: 'symlink', id: `link:${path}` });
      else if (child.isDirectory() && child.name !== '.git' && child.name !== 'node_modules')
        await walk(path);
      else if (child.isFile()) found.push({ path, kind: 'file', id: await idOf(join(folder, path)) });
    }
  };
  try {
    await walk('');
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be read: ${String(error)}`, 'Check that it exists.');
  }
  return new Map(found.sort((a, b) => (a.path < b.path ? -1 : 1)).map((entry) => [entry.path, entry]));
}

async function idOf(path: string): Promise<string> {
  const { size } = await lstat(path);
  return size > MAX_FILE_BYTES ? `size:${size}` : contentId(await readFile(path));
}

/** Contents of paths under a folder that a tree lists as files; what vanished meanwhile is left out. */
export async function readFiles(
  folder: string,
  entries: ReadonlyMap<string, TreeEntry>,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, FileText>> {
  const texts = new Map<string, FileText>();
  for (const path of paths) {
    const entry = entries.get(path);
    if (!entry || entry.kind === 'submodule') continue;
    const info = await lstat(join(folder, path)).catch(() => undefined);
    if (!info) continue;
    if (entry.kind === 'symlink' || !info.isFile())
      texts.set(path, { text: undefined, reason: 'symlink', bytes: 0 });
    else if (info.size > MAX_FILE_BYTES)
      texts.set(path, { text: undefined, reason: 'too large', bytes: info.size });
    else texts.set(path, decode(await readFile(join(folder, path))));
  }
  return texts;
}
