import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { replay, startingSchema } from '../read/replay.ts';
import { prove } from './prove.ts';
import type { Scratch } from './scratch.ts';
import type { Proof } from './verdict.ts';

/** How far a check proves: new migrations on a slice of the schema, whole chains from empty, or not at all. */
export type ProofMode = 'fast' | 'full' | 'off';

/**
 * Proves the new migrations of every chain that changed, one chain after the other, each in an empty scratch database.
 * A rewritten chain runs from empty in every mode; a baseline only in `full`.
 */
export async function proveChange(
  chains: readonly ChainChange[],
  head: Tree,
  cache: Cache,
  mode: ProofMode,
  openScratch: () => Promise<Scratch>,
): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  for (const chain of chains) {
    if (mode === 'off' || !chain.head || chain.migrations.length === 0) continue;
    if (chain.baseline && mode !== 'full') continue;
    const fromEmpty =
      mode === 'full' || chain.kind === 'rewritten' || !chain.base || chain.head.dialect === 'duckdb';
    const all = fromEmpty && chain.kind === 'appended' && chain.base;
    const migrations = all ? (await replay(chain.head, head, cache, 'sources')).migrations : chain.migrations;
    const schema = fromEmpty ? startingSchema(chain.head) : chain.baseSchema;
    const from = fromEmpty ? 'empty' : 'slice';
    const scratch = await openScratch();
    try {
      proofs.push(await prove({ chain: chain.head, schema, migrations, from }, scratch));
    } finally {
      await scratch.close();
    }
  }
  return proofs;
}
