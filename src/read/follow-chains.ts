import type { Cache } from '../cache/cache.ts';
import type { ChangeSet } from '../change/change-set.ts';
import type { LeftOut, NamedChain } from './chain.ts';
import { type ChainChange, followChain } from './chain-change.ts';
import { findChains, surveyChains } from './find-chains.ts';
import { pairChains } from './pair-chains.ts';

/** The chains of a change, and what looks like one and is not followed. */
export interface Followed {
  readonly chains: readonly ChainChange[];
  readonly notFollowed: readonly LeftOut[];
}

/** Finds the chains of both sides and follows each from base to head. */
export async function followChains(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<Followed> {
  const base = await findChains(changeSet.base, named);
  const head = await surveyChains(changeSet.head, named);
  const chains: ChainChange[] = [];
  for (const pair of pairChains(base, head.chains))
    chains.push(await followChain(pair.base, pair.head, changeSet, cache));
  return { chains, notFollowed: head.notFollowed };
}
