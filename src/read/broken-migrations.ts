import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Chain } from './chain.ts';
import { type ReplayedMigration, replay } from './replay.ts';

/**
 * Paths of migrations that stand in a rewritten chain as they stood before, and no longer apply after what comes before them
 * now. Base is read again only where head has a refusal.
 */
export async function brokenMigrations(
  base: Chain,
  tree: Tree,
  migrations: readonly ReplayedMigration[],
  cache: Cache,
): Promise<readonly string[]> {
  const before = new Map(base.migrations.map((file) => [file.name, file.id]));
  const suspects = migrations.filter(({ file }) => before.get(file.name) === file.id).filter(isRefused);
  if (suspects.length === 0) return [];
  const replayed = await replay(base, tree, cache, 'sources');
  const refused = new Set(replayed.migrations.filter(isRefused).map(({ file }) => file.name));
  return suspects.flatMap(({ file }) => (refused.has(file.name) ? [] : file.path));
}

/** Whether the fold refused part of a migration, and not for what something unknown may have made. */
function isRefused({ steps }: ReplayedMigration): boolean {
  return steps.some(({ applied }) => applied.some(({ error }) => error && !error.tainted));
}
