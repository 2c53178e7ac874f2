import type { FactRows } from '../facts/fact-rows.ts';
import type { FactRow } from '../facts/schema-rows.ts';
import { vocabulary } from '../facts/vocabulary.ts';
import { type ColumnOf, type Expression, mayHold } from './condition.ts';
import { unqualifiedTables } from './tables-read.ts';

/** A way in which a query may return a row, with all that it needs for that. */
export interface Way {
  /** Tables of which it needs a row, by the number of that row. */
  readonly rows: Readonly<Record<number, string>>;
  /** What must hold of one of these rows. */
  readonly conditions: readonly { readonly row: number; readonly holds: Expression }[];
  /** Columns of two rows that must be equal. */
  readonly equal: readonly (readonly [ColumnOf, ColumnOf])[];
}

/** A query returns nothing where no way is open. */
export type Needs = readonly Way[];

/** Whether the facts have, for some way, every row that it needs. What is asked on the side `base` is asked on `head` before. */
export function areMet(needs: Needs, facts: FactRows): boolean {
  return needs.some((way) => isOpen(way, facts));
}

function isOpen({ rows, conditions, equal }: Way, facts: FactRows): boolean {
  const found = new Map<number, Found>();
  for (const [key, table] of Object.entries(rows)) {
    const row = Number(key);
    const { name, at } = columnsOf(table);
    const tests = conditions.filter((one) => one.row === row);
    const left = (facts.rows.get(name) ?? []).filter((cells) =>
      tests.every(({ holds }) =>
        mayHold(holds, ({ column }) =>
          at.has(column) ? (cells[at.get(column) as number] ?? null) : undefined,
        ),
      ),
    );
    if (left.length === 0) return false;
    found.set(row, { at, left });
  }
  return join(found, equal);
}

/** The rows that are left of one table, and where its columns stand in them. */
interface Found {
  readonly at: ReadonlyMap<string, number>;
  left: readonly FactRow[];
}

/** Takes out rows that have no partner, until none is without or a table has no row left. */
function join(found: ReadonlyMap<number, Found>, equal: Way['equal']): boolean {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    for (const [one, other] of [...equal, ...equal.map(([left, right]) => [right, left] as const)]) {
      const [mine, theirs] = [found.get(one.row), found.get(other.row)];
      const [at, there] = [mine?.at.get(one.column), theirs?.at.get(other.column)];
      if (!mine || !theirs || at === undefined || there === undefined) continue;
      const values = new Set(theirs.left.map((row) => row[there]));
      if ([...values].some((value) => typeof value === 'object' && value !== null)) continue;
      mine.left = mine.left.filter((row) => row[at] !== null && row[at] !== undefined && values.has(row[at]));
      if (mine.left.length === 0) return false;
    }
    now = [...found.values()].reduce((sum, { left }) => sum + left.length, 0);
  }
  return true;
}

const columns = new Map<string, { readonly name: string; readonly at: ReadonlyMap<string, number> }>();

/** The table of facts behind a name of a query, and where its columns stand in a row. */
function columnsOf(table: string) {
  const known = columns.get(table);
  if (known) return known;
  const full = unqualifiedTables().get(table)?.head ?? table;
  const name = full === 'change.lines' ? 'change.hunks' : full; // a view of them, whose columns are others
  const list = name === full ? (vocabulary().tables.get(full)?.columns ?? []) : [];
  const found = { name, at: new Map(list.map((column, index) => [column.name, index])) };
  columns.set(table, found);
  return found;
}
