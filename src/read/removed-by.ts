import type { Span } from '../change/span.ts';
import { tableName } from '../schema/lookup.ts';
import { typeText } from '../schema/name.ts';
import type { Removed, Schema, Table, TableId } from '../schema/schema.ts';
import type { Step } from './replay.ts';
import type { SqlSource } from './source.ts';

/** What may take a table or a column away; SQLite's columns go where a table is made anew. */
const MAY_REMOVE = new Set(['drop-table', 'drop-column', 'drop-schema', 'drop-type', 'redefine-column']);

/** The tables as they are before a migration; undefined for one that takes nothing away. */
export function tablesBefore(
  { tables }: Schema,
  { statements }: SqlSource,
): ReadonlyMap<TableId, Table> | undefined {
  const mayRemove = statements.some(({ operations }) => operations.some(({ kind }) => MAY_REMOVE.has(kind)));
  return mayRemove ? new Map(tables) : undefined;
}

/** The tables and columns that a migration took away, told once it is over: what it only made anew is there. */
export function removedBy(
  before: ReadonlyMap<TableId, Table>,
  { tables }: Schema,
  steps: readonly Step[],
): readonly Removed[] {
  const removed: Removed[] = [];
  for (const table of before.values()) {
    const now = tables.get(table.id);
    if (now === table || table.temporary) continue;
    const about = { table: tableName(table), tableId: table.id };
    const place = (columnId?: number) => lastOperationOn(steps, table.id, columnId) ?? table.span;
    if (!now) removed.push({ ...about, span: place() });
    for (const { id, name, type, span } of now ? table.columns : [])
      if (!now?.columns.some((one) => one.id === id || one.name === name))
        removed.push({ ...about, column: name, type: typeText(type), span: place(id) ?? span });
  }
  return removed;
}

/** Where the last operation on a table stands, or that on its column where one names it. */
export function lastOperationOn(
  steps: readonly Step[],
  tableId: TableId,
  columnId: number | undefined,
): Span | undefined {
  const own = steps.flatMap(({ applied }) =>
    applied.filter((one) => one.tableId === tableId && !one.error && !one.skipped),
  );
  const ofColumn = own.findLast(({ columnIds }) => columnId !== undefined && columnIds.includes(columnId));
  return (ofColumn ?? own.at(-1))?.operation.span;
}
