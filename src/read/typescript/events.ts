import type { Node } from 'oxc-parser';
import { nodesBelow } from './module.ts';
import { isFunction } from './scope.ts';

/** `for await (const event of events) yield …`: what happens is handed on as it comes, and is no list. */
export function handsOnEvents(loop: Node): boolean {
  if (loop.type !== 'ForOfStatement' || !loop.await) return false;
  for (const node of nodesBelow(loop.body, (inner) => !isFunction(inner)))
    if (node.type === 'YieldExpression') return true;
  return false;
}
