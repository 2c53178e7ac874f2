import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Chain } from '../read/chain.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { replay, startingSchema } from '../read/replay.ts';
import type { EngineChild } from './child.ts';
import { prove } from './prove.ts';
import { proveExact } from './prove-exact.ts';
import { proveOnRows } from './prove-on-rows.ts';
import type { Proof } from './verdict.ts';

/** How far a check proves: new migrations on a slice of the schema, whole chains from empty, or not at all. */
export type ProofMode = 'fast' | 'full' | 'off';

/** Engines by name, as `--engine` takes them. */
export type EngineName = 'duckdb' | 'postgres';

/** How a change's migrations are proved. */
export interface ProofOptions {
  readonly mode: ProofMode;
  /** The engines that run; by default all that fit. */
  readonly engine?: EngineName;
  /** Make the exact engine's database where there is none: takes seconds on a long chain, so that the hook does not. */
  readonly make: boolean;
  /** Major version of PostgreSQL that the repository runs, where it is known. */
  readonly version?: number;
}

interface Sides {
  readonly base: Tree;
  readonly head: Tree;
}

/**
 * Proves the new migrations of every chain that changed, one chain after the other, in an empty DuckDB and in PostgreSQL
 * itself. A rewritten chain runs from empty in every mode; a baseline only in `full`.
 */
export async function proveChange(
  chains: readonly ChainChange[],
  sides: Sides,
  cache: Cache,
  options: ProofOptions,
  engines: EngineChild,
): Promise<readonly Proof[]> {
  const { mode, engine } = options;
  const proofs: Proof[] = [];
  for (const chain of chains) {
    if (mode === 'off' || !chain.head || chain.migrations.length === 0) continue;
    if (chain.baseline && mode !== 'full') continue;
    const fromEmpty = mode === 'full' || chain.kind === 'rewritten' || !chain.base;
    if (engine !== 'postgres')
      proofs.push(await proveInDuckdb(chain, chain.head, fromEmpty, sides.head, cache, engines));
    if (engine === 'duckdb' || chain.head.dialect !== 'postgres') continue;
    const { make, version } = options;
    const folder = cache.folder === undefined ? undefined : join(cache.folder, 'postgres');
    const base = !fromEmpty && chain.base ? { chain: chain.base, tree: sides.base } : undefined;
    const migrations = await migrationsOf(chain, chain.head, fromEmpty, sides.head, cache);
    const exact = await proveExact(
      { chain: chain.head, base, migrations, make, folder, version },
      engines.openExact,
    );
    if (exact) proofs.push(exact);
  }
  return proofs;
}

async function proveInDuckdb(
  chain: ChainChange,
  head: Chain,
  asEmpty: boolean,
  tree: Tree,
  cache: Cache,
  engines: EngineChild,
): Promise<Proof> {
  const fromEmpty = asEmpty || head.dialect === 'duckdb';
  const migrations = await migrationsOf(chain, head, fromEmpty, tree, cache);
  const schema = fromEmpty ? startingSchema(head) : chain.baseSchema;
  if (!fromEmpty) return proveOnRows({ chain: head, schema, migrations, from: 'slice' }, engines.open);
  const scratch = await engines.open();
  try {
    const { proof } = await prove({ chain: head, schema, migrations, from: 'empty' }, scratch);
    const deployed = head.dialect !== 'duckdb' && chain.kind === 'appended' && chain.base;
    return deployed ? await withRows(proof, chain, head, engines) : proof;
  } finally {
    await scratch.close();
  }
}

/** The new migrations, or those of the whole chain. */
async function migrationsOf(chain: ChainChange, head: Chain, all: boolean, tree: Tree, cache: Cache) {
  const more = all && chain.kind === 'appended' && chain.base;
  return more ? (await replay(head, tree, cache, 'sources')).migrations : chain.migrations;
}

/** A whole chain is proved on what it makes itself; its new migrations also on the rows that they may meet. */
async function withRows(
  proof: Proof,
  { baseSchema: schema, migrations }: ChainChange,
  chain: Chain,
  engines: EngineChild,
): Promise<Proof> {
  const { on, migrations: tried } = await proveOnRows(
    { chain, schema, migrations, from: 'slice' },
    engines.open,
  );
  const risks = new Map(tried.map((migration) => [migration.path, migration.risks]));
  return {
    ...proof,
    ...(on && { on }),
    migrations: proof.migrations.map((migration) => {
      const own = risks.get(migration.path);
      return own ? { ...migration, risks: own } : migration;
    }),
  };
}
