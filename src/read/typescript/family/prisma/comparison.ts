import type { Node } from 'oxc-parser';
import type { QueryColumn } from '../../../query.ts';
import { unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import type { Modules } from '../../trail.ts';

type Compared = Pick<QueryColumn, 'comparison' | 'values'>;

/** Prisma's operators as SQL writes them. */
const OPERATORS: Readonly<Record<string, string>> = {
  equals: '=',
  in: 'in',
  notIn: 'not in',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  contains: 'like',
  startsWith: 'like',
  endsWith: 'like',
};

/** How a condition compares a column: `{ status: 'open' }`, `{ status: { in: ['open'] } }`, `{ deletedAt: null }`. */
export function comparisonWith(module: CodeModule, value: Node, modules: Modules): Compared {
  const node = unwrapped(value);
  if (isNull(node)) return { comparison: 'is null' };
  if (node.type !== 'ObjectExpression') return { comparison: '=', ...valuesOf(module, node, modules) };
  const [first, ...rest] = node.properties;
  if (first?.type !== 'Property') return {};
  const name = keyName(first.key, first.computed) ?? '';
  const operand = unwrapped(first.value);
  if (name === 'not' && rest.length === 0) {
    if (isNull(operand)) return { comparison: 'is not null' };
    return operand.type === 'ObjectExpression'
      ? {}
      : { comparison: '<>', ...valuesOf(module, operand, modules) };
  }
  if (name === 'equals' && isNull(operand)) return { comparison: 'is null' };
  const isInsensitive = rest.some(
    (one) => one.type === 'Property' && keyName(one.key, one.computed) === 'mode',
  );
  if (!Object.hasOwn(OPERATORS, name) || rest.length > (isInsensitive ? 1 : 0)) return {};
  const comparison = OPERATORS[name];
  if (comparison === 'like') return { comparison: isInsensitive ? 'ilike' : 'like' };
  return isInsensitive ? {} : { comparison, ...valuesOf(module, operand, modules) };
}

function isNull(node: Node): boolean {
  return node.type === 'Literal' && node.value === null;
}

/** The texts that a column is set to: `'open'`, `{ set: 'open' }`. */
export function valuesWritten(module: CodeModule, value: Node, modules: Modules): Compared {
  const node = unwrapped(value);
  if (node.type !== 'ObjectExpression') return valuesOf(module, node, modules);
  const [only, second] = node.properties;
  return only?.type === 'Property' && !second && keyName(only.key, only.computed) === 'set'
    ? valuesOf(module, only.value, modules)
    : {};
}

function valuesOf(module: CodeModule, node: Node, modules: Modules): Compared {
  const values = literalsOf(module, node, modules);
  return values.length > 0 ? { values } : {};
}
