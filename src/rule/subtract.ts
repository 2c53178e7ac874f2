import type { Facts } from '../facts/facts.ts';
import { type Identities, sidesOf } from '../facts/identity.ts';
import { pathKeys } from '../facts/paths.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { Operation } from '../schema/operation.ts';
import type { FoundClaim } from './claim.ts';
import { touches } from './touches.ts';

/**
 * Claims of one rule that head has more of than base, as a multiset of subject and path; of several alike, those on lines
 * of the change first. Columns are compared by identity and objects by the name that they had at base, so that what was only
 * renamed is the same subject.
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
  const names = new Map(facts.chains.map((chain) => [chain.id, namesAtBase(chain)]));
  return ({ claim, factId }, side) => {
    const about = factId === undefined ? undefined : ids.fromFact(factId);
    const table =
      about?.id === undefined ? undefined : sidesOf(about.chain, false)[side].tables.get(about.id);
    const columns = claim.columns?.map(
      (name) => table?.columns.find((column) => column.name === name)?.id ?? name,
    );
    const renamed = side === 'head' ? names.get(claim.chain ?? '') : undefined;
    const object = renamed?.get(objectKey(claim.tableId, claim.object)) ?? claim.object;
    return JSON.stringify([claim.chain, factId, columns, object, pathKey(claim.span.path, side)]);
  };
}

/** The names at base of constraints, indexes and triggers that the change renames, by table and name at head. */
function namesAtBase({ operations }: ChainChange): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { operation, tableId } of operations) {
    const renamed = renamedObject(operation);
    if (!renamed) continue;
    const before = objectKey(tableId, renamed.name);
    names.set(objectKey(tableId, renamed.to), names.get(before) ?? renamed.name);
    names.delete(before);
  }
  return names;
}

function renamedObject(operation: Operation): { readonly name: string; readonly to: string } | undefined {
  switch (operation.kind) {
    case 'rename-constraint':
    case 'rename-trigger':
      return operation;
    case 'rename-index':
      return { name: operation.index.name, to: operation.to };
    default:
      return undefined;
  }
}

function objectKey(tableId: number | undefined, name: string | undefined): string {
  return `${tableId}\0${name}`;
}
