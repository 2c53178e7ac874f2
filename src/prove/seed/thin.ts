import type { Applied } from '../../schema/applied.ts';
import type { Constraint, Table, TableId } from '../../schema/schema.ts';
import type { Seed, SeededTable } from '../seed.ts';
import { foreignKeysOf } from './order.ts';
import type { SeedRow } from './rows.ts';

/** A seed without the rows that an operation was refused for; undefined where it is not known which these are. */
export function thin(seed: Seed, applied: Applied, constraint: Constraint | undefined): Seed | undefined {
  const refused = seed.tables.find(({ table }) => table.id === applied.tableId);
  if (!refused || refused.rows.length === 0) return undefined;
  const columns = namesBefore(refused.table, applied, constraint);
  const kept = columns ? keep(refused.rows, applied, constraint, columns) : [];
  const rows = kept.length < refused.rows.length ? kept : [];
  return withoutOrphans({
    ...seed,
    tables: seed.tables.map((one) => (one === refused ? { ...one, rows } : one)),
  });
}

/** The columns concerned, by the names that they had when the rows were made; undefined where one is new. */
function namesBefore(
  table: Table,
  applied: Applied,
  constraint: Constraint | undefined,
): readonly string[] | undefined {
  const ids = new Set(applied.columnIds);
  const named = table.columns.filter((column) => ids.has(column.id)).map((column) => column.name);
  const wanted = constraint?.columns.length ?? applied.columnIds.length;
  return named.length > 0 && named.length >= wanted ? named : undefined;
}

function keep(
  rows: readonly SeedRow[],
  { operation }: Applied,
  constraint: Constraint | undefined,
  columns: readonly string[],
): readonly SeedRow[] {
  const filled = (row: SeedRow) => columns.every((name) => row[name] !== null);
  const kind = operation.kind === 'create-index' ? 'unique' : (constraint?.kind ?? operation.kind);
  switch (kind) {
    case 'set-not-null':
      return rows.filter(filled);
    case 'foreign key':
      return rows.filter((row) => !filled(row));
    case 'unique':
      return distinct(rows, columns);
    case 'primary key':
      return distinct(rows.filter(filled), columns);
    default:
      return [];
  }
}

function distinct(rows: readonly SeedRow[], columns: readonly string[]): readonly SeedRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify(columns.map((name) => row[name])).toLowerCase();
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Rows whose parents are gone go too, and theirs. */
function withoutOrphans(seed: Seed): Seed {
  const left = new Map<TableId, SeededTable>();
  for (const one of seed.tables) left.set(one.table.id, { ...one, rows: withParents(one, left) });
  return { ...seed, tables: [...left.values()] };
}

function withParents(
  { table, rows }: SeededTable,
  left: ReadonlyMap<TableId, SeededTable>,
): readonly SeedRow[] {
  let kept = rows;
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    for (const key of foreignKeysOf(table)) {
      const parents = key.refTableId === table.id ? kept : left.get(key.refTableId)?.rows;
      if (!parents) continue;
      const tuple = (row: SeedRow, names: readonly string[]) =>
        JSON.stringify(names.map((name) => row[name] ?? null));
      const there = new Set(parents.map((row) => tuple(row, key.refColumns)));
      kept = kept.filter(
        (row) => key.columns.some((name) => row[name] === null) || there.has(tuple(row, key.columns)),
      );
    }
  }
  return kept;
}
