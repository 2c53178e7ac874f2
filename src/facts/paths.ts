import { pathsOf } from './fact-rows.ts';
import type { Facts } from './facts.ts';

/**
 * What a path stands for when base and head are compared: itself, through renames; and for every migration of a chain the
 * chain, since what one file says of the schema another may say after a squash.
 */
export function pathKeys(facts: Facts): (path: string, side: 'base' | 'head') => string {
  const renames = new Map(facts.files.flatMap(({ path, oldPath }) => (oldPath ? [[oldPath, path]] : [])));
  const migrations = { base: new Map<string, string>(), head: new Map<string, string>() };
  for (const chain of facts.chains)
    for (const side of ['base', 'head'] as const)
      for (const path of pathsOf(chain[side])) migrations[side].set(path, `chain ${chain.id}`);
  // what stands unchanged in a chain stands where head has it, at both sides; of one that is taken away, where base has it
  return (path, side) =>
    migrations[side].get(path) ??
    migrations[side === 'base' ? 'head' : 'base'].get(path) ??
    (side === 'base' ? renames.get(path) : undefined) ??
    path;
}
