import type { Chain } from '../read/chain.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { writtenAt } from '../read/written-at.ts';
import type { Identities } from './identity.ts';
import type { AddRow } from './schema-rows.ts';

const DAY = 24 * 60 * 60 * 1000;

/** How old the tables are that the change concerns, and the columns that were added to them, in whole days, where migrations tell when they were written. */
export function addTableAges(chain: ChainChange, ids: Identities, add: AddRow): void {
  const concerned = new Map<number, number>();
  const now = timesOf(chain.head);
  for (const { tableId, migration } of chain.operations) {
    const time = now.get(migration);
    if (tableId !== undefined && time !== undefined)
      concerned.set(tableId, Math.max(time, concerned.get(tableId) ?? time));
  }
  if (concerned.size === 0) return;
  const before = timesOf(chain.base);
  for (const { id, span, columns } of chain.baseSchema.tables.values()) {
    const [made, time] = [before.get(span.path), concerned.get(id)];
    if (made === undefined || time === undefined) continue;
    const days = (since: number) => Math.floor((time - since) / DAY);
    add('history.table_ages', [chain.id, ids.toFact(chain, id), days(made)]);
    for (const column of columns) {
      const added = before.get(column.span.path);
      if (added !== undefined && added > made)
        add('history.column_ages', [
          chain.id,
          ids.toFact(chain, id),
          ids.toFact(chain, column.id),
          days(added),
        ]);
    }
  }
}

function timesOf(chain: Chain | undefined): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const file of chain?.migrations ?? []) {
    const time = writtenAt(file);
    if (time !== undefined) times.set(file.path, time);
  }
  return times;
}
