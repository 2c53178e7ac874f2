import { within } from '../schema/expression.ts';
import type { Schema, Table, TableId } from '../schema/schema.ts';
import { boundsOf, checksOf, checksOfDomain } from './seed/checks.ts';
import { foreignKeysOf, inOrder, isOptional } from './seed/order.ts';
import { type Pool, poolOf, uniqueKeys } from './seed/pool.ts';
import { makeRows, type SeedRow } from './seed/rows.ts';

/** One table with its rows; generated columns are left out of them. */
export interface SeededTable {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly rows: readonly SeedRow[];
  /** False where some constraint was not understood, so that an engine must judge the rows. */
  readonly sure: boolean;
}

/** Rows for the tables of a schema: reproducible, and as awkward as the constraints allow. */
export interface Seed {
  /** Parents before their children. */
  readonly tables: readonly SeededTable[];
  /** Tables that get no rows, and why. */
  readonly unseeded: ReadonlyMap<TableId, string>;
}

/** Makes rows for `wanted` tables and for the parents that those rows need. The SQL parser must be loaded. */
export function makeSeed(schema: Schema, wanted: readonly Table[]): Seed {
  const seeded = new Map<TableId, SeededTable>();
  const unseeded = new Map<TableId, string>();
  for (const table of inOrder(withParents(schema, wanted))) {
    const made = seedTable(schema, table, seeded);
    if (typeof made === 'string') unseeded.set(table.id, made);
    else seeded.set(table.id, made);
  }
  return { tables: [...seeded.values()], unseeded };
}

function withParents(schema: Schema, wanted: readonly Table[]): readonly Table[] {
  const found = new Map<TableId, Table>();
  const open = [...wanted];
  for (let table = open.pop(); table; table = open.pop()) {
    if (found.has(table.id)) continue;
    found.set(table.id, table);
    for (const key of foreignKeysOf(table)) {
      const parent = schema.tables.get(key.refTableId);
      if (parent) open.push(parent);
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function seedTable(
  schema: Schema,
  table: Table,
  seeded: ReadonlyMap<TableId, SeededTable>,
): SeededTable | string {
  const bounds = boundsOf(table, schema);
  if (bounds === undefined) return 'no partition is known that takes its rows';
  const columns = table.columns.filter((column) => column.generated === undefined);
  if (columns.length === 0) return 'it has no column to fill';
  const absent = foreignKeysOf(table).filter(
    (key) => key.refTableId !== table.id && !seeded.has(key.refTableId),
  );
  const orphan = absent.find((key) => !isOptional(key, table));
  if (orphan) return `${schema.tables.get(orphan.refTableId)?.name ?? 'a parent'}, its parent, has no rows`;
  const checks = [
    ...checksOf(table),
    ...columns.flatMap((column) => checksOfDomain(column, schema)),
    ...bounds,
  ];
  const pools: Pool[] = [];
  for (const column of columns) {
    const pool = poolOf(column, table, schema, checks);
    if ('reason' in pool) return pool.reason;
    pools.push(pool);
  }
  const rows = makeRows({
    table,
    pools,
    checks,
    keys: uniqueKeys(table),
    parents: foreignKeysOf(table)
      .filter((key) => key.refTableId !== table.id)
      .map((key) => ({ key, rows: seeded.get(key.refTableId)?.rows ?? [] })),
    own: foreignKeysOf(table).filter((key) => key.refTableId === table.id),
  });
  if (rows.length === 0) return 'no row was found that all of its constraints allow';
  const sure = checks.every((check) => [...within(check.expression)].every((one) => one.kind !== 'unknown'));
  return { table, columns: columns.map((column) => column.name), rows, sure };
}
