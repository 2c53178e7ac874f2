import type { Chain } from './chain.ts';

/** One chain as base and head have it; one of the two may be missing. */
export interface ChainPair {
  readonly base?: Chain;
  readonly head?: Chain;
}

/** Pairs the chains of two trees by their folder, and those whose folder moved by the migrations that they share. */
export function pairChains(base: readonly Chain[], head: readonly Chain[]): readonly ChainPair[] {
  const left = new Map(base.map((chain) => [chain.id, chain]));
  const pairs: ChainPair[] = [];
  const moved: Chain[] = [];
  for (const chain of head) {
    const same = left.get(chain.id);
    if (!same) moved.push(chain);
    else {
      left.delete(chain.id);
      pairs.push(ofOneDatabase(same, chain));
    }
  }
  for (const chain of moved) {
    const from = [...left.values()].find((candidate) => sharesMost(candidate, chain));
    if (from) left.delete(from.id);
    pairs.push(from ? ofOneDatabase(from, chain) : { head: chain });
  }
  for (const chain of left.values()) pairs.push({ base: chain });
  return pairs;
}

/**
 * A chain stays on its database: where base's and head's were guessed and differ, one of them holds for both, head's unless
 * only base's is clear. Else everything that the two databases do differently would be told as if the change had done it.
 */
function ofOneDatabase(base: Chain, head: Chain): ChainPair {
  if (base.dialect === head.dialect || !base.dialectGuessed || !head.dialectGuessed) return { base, head };
  const clear = head.dialectUnclear && !base.dialectUnclear ? base : head;
  const { dialect, dialectReason, prelude, transactional } = clear;
  const told = { dialect, dialectReason, prelude, transactional };
  return { base: { ...base, ...told }, head: { ...head, ...told } };
}

function sharesMost(base: Chain, head: Chain): boolean {
  const known = new Set(base.migrations.map((file) => `${file.name}\0${file.id}`));
  const shared = head.migrations.filter((file) => known.has(`${file.name}\0${file.id}`)).length;
  return shared > 0 && shared * 2 >= base.migrations.length;
}
