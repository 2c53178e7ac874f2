import { findTable } from './lookup.ts';
import type { Schema, Table, TableId } from './schema.ts';

/** Head with base's table and column identities wherever a table of the same name stands in both. */
export function matchIdentities(base: Schema, head: Schema): Schema {
  let nextTableId = Math.max(base.nextTableId, head.nextTableId);
  let nextColumnId = Math.max(base.nextColumnId, head.nextColumnId);
  const ids = new Map<TableId, TableId>();
  for (const table of head.tables.values()) ids.set(table.id, findTable(base, table)?.id ?? nextTableId++);
  const idOf = (id: TableId): TableId => ids.get(id) ?? id;
  const tables = new Map<TableId, Table>();
  for (const table of head.tables.values()) {
    const twin = findTable(base, table);
    const columns = table.columns.map((column) => {
      const same = twin?.columns.find((one) => one.name === column.name);
      return { ...column, id: same?.id ?? nextColumnId++ };
    });
    const constraints = table.constraints.map((one) =>
      one.kind === 'foreign key' ? { ...one, refTableId: idOf(one.refTableId) } : one,
    );
    const parent = table.parentId === undefined ? {} : { parentId: idOf(table.parentId) };
    tables.set(idOf(table.id), { ...table, ...parent, id: idOf(table.id), columns, constraints });
  }
  const views = new Map(
    [...head.views].map(([key, view]) => [key, { ...view, dependsOn: view.dependsOn.map(idOf) }]),
  );
  const triggers = new Map(
    [...head.triggers].map(([id, list]) => [idOf(id), list.map((one) => ({ ...one, tableId: idOf(id) }))]),
  );
  const sequences = new Map(
    [...head.sequences].map(([key, one]) => [
      key,
      one.ownedBy ? { ...one, ownedBy: { ...one.ownedBy, tableId: idOf(one.ownedBy.tableId) } } : one,
    ]),
  );
  return { ...head, tables, views, triggers, sequences, nextTableId, nextColumnId };
}
