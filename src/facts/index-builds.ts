import type { ChainChange } from '../read/chain-change.ts';
import type { AddRow } from './schema-rows.ts';

/** How the team has built indexes on tables that were there: only where the change builds one. */
export function addIndexBuilds({ id, baseSchema, operations }: ChainChange, add: AddRow): void {
  if (!operations.some(({ operation: { kind } }) => kind === 'create-index' || kind === 'add-constraint'))
    return;
  let [concurrent, locking] = [0, 0];
  for (const { span, indexes } of baseSchema.tables.values())
    for (const index of indexes) {
      if (index.madeBy !== 'user' || index.span.path === span.path) continue;
      if (index.concurrently) concurrent++;
      else locking++;
    }
  if (concurrent + locking > 0) add('history.index_builds', [id, concurrent, locking]);
}
