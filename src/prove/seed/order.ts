import type { Column, Constraint, Table, TableId } from '../../schema/schema.ts';

export type ForeignKey = Extract<Constraint, { kind: 'foreign key' }>;

/** The foreign keys of a table. */
export function foreignKeysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.flatMap((one) => (one.kind === 'foreign key' ? [one] : []));
}

/** Whether some column of a foreign key may be NULL, so that a row needs no parent. */
export function isOptional(key: ForeignKey, table: Table): boolean {
  return key.columns.some((name) => columnOf(table, name)?.nullable === true);
}

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/**
 * Tables so that parents come before their children. A cycle is cut where a foreign key may be NULL; tables whose required
 * parents form a cycle come last, in the order given.
 */
export function inOrder(tables: readonly Table[]): readonly Table[] {
  const left = new Map<TableId, Table>(tables.map((table) => [table.id, table]));
  const ordered: Table[] = [];
  const waits = (table: Table, optional: boolean) =>
    foreignKeysOf(table).filter(
      (key) =>
        key.refTableId !== table.id && left.has(key.refTableId) && (optional || !isOptional(key, table)),
    ).length;
  while (left.size > 0) {
    const free = [...left.values()].filter((table) => waits(table, false) === 0);
    const ready = free.filter((table) => waits(table, true) === 0);
    const fewest = [...free].sort((a, b) => waits(a, true) - waits(b, true)).slice(0, 1);
    const next = ready.length > 0 ? ready : fewest.length > 0 ? fewest : [...left.values()];
    for (const table of next) {
      ordered.push(table);
      left.delete(table.id);
    }
  }
  return ordered;
}
