import type { Argument, Node } from 'oxc-parser';
import type { QueryColumn } from '../../../query.ts';
import { calledName } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';

type Comparison = Pick<QueryColumn, 'comparison' | 'values'>;

/** Drizzle's operators, and the keys of its objects of conditions, as SQL writes them. */
const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  inArray: 'in',
  notInArray: 'not in',
  in: 'in',
  notIn: 'not in',
  like: 'like',
  notLike: 'not like',
  ilike: 'ilike',
  notIlike: 'not ilike',
  between: 'between',
  notBetween: 'not between',
  isNull: 'is null',
  isNotNull: 'is not null',
  arrayContains: '@>',
  arrayContained: '<@',
  arrayOverlaps: '&&',
};

/** How the column at a node is compared, where that is an argument of one of Drizzle's operators: `eq(users.id, id)`. */
export function comparisonAt(module: CodeModule, node: Node, modules: Modules): Comparison {
  const call = module.parentOf(node);
  if (call?.type !== 'CallExpression') return {};
  const at = call.arguments.indexOf(node as Argument);
  const name = calledName(call);
  const comparison = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (at < 0 || at > 1 || comparison === undefined) return {};
  const other = call.arguments[1 - at];
  const values = other && other.type !== 'SpreadElement' ? literalsOf(module, other, modules) : [];
  return { comparison, ...valuesOf(values) };
}

/** How an object of conditions compares a column: `{ status: 'open' }`, `{ status: { in: ['open'] } }`. */
export function comparisonOfKey(module: CodeModule, value: Node, modules: Modules): Comparison {
  if (value.type !== 'ObjectExpression')
    return { comparison: '=', ...valuesOf(literalsOf(module, value, modules)) };
  const [only, second] = value.properties;
  if (!only || second || only.type === 'SpreadElement' || only.key.type !== 'Identifier') return {};
  const comparison = Object.hasOwn(OPERATORS, only.key.name) ? OPERATORS[only.key.name] : undefined;
  return comparison === undefined ? {} : { comparison, ...valuesOf(literalsOf(module, only.value, modules)) };
}

/** The texts that a column is set to. */
export function valuesOf(values: readonly string[]): Pick<QueryColumn, 'values'> {
  return values.length > 0 ? { values } : {};
}
