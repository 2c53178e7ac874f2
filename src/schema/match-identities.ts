import { findTable } from './lookup.ts';
import type { Column, Schema, Table, TableId } from './schema.ts';

/** Head with base's table and column identities wherever a table of the same name stands in both. */
export function matchIdentities(base: Schema, head: Schema): Schema {
  let nextTableId = Math.max(base.nextTableId, head.nextTableId);
  let nextColumnId = Math.max(base.nextColumnId, head.nextColumnId);
  const schema = withIdentities(head, (table) => {
    const twin = findTable(base, table);
    return {
      id: twin?.id ?? nextTableId++,
      columnId: ({ name }) => twin?.columns.find((one) => one.name === name)?.id ?? nextColumnId++,
    };
  });
  return { ...schema, nextTableId, nextColumnId };
}

/**
 * Head, folded on from base, with base's identities also for tables and columns of a name that was gone in between: those were
 * never dropped, their migrations moved.
 */
export function adoptIdentities(base: Schema, head: Schema): Schema {
  return withIdentities(head, (table) => {
    const known = base.tables.get(table.id);
    const named = known ? undefined : findTable(base, table);
    const twin = known ?? (named && !head.tables.has(named.id) ? named : undefined);
    return {
      id: twin?.id ?? table.id,
      columnId: ({ id, name }) => {
        if (twin?.columns.some((one) => one.id === id)) return id;
        const same = twin?.columns.find((one) => one.name === name)?.id;
        return same === undefined || table.columns.some((one) => one.id === same) ? id : same;
      },
    };
  });
}

interface Identity {
  readonly id: TableId;
  readonly columnId: (column: Column) => number;
}

function withIdentities(head: Schema, identityOf: (table: Table) => Identity): Schema {
  const identities = new Map([...head.tables.values()].map((table) => [table.id, identityOf(table)]));
  const idOf = (id: TableId): TableId => identities.get(id)?.id ?? id;
  const tables = new Map<TableId, Table>();
  for (const table of head.tables.values()) {
    const columns = table.columns.map((column) => {
      const id = identities.get(table.id)?.columnId(column) ?? column.id;
      return id === column.id ? column : { ...column, id };
    });
    if (isAsItWas(table, columns, idOf)) {
      tables.set(table.id, table);
      continue;
    }
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
  return { ...head, tables, views, triggers, sequences };
}

/** What keeps its identities stays the very object that it is, so that whoever compares need not look into it. */
function isAsItWas(
  { id, parentId, columns: former, constraints }: Table,
  columns: readonly Column[],
  idOf: (id: TableId) => TableId,
): boolean {
  const isKept = (one: TableId | undefined) => one === undefined || idOf(one) === one;
  return (
    isKept(id) &&
    isKept(parentId) &&
    columns.every((column, at) => column === former[at]) &&
    constraints.every((one) => one.kind !== 'foreign key' || isKept(one.refTableId))
  );
}
