import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { ChangeSet, Tree } from './change-set.ts';
import { once, sortedEntries } from './commit-tree.ts';
import { compareTrees } from './compare-trees.ts';
import { entriesOnDisk, openDisk, textsOnDisk } from './disk.ts';

/** The change between two plain folders, without git. */
export function changeOfFolders(base: string, head: string): Promise<ChangeSet> {
  return compareTrees(treeOfFolder(base), treeOfFolder(head));
}

/** A folder as a tree; symbolic links are listed and never followed, `.git` and `node_modules` are left out. */
export function treeOfFolder(folder: string): Tree {
  const disk = openDisk(folder);
  const entries = once(async () => sortedEntries(entriesOnDisk(disk, listFolder(folder))));
  return {
    name: folder,
    entries,
    read: async (paths) => {
      const listed = await entries();
      return textsOnDisk(
        disk,
        [...paths].filter((path) => listed.has(path)),
      );
    },
  };
}

const LEFT_OUT = new Set(['.git', 'node_modules']);

function listFolder(folder: string): string[] {
  const found: string[] = [];
  const open = [''];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of childrenOf(folder, parent)) {
      if (LEFT_OUT.has(child.name)) continue;
      const path = parent ? `${parent}/${child.name}` : child.name;
      if (child.isDirectory()) open.push(path);
      else found.push(path);
    }
  }
  return found;
}

function childrenOf(folder: string, parent: string) {
  try {
    return readdirSync(join(folder, parent), { withFileTypes: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The folder ${join(folder, parent)} cannot be read: ${why}.`,
      'Check that it exists.',
    );
  }
}
