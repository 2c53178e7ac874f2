import type { Facts } from '../facts/facts.ts';
import { type Identities, sidesOf } from '../facts/identity.ts';
import { pathKeys } from '../facts/paths.ts';
import type { FoundClaim } from './claim.ts';
import { touches } from './touches.ts';

/**
 * Claims of one rule that head has more of than base, as a multiset of subject and path; of several alike, those on lines
 * of the change first. Columns are compared by identity, so that a renamed column is the same subject.
 */
export function subtract(
  head: readonly FoundClaim[],
  base: readonly FoundClaim[],
  facts: Facts,
  ids: Identities,
): readonly FoundClaim[] {
  const keyOf = subjectKeys(facts, ids);
  const known = new Map<string, number>();
  for (const claim of base) {
    const key = keyOf(claim, 'base');
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  const groups = new Map<string, FoundClaim[]>();
  for (const claim of head) {
    const key = keyOf(claim, 'head');
    const group = groups.get(key);
    if (group) group.push(claim);
    else groups.set(key, [claim]);
  }
  return [...groups].flatMap(([key, group]) => {
    const surplus = group.length - (known.get(key) ?? 0);
    if (surplus <= 0) return [];
    const isNew = ({ claim }: FoundClaim) => touches(facts.hunks.get(claim.span.path), claim.span);
    return [...group.filter(isNew), ...group.filter((claim) => !isNew(claim))].slice(0, surplus);
  });
}

function subjectKeys(facts: Facts, ids: Identities): (found: FoundClaim, side: 'base' | 'head') => string {
  const pathKey = pathKeys(facts);
  return ({ claim, factId }, side) => {
    const about = factId === undefined ? undefined : ids.fromFact(factId);
    const table =
      about?.id === undefined ? undefined : sidesOf(about.chain, false)[side].tables.get(about.id);
    const columns = claim.columns?.map(
      (name) => table?.columns.find((column) => column.name === name)?.id ?? name,
    );
    return JSON.stringify([claim.chain, factId, columns, claim.object, pathKey(claim.span.path, side)]);
  };
}
