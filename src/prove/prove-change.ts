import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { Tree } from '../change/change-set.ts';
import type { Chain } from '../read/chain.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { replay, startingSchema } from '../read/replay.ts';
import { findServerVersion } from '../read/server-version.ts';
import type { EngineChild } from './child.ts';
import { withMadeElsewhere } from './made-elsewhere.ts';
import { prove } from './prove.ts';
import { type ExactRequest, proveExact } from './prove-exact.ts';
import { proveOnRows, seedFor } from './prove-on-rows.ts';
import { withRowsElsewhere } from './rows-elsewhere.ts';
import type { Seed } from './seed.ts';
import type { Proof } from './verdict.ts';

/** How far a check proves: new migrations on a slice of the schema, whole chains from empty, or not at all. */
export type ProofMode = 'fast' | 'full' | 'off';

/** Engines by name, as `--engine` takes them. */
export type EngineName = 'duckdb' | 'postgres' | 'pglite' | 'sqlite';

/** How a change's migrations are proved. */
export interface ProofOptions {
  readonly mode: ProofMode;
  /** The engines that run; by default all that fit. */
  readonly engine?: EngineName;
  /** Run Postgres migrations in PGlite, also where there is a server. */
  readonly pglite?: boolean;
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
 * Proves the new migrations of every chain that changed, one chain after the other, in an empty DuckDB and in the
 * database itself, PostgreSQL or SQLite; what only a deployed database holds refutes none. A rewritten chain runs from empty in
 * every mode; a baseline only in `full`.
 */
export async function proveChange(
  chains: readonly ChainChange[],
  sides: Sides,
  cache: Cache,
  options: ProofOptions,
  engines: EngineChild,
): Promise<readonly Proof[]> {
  const proofs: Proof[] = [];
  for (const chain of chains) {
    if (options.mode === 'off' || !chain.head || chain.migrations.length === 0) continue;
    if (chain.baseline && options.mode !== 'full') continue;
    const fromEmpty = options.mode === 'full' || chain.kind === 'rewritten' || !chain.base;
    const deployed = chain.kind === 'appended' && chain.base;
    const seed = deployed ? await seedFor(chain.baseSchema, chain.migrations) : undefined;
    const job = { chain, head: chain.head, fromEmpty, sides, cache, options, engines, seed };
    const [lowered, exact] = await Promise.all([proveInDuckdb(job), proveInItself(job)]);
    const reason = reasonOfDeath(exact);
    const again =
      reason !== undefined && reason === reasonOfDeath(lowered) ? await proveInItself(job) : exact;
    proofs.push(...[lowered, again].flatMap((proof) => proof ?? []));
  }
  return withMadeElsewhere(withRowsElsewhere(proofs, chains), chains, sides.head);
}

interface Job {
  readonly chain: ChainChange;
  readonly head: Chain;
  readonly fromEmpty: boolean;
  readonly sides: Sides;
  readonly cache: Cache;
  readonly options: ProofOptions;
  readonly engines: EngineChild;
  /** Rows that deployed tables may hold, where the new migrations depend on any. */
  readonly seed: Seed | undefined;
}

/** The engines share a process: one that is killed takes the other along, and both give the same reason. */
function reasonOfDeath(proof: Proof | undefined): string | undefined {
  return proof?.migrations.find((migration) => migration.died)?.reason;
}

/** The database that a chain is written for, where it can be run here. SQLite is quick enough to start afresh every time. */
async function proveInItself(job: Job): Promise<Proof | undefined> {
  const { chain, head, fromEmpty, sides, cache, options, engines } = job;
  const engine = engineFor(head, options);
  if (!engine) return undefined;
  const kept = engine !== 'sqlite' && cache.folder !== undefined;
  const folder = kept ? join(cache.folder, 'postgres') : undefined;
  const base = !fromEmpty && chain.base ? { chain: chain.base, tree: sides.base } : undefined;
  const migrations = await migrationsOf(job, fromEmpty);
  const version =
    engine === 'sqlite'
      ? undefined
      : options.version
        ? { major: options.version, from: 'the configuration' }
        : await findServerVersion(sides.base);
  const make = options.make || engine === 'sqlite';
  const { headSchema, baseSchema: schema } = chain;
  const older = fromEmpty ? olderOnes(chain) : undefined;
  const onRows =
    engine !== 'sqlite' && job.seed
      ? { migrations: chain.migrations, schema, headSchema, seed: job.seed }
      : undefined;
  return proveExact(
    {
      ...{ engine, chain: head, base, migrations, older, make, folder, version, headSchema, onRows },
      extensions: [...headSchema.extensions],
    },
    engines.openExact,
  );
}

/** How many migrations of head are base's; undefined where new ones come between them. */
function olderOnes({ base, head, kind }: ChainChange): number | undefined {
  if (kind !== 'appended' || !base) return undefined;
  const inOrder = base.migrations.every((file, at) => head?.migrations[at]?.path === file.path);
  return inOrder ? base.migrations.length : undefined;
}

/** The engine that runs a chain as it is written. PGlite is PostgreSQL too: it takes the place of the server where it is asked for. */
export function engineFor(
  chain: Chain,
  { engine, pglite }: ProofOptions,
): ExactRequest['engine'] | undefined {
  const own = chain.dialect;
  if (own === 'sqlite') return engine === undefined || engine === 'sqlite' ? 'sqlite' : undefined;
  if (own !== 'postgres') return undefined;
  if (engine === 'pglite' || (pglite && engine === undefined)) return 'pglite';
  return engine === undefined || engine === 'postgres' ? 'postgres' : undefined;
}

async function proveInDuckdb(job: Job): Promise<Proof | undefined> {
  const { chain, head, options, engines } = job;
  if (options.engine !== undefined && options.engine !== 'duckdb') return undefined;
  const fromEmpty = job.fromEmpty || head.dialect === 'duckdb';
  const migrations = await migrationsOf(job, fromEmpty);
  const schema = startingSchema(head);
  const onSlice = {
    chain: head,
    schema: chain.baseSchema,
    migrations: chain.migrations,
    from: 'slice' as const,
  };
  if (!fromEmpty) return proveOnRows({ ...onSlice, seed: job.seed }, engines.open);
  const scratch = await engines.open();
  try {
    const { proof } = await prove({ chain: head, schema, migrations, from: 'empty' }, scratch);
    if (!job.seed) return proof;
    return addRisks(proof, await proveOnRows({ ...onSlice, seed: job.seed }, engines.open));
  } finally {
    await scratch.close();
  }
}

/** The new migrations, or those of the whole chain. */
async function migrationsOf({ chain, head, sides, cache }: Job, all: boolean) {
  const more = all && chain.kind === 'appended' && chain.base;
  return more ? (await replay(head, sides.head, cache, 'sources')).migrations : chain.migrations;
}

/** A whole chain is proved on what it makes itself; its new migrations also on the rows that they may meet. */
function addRisks(proof: Proof, { on, migrations }: Proof): Proof {
  const risks = new Map(migrations.map((migration) => [migration.path, migration.risks]));
  return {
    ...proof,
    ...(on && { on }),
    migrations: proof.migrations.map((migration) => {
      const own = risks.get(migration.path);
      return own ? { ...migration, risks: own } : migration;
    }),
  };
}
