import { marker, withoutMarker } from './marker.ts';
import type { Standing } from './standing.ts';
import type { Wanted } from './wanted.ts';

/** What has to happen so that the comments that stand are those that are wanted. */
export interface Plan {
  readonly add: readonly Wanted[];
  readonly edit: readonly { readonly id: number; readonly body: string }[];
  readonly remove: readonly number[];
  /** Comments whose finding is gone and that somebody answered: they stay, and say so. */
  readonly close: readonly { readonly id: number; readonly body: string }[];
  /** Wanted comments for which there is no room in one review. */
  readonly left: number;
}

/** What a plan is made for. */
export interface PlanContext {
  readonly head: string;
  /** Fingerprints of every finding of this head, on a line or not: their comments are not taken away. */
  readonly found: ReadonlySet<string>;
  /** Fingerprints whose comment stood here once: where it is gone, somebody deleted it, and it is not said again. */
  readonly said: ReadonlySet<string>;
}

/** Comments of one review: GitHub takes more than 32 for spam. */
const MOST = 25;

/** Compares what stands with what is wanted. Nothing that is equal is touched; of two with one finding the older stays. */
export function planComments(
  standing: readonly Standing[],
  wanted: readonly Wanted[],
  { head, found, said }: PlanContext,
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
  const fixed = [...first.values()].filter(({ memory }) => !found.has(memory.fingerprint));
  const gone = [...fixed, ...doubles];
  const missing = wanted.filter(({ fingerprint }) => !first.has(fingerprint) && !said.has(fingerprint));
  return {
    add: missing.slice(0, MOST),
    edit,
    remove: gone.filter(({ isAnswered }) => !isAnswered).map(({ id }) => id),
    close: fixed
      .filter(({ isAnswered, memory }) => isAnswered && !memory.isFixed)
      .map((comment) => ({ id: comment.id, body: closedBody(comment, head) })),
    left: Math.max(0, missing.length - MOST),
  };
}

/** A comment as it is sent. */
export function bodyOf({ fingerprint, digest, body }: Wanted, head: string): string {
  return `${body}\n\n${marker({ kind: 'finding', fingerprint, head, digest, isFixed: false })}`;
}

function closedBody({ body, memory }: Standing, head: string): string {
  const text = `**Fixed in ${head.slice(0, 12)}.** What was said:\n\n${withoutMarker(body)}`;
  return `${text}\n\n${marker({ ...memory, isFixed: true })}`;
}
