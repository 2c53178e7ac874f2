import type { Cache } from '../cache/cache.ts';
import type { ChangeSet, Tree } from '../change/change-set.ts';
import { type Alteration, alterations } from '../schema/alterations.ts';
import { matchIdentities } from '../schema/match-identities.ts';
import type { Dialect } from '../schema/schema.ts';
import type { Chain, ChainTool, NamedChain } from './chain.ts';
import { alteredMigrations, newMigrations } from './edited-migrations.ts';
import { findChains } from './find-chains.ts';
import { type FollowedChain, followLine } from './history/follow-line.ts';
import { pairChains } from './pair-chains.ts';
import { replay, startingSchema } from './replay.ts';
import { loadSqlReader } from './sql/read-sql.ts';

/** What parts one chain's schema at two revisions. */
export interface ChainDifference {
  readonly chain: string;
  readonly tool: ChainTool;
  readonly dialect: Dialect;
  /** `added`, `removed`: only one side has the chain. `rewritten`: migrations that base has were edited, moved or removed. */
  readonly kind: 'same' | 'appended' | 'rewritten' | 'added' | 'removed';
  /** Migrations that head has and base has not. */
  readonly migrations: number;
  readonly alterations: readonly Alteration[];
}

/** What parts the schemas of two revisions, chain by chain. */
export async function compareRevisions(
  { base, head }: Pick<ChangeSet, 'base' | 'head'>,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<readonly ChainDifference[]> {
  const chains = { base: await findChains(base, named), head: await findChains(head, named) };
  const found: ChainDifference[] = [];
  for (const pair of pairChains(chains.base, chains.head)) {
    const former = pair.base && {
      chain: pair.base,
      schema: (await replay(pair.base, base, cache, 'schema')).schema,
    };
    if (pair.head) found.push(await leadingTo(former, pair.head, head));
    else if (former) found.push(await leadingNowhere(former));
  }
  return found;
}

async function leadingTo(
  former: FollowedChain | undefined,
  chain: Chain,
  tree: Tree,
): Promise<ChainDifference> {
  const { now, entries } = await followLine(former, chain, tree, new Map());
  const placed = (one: Alteration): Alteration => {
    const span = entries.findLast((entry) => isOfSame(entry, one))?.span ?? one.span;
    return { ...one, span };
  };
  const migrations = former ? newMigrations(former.chain, chain).length : chain.migrations.length;
  const isEdited = former !== undefined && alteredMigrations(former.chain, chain).length > 0;
  const kind = !former ? 'added' : isEdited ? 'rewritten' : migrations > 0 ? 'appended' : 'same';
  const before = former?.schema ?? startingSchema(chain);
  return { ...titleOf(chain), kind, migrations, alterations: alterations(before, now.schema).map(placed) };
}

async function leadingNowhere({ chain, schema }: FollowedChain): Promise<ChainDifference> {
  await loadSqlReader(chain.dialect);
  const after = matchIdentities(schema, startingSchema(chain));
  return { ...titleOf(chain), kind: 'removed', migrations: 0, alterations: alterations(schema, after) };
}

function isOfSame(a: Alteration, b: Alteration): boolean {
  if (a.object !== b.object || a.tableId !== b.tableId) return false;
  return a.columnId === undefined ? a.object === 'table' || a.name === b.name : a.columnId === b.columnId;
}

function titleOf({ id, tool, dialect }: Chain) {
  return { chain: id, tool, dialect };
}
