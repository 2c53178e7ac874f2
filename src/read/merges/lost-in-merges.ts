import type { Cache } from '../../cache/cache.ts';
import type { ChangeSet, Tree } from '../../change/change-set.ts';
import type { Span } from '../../change/span.ts';
import type { Alteration } from '../../schema/alterations.ts';
import type { NamedChain } from '../chain.ts';
import { compareRevisions } from '../compare-revisions.ts';
import { maySpeakOfTables } from '../read-change.ts';

/** What one side of a merge had added to a schema, and what neither the merge has nor what came after it. */
export interface LostInMerge {
  readonly chain: string;
  /** The merge commit, and the parent that had it. */
  readonly commit: string;
  readonly parent: string;
  /** `table refunds`, `column orders.note`, in the order of the schema. */
  readonly objects: readonly string[];
  /** Where the parent made the first of them. */
  readonly span: Span;
}

/** Objects that one side of a schema's merge may lose; triggers, functions and the like are not modelled as one would have to. */
const LOSABLE = new Set(['table', 'column', 'index', 'constraint']);

/** What merge commits of a change dropped of what one of their parents had added. */
export async function lostInMerges(
  { merges, head }: Pick<ChangeSet, 'merges' | 'head'>,
  named: readonly NamedChain[],
  cache: Cache,
): Promise<readonly LostInMerge[]> {
  const found: LostInMerge[] = [];
  for (const { commit, parent, paths, before, side, merged } of (await merges?.()) ?? []) {
    if (!paths.some(maySpeakOfTables)) continue;
    const between = (base: Tree, to: Tree) => compareRevisions({ base, head: to }, named, cache);
    const isWritten = await whatChanged(before, side);
    const added = keysOf(await between(before, side), 'added', ({ span }) => isWritten(span.path));
    if (added.size === 0) continue;
    const became = await between(side, merged);
    const lost = keysOf(became, 'removed');
    if (![...lost].some((key) => added.has(key))) continue;
    const missing = keysOf(await between(side, head), 'removed');
    for (const { chain, alterations } of became) {
      const gone = alterations.filter((one) => {
        const key = keyOf(chain, one);
        const isLost = one.change === 'removed' && added.has(key) && missing.has(key);
        return isLost && !one.whole && !hasTwin(one, alterations);
      });
      const [first] = gone;
      if (first) found.push({ chain, commit, parent, objects: gone.map(shown), span: { ...first.span } });
    }
  }
  return found;
}

/** Whether a side wrote a file itself: what comes back since it took away the migration that dropped it was not added by it. */
async function whatChanged(before: Tree, side: Tree): Promise<(path: string) => boolean> {
  const [old, own] = [await before.entries(), await side.entries()];
  return (path) => old.get(path)?.id !== own.get(path)?.id;
}

function keysOf(
  chains: readonly { readonly chain: string; readonly alterations: readonly Alteration[] }[],
  change: Alteration['change'],
  counts: (one: Alteration) => boolean = () => true,
): ReadonlySet<string> {
  return new Set(
    chains.flatMap(({ chain, alterations }) =>
      alterations
        .filter((one) => one.change === change && LOSABLE.has(one.object) && counts(one))
        .map((one) => keyOf(chain, one)),
    ),
  );
}

function keyOf(chain: string, { object, table, name }: Alteration): string {
  return JSON.stringify([chain, object, table, name]);
}

/** Both sides had made the same under two names, and the merge keeps one. */
function hasTwin({ object, table, before }: Alteration, all: readonly Alteration[]): boolean {
  return all.some(
    (one) => one.change === 'added' && one.object === object && one.table === table && one.after === before,
  );
}

function shown({ object, table, name }: Alteration): string {
  return `${object} ${object === 'table' || table === undefined ? name : `${table}.${name}`}`;
}
