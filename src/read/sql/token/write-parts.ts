import type { QualifiedName } from '../../../schema/name.ts';
import type { Scope } from '../query-parts.ts';
import { useTable, type Walk } from './asked.ts';
import { ask, type Extent, limit, returning, rows } from './clauses.ts';
import { Cursor } from './cursor.ts';
import { expression, opensQuery, orderBy, type Place } from './expression.ts';
import { from } from './from.ts';
import { isReserved } from './reserved.ts';

/** INSERT and REPLACE. */
export function insert(walk: Walk, cursor: Cursor, scope: Scope): Extent {
  cursor.at++;
  if (cursor.take('or')) cursor.at++;
  while (cursor.takeOneOf('low_priority', 'delayed', 'high_priority', 'ignore')) {}
  cursor.take('into');
  const start = cursor.offset;
  if (isReserved(cursor)) throw cursor.wrong();
  const table = cursor.qualifiedName();
  useTable(walk, cursor, table, 'insert', start);
  scope.names.set((cursor.take('as') ? cursor.name() : table.name).toLowerCase(), table);
  scope.names.set('excluded', table);
  const into: Place = { role: 'write', scope };
  const from = walk.asked.length;
  if (cursor.sign() === '(' && !opensQuery(new Cursor(walk.reading, cursor.at + 1, cursor.end))) {
    const names = cursor.brackets();
    do if (!names.done) ask(walk, names, into, table);
    while (names.take(','));
    if (!names.done) throw names.wrong();
  }
  const columns = walk.asked.slice(from);
  if (cursor.take('set')) assignments(walk, cursor, scope, [table]);
  else if (cursor.takeOneOf('values', 'value')) {
    const given = rows(walk, cursor, { role: 'select', scope });
    columns.forEach((column, at) => {
      column.values = given.flatMap((row) => row[at] ?? []);
    });
    if (cursor.take('as')) {
      scope.names.set(cursor.name().toLowerCase(), table);
      if (cursor.sign() === '(') cursor.brackets();
    }
  } else if (!cursor.take('default', 'values')) walk.statement(walk, cursor, scope);
  afterInsert(walk, cursor, scope, table);
  return { hasLimit: false, hasFilter: false };
}

/** What INSERT does where a row is there already, and what it returns. */
function afterInsert(walk: Walk, cursor: Cursor, scope: Scope, table: QualifiedName): void {
  while (cursor.take('on')) {
    if (cursor.take('duplicate', 'key', 'update')) {
      assignments(walk, cursor, scope, [table]);
      continue;
    }
    cursor.need('conflict');
    if (cursor.sign() === '(') {
      const keys = cursor.brackets();
      do {
        const isBare = keys.isName() && keys.sign(1) !== '(';
        if (isBare) ask(walk, keys, { role: 'conflict', scope }, table);
        else expression(walk, keys, { role: 'select', scope });
        if (keys.take('collate')) keys.name();
        keys.takeOneOf('asc', 'desc');
      } while (keys.take(','));
      if (cursor.take('where')) expression(walk, cursor, { role: 'select', scope });
    }
    cursor.need('do');
    if (cursor.take('nothing')) continue;
    cursor.need('update', 'set');
    assignments(walk, cursor, scope, [table]);
    if (cursor.take('where')) expression(walk, cursor, { role: 'filter', scope });
  }
  returning(walk, cursor, scope);
}

/** `column = value`, `t.column = value` and `(a, b) = (…)`, apart by commas; the qualifiers of what is set. */
function assignments(
  walk: Walk,
  cursor: Cursor,
  scope: Scope,
  among: readonly QualifiedName[],
): readonly (string | undefined)[] {
  const qualifiers: (string | undefined)[] = [];
  do {
    if (cursor.sign() === '?') {
      expression(walk, cursor, { role: 'select', scope });
      walk.open = true;
      continue;
    }
    const set: Walk['asked'] = [];
    const names = cursor.sign() === '(' ? cursor.brackets() : cursor;
    do {
      const from = walk.asked.length;
      target(walk, names, scope, among);
      set.push(...walk.asked.slice(from));
    } while (names !== cursor && names.take(','));
    cursor.take(':');
    cursor.need('=');
    const { literals } = expression(walk, cursor, { role: 'select', scope });
    const [only] = set;
    if (set.length === 1 && only) only.values = literals;
    qualifiers.push(only?.parts.at(-2)?.toLowerCase());
  } while (cursor.take(','));
  return qualifiers;
}

