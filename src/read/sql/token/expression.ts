import type { ColumnRole } from '../../query.ts';
import { AGGREGATE, type Scope } from '../query-parts.ts';
import { type Asked, type Walk, within } from './asked.ts';
import { compare, comparing, isJoin, type Operand, takeOperator } from './compare.ts';
import type { Cursor } from './cursor.ts';
import { isReserved } from './reserved.ts';
import { isOneSign, takeParameter, texts } from './value.ts';

/** Where an expression stands. */
export interface Place {
  readonly role: ColumnRole;
  readonly scope: Scope;
  /** Names of results that may be meant. */
  readonly results?: ReadonlySet<string>;
}

const NONE: Operand = { literals: [] };

/** Reads one expression of SQLite or MySQL from where a cursor stands, up to what belongs to none. */
export function expression(walk: Walk, cursor: Cursor, place: Place): Operand {
  return within(walk, cursor, () => {
    let found = conjunction(walk, cursor, place);
    while (cursor.take('or') || cursor.take('xor')) found = both(found, conjunction(walk, cursor, place));
    return found;
  });
}

function conjunction(walk: Walk, cursor: Cursor, place: Place): Operand {
  let found = negation(walk, cursor, place);
  while (cursor.take('and') || cursor.take('&', '&')) found = both(found, negation(walk, cursor, place));
  return found;
}

function negation(walk: Walk, cursor: Cursor, place: Place): Operand {
  while (cursor.take('not')) {}
  return comparison(walk, cursor, place);
}

function comparison(walk: Walk, cursor: Cursor, place: Place): Operand {
  let left = sum(walk, cursor, place);
  for (;;) {
    const word = comparing(cursor);
    if (word === undefined) return left;
    const right = compared(walk, cursor, place, word);
    compare(left, word, right);
    if (isJoin(left, right) && place.role === 'filter')
      for (const { asked } of [left, right]) if (asked) asked.role = 'join';
    left = NONE;
  }
}

function compared(walk: Walk, cursor: Cursor, place: Place, word: string): Operand {
  if (/^is( not)?( null)?$/.test(word) && cursor.takeOneOf('true', 'false', 'unknown')) return NONE;
  if (word === 'is null' || word === 'is not null') return NONE;
  const right = sum(walk, cursor, place);
  if (word.endsWith('between')) {
    cursor.need('and');
    sum(walk, cursor, place);
  }
  if (cursor.take('escape')) sum(walk, cursor, place);
  return right;
}

function sum(walk: Walk, cursor: Cursor, place: Place): Operand {
  let found = operand(walk, cursor, place);
  while (takeOperator(cursor)) {
    operand(walk, cursor, place);
    found = NONE;
  }
  return found;
}

function operand(walk: Walk, cursor: Cursor, place: Place): Operand {
  while (isOneSign(cursor, '-+~!') || cursor.is('binary')) cursor.at++;
  const found = within(walk, cursor, () => single(walk, cursor, place));
  while (cursor.take('collate')) cursor.at++;
  return found;
}

function single(walk: Walk, cursor: Cursor, place: Place): Operand {
  const token = cursor.token();
  if (!token) throw cursor.wrong();
  if (cursor.sign() === '(') return inBrackets(walk, cursor, place);
  if (cursor.take('*')) return NONE;
  if (takeParameter(cursor)) return NONE;
  if (token.kind === 'string') return texts(walk, cursor);
  if (token.kind === 'number') {
    cursor.at++;
    return NONE;
  }
  const word = cursor.word();
  switch (word) {
    case 'case':
      return choice(walk, cursor, place);
    case 'exists':
      cursor.at++;
      return inBrackets(walk, cursor, place);
    case 'any':
    case 'all':
    case 'some':
      if (cursor.sign(1) !== '(') throw cursor.wrong();
      cursor.at++;
      return inBrackets(walk, cursor, place);
    case 'interval': {
      cursor.at++;
      sum(walk, cursor, place);
      cursor.name();
      return NONE;
    }
    case 'match':
      return fullText(walk, cursor, place);
    case 'null':
    case 'true':
    case 'false':
    case 'default':
    case 'current_timestamp':
    case 'current_date':
    case 'current_time':
      cursor.at++;
      if (cursor.sign() === '(') cursor.brackets();
      return NONE;
    case 'date':
    case 'time':
    case 'timestamp':
      if (cursor.token(1)?.kind === 'string') {
        cursor.at += 2;
        return NONE;
      }
  }
  const isCall = word !== '' && cursor.sign(1) === '(';
  if (isReserved(cursor) && !(isCall && ALSO_FUNCTION.test(word))) throw cursor.wrong();
  if (isCall) return call(walk, cursor, place);
  return column(walk, cursor, place);
}

function inBrackets(walk: Walk, cursor: Cursor, place: Place): Operand {
  const inner = cursor.brackets();
  if (opensQuery(inner)) {
    subquery(walk, inner, place.scope);
    return { literals: [], isQuery: true };
  }
  return list(walk, inner, place);
}

