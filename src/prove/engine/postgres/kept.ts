import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExactOptions } from '../../exact.ts';
import type { Home } from './home.ts';

/** The version's layout of roles and settings; another one makes a cluster of its own. */
const LAYOUT = 1;

/** Where the cluster of a major version is. */
export function clusterFolder(home: Pick<Home, 'folder'>, major: number): string {
  return join(home.folder, `cluster-${major}.${LAYOUT}`);
}

/** The name of the database for a prefix of a chain. */
export function databaseOf(key: string): string {
  return `base_${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

/** The longest prefix of a chain, by the keys of all, that a cluster lists a database for. */
export function longestKept(cluster: string, keys: readonly string[]) {
  const there = new Set(listOf(join(cluster, 'bases')));
  if (there.size === 0) return undefined;
  for (let length = keys.length - 1; length >= 0; length--) {
    const database = databaseOf(keys[length] ?? '');
    if (there.has(database)) return { length, database };
  }
  return undefined;
}

/** Whether a proof that may make no database has none to run in: told without the server and what talks to it. */
export function isNothingKept(
  home: Pick<Home, 'folder'>,
  major: number,
  { make, fromEmpty, keys }: Pick<ExactOptions, 'make' | 'fromEmpty' | 'keys'>,
): boolean {
  if (make) return false;
  const cluster = clusterFolder(home, major);
  if (!existsSync(join(cluster, 'data'))) return true;
  return !fromEmpty && longestKept(cluster, keys) === undefined;
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
