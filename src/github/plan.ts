import { marker, withoutMarker } from './marker.ts';
import type { Standing } from './standing.ts';
import type { Wanted } from './wanted.ts';

/** What has to happen so that the comments that stand are those that are wanted. */
export interface Plan {
  readonly add: readonly Wanted[];
  readonly edit: readonly { readonly id: number; readonly body: string }[];
  readonly remove: readonly number[];
  /** Comments whose finding is gone and that stay, as those that somebody answered: they say so. */
  readonly close: readonly { readonly id: number; readonly body: string }[];
  /** Of these, those whose threads are resolved; and threads of findings that are there again. */
  readonly resolve: readonly number[];
  readonly reopen: readonly number[];
  /** Wanted comments for which there is no room in one review. */
  readonly left: number;
}

/** What becomes of a comment whose finding is gone, where nobody answered it. */
export type Fixed = 'delete' | 'resolve';

/** What a plan is made for. */
export interface PlanContext {
  readonly head: string;
  /** Fingerprints of every finding of this head, on a line or not: their comments are not taken away. */
  readonly found: ReadonlySet<string>;
  /** Fingerprints whose comment stood here once: where it is gone, somebody deleted it, and it is not said again. */
  readonly said: ReadonlySet<string>;
  readonly fixed: Fixed;
}

/** Comments of one review: GitHub takes more than 32 for spam. */
const MOST = 25;

/** Compares what stands with what is wanted. Nothing that is equal is touched; of two with one finding the older stays. */
export function planComments(
  standing: readonly Standing[],
  wanted: readonly Wanted[],
  { head, found, said, fixed }: PlanContext,
): Plan {
  const first = new Map<string, Standing>();
  const doubles: Standing[] = [];
  for (const comment of standing.toSorted((a, b) => a.id - b.id)) {
    const { fingerprint } = comment.memory;
    if (first.has(fingerprint)) doubles.push(comment);
    else first.set(fingerprint, comment);
  }
  const edit = wanted.flatMap((one) => {
    const known = first.get(one.fingerprint);
    if (!known || (known.memory.digest === one.digest && !known.memory.isFixed)) return [];
    if (known.isAnswered && !known.memory.isFixed) return []; // what people talk about is not reworded under them
    return [{ id: known.id, body: bodyOf(one, head) }];
  });
  const gone = [...first.values()].filter(({ memory }) => !found.has(memory.fingerprint));
  const silent = gone.filter(({ isAnswered }) => !isAnswered);
  const [removed, resolved] = fixed === 'delete' ? [silent, []] : [[], silent];
  const closed = [...gone.filter(({ isAnswered }) => isAnswered), ...resolved];
  const missing = wanted.filter(({ fingerprint }) => !first.has(fingerprint) && !said.has(fingerprint));
  return {
    add: missing.slice(0, MOST),
    edit,
    remove: [...removed, ...doubles.filter(({ isAnswered }) => !isAnswered)].map(({ id }) => id),
    close: closed
      .filter(({ memory }) => !memory.isFixed)
      .map((comment) => ({ id: comment.id, body: closedBody(comment, head) })),
    resolve: resolved.filter(({ memory }) => !memory.isFixed).map(({ id }) => id),
    reopen: fixed === 'delete' ? [] : edit.map(({ id }) => id).filter((id) => wasFixed(first, id)),
    left: Math.max(0, missing.length - MOST),
  };
}

function wasFixed(first: ReadonlyMap<string, Standing>, wanted: number): boolean {
  return [...first.values()].some(({ id, memory }) => id === wanted && memory.isFixed);
}

/** A comment as it is sent. */
export function bodyOf({ fingerprint, digest, body }: Wanted, head: string): string {
  return `${body}\n\n${marker({ kind: 'finding', fingerprint, head, digest, isFixed: false })}`;
}

function closedBody({ body, memory }: Standing, head: string): string {
  const text = `**Fixed in ${head.slice(0, 12)}.** What was said:\n\n${withoutMarker(body)}`;
  return `${text}\n\n${marker({ ...memory, isFixed: true })}`;
}
