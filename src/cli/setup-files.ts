import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '../change/change-set.ts';
import { entriesOnDisk, openDisk, textsOnDisk } from '../change/disk.ts';
import { CONFIG_PATHS, MISNAMED } from '../config.ts';

const PAGES = '.tablewarden/rules';

/** Folders that may say how a repository wants to be judged, and the files of theirs that do. */
const PLACES = [
  ['', /^\.?tablewarden\.ya?ml$/],
  ['.github', /^tablewarden\.ya?ml$/],
  [PAGES, /\.md$/],
] as const;

/** The part of a tree that says how it wants to be judged, so that the rest of it need not be listed. */
export function setupOf(tree: Tree): Tree {
  return tree.part?.([...CONFIG_PATHS, ...MISNAMED, PAGES]) ?? tree;
}

/** True for a page of the user's own; a README beside them is none. */
export function isOwnPage(path: string): boolean {
  const name = path.startsWith(`${PAGES}/`) ? path.slice(PAGES.length + 1) : '';
  return /^[^/]+\.md$/.test(name) && name !== 'README.md';
}

/** Those files of a folder on the disk as a tree; nothing else is listed, and no link is followed. */
export function treeOfSetup(folder: string): Tree {
  const disk = openDisk(folder);
  const paths = PLACES.flatMap(([below, wanted]) =>
    namesIn(join(folder, below))
      .filter((name) => wanted.test(name))
      .map((name) => (below ? `${below}/${name}` : name)),
  );
  const entries = new Map(entriesOnDisk(disk, paths).map((entry) => [entry.path, entry]));
  return { name: folder, entries: async () => entries, read: async (wanted) => textsOnDisk(disk, wanted) };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
