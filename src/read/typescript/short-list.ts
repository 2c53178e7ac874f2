import type { Node } from 'oxc-parser';
import { assignmentsTo } from './assignments.ts';
import { chainOf, unwrapped } from './call-chain.ts';
import { returnsOf } from './family/object-keys.ts';
import { heldBy } from './handed-in.ts';
import type { CodeModule } from './module.ts';
import { isFunction, keyName } from './scope.ts';
import { isShortType } from './short-type.ts';
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
    if (last?.name === 'slice' && takesFew(module, node.arguments, modules)) return true;
    if (callee.type === 'MemberExpression' && NO_LONGER.test(last?.name ?? '')) return again(callee.object);
  }
  if (node.type === 'NewExpression' && node.callee.type === 'Identifier')
    return /^(Set|Map)$/.test(node.callee.name) && again(node.arguments[0]);
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].every((one) => isEmptyList(one) || again(one));
  if (node.type === 'LogicalExpression') return again(node.operator === '&&' ? node.right : node.left);
  if (node.type === 'Identifier' && isFilledByHand(module, node, modules, depth)) return true;
  const held =
    node.type === 'Identifier' || node.type === 'MemberExpression'
      ? heldBy(module, node, modules)
      : undefined;
  if (held?.kind === 'type' && isShortType(held, modules)) return true;
  // a member of what a function makes: `fixtures(id).nodes`
  if (held?.kind === 'node' && isWrittenList(held.node)) return true;
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind !== 'node') return false;
  const found = traced.node;
  if (found.type === 'CallExpression' && isLimited(traced.module, found, modules)) return true;
  if (found.type === 'CallExpression' && isMadeOfFew(traced.module, found, modules, depth)) return true;
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

/**
 * `const made = []; if (planted) made.push(…); if (harvested) made.push(…);`: a list to which a few statements add, each once or
 * for each of a few.
 */
function isFilledByHand(
  module: CodeModule,
  node: Extract<Node, { type: 'Identifier' }>,
  modules: Modules,
  depth: number,
): boolean {
  const { name } = node;
  const binding = module.bindingOf(name, node);
  if (binding?.kind !== 'variable' || binding.init?.type !== 'ArrayExpression') return false;
  const declarator = module.parentOf(binding.node);
  const declaration = declarator && module.parentOf(declarator);
  const block = declaration && module.parentOf(declaration);
  const { values, members, pushed } = assignmentsTo(module, name, binding);
  if (!block || values.length > 0 || members.length > 0 || pushed.length === 0) return false;
  if (binding.init.elements.some((one) => one?.type === 'SpreadElement')) return false;
  return pushed.every(
    (added) => added.type !== 'SpreadElement' && isRunForFew(module, added, block, modules, depth),
  );
}

function isRunForFew(module: CodeModule, node: Node, block: Node, modules: Modules, depth: number): boolean {
  for (let above = module.parentOf(node); above && above !== block; above = module.parentOf(above)) {
    if (above.type === 'ForOfStatement' && isShortList(module, above.right, modules, depth + 1)) continue;
    if (isFunction(above) || /^(For|While|DoWhile)/.test(above.type)) return false;
  }
  return true;
}

/** What a function makes that takes a few out of a list that is written out, or writes its elements out, whatever it is given. */
function isMadeOfFew(
  module: CodeModule,
  call: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
  depth: number,
): boolean {
  const made = trace(module, call.callee, startTrail(modules));
  if (made.kind !== 'node' || !isFunction(made.node)) return false;
  const returned = returnsOf(made.node).filter((one) => !isEmptyList(one));
  return returned.length > 0 && returned.every((one) => isShortList(made.module, one, modules, depth + 2));
}

/** `[first, second]`, and nothing that is spread into it. */
function isWrittenList(node: Node): boolean {
  return (
    node.type === 'ArrayExpression' &&
    node.elements.length > 0 &&
    node.elements.every((one) => one?.type !== 'SpreadElement')
  );
}

function isEmptyList(node: Node): boolean {
  return node.type === 'ArrayExpression' && node.elements.length === 0;
}

/** `slice(0, 5)`, `slice(-5)`. */
function takesFew(module: CodeModule, [from, to]: readonly Node[], modules: Modules): boolean {
  if (from?.type === 'UnaryExpression' && from.operator === '-') return isFew(module, from.argument, modules);
  return from?.type === 'Literal' && from.value === 0 && to !== undefined && !isMany(module, to, modules);
}

/** Whether a bound is written out, and no small one; what is worked out (`slice(0, slots)`) is one that somebody thought of. */
function isMany(module: CodeModule, node: Node, modules: Modules): boolean {
  const traced = trace(module, node, startTrail(modules));
  return traced.kind === 'node' && traced.node.type === 'Literal' && !isFew(module, node, modules);
}

function isFew(module: CodeModule, node: Node, modules: Modules): boolean {
  const traced = trace(module, node, startTrail(modules));
  const value = traced.kind === 'node' && traced.node.type === 'Literal' ? traced.node.value : undefined;
  return typeof value === 'number' && value <= FEW;
}

/** `… LIMIT 3`, `FETCH FIRST 3 ROWS ONLY` at the end of a text. */
const LIMIT_IN_SQL =
  /\b(?:limit|fetch\s+(?:first|next))\s+(\d+)(?:\s+rows?\s+only)?(?:\s+offset\s+\S+)?[\s;)'"`]*$/i;

/** Whether a query takes only the first few rows by its text: `query('… LIMIT 5')`. */
export function isLimitedInSql(module: CodeModule, query: Node): boolean {
  const text = query.type === 'CallExpression' ? query.arguments[0] : query;
  const limit = text && LIMIT_IN_SQL.exec(module.text.slice(text.start, text.end))?.[1];
  return limit !== undefined && Number(limit) <= FEW;
}

/** What a query gives that takes the first few rows: `findMany({ take: 5 })`, `.limit(5)`. */
function isLimited(
  module: CodeModule,
  call: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
): boolean {
  return chainOf(call).links.some(({ name, args }) => {
    const [first] = args ?? [];
    if (!first) return false;
    if (/^(limit|take)$/.test(name ?? '')) return isFew(module, first, modules);
    return (
      first.type === 'ObjectExpression' &&
      first.properties.some(
        (one) =>
          one.type === 'Property' &&
          /^(limit|take)$/.test(keyName(one.key, one.computed) ?? '') &&
          isFew(module, one.value, modules),
      )
    );
  });
}

/** An object that is written out, or an enum, of a package or of generated code too: `Object.values(Role)`. */
function isWrittenObject(module: CodeModule, node: Node, modules: Modules): boolean {
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'external' || (traced.kind === 'unknown' && isImported(module, node))) return true;
  if (traced.kind !== 'node') return false;
  return (
    traced.node.type === 'TSEnumDeclaration' ||
    (traced.node.type === 'ObjectExpression' && traced.node.properties.length > 0)
  );
}

function isImported(module: CodeModule, node: Node): boolean {
  return node.type === 'Identifier' && module.bindingOf(node.name, node)?.kind === 'import';
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
  return /^<=?$/.test(operator) && isFew(module, right, modules);
}
