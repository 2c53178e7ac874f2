import type { FactRow } from '../facts/schema-rows.ts';
import { vocabulary } from '../facts/vocabulary.ts';
import type { Value } from '../prove/scratch.ts';
import { type Cells, mayHold, mustHold } from './condition.ts';
import { unqualifiedTables } from './tables-read.ts';
import type { Condition, Way } from './way.ts';

/** What rows are looked for: those of a way, or of a part of one. */
export type Search = Pick<Way, 'rows' | 'conditions' | 'lacks' | 'exact'>;

/** Where rows are looked for. */
export interface Place {
  readonly head: (table: string) => readonly FactRow[];
  readonly listOf: (row: number, table: string) => readonly FactRow[];
  /** The row that is looked for first. */
  readonly first?: number;
  /** How many rows may still be tried: without any left, what is not known is what costs only time. */
  readonly effort: { left: number };
}

/** A row that was chosen, and where the columns of its table stand in it. */
interface Chosen {
  readonly at: ReadonlyMap<string, number>;
  readonly cells: FactRow;
}

/**
 * Whether there are rows that meet all conditions: that may (what is not known is taken to hold), or that must. `outer` are
 * rows that were chosen before.
 */
export function isFound(
  search: Search,
  place: Place,
  how: 'may' | 'must',
  outer: ReadonlyMap<number, Chosen> = new Map(),
): boolean {
  if (how === 'must' && !search.exact) return false;
  const left = new Map(
    Object.entries(search.rows).map(([row, table]) => {
      const { name, at } = columnsOf(table);
      return [Number(row), { at, list: place.listOf(Number(row), name) }] as const;
    }),
  );
  if ([...left.values()].some(({ list }) => list.length === 0)) return false;
  const pairs = search.conditions.flatMap(pairsIn);
  const chosen = new Map(outer);
  const cellOf: Cells = ({ row, column }) => {
    const one = chosen.get(row);
    const at = one?.at.get(column);
    return at === undefined ? undefined : (one?.cells[at] ?? null);
  };
  const holds = how === 'may' ? mayHold : mustHold;
  const isKnown = ({ rows }: Condition) => rows.every((row) => chosen.has(row));
  return search.conditions.every((one) => !isKnown(one) || holds(one.holds, cellOf)) && choose();

  function choose(): boolean {
    const next = nextRow();
    if (!next) return isComplete();
    const { row, at, candidates } = next;
    const given = left.get(row);
    left.delete(row);
    const asked = search.conditions.filter(
      (one) => one.rows.includes(row) && one.rows.every((other) => other === row || chosen.has(other)),
    );
    const isOne = (cells: FactRow) => {
      if (--place.effort.left < 0) return how === 'may';
      chosen.set(row, { at, cells });
      return asked.every((one) => holds(one.holds, cellOf)) && choose();
    };
    const found = candidates.some(isOne);
    chosen.delete(row);
    if (given) left.set(row, given);
    return found;
  }

  /** The row with the fewest candidates: first of those with a column that must equal one of a row that is chosen. */
  function nextRow() {
    const all = [...left].map(([row, { at, list }]) => {
      const equal = pairs.flatMap((pair) => {
        const index = pair.row === row && chosen.has(pair.other.row) ? at.get(pair.column) : undefined;
        return index === undefined ? [] : [rowsWith(list, index, cellOf(pair.other))];
      });
      const candidates = equal.reduce((one, other) => (other.length < one.length ? other : one), list);
      const rank = row === place.first ? 0 : equal.length > 0 ? 1 : 2;
      return { row, at, candidates, rank };
    });
    return all.sort(
      (one, other) => one.rank - other.rank || one.candidates.length - other.candidates.length,
    )[0];
  }

  function isComplete(): boolean {
    if (how === 'must' && !search.conditions.every(isKnown)) return false;
    const { head, effort } = place;
    const within: Place = { head, effort, listOf: (_, table) => head(table) };
    const against = how === 'may' ? 'must' : 'may';
    return !search.lacks.some((ways) => ways.some((way) => isFound(way, within, against, chosen)));
  }
}

/** A column of a row that must equal another row's, where a condition says that and nothing else; both ways round. */
function pairsIn({ holds }: Condition) {
  if (!holds || !('call' in holds) || holds.call !== '=') return [];
  const [left, right] = holds.of;
  if (!left || !right || !('row' in left) || !('row' in right) || left.row === right.row) return [];
  return [
    { ...left, other: right },
    { ...right, other: left },
  ];
}

const indexes = new WeakMap<readonly FactRow[], Map<number, ReadonlyMap<Value, readonly FactRow[]>>>();

/** Rows that have a value in a column; all of them where it is one that is not compared here. */
function rowsWith(list: readonly FactRow[], at: number, value: Value | undefined): readonly FactRow[] {
  if (value === undefined || (typeof value === 'object' && value !== null)) return list;
  const known = indexes.get(list) ?? new Map<number, ReadonlyMap<Value, readonly FactRow[]>>();
  indexes.set(list, known);
  const index = known.get(at) ?? indexOf(list, at);
  known.set(at, index);
  return value === null ? [] : (index.get(value) ?? []);
}

function indexOf(list: readonly FactRow[], at: number): ReadonlyMap<Value, readonly FactRow[]> {
  const index = new Map<Value, FactRow[]>();
  for (const row of list) {
    const value = row[at] ?? null;
    const some = index.get(value);
    if (some) some.push(row);
    else index.set(value, [row]);
  }
  return index;
}

const columns = new Map<string, { readonly name: string; readonly at: ReadonlyMap<string, number> }>();

/** The table of facts behind a name of a query, and where its columns stand in a row. */
export function columnsOf(table: string) {
  const known = columns.get(table);
  if (known) return known;
  const full = unqualifiedTables().get(table)?.head ?? table;
  const name = full === 'change.lines' ? 'change.hunks' : full; // a view of them, whose columns are others
  const list = name === full ? (vocabulary().tables.get(full)?.columns ?? []) : [];
  const found = { name, at: new Map(list.map((column, index) => [column.name, index])) };
  columns.set(table, found);
  return found;
}
