import { type Expression, isComputed } from './condition.ts';
import { listOf, type Node, objectOf, textOf } from './query-tree.ts';

/** Columns that a part of a query returns and that are known, in their order; `certain` where it returns no others. */
export interface Outputs {
  readonly columns: ReadonlyMap<string, Expression>;
  readonly certain: boolean;
}
/** What names of tables mean where a condition stands; null: something that is not known. */
export type Scope = ReadonlyMap<string, Outputs | null>;

const OPERATORS: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: '=',
  COMPARE_IN: 'in',
  CONJUNCTION_AND: 'and',
  CONJUNCTION_OR: 'or',
  OPERATOR_NOT: 'not',
  OPERATOR_IS_NULL: 'is null',
  OPERATOR_COALESCE: 'coalesce',
};

/** The denials of operators. */
const DENIALS: Readonly<Record<string, string>> = {
  COMPARE_NOTEQUAL: '=',
  COMPARE_NOT_IN: 'in',
  OPERATOR_IS_NOT_NULL: 'is null',
};

/** What can be computed of an expression where these names stand; null where nothing can. */
export function expressionOf(node: Node, scope: Scope): Expression {
  if (node.class === 'COLUMN_REF') {
    const [home, name, more] = listOf(node.column_names).map(textOf);
    return home === undefined || name === undefined || more !== undefined
      ? null
      : (scope.get(home)?.columns.get(name) ?? null);
  }
  if (node.class === 'CONSTANT') {
    const { value } = objectOf(node.value);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? { is: value }
      : null;
  }
  const parts = node.class === 'COMPARISON' ? [node.left, node.right] : listOf(node.children);
  const of = parts.map((part) => expressionOf(objectOf(part), scope));
  if (node.class === 'FUNCTION') {
    const name = textOf(node.function_name);
    return isComputed(name, of.length) && !of.includes(null) ? { call: name, of } : null;
  }
  const call = OPERATORS[String(node.type)];
  if (call) return of.every((one) => one === null) ? null : { call, of };
  const denied = DENIALS[String(node.type)];
  return denied && !of.includes(null) ? { call: 'not', of: [{ call: denied, of }] } : null;
}
