import type { Table } from '../../schema/schema.ts';
import { evaluate, type SeenRow } from './evaluate.ts';
import { columnOf, type ForeignKey } from './order.ts';
import { type Check, type Pool, same } from './pool.ts';
import type { SeedValue } from './value.ts';

export type SeedRow = Readonly<Record<string, SeedValue>>;

/** What the rows of one table are made from. */
export interface RowPlan {
  readonly table: Table;
  readonly pools: readonly Pool[];
  readonly checks: readonly Check[];
  /** Columns that no two rows have alike. */
  readonly keys: readonly (readonly string[])[];
  /** Foreign keys to other tables with the rows of the parent. */
  readonly parents: readonly { readonly key: ForeignKey; readonly rows: readonly SeedRow[] }[];
  /** Foreign keys to the table itself. */
  readonly own: readonly ForeignKey[];
}

/** As many rows stand in a seeded table, unless its keys allow fewer. */
const ROWS = 8;

/** So often is a row tried otherwise when it breaks a constraint. */
const TRIES = 80;

/**
 * Rows that respect the constraints: the first like any other, the second the same where it may be, the third NULL where it may
 * be, the others with the awkward values. The same plan always gives the same rows.
 */
export function makeRows(plan: RowPlan): readonly SeedRow[] {
  const excluded = plan.table.constraints.some((one) => one.kind === 'exclude');
  const rows: SeedRow[] = [];
  const random = randomOf(plan.table.name);
  for (let i = 0; i < (excluded ? 1 : ROWS); i++) {
    const row = makeRow(plan, rows, i, random);
    if (row) rows.push(row);
  }
  return rows;
}

function makeRow(
  plan: RowPlan,
  before: readonly SeedRow[],
  i: number,
  random: (below: number) => number,
): SeedRow | undefined {
  const turns = new Map<string, number>();
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const row = draft(plan, before, i, turns);
    const broken = row ? brokenBy(plan, before, row) : plan.parents.flatMap(({ key }) => key.columns);
    if (row && !broken) return row;
    const movable = broken ?? [];
    const moved = movable[random(movable.length)];
    if (moved !== undefined) turns.set(moved, (turns.get(moved) ?? 0) + 1 + random(7));
  }
  return undefined;
}

function draft(
  plan: RowPlan,
  before: readonly SeedRow[],
  i: number,
  turns: ReadonlyMap<string, number>,
): SeedRow | undefined {
  const row: Record<string, SeedValue> = {};
  const turnOf = (columns: readonly string[]) =>
    columns.reduce((sum, name) => sum + (turns.get(name) ?? 0), 0);
  for (const { key, rows } of plan.parents) {
    const parent = parentFor(plan, key, rows, row, i, turnOf(key.columns));
    if (!parent) return undefined;
    Object.assign(row, parent);
  }
  for (const { column, values, isKey } of plan.pools) {
    if (Object.hasOwn(row, column.name)) continue;
    const turn = turnOf([column.name]);
    const at = preferred(values, i, isKey, column.id) + turn;
    const empty = (isKey && i === 2) !== (turn % 2 === 1);
    row[column.name] = column.nullable && empty ? null : (values[at % values.length] ?? null);
  }
  for (const key of plan.own) {
    const parent = i % 3 === 2 ? undefined : before[i % Math.max(before.length, 1)];
    const optional = key.columns.some((name) => columnOf(plan.table, name)?.nullable);
    const from = parent ?? row;
    const unknown = optional && !parent;
    for (const [at, name] of key.columns.entries()) {
      const value = from[key.refColumns[at] ?? ''] ?? null;
      row[name] = unknown && columnOf(plan.table, name)?.nullable ? null : value;
    }
  }
  return row;
}

/** Where in its pool a column starts in the i-th row. */
function preferred(values: readonly SeedValue[], i: number, key: boolean, shift: number): number {
  if (key) return i;
  if (i < 2) return 0;
  if (i === 2) return values.length - 1;
  return 1 + ((i - 3 + shift) % Math.max(Math.min(values.length - 1, ROWS - 3), 1));
}

/** The columns of a foreign key as one of the parent's rows, or NULL, has them; none where they fit none. */
function parentFor(
  { table }: RowPlan,
  key: ForeignKey,
  rows: readonly SeedRow[],
  row: SeedRow,
  i: number,
  turn: number,
): SeedRow | undefined {
  const fits = rows
    .map((parent) =>
      Object.fromEntries(key.columns.map((name, at) => [name, parent[key.refColumns[at] ?? ''] ?? null])),
    )
    .filter((tuple) =>
      key.columns.every((name) => !Object.hasOwn(row, name) || same(row[name] ?? null, tuple[name] ?? null)),
    );
  const free = key.columns.find((name) => !Object.hasOwn(row, name) && columnOf(table, name)?.nullable);
  const none = free === undefined ? [] : [{ [free]: null }];
  if (free !== undefined && (turn % 2 === 1) !== (i % 3 === 2)) return none[0];
  const options = [...fits, ...none];
  return options.length === 0 ? undefined : options[(Math.max(i - 1, 0) + turn) % options.length];
}

/** The columns of the first constraint that a row breaks, beside the rows before it. */
function brokenBy(plan: RowPlan, before: readonly SeedRow[], row: SeedRow): readonly string[] | undefined {
  const { table, pools, checks } = plan;
  const required = table.columns.find(
    (column) => !column.nullable && Object.hasOwn(row, column.name) && row[column.name] === null,
  );
  if (required) return [required.name];
  const seen: SeenRow = {
    value: (name) => row[name],
    sort: (name) => pools.find((pool) => pool.column.name === name)?.domain?.sort ?? 'other',
  };
  for (const check of checks) if (evaluate(check.expression, seen) === false) return check.columns;
  for (const key of plan.keys) {
    if (key.every((name) => row[name] === null)) continue;
    const twin = before.some((other) => key.every((name) => alike(other[name], row[name])));
    if (twin) return key;
  }
  return undefined;
}

/** Equal, as the most careful index sees it: it may fold case and count NULLs as equal. */
function alike(a: SeedValue | undefined, b: SeedValue | undefined): boolean {
  return String(JSON.stringify(a ?? null)).toLowerCase() === String(JSON.stringify(b ?? null)).toLowerCase();
}

/** Numbers that depend on a name alone. */
function randomOf(name: string): (below: number) => number {
  let state = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return below <= 0 ? 0 : (state >>> 8) % below;
  };
}
