import type { ChainChange } from '../read/chain-change.ts';
import type { MeasuredQuery, Profile } from '../read/profile/profile.ts';
import { type Identities, shownName, tableAt } from './identity.ts';
import type { AddRow, FactRow } from './schema-rows.ts';

/** Rows from which on a table counts as hot: reading or indexing it takes seconds. */
const MANY = 1_000_000;

/** Rows of what profiles say of the tables of a change's chains. */
export function addProfileRows({ queries, tables, indexes }: Profile, ids: Identities, add: AddRow): void {
  for (const one of queries) for (const row of queryRows(one, ids)) add('policy.profile_queries', row);
  for (const { profile, liveRows, wholeScans, wholeRows, days, ...home } of tables) {
    const found = placeOf(home, ids);
    if (!found) continue;
    const counters = [liveRows ?? null, wholeScans ?? null, wholeRows ?? null];
    add('policy.profile_tables', [...found.place, profile, ...counters, days ?? null]);
    if ((liveRows ?? 0) >= MANY) add('policy.hot_tables', [found.name]);
  }
  for (const { profile, index, scans, days, ...home } of indexes) {
    const found = placeOf(home, ids);
    const [chain = null, table = null] = found?.place ?? [];
    if (found) add('policy.profile_indexes', [chain, table, index, profile, scans, days ?? null]);
  }
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