/** Expressions up to the end, apart by commas. */
function list(walk: Walk, inner: Cursor, place: Place): Operand {
  const found: Operand[] = [];
  while (!inner.done) {
    found.push(expression(walk, inner, place));
    if (!inner.take(',') && !inner.done) throw inner.wrong();
  }
  const [only] = found;
  if (found.length === 1 && only) return only;
  return { literals: found.flatMap((one) => one.literals) };
}

function choice(walk: Walk, cursor: Cursor, place: Place): Operand {
  cursor.need('case');
  if (!cursor.is('when')) expression(walk, cursor, place);
  const literals: string[] = [];
  while (cursor.take('when')) {
    expression(walk, cursor, place);
    cursor.need('then');
    literals.push(...expression(walk, cursor, place).literals);
  }
  if (cursor.take('else')) literals.push(...expression(walk, cursor, place).literals);
  cursor.need('end');
  return { literals };
}

/** MySQL's `MATCH (a, b) AGAINST (… IN BOOLEAN MODE)`. */
function fullText(walk: Walk, cursor: Cursor, place: Place): Operand {
  cursor.need('match');
  inBrackets(walk, cursor, place);
  cursor.need('against');
  operand(walk, cursor.brackets(), place);
  return NONE;
}

function call(walk: Walk, cursor: Cursor, place: Place): Operand {
  const name = cursor.word();
  cursor.at++;
  const inner = cursor.brackets();
  // what it makes of a column is compared, not the column
  const own: Place = { ...place, results: undefined };
  if (/^(timestampdiff|timestampadd|extract|get_format)$/.test(name)) {
    inner.name();
    if (!inner.take('from')) inner.need(',');
  }
  if (opensQuery(inner)) subquery(walk, inner, place.scope);
  else if (name === 'convert') expression(walk, inner, own);
  else argumentsOf(walk, inner, own);
  let windowed = false;
  if (cursor.is('filter', '(')) {
    cursor.at++;
    const filter = cursor.brackets();
    filter.need('where');
    expression(walk, filter, own);
  }
  if (cursor.take('over')) {
    windowed = true;
    if (cursor.sign() === '(') window(walk, cursor.brackets(), own);
    else cursor.name();
  }
  if (AGGREGATE.test(name) && !windowed) walk.aggregates++;
  return NONE;
}

function argumentsOf(walk: Walk, inner: Cursor, place: Place): void {
  inner.takeOneOf('distinct', 'all', 'leading', 'trailing', 'both');
  while (!inner.done) {
    if (!inner.is('from')) expression(walk, inner, place);
    if (inner.takeOneOf('as', 'using', 'returning')) return;
    if (inner.take('order')) orderBy(walk, inner, place);
    if (inner.take('separator')) return;
    if (!inner.take(',') && !inner.takeOneOf('from', 'for', 'in') && !inner.done) throw inner.wrong();
  }
}

function window(walk: Walk, inner: Cursor, place: Place): void {
  if (inner.take('partition', 'by'))
    do expression(walk, inner, place);
    while (inner.take(','));
  if (inner.take('order')) orderBy(walk, inner, place);
}

/** The rest of ORDER BY, after its first word. */
export function orderBy(walk: Walk, cursor: Cursor, place: Place): void {
  cursor.need('by');
  do {
    expression(walk, cursor, place);
    cursor.takeOneOf('asc', 'desc');
    if (cursor.take('nulls')) cursor.takeOneOf('first', 'last');
  } while (cursor.take(','));
}

/** Reads all of a query that stands in brackets. */
export function subquery(walk: Walk, inner: Cursor, outer: Scope): void {
  walk.statement(walk, inner, outer);
  if (!inner.done) throw inner.wrong();
}

/** Words of the grammar that are functions before a bracket. */
const ALSO_FUNCTION = /^(left|right|insert|values|exists|mod)$/;

function both(left: Operand, right: Operand): Operand {
  return { literals: [...left.literals, ...right.literals] };
}

/** Whether a cursor stands at the beginning of a query. */
export function opensQuery(cursor: Cursor, ahead = 0): boolean {
  const word = cursor.word(ahead);
  return /^(select|with)$/.test(word) || (word === 'values' && cursor.sign(ahead + 1) === '(');
}

function column(walk: Walk, cursor: Cursor, { role, scope, results }: Place): Operand {
  const parts: string[] = [];
  let [start, end] = [0, 0];
  const first = cursor.text();
  do {
    if (parts.length > 0 && cursor.take('*')) return NONE;
    start = cursor.offset;
    parts.push(cursor.name());
    end = cursor.endOfPrevious;
  } while (cursor.take('.'));
  const perhaps = parts.length === 1 && first.startsWith('"');
  const asked: Asked = { parts, role, scope, results, start, end, ...(perhaps ? { perhaps } : {}) };
  walk.asked.push(asked);
  return { asked, literals: [] };
}
