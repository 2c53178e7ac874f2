import type { Node } from 'oxc-parser';
import { leaves } from './answer.ts';
import { unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';

/** `a && b && c` as its parts. */
export function conjuncts(test: Node): readonly Node[] {
  const node = unwrapped(test);
  return node.type === 'LogicalExpression' && node.operator === '&&'
    ? [...conjuncts(node.left), ...conjuncts(node.right)]
    : [node];
}

/** What a test asks to be missing: `!x`, `x === undefined`, `x == null`. */
export function askedToLack(test: Node): Node | undefined {
  const node = unwrapped(test);
  if (node.type === 'UnaryExpression' && node.operator === '!') return unwrapped(node.argument);
  const isEmpty =
    node.type === 'BinaryExpression' &&
    /^===?$/.test(node.operator) &&
    ((node.right.type === 'Identifier' && node.right.name === 'undefined') ||
      (node.right.type === 'Literal' && node.right.value === null));
  return isEmpty ? unwrapped(node.left) : undefined;
}

/** Whether a node of a function runs only where one of the names has no value: `if (!guild)`, `guild ?? (await find(id))`. */
export function isForLackOf(module: CodeModule, node: Node, root: Node, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const isNamed = (one: Node | undefined) => one?.type === 'Identifier' && names.has(one.name);
  const lacks = (test: Node) => conjuncts(test).some((one) => isNamed(askedToLack(one)));
  for (
    let child = node, above = module.parentOf(child);
    above && child !== root;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'IfStatement' || above.type === 'ConditionalExpression') {
      if (above.consequent === child && lacks(above.test)) return true;
      if (above.alternate === child && isNamed(unwrapped(above.test))) return true;
    }
    if (above.type === 'LogicalExpression' && above.operator !== '&&' && above.right === child)
      if (isNamed(unwrapped(above.left))) return true;
    if (above.type === 'BlockStatement')
      for (const one of above.body)
        if (one.type === 'IfStatement' && one.end <= child.start && leaves(one.consequent))
          if (isNamed(unwrapped(one.test))) return true;
  }
  return false;
}
