import type { ChainChange } from '../read/chain-change.ts';
import type { MeasuredIndex, MeasuredQuery, MeasuredTable, Profile } from '../read/profile/profile.ts';
import { type Identities, shownName, tableAt } from './identity.ts';
import type { AddRow, FactRow } from './schema-rows.ts';

/** Rows from which on a table counts as hot: reading or indexing it takes seconds. */
const MANY = 1_000_000;

/** Rows of what profiles say of the tables of a change's chains; `hot` are the tables that the configuration calls so. */
export function addProfileRows(
  { queries, tables, indexes }: Profile,
  hot: readonly string[],
  ids: Identities,
  add: AddRow,
): void {
  for (const one of queries) for (const row of queryRows(one, ids)) add('policy.profile_queries', row);
  const isHot = new Set(hot.map((name) => name.toLowerCase()));
  for (const { profile, liveRows, wholeScans, wholeRows, days, ...home } of together(tables, mergeTables)) {
    const found = placeOf(home, ids);
    if (!found) continue;
    const counters = [liveRows ?? null, wholeScans ?? null, wholeRows ?? null];
    add('policy.profile_tables', [...found.place, profile, ...counters, days ?? null]);
    const name = found.name.toLowerCase();
    if ((liveRows ?? 0) < MANY || isHot.has(name)) continue;
    isHot.add(name);
    add('policy.hot_tables', [found.name]);
  }
  for (const { profile, index, scans, days, ...home } of together(indexes, mergeIndexes)) {
    const found = placeOf(home, ids);
    const [chain = null, table = null] = found?.place ?? [];
    if (found) add('policy.profile_indexes', [chain, table, index, profile, scans, days ?? null]);
  }
}

/** What several files say of one thing, as of a server and its replicas. */
function together<T extends Home & { readonly index?: string }>(
  all: readonly T[],
  merge: (a: T, b: T) => T,
): Iterable<T> {
  const merged = new Map<string, T>();
  for (const one of all) {
    const key = JSON.stringify([one.chain, one.tableId, one.index]);
    const known = merged.get(key);
    merged.set(key, known ? merge(known, one) : one);
  }
  return merged.values();
}

function mergeTables(a: MeasuredTable, b: MeasuredTable): MeasuredTable {
  return {
    ...a,
    liveRows: Math.max(a.liveRows ?? 0, b.liveRows ?? 0) || undefined,
    wholeScans: (a.wholeScans ?? 0) + (b.wholeScans ?? 0),
    wholeRows: (a.wholeRows ?? 0) + (b.wholeRows ?? 0),
  };
}

function mergeIndexes(a: MeasuredIndex, b: MeasuredIndex): MeasuredIndex {
  return { ...a, scans: a.scans + b.scans };
}

interface Home {
  readonly chain?: string;
  readonly tableId?: number;
}

function placeOf({ chain: id, tableId }: Home, ids: Identities) {
  const chain = id === undefined ? undefined : ids.chainOf(id);
  const table = chain && tableId !== undefined ? tableAt(chain, tableId) : undefined;
  if (!chain || !table) return undefined;
  const name = shownName(table);
  return { chain, name, place: [chain.id, ids.toFact(chain, table.id), name] as const };
}

function* queryRows(measured: MeasuredQuery, ids: Identities): Generator<FactRow> {
  const { query, profile, source, shape, calls, milliseconds, rows, scan, days } = measured;
  const seen = new Set<number>();
  for (const { op, ...home } of query.tables) {
    const found = placeOf(home, ids);
    if (!found || home.tableId === undefined || seen.has(home.tableId)) continue;
    seen.add(home.tableId);
    const columns = (...roles: readonly string[]) =>
      query.columns.filter((one) => one.tableId === home.tableId && roles.includes(one.role));
    const named = (some: readonly MeasuredQuery['query']['columns'][number][]) => [
      ...new Set(some.map((one) => nameNow(one, found.chain))),
    ];
    const compared = columns('filter', 'join', 'lookup');
    yield [
      ...found.place,
      ...[profile, source, shape ?? null, op],
      named(compared.filter(({ comparison }) => comparison === '=' || comparison === 'in')),
      named(compared),
      named(columns('order')),
      query.hasLimit,
      ...[calls ?? null, milliseconds ?? null, rows ?? null],
      ...[scan?.isWhole ?? null, scan?.rowsRead ?? null, scan?.rowsKept ?? null, days ?? null],
    ];
  }
}

/** A column that the change renames goes by its new name. */
function nameNow(
  { column, columnId, tableId }: MeasuredQuery['query']['columns'][number],
  { headSchema }: ChainChange,
): string {
  const table = tableId === undefined ? undefined : headSchema.tables.get(tableId);
  return table?.columns.find(({ id }) => id === columnId)?.name ?? column;
}
