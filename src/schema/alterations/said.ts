import type { Alteration } from '../alterations.ts';

/** Definitions longer than this, in UTF-16 units, are cut: bodies of functions and views. */
const LONGEST = 2000;

/** One side of an object: what it is called and what it is. */
export interface Side {
  readonly name: string;
  readonly text: string;
}

type Said = Pick<Alteration, 'change' | 'name' | 'formerName' | 'before' | 'after'>;

/** How an object changed; undefined where `isSame` and the names agree. */
export function said(
  before: Side | undefined,
  after: Side | undefined,
  isSame: boolean = before?.text === after?.text,
): Said | undefined {
  if (!before) return after && { change: 'added', name: after.name, ...textOf('after', after) };
  if (!after) return { change: 'removed', name: before.name, ...textOf('before', before) };
  const renamed = before.name === after.name ? {} : { formerName: before.name };
  if (!isSame)
    return {
      ...{ change: 'altered', name: after.name, ...renamed },
      ...textOf('before', before),
      ...textOf('after', after),
    };
  return before.name === after.name ? undefined : { change: 'renamed', name: after.name, ...renamed };
}

function textOf(key: 'before' | 'after', { text }: Side): Pick<Alteration, 'before' | 'after'> {
  if (text === '') return {};
  return { [key]: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text };
}
