import type { Chain } from '../read/chain.ts';
import { type ChainChange, isNamedBaseline } from '../read/chain-change.ts';
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
  const before = timesOf(chain.base, true);
  for (const { id, span, firstPath = span.path, columns } of chain.baseSchema.tables.values()) {
    const time = concerned.get(id);
    if (time === undefined) continue;
    const daysSince = (path: string) => Math.floor((time - (before.get(path) ?? Number.NaN)) / DAY);
    const days = daysSince(firstPath);
    if (days >= 0) add('history.table_ages', [chain.id, ids.toFact(chain, id), days]);
    for (const column of columns) {
      const path = column.firstPath ?? column.span.path;
      const ownDays = daysSince(path);
      if (path !== firstPath && ownDays >= 0)
        add('history.column_ages', [chain.id, ids.toFact(chain, id), ids.toFact(chain, column.id), ownDays]);
    }
  }
}

/**
 * When the migrations of a chain were written, by path. The first one, a baseline and a dump stand for databases that may have
 * been there before: what `made` them has no time.
 */
function timesOf(chain: Chain | undefined, made = false): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const [at, file] of (chain?.migrations ?? []).entries()) {
    if (made && (at === 0 || isNamedBaseline(file))) continue;
    const time = writtenAt(file);
    if (time !== undefined) times.set(file.path, time);
  }
  return times;
}
