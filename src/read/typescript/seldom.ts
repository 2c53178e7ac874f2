import type { Node } from 'oxc-parser';
import { leaves } from './answer.ts';
import { calledName, unwrapped } from './call-chain.ts';
import { askedToLack, conjuncts } from './lacking.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction } from './scope.ts';
import { isFoundAtLast } from './until-found.ts';

/**
 * Whether a node does not run each time that the code around it (`body`) does: where something failed, where a memory of
 * earlier answers has none, or only until one is found.
 */
export function isSeldomRun(module: CodeModule, node: Node, body: Node): boolean {
  let child = node;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    if (above.type === 'CatchClause' || isCatchHandler(module, child, above)) return true;
    if (isKept(module, above, child, body)) return true;
    if (above.type === 'BlockStatement' && isAfterKept(module, above, child, body)) return true;
    if (above === body || child === body) break;
  }
  return isFoundAtLast(module, node, body);
}

/** `.catch(() => …)`. */
function isCatchHandler(module: CodeModule, child: Node, above: Node): boolean {
  return (
    isFunction(child) &&
    above.type === 'CallExpression' &&
    above.arguments.includes(child as never) &&
    endName(unwrapped(above.callee)) === 'catch' &&
    module.parentOf(child) === above
  );
}

/** Functions that run what they are given only where they do not have the answer. */
const KEEPS =
  /^(getOrSet|getOrCreate|getOrLoad|getOrFetch|getOrInsert\w*|remember\w*|memo\w*|cache\w*|cached\w*|withCache\w*|wrap|unstable_cache)$|cache$/i;

/** Whether a function is kept with its answers by what wraps it: `memoize(async (id) => …)`; React's `cache` forgets them with each request. */
export function isKeptFunction(module: CodeModule, node: Node): boolean {
  const wrapper = module.parentOf(node);
  if (wrapper?.type !== 'CallExpression' || wrapper.callee === node) return false;
  const name = calledName(wrapper);
  return name !== 'cache' && KEEPS.test(name);
}

/** Whether a loop is run only where something failed. */
export function isInCatch(module: CodeModule, loop: Node): boolean {
  for (
    let child = loop, above = module.parentOf(child);
    above;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'CatchClause' || isCatchHandler(module, child, above)) return true;
    if (isFunction(above) && module.parentOf(above)?.type !== 'CallExpression') return false;
  }
  return false;
}

/** Whether a child of a node stands where a memory of earlier answers has none. */
function isKept(module: CodeModule, above: Node, child: Node, body: Node): boolean {
  switch (above.type) {
    case 'AssignmentExpression':
      return (
        above.right === child && /^(\?\?|\|\|)=$/.test(above.operator) && isOlder(module, above.left, body)
      );
    case 'LogicalExpression':
      return above.right === child && above.operator !== '&&' && isTaken(module, above.left);
    case 'ConditionalExpression':
      return above.alternate === child
        ? isThere(module, above.test)
        : above.consequent === child && isLacking(module, above.test);
    case 'IfStatement':
      if (above.alternate === child)
        return isThere(module, above.test) || isKeptName(module, above.test, body);
      return (
        above.consequent === child &&
        (isLacking(module, above.test) || isFilled(module, above, body) || isOfOne(module, above.test, body))
      );
    case 'CallExpression': {
      const index = isFunction(child) ? above.arguments.indexOf(child as never) : -1;
      const name = endName(unwrapped(above.callee)) ?? '';
      return index >= 0 && (KEEPS.test(name) || (index > 0 && name === 'get'));
    }
    default:
      return false;
  }
}

/** `version.id === latestId`, `setting.key === Keys.URL`: one of a list is meant. */
function isOfOne(module: CodeModule, test: Node, body: Node): boolean {
  return conjuncts(test).some(
    (one) =>
      one.type === 'BinaryExpression' &&
      /^===?$/.test(one.operator) &&
      one.left.type === 'MemberExpression' &&
      /^(id|uuid|key)$/.test(endName(one.left) ?? '') &&
      isFromOutside(module, one.right, body),
  );
}

/** A text that is written out, and a name of what was there before, or of a part of it. */
function isFromOutside(module: CodeModule, value: Node, body: Node): boolean {
  let node = unwrapped(value);
  while (node.type === 'MemberExpression' && !node.computed) node = unwrapped(node.object);
  if (node.type === 'Literal') return typeof node.value === 'string';
  if (node.type !== 'Identifier') return false;
  const binding = module.bindingOf(node.name, node);
  if (binding?.kind === 'import') return true;
  return isOlder(module, node, body);
}

