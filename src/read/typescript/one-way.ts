import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { askedToLack, conjuncts } from './lacking.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction } from './scope.ts';

/**
 * Whether a function comes to a node in one of several ways only: in a case of a `switch`, in a branch where another one asks
 * nothing, or after it answered what it knows by itself (`if (role === 'owner') return true;`).
 */
export function isOneWay(module: CodeModule, node: Node, root: Node): boolean {
  if (isInCase(module, node, root)) return true;
  let child = node;
  for (
    let above = module.parentOf(child);
    above && child !== root;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'IfStatement' && above.alternate && child !== above.test) {
      const others = child === above.consequent ? waysOf(above.alternate) : [above.consequent];
      if (others.some((way) => !asks(way))) return true;
    }
    if (above.type === 'BlockStatement')
      if (above.body.some((one) => one.end <= child.start && answersByItself(one))) return true;
  }
  return false;
}

/** `switch (action.type) { case 'mail': find(action.mailId); … }`: a list of many kinds asks in one way for some of it. */
export function isInCase(module: CodeModule, node: Node, root: Node): boolean {
  for (let above = module.parentOf(node); above && above !== root; above = module.parentOf(above))
    if (above.type === 'SwitchCase') return true;
  return false;
}

/** The branches of an `else`: those of its own `if`, or itself. */
function waysOf(alternate: Node): readonly Node[] {
  if (alternate.type !== 'IfStatement') return [alternate];
  return [alternate.consequent, ...(alternate.alternate ? waysOf(alternate.alternate) : [])];
}

/** Whether code waits for something, hands on what it is promised, or ends in a failure. */
function asks(way: Node): boolean {
  for (const node of nodesBelow(way, (one) => !isFunction(one))) {
    if (node.type === 'AwaitExpression' || node.type === 'ThrowStatement') return true;
    if (node.type === 'ReturnStatement' && (!node.argument || hasCall(node.argument))) return true;
  }
  return false;
}

function hasCall(value: Node): boolean {
  for (const node of nodesBelow(value)) if (node.type === 'CallExpression') return true;
  return false;
}

/** `if (email.endsWith('.gov')) return email;`, and not `if (!email) return undefined;`. */
function answersByItself(statement: Node): boolean {
  if (statement.type !== 'IfStatement') return false;
  const { test, consequent } = statement;
  if (conjuncts(test).some((one) => askedToLack(one))) return false;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return last?.type === 'ReturnStatement' && last.argument !== null && isAnswer(last.argument);
}

/** What says something: no `null`, `false`, `0`, `''`, `[]` or `{}`, and nothing that is asked for. */
function isAnswer(value: Node): boolean {
  const node = unwrapped(value);
  switch (node.type) {
    case 'Literal':
      return Boolean(node.value);
    case 'ArrayExpression':
      return node.elements.length > 0 && !hasCall(node);
    case 'ObjectExpression':
      return node.properties.length > 0 && !hasCall(node);
    case 'Identifier':
      return node.name !== 'undefined';
    default:
      return !hasCall(node);
  }
}
