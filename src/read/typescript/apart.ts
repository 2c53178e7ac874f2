import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { chainOf } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction, keyName } from './scope.ts';

/** What keeps a turn apart from the others: a transaction or a lock of its own, or that it may fail by itself. */
export function apartBy(module: CodeModule, node: Node, body: Node): Loop['apart'] {
  if (isTransaction(module, node, body) || takesLock(body)) return 'transaction';
  return failsAlone(module, node, body) ? 'caught' : undefined;
}

const TRANSACTION = /transaction(al)?$|^begin$|^with_?tx$|^tx$|savepoint/i;

/** Whether a node stands in a transaction that is opened within a piece of code, or that code opens one by hand. */
function isTransaction(module: CodeModule, node: Node, body: Node): boolean {
  for (let above: Node | undefined = node; above && above !== body; above = module.parentOf(above)) {
    const call = isFunction(above) ? module.parentOf(above) : undefined;
    if (call?.type === 'CallExpression' && call.start >= body.start && TRANSACTION.test(nameOf(call)))
      return true;
  }
  return beginsByHand(body);
}

function beginsByHand(body: Node): boolean {
  for (const inner of nodesBelow(body))
    if (inner.type === 'CallExpression' && /^(startTransaction|beginTransaction)$/.test(nameOf(inner)))
      return true;
  return false;
}

/** Whether a function opens a transaction. */
export function opensTransaction(node: Node): boolean {
  for (const inner of nodesBelow(node))
    if (
      inner.type === 'CallExpression' &&
      TRANSACTION.test(nameOf(inner)) &&
      inner.arguments.some((one) => isFunction(one))
    )
      return true;
  return beginsByHand(node);
}

const LOCKS = /\bfor\s+(no\s+key\s+)?update\b|\bpg_(try_)?advisory_|\bget_lock\s*\(/i;

/** Whether a piece of code locks rows or a name of its own choice. */
export function takesLock(body: Node): boolean {
  for (const node of nodesBelow(body)) {
    if (node.type === 'Property' && /^(lock|lockMode)$/.test(keyName(node.key, node.computed) ?? ''))
      return true;
    if (node.type === 'TemplateElement' && LOCKS.test(node.value.raw)) return true;
    if (node.type === 'Literal' && typeof node.value === 'string' && LOCKS.test(node.value)) return true;
    if (node.type !== 'CallExpression') continue;
    const name = nameOf(node);
    const [first] = node.arguments;
    const given = first?.type === 'Literal' ? String(first.value) : '';
    if (/^(forUpdate|forNoKeyUpdate|setLock)$|^(with|acquire|try)\w*Lock$|^lock$/i.test(name)) return true;
    if (name === 'for' && /update/.test(given)) return true;
  }
  return false;
}

function nameOf(call: Extract<Node, { type: 'CallExpression' }>): string {
  const { root, links } = chainOf(call);
  return links.at(-1)?.name ?? endName(root) ?? '';
}

/** Whether a turn that fails leaves the others alone: what it runs is caught within it, and not thrown on. */
function failsAlone(module: CodeModule, node: Node, body: Node): boolean {
  let child = node;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type !== 'TryStatement' || child !== above.block || !above.handler) continue;
    for (const inner of nodesBelow(above.handler.body, (one) => !isFunction(one)))
      if (inner.type === 'ThrowStatement') return false;
    return true;
  }
  return false;
}
