import type { ReadChange } from '../read-change.ts';
import type { Conflict } from './conflict.ts';
import { newUses } from './new-uses.ts';
import { basesOf, type OpenChange, openChainsOf } from './open-change.ts';

/** The change of another pull request, as it was kept, or of another branch. */
export interface OtherChange {
  /** `#12`, `origin/feature` */
  readonly name: string;
  /** The number of a pull request. */
  readonly pull?: number;
  /** It is part of the base branch by now, and not of what this change was made on. */
  readonly isMerged: boolean;
  readonly change: OpenChange;
}

/** A conflict with another pull request or branch; ours is the change that is judged. */
export interface OtherConflict extends Omit<OtherChange, 'change'> {
  readonly chain: string;
  readonly conflict: Conflict;
}

/** A change beside those of others. */
export interface BesideOthers {
  readonly own: OpenChange;
  readonly conflicts: readonly OtherConflict[];
  readonly notJudged: readonly (Pick<OtherChange, 'name' | 'pull'> & { readonly reason: string })[];
}

/** Compares a change with those of other pull requests, or of branches. */
export async function besideOthers(read: ReadChange, others: readonly OtherChange[]): Promise<BesideOthers> {
  const bases = basesOf(read.chains);
  const own = { chains: openChainsOf(read.chains), uses: newUses(read.queries, read.files, bases) };
  const conflicts: OtherConflict[] = [];
  const notJudged: BesideOthers['notJudged'][number][] = [];
  if (others.length === 0 || isNothing(own)) return { own, conflicts, notJudged };
  const { findConflicts } = await import('./find-conflicts.ts');
  const told = new Set<string>();
  // branches that stand on each other share what is in conflict
  const isFirst = (chain: string, { ours, theirs, ...what }: Conflict) => {
    const size = told.size;
    told.add(JSON.stringify([chain, what, [ours, theirs].map(({ path, line }) => [path, line])]));
    return told.size > size;
  };
  for (const { change, ...other } of others)
    for (const { chain, conflicts: found, notJudged: reason } of await findConflicts(bases, own, change)) {
      const fresh = other.pull === undefined ? found.filter((one) => isFirst(chain, one)) : found;
      conflicts.push(...fresh.map((conflict) => ({ ...other, chain, conflict })));
      if (reason !== undefined) notJudged.push({ ...other, reason });
    }
  return { own, conflicts, notJudged };
}

/** Whether a change does nothing that another one could collide with. */
export function isNothing({ chains, uses }: OpenChange): boolean {
  return chains.length === 0 && uses.length === 0;
}
