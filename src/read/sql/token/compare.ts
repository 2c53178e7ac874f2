import { MIRRORED } from '../query-parts.ts';
import type { Asked } from './asked.ts';
import type { Cursor } from './cursor.ts';

/** What an operand is, as far as a comparison wants to know: a bare column, or text literals. */
export interface Operand {
  readonly asked?: Asked;
  readonly literals: readonly string[];
  readonly isQuery?: boolean;
}

/** Moves over an operator that makes a value of two. */
export function takeOperator(cursor: Cursor): boolean {
  if (cursor.takeOneOf('div', 'mod')) return true;
  for (const sign of ['->>', '->', '||', '<<', '>>', '+', '-', '*', '/', '%', '|', '&', '^'])
    if (cursor.is(...sign) && !cursor.is('&', '&')) {
      cursor.at += sign.length;
      return true;
    }
  return false;
}

const SIGNS = ['<=>', '<=', '>=', '<>', '!=', '==', '=', '<', '>'];
const SAME: Readonly<Record<string, string>> = { '==': '=', '!=': '<>', '<=>': 'is not distinct' };

/** Moves over what compares two values, and says which it is. */
export function comparing(cursor: Cursor): string | undefined {
  const signs = SIGNS.find((one) => cursor.is(...one));
  if (signs !== undefined) {
    cursor.at += signs.length;
    return SAME[signs] ?? signs;
  }
  if (cursor.take('isnull')) return 'is null';
  if (cursor.take('notnull') || cursor.take('not', 'null')) return 'is not null';
  if (cursor.take('is')) {
    const not = cursor.take('not') ? ' not' : '';
    if (cursor.take('null')) return `is${not} null`;
    if (cursor.take('distinct', 'from')) return not ? 'is not distinct' : 'is distinct';
    return `is${not}`;
  }
  const ahead = cursor.is('not') ? 1 : 0;
  const word = cursor.word(ahead);
  if (word === 'sounds' || word === 'member') {
    cursor.at += ahead + 2;
    return word;
  }
  if (!/^(in|like|between|glob|regexp|rlike|match)$/.test(word)) return undefined;
  cursor.at += ahead + 1;
  return `${ahead > 0 ? 'not ' : ''}${word}`;
}

/** Tells the columns that stand bare on the sides of a comparison how they are compared. */
export function compare(left: Operand, word: string, right: Operand): void {
  for (const [side, other, how] of [
    [left, right, word],
    [right, left, MIRRORED[word] ?? word],
  ] as const) {
    if (!side.asked || other.isQuery) continue;
    side.asked.comparison = how;
    if (other.literals.length > 0) side.asked.values = other.literals;
  }
}

/** `a.x = b.y`: a comparison of two columns of different tables. */
export function isJoin(left: Operand, right: Operand): boolean {
  const [one, other] = [left.asked?.parts.at(-2), right.asked?.parts.at(-2)];
  return one !== undefined && other !== undefined && one.toLowerCase() !== other.toLowerCase();
}
