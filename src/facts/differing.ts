import type { FactRows } from './fact-rows.ts';
import type { FactRow } from './schema-rows.ts';
import { vocabulary } from './vocabulary.ts';

type Side = 'base' | 'head';
type PathKey = (path: string, side: Side) => string;

/** Rows of a table that only head has, and those that only base has. */
interface Difference {
  readonly gained: readonly FactRow[];
  readonly lost: readonly FactRow[];
}

/** Tells how a table of head differs from the same of base; what is no table of head has no difference. */
export type Differences = (table: string) => Difference;

const NONE: Difference = { gained: [], lost: [] };

/** The differences of a change, each worked out when it is first asked for. */
export function differencesIn({ rows }: FactRows, pathKey: PathKey): Differences {
  const known = new Map<string, Difference>();
  const differenceOf = (table: string) => {
    const before = rows.get(table.replace(/^head\./, 'base.')) ?? [];
    const at = placeOfPath(table);
    const [base, head] = withoutCommon(before, rows.get(table) ?? [], at, pathKey);
    return compared(base, head, at, pathKey, true);
  };
  return (table) => {
    if (!table.startsWith('head.')) return NONE;
    const found = known.get(table) ?? differenceOf(table);
    known.set(table, found);
    return found;
  };
}

/** Names of the tables, without schema, whose rows differ between base and head when positions are left out. */
export function differingTables(differences: Differences, pathKey: PathKey): ReadonlySet<string> {
  const differing = new Set<string>();
  for (const { name } of vocabulary().tables.values()) {
    const { gained, lost } = differences(name);
    const left = compared(lost, gained, placeOfPath(name), pathKey, false);
    if (left.gained.length > 0 || left.lost.length > 0) differing.add(name.slice('head.'.length));
  }
  return differing;
}

/** Where `path` stands in a table's rows, before the position in it; -1 where it has none. */
function placeOfPath(table: string): number {
  return (
    vocabulary()
      .tables.get(table)
      ?.columns.findIndex(({ name }) => name === 'path') ?? -1
  );
}

function keyOfPath(row: FactRow, at: number, side: Side, pathKey: PathKey): string | null {
  const path = row[at];
  return typeof path === 'string' ? pathKey(path, side) : null;
}

/** What is left of two bags of rows when those that are in both are taken out. */
function compared(
  base: readonly FactRow[],
  head: readonly FactRow[],
  at: number,
  pathKey: PathKey,
  withPositions: boolean,
): Difference {
  const keyOf = (row: FactRow, side: Side) =>
    JSON.stringify([
      row.slice(0, at < 0 ? undefined : at),
      keyOfPath(row, at, side, pathKey),
      withPositions && at >= 0 ? row.slice(at + 1) : null,
    ]);
  const left = new Map<string, FactRow[]>();
  for (const row of base) {
    const key = keyOf(row, 'base');
    const alike = left.get(key);
    if (alike) alike.push(row);
    else left.set(key, [row]);
  }
  const gained = head.filter((row) => left.get(keyOf(row, 'head'))?.pop() === undefined);
  return { gained, lost: [...left.values()].flat() };
}

/** What is left of two lists without the rows that are the same at their start and at their end: mostly little. */
function withoutCommon(
  base: readonly FactRow[],
  head: readonly FactRow[],
  at: number,
  pathKey: PathKey,
): readonly [readonly FactRow[], readonly FactRow[]] {
  const isSame = (row: FactRow | undefined, other: FactRow | undefined) =>
    row?.every((cell, index) => isAlike(cell, other?.[index])) === true &&
    other !== undefined &&
    keyOfPath(row, at, 'base', pathKey) === keyOfPath(other, at, 'head', pathKey);
  let start = 0;
  while (isSame(base[start], head[start])) start++;
  let [baseEnd, headEnd] = [base.length, head.length];
  while (Math.min(baseEnd, headEnd) > start && isSame(base[baseEnd - 1], head[headEnd - 1])) {
    baseEnd--;
    headEnd--;
  }
  return [base.slice(start, baseEnd), head.slice(start, headEnd)];
}

function isAlike(cell: FactRow[number], other: FactRow[number] | undefined): boolean {
  if (cell === other) return true;
  return (
    typeof cell === 'object' && typeof other === 'object' && JSON.stringify(cell) === JSON.stringify(other)
  );
}
