import type { Cache } from '../../cache/cache.ts';
import type { ChangeSet } from '../../change/change-set.ts';
import { once } from '../../change/commit-tree.ts';
import type { NamedChain } from '../chain.ts';
import { followChains } from '../follow-chains.ts';
import type { Wrapper } from '../wrapper.ts';
import { newUses } from './new-uses.ts';
import { type Bases, basesOf, type NewUse, type OpenChange, openChainsOf } from './open-change.ts';

/** A change that is read for its conflicts alone. */
export interface ReadOpenChange extends Omit<OpenChange, 'uses'> {
  readonly bases: Bases;
  /** Reads the code that changed. */
  readonly readUses: () => Promise<readonly NewUse[]>;
}

/** Reads the migrations of a change, and its code when that is asked for. */
export async function readOpenChange(
  changeSet: ChangeSet,
  named: readonly NamedChain[],
  cache: Cache,
  wrappers: readonly Wrapper[],
): Promise<ReadOpenChange> {
  const { chains } = await followChains(changeSet, named, cache);
  const bases = basesOf(chains);
  const readUses = once(async () => {
    const { files } = changeSet;
    const { readCodeOfChange } = await import('../code-of-change.ts');
    const code = await (await readCodeOfChange(changeSet, files, cache, wrappers)).finish(chains, 'none');
    return newUses({ base: code.base.queries, head: code.head.queries }, files, bases);
  });
  return { chains: openChainsOf(chains), bases, readUses };
}

const TAKES_AWAY =
  /^(drop-(table|column|schema|type|view)|rename-(table|column)|redefine-column|set-table-schema)$/;

/** Whether a change may take something away that code uses. */
export function takesAway({ chains }: Pick<OpenChange, 'chains'>): boolean {
  return chains.some(({ migrations }) =>
    migrations.some(({ source }) =>
      source.statements.some(({ operations }) => operations.some(({ kind }) => TAKES_AWAY.test(kind))),
    ),
  );
}
