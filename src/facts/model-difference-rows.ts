import type { NotCompared } from '../read/models/compare-models.ts';
import { isGrave } from '../read/models/difference.ts';
import { modelDifferences } from '../read/models/model-differences.ts';
import type { Facts } from './facts.ts';
import type { Identities } from './identity.ts';
import { type AddRow, position } from './schema-rows.ts';

/** Adds rows of what models and migrations say differently, on both sides; what of the change's own could not be compared. */
export function addDifferences(
  facts: Facts,
  all: boolean,
  ids: Identities,
  add: AddRow,
): readonly NotCompared[] {
  if (facts.models.head.length === 0 && facts.models.base.length === 0) return [];
  const sides = modelDifferences(facts, all);
  for (const side of ['base', 'head'] as const)
    for (const one of sides[side].differences) {
      const chain = ids.chainOf(one.chain);
      add(`${side}.model_differences`, [
        chain?.id ?? null,
        chain ? ids.toFact(chain, one.tableId) : null,
        one.table,
        one.family,
        one.kind,
        one.only ?? null,
        one.columns,
        one.object ?? null,
        one.change,
        one.statement ?? null,
        isGrave(one),
        one.isNew,
        ...position(one.span),
      ]);
    }
  const changed = new Set(facts.files.map(({ path }) => path));
  const touched = ({ chain, tableId, path }: NotCompared) =>
    changed.has(path) ||
    ids.chainOf(chain)?.operations.some((one) => one.tableId !== undefined && one.tableId === tableId);
  return sides.head.notCompared.filter((one) => all || touched(one));
}
