import type { Node } from 'oxc-parser';
import { calledName, chainOf, unwrapped } from './call-chain.ts';
import { conjuncts } from './lacking.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction } from './scope.ts';
import { trace } from './trace.ts';
import { type Modules, startTrail } from './trail.ts';

/** What a list of what an edit takes away is called. */
const AWAY = /^(toRemove|toDelete|remove|removed|removals|deletions|obsolete|orphans)$/;

/** What takes the elements of one list out of another: `_.difference(old, kept)`. */
const DIFFERENCE = /^difference(By|With)?$/;

/**
 * Whether a loop walks over what an edit takes away from what was there before: `old.filter((one) => !kept.has(one.id))`, or comes to
 * a query only for such. It is a handful.
 */
export function isTakenAway(
  module: CodeModule,
  query: Node,
  over: Node | undefined,
  body: Node,
  modules: Modules,
): boolean {
  if (over && isOfAway(module, over, modules)) return true;
  let child = query;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  )
    if (above.type === 'IfStatement' && above.consequent === child)
      if (conjuncts(above.test).some((one) => lacks(module, one, modules))) return true;
  return false;
}

function isOfAway(module: CodeModule, list: Node, modules: Modules): boolean {
  const node = unwrapped(list);
  if (AWAY.test(endName(node) ?? '')) return true;
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind !== 'node' || traced.node.type !== 'CallExpression') return false;
  if (DIFFERENCE.test(calledName(traced.node))) return true;
  return chainOf(traced.node).links.some(({ name, args }) => {
    const [test] = args ?? [];
    if (name !== 'filter' || !test || !isFunction(test) || !test.body) return false;
    const said = test.body.type === 'BlockStatement' ? returnedBy(test.body) : test.body;
    return said !== undefined && conjuncts(said).some((one) => lacks(traced.module, one, modules));
  });
}

function returnedBy(body: Node): Node | undefined {
  for (const node of nodesBelow(body, (inner) => !isFunction(inner)))
    if (node.type === 'ReturnStatement') return node.argument ?? undefined;
  return undefined;
}

const ASKS = /^(has|includes|some|find)$/;
const PLACES = /^(indexOf|findIndex)$/;

/** `!kept.has(id)`, `!kept.some(…)`, `kept.indexOf(id) === -1`, also of a constant that holds it. */
function lacks(module: CodeModule, test: Node, modules: Modules): boolean {
  const node = unwrapped(test);
  if (node.type === 'UnaryExpression' && node.operator === '!')
    return asks(module, node.argument, ASKS, modules);
  if (node.type !== 'BinaryExpression') return false;
  const right = module.text.slice(node.right.start, node.right.end);
  if (/^(===?|<)$/.test(node.operator) && /^(-1|0)$/.test(right))
    return asks(module, node.left, PLACES, modules);
  return /^===?$/.test(node.operator) && right === 'undefined' && asks(module, node.left, /^find$/, modules);
}

function asks(module: CodeModule, value: Node, how: RegExp, modules: Modules): boolean {
  const traced = trace(module, unwrapped(value), startTrail(modules));
  const node = traced.kind === 'node' ? unwrapped(traced.node) : unwrapped(value);
  return node.type === 'CallExpression' && how.test(endName(unwrapped(node.callee)) ?? '');
}
