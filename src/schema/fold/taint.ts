import type { Opaque } from '../schema.ts';
import type { Draft } from './draft.ts';

/** Notes names that the operation under way may have made or altered in a way that is not known. */
export function taint(draft: Draft, names: readonly string[], why: string): void {
  taintBy(draft, names, { why, span: draft.at });
}

/** The same of a whole statement whose effect is not known. */
export function taintBy(draft: Draft, names: readonly string[], doubt: Opaque): void {
  const at = draft.opaque.push(doubt) - 1;
  for (const name of names) taintAt(draft, name, at);
}

/** Notes that the statement at a place of the list may have made or altered a name. */
export function taintAt(draft: Draft, name: string, at: number): void {
  const word = name.toLowerCase();
  draft.tainted.set(word, [...(draft.tainted.get(word) ?? []), at]);
}
