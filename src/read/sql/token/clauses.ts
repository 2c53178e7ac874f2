import type { QualifiedName } from '../../../schema/name.ts';
import type { Scope } from '../query-parts.ts';
import type { Walk } from './asked.ts';
import type { Cursor } from './cursor.ts';
import { expression, type Place } from './expression.ts';
import { isAlias } from './reserved.ts';

/** What is told of a statement as a whole. */
export interface Extent {
  readonly hasLimit: boolean;
  readonly hasFilter: boolean;
}

/** A column at hand by its name alone. */
export function ask(walk: Walk, cursor: Cursor, { role, scope }: Place, table?: QualifiedName): void {
  const start = cursor.offset;
  const name = cursor.name();
  const among = table && [table];
  walk.asked.push({ parts: [name], role, scope, among, start, end: cursor.endOfPrevious });
}

/** What SELECT and RETURNING give, apart by commas; the names go to `results`. */
export function outputs(walk: Walk, cursor: Cursor, scope: Scope, results: Set<string>): void {
  do {
    expression(walk, cursor, { role: 'select', scope });
    if (cursor.take('as')) {
      const alias = cursor.text();
      cursor.at++;
      results.add(alias.replace(/^['"`[]|['"`\]]$/g, '').toLowerCase());
    } else if (isAlias(cursor)) results.add(cursor.name().toLowerCase());
    else if (cursor.token()?.kind === 'string') cursor.at++;
  } while (cursor.take(','));
}

/** RETURNING, where it stands. */
export function returning(walk: Walk, cursor: Cursor, scope: Scope): void {
  if (cursor.take('returning')) outputs(walk, cursor, scope, new Set());
}

/** Rows of VALUES: the text literals of each. */
export function rows(walk: Walk, cursor: Cursor, place: Place): readonly (readonly (readonly string[])[])[] {
  const found: (readonly string[])[][] = [];
  do {
    cursor.take('row');
    if (cursor.sign() !== '(') {
      // the driver makes the rows of one parameter
      expression(walk, cursor, place);
      walk.open = true;
      continue;
    }
    const row = cursor.brackets();
    const texts: (readonly string[])[] = [];
    while (!row.done) {
      texts.push(expression(walk, row, place).literals);
      if (!row.take(',') && !row.done) throw row.wrong();
    }
    found.push(texts);
  } while (cursor.take(','));
  return found;
}

/** LIMIT in all its forms; whether there is one. */
export function limit(walk: Walk, cursor: Cursor, place: Place): boolean {
  if (!cursor.take('limit')) return false;
  expression(walk, cursor, place);
  if (cursor.take(',') || cursor.take('offset')) expression(walk, cursor, place);
  return true;
}
