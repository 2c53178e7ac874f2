import type { ReadChange } from '../read-change.ts';
import type { Conflict } from './conflict.ts';
import { newUses } from './new-uses.ts';
import { basesOf, type OpenChange, openChainsOf } from './open-change.ts';

/** The change of another pull request, as it was kept. */
export interface OtherChange {
  readonly pull: number;
  /** It is part of the base branch by now, and not of what this change was made on. */
  readonly isMerged: boolean;
  readonly change: OpenChange;
}

/** A conflict with another pull request; ours is the change that is judged. */
export interface OtherConflict {
  readonly pull: number;
  readonly isMerged: boolean;
  readonly chain: string;
  readonly conflict: Conflict;
}

/** A change beside those of other pull requests. */
export interface BesideOthers {
  readonly own: OpenChange;
  readonly conflicts: readonly OtherConflict[];
  readonly notJudged: readonly { readonly pull: number; readonly reason: string }[];
}

/** Compares a change with those of other pull requests. */
export async function besideOthers(read: ReadChange, others: readonly OtherChange[]): Promise<BesideOthers> {
  const bases = basesOf(read.chains);
  const own = { chains: openChainsOf(read.chains), uses: newUses(read.queries, read.files, bases) };
  const conflicts: OtherConflict[] = [];
  const notJudged: { readonly pull: number; readonly reason: string }[] = [];
  if (others.length === 0 || isNothing(own)) return { own, conflicts, notJudged };
  const { findConflicts } = await import('./find-conflicts.ts');
  for (const { pull, isMerged, change } of others)
    for (const { chain, conflicts: found, notJudged: reason } of await findConflicts(bases, own, change)) {
      conflicts.push(...found.map((conflict) => ({ pull, isMerged, chain, conflict })));
      if (reason !== undefined) notJudged.push({ pull, reason });
    }
  return { own, conflicts, notJudged };
}

/** Whether a change does nothing that another one could collide with. */
export function isNothing({ chains, uses }: OpenChange): boolean {
  return chains.length === 0 && uses.length === 0;
}
