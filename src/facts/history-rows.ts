import type { ChainChange } from '../read/chain-change.ts';
import { writtenAt } from '../read/written-at.ts';
import type { Removed } from '../schema/schema.ts';
import { type AddRow, position } from './schema-rows.ts';

/** Rows of the schema `history`: only what the change makes again, so that rules which ask of it cost nothing elsewhere. */
export function addHistoryRows({ id, base, baseSchema, operations }: ChainChange, add: AddRow): void {
  if (baseSchema.removed.length === 0) return;
  const made = new Set(
    operations.flatMap(({ operation: { kind }, tableName = '', columns }) => {
      if (kind === 'create-table' || kind === 'rename-table') return [keyOf(tableName)];
      return kind === 'add-column' || kind === 'rename-column'
        ? columns.map((column) => keyOf(tableName, column))
        : [];
    }),
  );
  const last = new Map<string, Removed>();
  for (const one of baseSchema.removed) last.set(keyOf(one.table, one.column), one);
  for (const [key, { table, column = null, type = null, span }] of last)
    if (made.has(key))
      add('history.removals', [id, table, column, type, dayOf(base, span.path), ...position(span)]);
}

function dayOf(chain: ChainChange['base'], path: string): string | null {
  const file = chain?.migrations.find((one) => one.path === path);
  const time = file && writtenAt(file);
  return time === undefined ? null : new Date(time).toISOString().slice(0, 10);
}

function keyOf(table: string, column = ''): string {
  return JSON.stringify([table, column]).toLowerCase();
}
