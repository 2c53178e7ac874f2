import { isGrave } from '../read/models/difference.ts';
import { modelDifferences } from '../read/models/model-differences.ts';
import type { Facts } from './facts.ts';
import type { Identities } from './identity.ts';
import { type AddRow, position } from './schema-rows.ts';

/** Rows of what models and migrations say differently, on both sides. */
export function addDifferences(facts: Facts, all: boolean, ids: Identities, add: AddRow): void {
  if (facts.models.head.length === 0 && facts.models.base.length === 0) return;
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
}
