import type { QualifiedName } from '../../../schema/name.ts';
import type { Scope } from '../query-parts.ts';
import { useTable, type Walk, within } from './asked.ts';
import { ask } from './clauses.ts';
import { Cursor } from './cursor.ts';
import { expression, opensQuery, subquery } from './expression.ts';
import { isAlias, isReserved } from './reserved.ts';

/** What stands after FROM: tables, subqueries and joins. */
export function from(walk: Walk, cursor: Cursor, scope: Scope): void {
  source(walk, cursor, scope);
  while (takeJoin(cursor)) {
    source(walk, cursor, scope);
    if (cursor.take('on')) expression(walk, cursor, { role: 'join', scope });
    else if (cursor.is('using', '(')) {
      cursor.at++;
      const names = cursor.brackets();
      do ask(walk, names, { role: 'join', scope });
      while (names.take(','));
    }
  }
}

function takeJoin(cursor: Cursor): boolean {
  if (cursor.take(',') || cursor.take('straight_join')) return true;
  const from = cursor.at;
  cursor.take('natural');
  if (cursor.takeOneOf('left', 'right', 'full')) cursor.take('outer');
  else cursor.takeOneOf('inner', 'cross');
  if (cursor.take('join')) return true;
  cursor.at = from;
  return false;
}

function source(walk: Walk, cursor: Cursor, scope: Scope): void {
  cursor.take('lateral');
  if (cursor.sign() === '(') {
    const inner = cursor.brackets();
    let ahead = 0;
    while (inner.sign(ahead) === '(') ahead++;
    if (!opensQuery(inner, ahead)) {
      within(walk, inner, () => from(walk, inner, scope));
      if (!inner.done) throw inner.wrong();
      return;
    }
    subquery(walk, inner, scope);
    scope.names.set(aliasOf(cursor)?.toLowerCase() ?? `(${scope.names.size}`, undefined);
    if (cursor.sign() === '(') cursor.brackets();
    return;
  }
  if (isReserved(cursor)) throw cursor.wrong();
  if (cursor.take('?', '?') || cursor.take('?')) {
    walk.open = true;
    aliasOf(cursor);
    return;
  }
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  const end = cursor.at;
  if (cursor.sign() === '(') {
    const inner = cursor.brackets();
    while (!inner.done && !inner.is('columns')) {
      expression(walk, inner, { role: 'select', scope });
      if (!inner.take(',')) break;
    }
    scope.names.set(aliasOf(cursor)?.toLowerCase() ?? table.name.toLowerCase(), undefined);
    return;
  }
  if (cursor.is('partition', '(')) {
    cursor.at++;
    cursor.brackets();
  }
  named(walk, cursor, scope, table, start, end);
}

/** A table that FROM names, from `start` to the token `end`, with its alias and hints still to come. */
function named(
  walk: Walk,
  cursor: Cursor,
  scope: Scope,
  table: QualifiedName,
  start: number,
  end: number,
): void {
  const isCommon = table.schema === undefined && scope.withNames.has(table.name.toLowerCase());
  if (!isCommon) useTable(walk, new Cursor(walk.reading, end, cursor.end), table, 'read', start);
  hints(cursor);
  const alias = aliasOf(cursor) ?? table.name;
  hints(cursor);
  scope.names.set(alias.toLowerCase(), isCommon ? undefined : table);
}

/** `INDEXED BY name`, `NOT INDEXED`, `USE INDEX (…)`. */
function hints(cursor: Cursor): void {
  if (cursor.take('indexed', 'by')) cursor.name();
  else cursor.take('not', 'indexed');
  while (
    (cursor.is('use') || cursor.is('force') || cursor.is('ignore')) &&
    /^(index|key)$/.test(cursor.word(1))
  ) {
    cursor.at += 2;
    if (cursor.take('for')) while (!cursor.done && cursor.sign() !== '(') cursor.at++;
    cursor.brackets();
    cursor.take(',');
  }
}

function aliasOf(cursor: Cursor): string | undefined {
  if (cursor.take('as')) return cursor.name();
  return isAlias(cursor) ? cursor.name() : undefined;
}
