import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Chain } from '../read/chain.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { prefixHashes, readMigrations, readPrelude } from '../read/replay.ts';
import { findServerVersion } from '../read/server-version.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { EngineChild } from './child.ts';
import type { ExactEngine, ExactRows, ExactTrial, ExactTried } from './exact.ts';
import { toExact } from './exact-statement.ts';
import { engineFor, type ProofOptions } from './prove-change.ts';
import { ScratchError } from './scratch.ts';

/** A trial and the tables whose rows it needs. */
export type Trial = ExactTrial & { readonly tables: readonly Table[] };

/** Without a database that holds them, so many migrations are run for the sake of trials. */
const FEW = 20;

/** What came of trials on one side of a chain. */
interface Answer {
  readonly engine: string;
  readonly tried: readonly (ExactTried | null)[];
}

/** Runs trials on one side of a chain; undefined where no engine can. */
export type AskTrials = (
  chain: ChainChange,
  side: 'base' | 'head',
  trials: readonly Trial[],
) => Promise<Answer | undefined>;

/** Trials in PostgreSQL, or in PGlite in its place, on databases that hold a chain. None is made for the sake of a trial. */
export function trialsIn(
  sides: { readonly base: Tree; readonly head: Tree },
  cache: Cache,
  options: ProofOptions,
  { openExact }: EngineChild,
): AskTrials {
  return async (change, side, trials) => {
    const chain = change[side];
    const engine = chain && engineFor(chain, options);
    if (!engine || engine === 'sqlite' || options.mode === 'off' || cache.folder === undefined)
      return undefined;
    const schema = side === 'base' ? change.baseSchema : change.headSchema;
    const asked = {
      engine,
      extensions: [...change.headSchema.extensions],
      folder: join(cache.folder, 'postgres'),
      version: options.version ?? (await findServerVersion(sides.base))?.major,
      keys: prefixHashes(chain),
      prelude: toExact(await readPrelude(chain)).statements,
      ...{ fromEmpty: false, make: false },
    };
    return tryTrials({ chain, tree: sides[side], schema }, trials, () => openExact(asked));
  };
}

/** Runs migrations of one side, puts made-up rows into the tables, and tries what is asked. */
async function tryTrials(
  { chain, tree, schema }: { readonly chain: Chain; readonly tree: Tree; readonly schema: Schema },
  trials: readonly Trial[],
  open: () => Promise<ExactEngine>,
): Promise<Answer | undefined> {
  let engine: ExactEngine | undefined;
  try {
    engine = await open();
    const missing = engine.held === undefined ? undefined : chain.migrations.slice(engine.held);
    if (!engine.tryEach || !missing || missing.length > FEW) return undefined;
    const rows = await rowsFor([...new Set(trials.flatMap(({ tables }) => tables))], schema);
    const migrations = (await readMigrations(chain, missing, tree)).map(({ source }) => toExact(source));
    const plain = trials.map(({ tables: _, ...trial }) => trial);
    return { engine: engine.engine, tried: await engine.tryEach(migrations, rows, plain) };
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    return undefined;
  } finally {
    await engine?.close().catch(() => {});
  }
}

/** Made-up rows for tables; none where the trials ask for none. */
async function rowsFor(tables: readonly Table[], schema: Schema): Promise<readonly ExactRows[]> {
  if (tables.length === 0) return [];
  const [{ makeSeed }, { postgresRows }] = await Promise.all([
    import('./seed.ts'),
    import('./seed/insert.ts'),
  ]);
  return postgresRows(makeSeed(schema, tables), schema);
}
