import type { Differences } from '../facts/differing.ts';
import type { FactRows } from '../facts/fact-rows.ts';
import type { FactRow } from '../facts/schema-rows.ts';
import { columnsOf, isFound, type Place, type Search } from './is-found.ts';
import type { Needs, Rows, Way } from './way.ts';

/**
 * Whether the facts have, for some way, all that it needs; with `differences`, whether they have that with a row that is new,
 * or that went beside it: otherwise a query about one side returns on head what it returns on base. What is asked on the
 * side `base` is asked on `head` before. After trying `effort` rows it says yes.
 */
export function areMet(needs: Needs, facts: FactRows, effort: number, differences?: Differences): boolean {
  const left = { left: effort };
  return needs.some((way) =>
    differences ? isChanged(way, facts, left, differences) : isOpen(way, facts, left),
  );
}

function isOpen(way: Way, { rows }: FactRows, effort: Place['effort']): boolean {
  const head = (table: string) => rows.get(table) ?? [];
  return isFound(way, { head, effort, listOf: (_, table) => head(table) }, 'may');
}

function isChanged(way: Way, { rows }: FactRows, effort: Place['effort'], differences: Differences): boolean {
  const head = (table: string) => rows.get(table) ?? [];
  const both = (table: string) => {
    const { lost } = differences(table);
    return lost.length === 0 ? head(table) : [...head(table), ...lost];
  };
  const differenceOf = (all: Rows, row: number) => differences(columnsOf(all[row] ?? '').name);
  /** With that one row from a list, the others from head where `own` has them, else from either side. */
  const withOne = (one: number, list: readonly FactRow[], search: Search, own: Rows) =>
    list.length > 0 &&
    isFound(
      search,
      {
        ...{ head, effort, first: one },
        listOf: (row, table) => (row === one ? list : row in own ? head(table) : both(table)),
      },
      'may',
    );
  return (
    Object.keys(way.rows)
      .map(Number)
      .some((row) => withOne(row, differenceOf(way.rows, row).gained, way, way.rows)) ||
    way.grouped.some((row) => withOne(row, differenceOf(way.rows, row).lost, { ...way, lacks: [] }, {})) ||
    way.beside.some((beside) =>
      beside.of.some((row) => {
        const all = { ...way.rows, ...beside.rows };
        const conditions = [...way.conditions, ...beside.conditions];
        const { gained, lost } = differenceOf(all, row);
        const list = beside.isLost ? lost : [...gained, ...lost];
        return withOne(row, list, { rows: all, conditions, lacks: way.lacks, exact: false }, way.rows);
      }),
    )
  );
}
