import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { calledName } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction } from './scope.ts';
import { type Reading, runsOf } from './turn-runs.ts';

/**
 * What keeps a turn apart from the others: a transaction or a lock of its own, or that what it writes may fail by itself. Where it
 * also waits for something else, that is what may fail.
 */
export function apartBy(module: CodeModule, node: Node, body: Node, reading: Reading): Loop['apart'] {
  if (isTransaction(module, node, body) || runsOf(module, body, reading).locks) return 'transaction';
  const { waits, writes } = runsOf(module, body, reading);
  return writes && waits !== true && failsAlone(module, node, body) ? 'caught' : undefined;
}

const TRANSACTION = /transaction(al)?$|^begin$|^with_?tx$|^tx$|savepoint/i;

/** Whether a node stands in a transaction that is opened within a piece of code, or that code opens one by hand. */
function isTransaction(module: CodeModule, node: Node, body: Node): boolean {
  for (let above: Node | undefined = node; above && above !== body; above = module.parentOf(above)) {
    const call = isFunction(above) ? module.parentOf(above) : undefined;
    if (!isFunction(above) || call?.type !== 'CallExpression' || call.start < body.start) continue;
    // `runRow(id, async (tx) => …)`: what opens it is called otherwise
    const [first] = above.params;
    const isGiven = first?.type === 'Identifier' && /^(tx|trx|transaction)$/.test(first.name);
    const name = calledName(call);
    if ((isGiven && name !== 'push') || TRANSACTION.test(name)) return true;
  }
  return beginsByHand(body);
}

function beginsByHand(body: Node): boolean {
  for (const inner of nodesBelow(body))
    if (inner.type === 'CallExpression' && /^(startTransaction|beginTransaction)$/.test(calledName(inner)))
      return true;
  return false;
}

const opening = new WeakMap<Node, boolean>();

/** Whether a function opens a transaction. */
export function opensTransaction(node: Node): boolean {
  const before = opening.get(node);
  if (before !== undefined) return before;
  const found = opensAnew(node);
  opening.set(node, found);
  return found;
}

function opensAnew(node: Node): boolean {
  for (const inner of nodesBelow(node))
    if (
      inner.type === 'CallExpression' &&
      TRANSACTION.test(calledName(inner)) &&
      inner.arguments.some((one) => isFunction(one))
    )
      return true;
  return beginsByHand(node);
}

/** Whether a turn that fails leaves the others alone: what it runs is caught within it, and not thrown on. */
function failsAlone(module: CodeModule, node: Node, body: Node): boolean {
  let child = node;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'MemberExpression' && above.object === child && endName(above) === 'catch')
      return true;
    if (above.type !== 'TryStatement' || child !== above.block || !above.handler) continue;
    return !throwsOn(above.handler.body);
  }
  return false;
}

/** Whether a handler throws whatever was thrown to it. */
function throwsOn({ body }: Extract<Node, { type: 'BlockStatement' }>): boolean {
  if (body.at(-1)?.type !== 'ThrowStatement') return false;
  for (const statement of body)
    for (const inner of nodesBelow(statement, (one) => !isFunction(one)))
      if (/^(Return|Continue|Break)Statement$/.test(inner.type)) return false;
  return true;
}