/** What stands left of `=` in SET. */
function target(walk: Walk, cursor: Cursor, scope: Scope, among: readonly QualifiedName[]): void {
  const parts: string[] = [];
  let start = cursor.offset;
  if (isReserved(cursor)) throw cursor.wrong();
  do {
    start = cursor.offset;
    parts.push(cursor.name());
  } while (cursor.take('.'));
  const bare = parts.length === 1 ? { among } : {};
  walk.asked.push({ parts, role: 'write', scope, ...bare, start, end: cursor.endOfPrevious });
}

/** UPDATE, also of several tables that are joined. */
export function update(walk: Walk, cursor: Cursor, scope: Scope): Extent {
  cursor.need('update');
  if (cursor.take('or')) cursor.at++;
  while (cursor.takeOneOf('low_priority', 'ignore')) {}
  const first = walk.tables.length;
  from(walk, cursor, scope);
  const own = walk.tables.slice(first);
  cursor.need('set');
  const among = own.map((use) => use.table);
  const qualifiers = assignments(walk, cursor, scope, among);
  const named = qualifiers.flatMap((one) => (one === undefined ? [] : (scope.names.get(one) ?? [])));
  const written = own.filter(({ table }) => named.includes(table));
  for (const use of written.length > 0 ? written : own.slice(0, 1)) use.op = 'update';
  if (cursor.take('from')) from(walk, cursor, scope);
  return ending(walk, cursor, scope);
}

/** DELETE: of one table, or `DELETE a FROM a JOIN b`, `DELETE FROM a USING a JOIN b`. */
export function remove(walk: Walk, cursor: Cursor, scope: Scope): Extent {
  cursor.need('delete');
  while (cursor.takeOneOf('low_priority', 'quick', 'ignore')) {}
  const isPlain = cursor.take('from');
  const first = walk.tables.length;
  if (isPlain && !isUsing(cursor)) {
    from(walk, cursor, scope);
    for (const use of walk.tables.slice(first, first + 1)) use.op = 'delete';
    return ending(walk, cursor, scope);
  }
  const targets: string[] = [];
  do {
    targets.push(cursor.qualifiedName().name.toLowerCase());
    cursor.take('.', '*');
  } while (cursor.take(','));
  if (!cursor.takeOneOf('from', 'using')) throw cursor.wrong();
  from(walk, cursor, scope);
  const named = targets.map((name) => scope.names.get(name));
  for (const use of walk.tables.slice(first)) if (named.includes(use.table)) use.op = 'delete';
  return ending(walk, cursor, scope);
}

/** Whether USING follows the names at hand. */
function isUsing(cursor: Cursor): boolean {
  const ahead = new Cursor(cursor.reading, cursor.at, cursor.end);
  while (ahead.isName() || ahead.sign() === ',' || ahead.sign() === '.' || ahead.sign() === '*') {
    if (ahead.is('using')) return true;
    ahead.at++;
  }
  return false;
}

/** WHERE, ORDER BY, LIMIT and RETURNING of a write. */
function ending(walk: Walk, cursor: Cursor, scope: Scope): Extent {
  const hasFilter = cursor.take('where');
  if (hasFilter) expression(walk, cursor, { role: 'filter', scope });
  walk.writes.push(hasFilter);
  if (cursor.take('order')) orderBy(walk, cursor, { role: 'order', scope });
  limit(walk, cursor, { role: 'select', scope });
  returning(walk, cursor, scope);
  limit(walk, cursor, { role: 'select', scope });
  return { hasLimit: false, hasFilter };
}
