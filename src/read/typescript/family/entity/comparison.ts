import type { Node } from 'oxc-parser';
import type { QueryColumn } from '../../../query.ts';
import { calledName, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import type { Modules } from '../../trail.ts';

type Compared = Pick<QueryColumn, 'comparison' | 'values'>;

/** TypeORM's functions, and the keys that MikroORM (`$in`) and Sequelize (`[Op.in]`) have for them, as SQL writes them. */
const OPERATORS: Readonly<Record<string, string>> = {
  equal: '=',
  eq: '=',
  not: '<>',
  ne: '<>',
  lessthan: '<',
  lt: '<',
  lessthanorequal: '<=',
  lte: '<=',
  morethan: '>',
  gt: '>',
  morethanorequal: '>=',
  gte: '>=',
  in: 'in',
  any: 'in',
  nin: 'not in',
  notin: 'not in',
  like: 'like',
  startswith: 'like',
  endswith: 'like',
  substring: 'like',
  notlike: 'not like',
  ilike: 'ilike',
  between: 'between',
  isnull: 'is null',
};

/** How a condition of an entity compares a column: `'x'`, `null`, `['a', 'b']`, `In([…])`, `{ $gt: 1 }`, `{ [Op.ne]: 'x' }`. */
export function comparisonOfValue(module: CodeModule, value: Node, modules: Modules): Compared {
  const node = unwrapped(value);
  if (isNull(node)) return { comparison: 'is null' };
  if (node.type === 'ArrayExpression') return compared('in', module, node, modules);
  if (node.type === 'CallExpression') {
    const callee = unwrapped(node.callee);
    const [first] = node.arguments;
    return callee.type === 'Identifier' && /^[A-Z]/.test(callee.name)
      ? byOperator(callee.name, first, module, modules)
      : { comparison: '=' };
  }
  if (node.type !== 'ObjectExpression') return compared('=', module, node, modules);
  const [only, second] = node.properties;
  if (!only || second || only.type === 'SpreadElement') return {};
  const name =
    keyName(only.key, only.computed) ??
    (only.key.type === 'MemberExpression' ? keyName(only.key.property, only.key.computed) : undefined);
  return byOperator(name?.replace(/^\$/, '') ?? '', only.value, module, modules);
}

function byOperator(name: string, operand: Node | undefined, module: CodeModule, modules: Modules): Compared {
  const key = name.toLowerCase();
  const comparison = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
  if (comparison === undefined) return {};
  const inner = operand && unwrapped(operand);
  if (comparison !== '<>' || !inner) return compared(comparison, module, inner, modules);
  if (isNull(inner) || (inner.type === 'CallExpression' && calledName(inner) === 'IsNull'))
    return { comparison: 'is not null' };
  return inner.type === 'CallExpression' || inner.type === 'ArrayExpression'
    ? {}
    : compared('<>', module, inner, modules);
}

function compared(
  comparison: string,
  module: CodeModule,
  node: Node | undefined,
  modules: Modules,
): Compared {
  const values = node ? literalsOf(module, node, modules) : [];
  return { comparison, ...(values.length > 0 ? { values } : {}) };
}

function isNull(node: Node): boolean {
  return node.type === 'Literal' && node.value === null;
}
