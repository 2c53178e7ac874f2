import type { Value } from '../prove/scratch.ts';
import { isComputed } from './calls.ts';
import type { Expression } from './condition.ts';
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
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_DISTINCT_FROM: 'distinct',
  COMPARE_IN: 'in',
  CONJUNCTION_AND: 'and',
  CONJUNCTION_OR: 'or',
  OPERATOR_NOT: 'not',
  OPERATOR_IS_NULL: 'is null',
  OPERATOR_COALESCE: 'coalesce',
  ARRAY_EXTRACT: 'array_extract',
};

/** Operators whose sides change places. */
const TURNED: Readonly<Record<string, string>> = {
  COMPARE_GREATERTHAN: '<',
  COMPARE_GREATERTHANOREQUALTO: '<=',
};

/** Functions of the engine's that are told as calls of their own, whatever the number of arguments. */
const FORMS = new Set(['list_value', 'unnest']);

/** The denials of operators. */
const DENIALS: Readonly<Record<string, string>> = {
  COMPARE_NOTEQUAL: '=',
  COMPARE_NOT_DISTINCT_FROM: 'distinct',
  COMPARE_NOT_IN: 'in',
  OPERATOR_IS_NOT_NULL: 'is null',
};

/** What can be computed of an expression where these names stand; null where nothing can. */
export function expressionOf(node: Node, scope: Scope): Expression {
  if (node.class === 'COLUMN_REF') {
    const [home, name, more] = listOf(node.column_names).map(textOf);
    if (home === undefined || more !== undefined) return null;
    if (name !== undefined) return scope.get(home)?.columns.get(name) ?? null;
    const [only] = scope.values(); // a name alone is one of the only table's, where there is no other
    return scope.size === 1 ? (only?.columns.get(home) ?? null) : null;
  }
  if (node.class === 'CONSTANT') return constantOf(objectOf(node.value));
  const parts = partsOf(node);
  const of = parts.map((part) => expressionOf(objectOf(part), scope));
  if (node.class === 'CASE') return { call: 'case', of };
  if (node.class === 'FUNCTION') {
    const name = textOf(node.function_name);
    return (isComputed(name, of.length) || FORMS.has(name)) && !of.includes(null) ? { call: name, of } : null;
  }
  const type = String(node.type);
  const call = OPERATORS[type];
  if (call) return of.every((one) => one === null) ? null : { call, of };
  if (of.includes(null)) return null;
  const turned = TURNED[type];
  if (turned) return { call: turned, of: of.toReversed() };
  const denied = DENIALS[type];
  return denied ? { call: 'not', of: [{ call: denied, of }] } : null;
}

function partsOf(node: Node): readonly Value[] {
  if (node.class === 'COMPARISON') return [node.left ?? null, node.right ?? null];
  if (node.class !== 'CASE') return listOf(node.children);
  const checks = listOf(node.case_checks).map(objectOf);
  return [...checks.flatMap((one) => [one.when_expr ?? null, one.then_expr ?? null]), node.else_expr ?? null];
}

function constantOf({ value, is_null: isNull }: Node): Expression {
  if (isNull === true) return { is: null };
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? { is: value } : null;
}