/** `cache.get(id)`, `cache[id]`, of a memory that is older than the function: a new one has no answer yet for any of a list. */
function isTaken(module: CodeModule, expression: Node): boolean {
  const node = unwrapped(expression);
  if (node.type === 'AwaitExpression') return isTaken(module, node.argument);
  if (node.type === 'MemberExpression')
    return node.computed && node.property.type !== 'Literal' && !isNew(module, node.object);
  return isAsked(module, node, 'get');
}

function isAsked(module: CodeModule, node: Node, method: string): boolean {
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    endName(node.callee) === method &&
    (node.arguments.length === 1 || /cache|memo/i.test(endName(node.callee.object) ?? '')) &&
    !isNew(module, node.callee.object)
  );
}

/** Whether a memory is made, empty, in the function that asks it. */
function isNew(module: CodeModule, memory: Node): boolean {
  const node = unwrapped(memory);
  const binding = node.type === 'Identifier' ? module.bindingOf(node.name, node) : undefined;
  if (binding?.kind !== 'variable' || !binding.init) return false;
  const init = unwrapped(binding.init);
  const isEmpty =
    init.type === 'NewExpression'
      ? init.arguments.length === 0
      : init.type === 'ObjectExpression' && init.properties.length === 0;
  return isEmpty && functionAround(module, binding.node) !== undefined;
}

function functionAround(module: CodeModule, node: Node): Node | undefined {
  let above = module.parentOf(node);
  while (above && !isFunction(above)) above = module.parentOf(above);
  return above;
}

/** `cache.has(id)`. */
function isThere(module: CodeModule, test: Node): boolean {
  const node = unwrapped(test);
  return isTaken(module, node) || isAsked(module, node, 'has');
}

/** `!cache.has(id)`, `!cache[id]`, `cache.get(id) === undefined`, and more beside it. */
function isLacking(module: CodeModule, test: Node): boolean {
  return conjuncts(test).some((one) => {
    const asked = askedToLack(one);
    return asked !== undefined && isThere(module, asked);
  });
}

/** `if (!this.groups) this.groups = await …`, `let kept = cache.get(id); if (!kept) kept = await …`: what is lacking is filled. */
function isFilled(
  module: CodeModule,
  { test, consequent }: Extract<Node, { type: 'IfStatement' }>,
  body: Node,
): boolean {
  const asked = askedToLack(test);
  if (!asked || !(isOlder(module, asked, body) || isKeptName(module, asked, body))) return false;
  const text = module.text.slice(asked.start, asked.end);
  for (const node of nodesBelow(consequent))
    if (node.type === 'AssignmentExpression' && module.text.slice(node.left.start, node.left.end) === text)
      return true;
  return false;
}

/** Whether what is assigned to outlives a run of the code: a field, or a variable from outside. */
function isOlder(module: CodeModule, left: Node, body: Node): boolean {
  const node = unwrapped(left);
  if (node.type === 'MemberExpression') return node.computed || node.object.type === 'ThisExpression';
  if (node.type !== 'Identifier') return false;
  const binding = module.bindingOf(node.name, node);
  return binding?.kind === 'variable' && (binding.node.end < body.start || body.end < binding.node.start);
}

/** A variable whose value was taken from a memory: `const kept = cache.get(id)`. */
function isKeptName(module: CodeModule, expression: Node, body: Node): boolean {
  const node = unwrapped(expression);
  if (node.type !== 'Identifier') return false;
  const binding = module.bindingOf(node.name, node);
  return (
    binding?.kind === 'variable' &&
    binding.init !== undefined &&
    binding.path?.length === 0 &&
    binding.node.start >= body.start &&
    isTaken(module, binding.init)
  );
}

/** `if (kept) return kept;` before, in the same block. */
function isAfterKept(
  module: CodeModule,
  block: Extract<Node, { type: 'BlockStatement' }>,
  child: Node,
  body: Node,
): boolean {
  return block.body.some((statement) => {
    if (statement.type !== 'IfStatement' || statement.end > child.start || !leaves(statement.consequent))
      return false;
    const { test } = statement;
    const [first] = conjuncts(test);
    const asked =
      first?.type === 'BinaryExpression' && /^!==?$/.test(first.operator) ? first.left : (first ?? test);
    if (isTaken(module, asked) || isKeptName(module, asked, body)) return true;
    return isThere(module, asked) && isSetLater(module, asked, block);
  });
}

/** `known.set(id, …)` after `known.has(id)`. */
function isSetLater(module: CodeModule, asked: Node, block: Node): boolean {
  if (asked.type !== 'CallExpression' || asked.callee.type !== 'MemberExpression') return false;
  const { object } = asked.callee;
  const text = `${module.text.slice(object.start, object.end)}.set`;
  for (const node of nodesBelow(block))
    if (node.type === 'CallExpression' && module.text.slice(node.callee.start, node.callee.end) === text)
      return true;
  return false;
}
