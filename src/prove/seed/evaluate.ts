import type { Comparison, Expression } from '../../schema/expression.ts';
import type { SeedValue, Sort } from './value.ts';

/** What an expression makes of a row; `undefined` where that is not known. */
export type Result = string | number | boolean | null | undefined;

/** A row as expressions see it. */
export interface SeenRow {
  value(column: string): SeedValue | undefined;
  sort(column: string): Sort;
}

/** Evaluates an expression over a row by SQL's three-valued logic. */
export function evaluate(expression: Expression, row: SeenRow): Result {
  const of = (one: Expression) => evaluate(one, row);
  switch (expression.kind) {
    case 'unknown':
      return undefined;
    case 'literal':
      return expression.value;
    case 'column':
      return ofColumn(row.value(expression.name), row.sort(expression.name));
    case 'call':
      return sizeOfList(expression, row) ?? call(expression.name, expression.arguments.map(of));
    case 'compare':
      return compare(expression.operator, of(expression.left), of(expression.right));
    case 'arithmetic':
      return calculate(expression.operator, of(expression.left), of(expression.right));
    case 'and':
      return junction(expression.operands.map(of), false);
    case 'or':
      return junction(expression.operands.map(of), true);
    case 'not': {
      const operand = of(expression.operand);
      return typeof operand === 'boolean' ? !operand : operand === null ? null : undefined;
    }
    case 'in':
      return junction(
        expression.list.map((one) => compare('=', of(expression.operand), of(one))),
        true,
      );
    case 'is': {
      const operand = of(expression.operand);
      if (operand === undefined) return undefined;
      return expression.what === 'null' ? operand === null : operand === (expression.what === 'true');
    }
  }
}

function ofColumn(value: SeedValue | undefined, sort: Sort): Result {
  if (value === null || value === undefined) return value;
  if (typeof value !== 'string' || sort === 'bytes') return undefined;
  if (sort === 'number') return Number(value);
  return sort === 'boolean' ? value === 'true' : value;
}

/** Lengths of lists and bytes, which are no results by themselves. */
function sizeOfList({ name, arguments: [of] }: Extract<Expression, { kind: 'call' }>, row: SeenRow): Result {
  if (of?.kind !== 'column') return undefined;
  const value = row.value(of.name);
  if (typeof value === 'string')
    return row.sort(of.name) === 'bytes' && /^(octet_)?length$/.test(name) ? value.length / 2 : undefined;
  if (!value) return undefined;
  if (name === 'cardinality') return value.length;
  return name === 'array_length' ? value.length || null : undefined;
}

/** AND (`decisive` false) and OR (`decisive` true). */
function junction(results: readonly Result[], decisive: boolean): Result {
  if (results.includes(decisive)) return decisive;
  if (results.includes(undefined) || results.some((one) => typeof one === 'string')) return undefined;
  return results.includes(null) ? null : !decisive;
}

function compare(operator: Comparison, left: Result, right: Result): Result {
  if (left === null || right === null) return null;
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = alike(left, right);
  if (a == null || b == null) return undefined;
  switch (operator) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** A text literal beside a number or a truth value is read as one. */
function alike<T extends string | number | boolean>(a: T, b: T): readonly [Result, Result] {
  if (typeof a === typeof b) return [a, b];
  const numbers = [a, b].map(Number);
  if (typeof a === 'number' || typeof b === 'number')
    return numbers.some(Number.isNaN) ? [undefined, undefined] : [numbers[0], numbers[1]];
  return [/^t/i.test(String(a)), /^t/i.test(String(b))];
}

function calculate(operator: '+' | '-' | '*', left: Result, right: Result): Result {
  if (left === null || right === null) return null;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  if (operator === '*') return left * right;
  return operator === '+' ? left + right : left - right;
}

/** LIKE with `%` alone; any other pattern is not known. */
function like(value: Result, pattern: Result): Result {
  if (typeof value !== 'string' || typeof pattern !== 'string' || /[_\\]/.test(pattern)) return undefined;
  const [first = '', ...rest] = pattern.split('%');
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

/** Null where all are null, undefined where the first that is not null is not known. */
function lastOf(values: readonly Result[]): Result {
  return values.includes(undefined) ? undefined : null;
}

function call(name: string, values: readonly Result[]): Result {
  if (name === 'coalesce') return values[values.findIndex((one) => one !== null)] ?? lastOf(values);
  if (values.includes(undefined)) return undefined;
  if (name === 'num_nonnulls') return values.filter((one) => one !== null).length;
  if (name === 'num_nulls') return values.filter((one) => one === null).length;
  const [value] = values;
  if (value === null) return null;
  if (name === 'integer') return value === true ? 1 : 0;
  if (name === 'like') return like(value, values[1]);
  if (name === 'abs' && typeof value === 'number') return Math.abs(value);
  if (typeof value !== 'string' || values.length > 1) return undefined;
  switch (name) {
    case 'length':
    case 'char_length':
    case 'character_length':
      return [...value].length;
    case 'octet_length':
      return Buffer.byteLength(value);
    case 'lower':
      return value.toLowerCase();
    case 'upper':
      return value.toUpperCase();
    case 'btrim':
      return value.replace(/^ +| +$/g, '');
    default:
      return undefined;
  }
}
