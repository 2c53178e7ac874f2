import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction } from './scope.ts';

/** Whether a failure of what a node runs goes no further than a log: it is caught by what neither throws nor hands it on. */
export function isSwallowed(module: CodeModule, node: Node): boolean {
  let child = node;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(child)) {
    if (above.type === 'TryStatement' && child === above.block && above.handler)
      return isSilent(above.handler.body);
    const handler = handlerOfCatch(module, above, child);
    if (handler) return isSilent(handler);
    if (isFunction(above) && module.parentOf(above)?.type !== 'CallExpression') return false;
  }
  return false;
}

/** `query.catch((error) => …)`: the handler, where `child` is what it is called on. */
function handlerOfCatch(module: CodeModule, above: Node, child: Node): Node | undefined {
  if (above.type !== 'MemberExpression' || unwrapped(above.object) !== unwrapped(child)) return undefined;
  if (above.property.type !== 'Identifier' || above.property.name !== 'catch') return undefined;
  const call = module.parentOf(above);
  const [first] = call?.type === 'CallExpression' && call.callee === above ? call.arguments : [];
  return first && isFunction(first) ? (first.body ?? undefined) : undefined;
}

/** Calls by which a failure goes on. */
const HANDS_ON =
  /^(exit|abort|reject|next|fail|rollback|captureException|captureError|reportError|done|callback|handleError|throwError)$/;

function isSilent(body: Node): boolean {
  for (const node of nodesBelow(body)) {
    if (node.type === 'ThrowStatement' || node.type === 'AwaitExpression') return false;
    if (node.type === 'ReturnStatement' && node.argument && node.argument.type !== 'Literal') return false;
    if (node.type === 'AssignmentExpression') return false;
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') continue;
    const callee = unwrapped(node.callee);
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
          ? callee.property.name
          : '';
    if (HANDS_ON.test(name)) return false;
  }
  return true;
}
