import type { QueryParts, Scope } from '../query-parts.ts';
import type { Reading } from '../reading.ts';
import { columnsAsked, type Walk, within } from './asked.ts';
import { type Extent, limit, outputs, rows } from './clauses.ts';
import { Cursor } from './cursor.ts';
import { expression, orderBy, type Place } from './expression.ts';
import { from } from './from.ts';
import { insert, remove, update } from './write-parts.ts';

const ROWS = /^(select|with|values|insert|replace|update|delete)$/;

/**
 * The tables and columns of one statement of SQLite or MySQL that reads or writes rows, with what each is asked for; undefined
 * for other statements. Throws `NotUnderstood` where the grammar does not go on.
 */
export function queryParts(reading: Reading): QueryParts | undefined {
  const cursor = new Cursor(reading);
  let ahead = 0;
  while (cursor.sign(ahead) === '(') ahead++;
  if (!ROWS.test(cursor.word(ahead))) return undefined;
  const walk: Walk = {
    reading,
    tables: [],
    asked: [],
    writes: [],
    open: false,
    aggregates: 0,
    depth: 0,
    statement,
  };
  const said = statement(walk, cursor, undefined);
  if (!cursor.done) throw cursor.wrong();
  return {
    tables: walk.tables,
    columns: columnsAsked(walk),
    hasLimit: said.hasLimit,
    hasFilter: walk.writes.length > 0 ? walk.writes.every(Boolean) : said.hasFilter,
    complete: !walk.open,
  };
}

function statement(walk: Walk, cursor: Cursor, outer: Scope | undefined): Extent {
  const withNames = new Set(outer?.withNames);
  const scope: Scope = { names: new Map(), outer, withNames };
  if (cursor.take('with')) {
    cursor.take('recursive');
    do common(walk, cursor, scope, withNames);
    while (cursor.take(','));
  }
  switch (cursor.word()) {
    case 'insert':
    case 'replace':
      return insert(walk, cursor, scope);
    case 'update':
      return update(walk, cursor, scope);
    case 'delete':
      return remove(walk, cursor, scope);
    default:
      return query(walk, cursor, scope);
  }
}

/** `name (columns) AS (query)` of WITH. */
function common(walk: Walk, cursor: Cursor, outer: Scope, names: Set<string>): void {
  names.add(cursor.name().toLowerCase());
  if (cursor.sign() === '(') cursor.brackets();
  cursor.need('as');
  cursor.take('not');
  cursor.take('materialized');
  const inner = cursor.brackets();
  statement(walk, inner, { names: new Map(), outer: outer.outer, withNames: names });
  if (!inner.done) throw inner.wrong();
}

/** SELECT and VALUES, what UNION and the like join to them, and ORDER BY and LIMIT of all. */
function query(walk: Walk, cursor: Cursor, scope: Scope): Extent {
  const results = new Set<string>();
  let hasFilter = true;
  let last = scope;
  let arms = 0;
  let one = false;
  do {
    last = { ...scope, names: new Map() };
    const arm = cursor.sign() === '(' ? bracketed(walk, cursor, last) : select(walk, cursor, last, results);
    hasFilter &&= arm.hasFilter;
    one = arm.hasLimit;
    arms++;
  } while (takeSetOperator(cursor));
  const place: Place = { role: 'order', scope: last, results };
  if (cursor.take('order')) orderBy(walk, cursor, place);
  const hasLimit = limit(walk, cursor, { ...place, role: 'select' });
  lock(cursor);
  return { hasLimit: hasLimit || (arms === 1 && one), hasFilter };
}

function bracketed(walk: Walk, cursor: Cursor, outer: Scope): Extent {
  const inner = cursor.brackets();
  const said = within(walk, inner, () => statement(walk, inner, outer));
  if (!inner.done) throw inner.wrong();
  return said;
}

function takeSetOperator(cursor: Cursor): boolean {
  if (!cursor.takeOneOf('union', 'intersect', 'except')) return false;
  cursor.takeOneOf('all', 'distinct');
  return true;
}

/** One SELECT or VALUES; its limit tells whether it makes one row by its form. */
function select(walk: Walk, cursor: Cursor, scope: Scope, results: Set<string>): Extent {
  if (cursor.take('values')) {
    rows(walk, cursor, { role: 'select', scope });
    return { hasLimit: false, hasFilter: false };
  }
  cursor.need('select');
  while (
    cursor.takeOneOf(
      ...['all', 'distinct', 'distinctrow', 'high_priority', 'straight_join', 'sql_no_cache'],
      ...['sql_calc_found_rows', 'sql_small_result', 'sql_big_result', 'sql_buffer_result'],
    )
  ) {}
  const before = walk.aggregates;
  outputs(walk, cursor, scope, results);
  const aggregates = walk.aggregates > before;
  if (cursor.take('into')) cursor.skip();
  if (cursor.take('from')) from(walk, cursor, scope);
  const own = walk.reading.dialect === 'sqlite' ? { results } : {};
  const hasFilter = cursor.take('where');
  if (hasFilter) expression(walk, cursor, { role: 'filter', scope, ...own });
  const grouped = cursor.take('group', 'by');
  if (grouped) {
    do expression(walk, cursor, { role: 'group', scope, results });
    while (cursor.take(','));
    cursor.take('with', 'rollup');
  }
  if (cursor.take('having')) expression(walk, cursor, { role: 'filter', scope, results });
  if (cursor.take('window'))
    do {
      cursor.name();
      cursor.need('as');
      cursor.brackets();
    } while (cursor.take(','));
  return { hasLimit: aggregates && !grouped, hasFilter };
}

/** `FOR UPDATE OF t SKIP LOCKED`, `LOCK IN SHARE MODE`. */
function lock(cursor: Cursor): void {
  cursor.take('lock', 'in', 'share', 'mode');
  while (cursor.take('for')) {
    if (!cursor.takeOneOf('update', 'share')) throw cursor.wrong();
    if (cursor.take('of'))
      do cursor.name();
      while (cursor.take(','));
    if (!cursor.take('nowait')) cursor.take('skip', 'locked');
  }
}
