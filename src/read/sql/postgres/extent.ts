import { AGGREGATE } from '../query-parts.ts';
import { field, type Tree } from './tree.ts';

/** Parts of a set operation that are looked into, one in the other. */
const DEEPEST = 200;

/** Whether a condition restricts a statement, or every part of a set operation. */
export function hasWhere(tree: Tree, depth = 0): boolean {
  const sides = [tree.larg, tree.rarg].filter((side) => side !== undefined);
  if (sides.length === 0) return (tree.whereClause ?? tree.joinCondition) !== undefined;
  return depth > DEEPEST || sides.every((side) => hasWhere(side as Tree, depth + 1));
}

/** Whether a SELECT returns one row by its form: it only aggregates and groups by nothing. */
export function isOneRow(select: Tree): boolean {
  const targets = Array.isArray(select.targetList) ? select.targetList : [];
  const grouped = Array.isArray(select.groupClause) && select.groupClause.length > 0;
  return !grouped && targets.some((target) => hasAggregate(field(target, 'ResTarget')?.val));
}

function hasAggregate(root: unknown): boolean {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null || 'SelectStmt' in node) continue;
    const call = field(node, 'FuncCall');
    const name = Array.isArray(call?.funcname) ? field(call.funcname.at(-1), 'String')?.sval : undefined;
    if (typeof name === 'string' && AGGREGATE.test(name) && !call?.over) return true;
    stack.push(...Object.values(node));
  }
  return false;
}
