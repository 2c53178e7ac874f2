import type { Node } from 'oxc-parser';
import { chainOf, unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';
import { trace } from './trace.ts';
import { type Modules, startTrail } from './trail.ts';

/** What makes a list of another and no longer one. */
const NO_LONGER = /^(filter|map|entries|keys|values|slice|sort|toSorted|reverse|toReversed)$/;

/** Turns that one can count. */
const FEW = 20;

const DEEPEST = 8;

/** A list that is written out, or an enum's members: it has as many turns as one can see. */
export function isShortList(
  module: CodeModule,
  over: Node | undefined,
  modules: Modules,
  depth = 0,
): boolean {
  if (!over || depth > DEEPEST) return false;
  const node = unwrapped(over);
  const again = (inner: Node | undefined) => isShortList(module, inner, modules, depth + 1);
  if (node.type === 'CallExpression') {
    const [first] = node.arguments;
    const { root, links } = chainOf(node);
    const last = links.at(-1);
    if (root.type === 'Identifier' && links.length === 1 && first) {
      if (root.name === 'Object' && /^(keys|values|entries)$/.test(last?.name ?? ''))
        return isWrittenObject(module, first, modules);
      if (root.name === 'Array' && last?.name === 'from')
        return first.type === 'ObjectExpression' ? hasShortLength(first) : again(first);
    }
    const callee = unwrapped(node.callee);
    if (callee.type === 'MemberExpression' && NO_LONGER.test(last?.name ?? '')) return again(callee.object);
  }
  if (node.type === 'NewExpression' && node.callee.type === 'Identifier')
    return /^(Set|Map)$/.test(node.callee.name) && again(node.arguments[0]);
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind !== 'node') return false;
  const found = traced.node;
  // what begins empty is filled later
  if (found.type === 'ArrayExpression')
    return (
      found.elements.length > 0 &&
      found.elements.every(
        (one) =>
          one?.type !== 'SpreadElement' || isShortList(traced.module, one.argument, modules, depth + 1),
      )
    );
  return found !== node && isShortList(traced.module, found, modules, depth + 1);
}

/** An object that is written out, or an enum, of a package too: `Object.values(Role)`. */
function isWrittenObject(module: CodeModule, node: Node, modules: Modules): boolean {
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'external') return true;
  if (traced.kind !== 'node') return false;
  return (
    traced.node.type === 'TSEnumDeclaration' ||
    (traced.node.type === 'ObjectExpression' && traced.node.properties.length > 0)
  );
}

/** `{ length: 3 }`. */
function hasShortLength(node: Extract<Node, { type: 'ObjectExpression' }>): boolean {
  return node.properties.some(
    (one) =>
      one.type === 'Property' &&
      one.value.type === 'Literal' &&
      typeof one.value.value === 'number' &&
      one.value.value <= FEW,
  );
}

/** `for (let i = 0; i < 3; i++)`. */
export function hasFewTurns(module: CodeModule, loop: Node, modules: Modules): boolean {
  if (loop.type !== 'ForStatement' || loop.test?.type !== 'BinaryExpression') return false;
  const { right, operator } = loop.test;
  if (!/^<=?$/.test(operator)) return false;
  const traced = trace(module, right, startTrail(modules));
  const end = traced.kind === 'node' && traced.node.type === 'Literal' ? traced.node.value : undefined;
  return typeof end === 'number' && end <= FEW;
}
