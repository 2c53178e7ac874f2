import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Chain } from '../read/chain.ts';
import { replay } from '../read/replay.ts';
import { findServerVersion } from '../read/server-version.ts';
import type { EngineChild } from './child.ts';
import type { ProofOptions } from './prove-change.ts';
import { proveExact } from './prove-exact.ts';

/** A chain whose database is ready for the hook, or why it is not. */
export interface Prepared {
  readonly chain: Chain;
  readonly engine: string;
  readonly reason?: string;
}

/** Makes the databases that exact engines keep, so that a later proof only runs what is new. */
export async function prepareExact(
  chains: readonly Chain[],
  tree: Tree,
  cache: Cache,
  { version: named, pglite }: Pick<ProofOptions, 'version' | 'pglite'>,
  engines: EngineChild,
): Promise<readonly Prepared[]> {
  const version = named ? { major: named, from: 'the configuration' } : await findServerVersion(tree);
  const prepared: Prepared[] = [];
  for (const chain of chains) {
    if (chain.dialect !== 'postgres' || chain.migrations.length === 0 || cache.folder === undefined) continue;
    const folder = join(cache.folder, 'postgres');
    const request = {
      engine: pglite ? ('pglite' as const) : ('postgres' as const),
      extensions: [...(await replay(chain, tree, cache, 'schema')).schema.extensions],
      chain,
      base: { chain, tree },
      migrations: [],
      make: true,
      folder,
      version,
    };
    const { engine, trouble } = await proveExact(request, engines.openExact);
    prepared.push({ chain, engine, ...(trouble === undefined ? {} : { reason: trouble }) });
  }
  return prepared;
}
