import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction } from './scope.ts';

/** The calls whose end a piece of code waits for. */
export function* awaitedIn(module: CodeModule, body: Node): Generator<Node> {
  const isRun = (node: Node) =>
    !isFunction(node) || node === body || module.parentOf(node)?.type === 'CallExpression';
  const holder = module.parentOf(body);
  if (holder && isFunction(holder) && body.type !== 'BlockStatement') yield* promisesOf(body);
  for (const node of nodesBelow(body, isRun)) {
    if (node.type === 'AwaitExpression') yield* promisesOf(node.argument);
    else if (node.type === 'ReturnStatement' && node.argument && isPromised(module, node, body)) {
      if (!leaves(module, node, body)) yield* promisesOf(node.argument);
    } else if (node.type === 'ArrowFunctionExpression' && node.expression)
      if (node.async || node === body || isGivenToAwaited(module, node)) yield* promisesOf(node.body);
  }
}

/** Whether a statement leaves the loop whose turns the code is: what it answers with is done once, `return res.status(404).end()`. */
function leaves(module: CodeModule, statement: Node, body: Node): boolean {
  const loop = module.parentOf(body);
  if (!loop || !/^(For|While|DoWhile)/.test(loop.type)) return false;
  for (let above = module.parentOf(statement); above && above !== body; above = module.parentOf(above))
    if (isFunction(above)) return false;
  return true;
}

/** Whether what a function returns is waited for: it says so itself, or it is the one that is run. */
function isPromised(module: CodeModule, statement: Node, body: Node): boolean {
  for (let above = module.parentOf(statement); above; above = module.parentOf(above))
    if (isFunction(above))
      return above.async || above === body || above.body === body || isGivenToAwaited(module, above);
  return false;
}

/** `await retry(() => fetch(url))`; what a method of a list is given is no promise for that. */
function isGivenToAwaited(module: CodeModule, node: Node): boolean {
  const call = module.parentOf(node);
  if (call?.type !== 'CallExpression' || call.callee === node) return false;
  if (
    /^(map|flatMap|filter|forEach|reduce|find|some|every|sort|then|catch)$/.test(
      endName(unwrapped(call.callee)) ?? '',
    )
  )
    return false;
  const above = module.parentOf(call);
  return above?.type === 'AwaitExpression' || above?.type === 'ReturnStatement';
}

/** The calls that a promise comes from: `a() ?? b()`, `Promise.all([a(), …list.map((one) => b(one))])`, `a().catch(log)`. */
function* promisesOf(expression: Node): Generator<Node> {
  const node = unwrapped(expression);
  switch (node.type) {
    case 'ConditionalExpression':
      yield* promisesOf(node.consequent);
      yield* promisesOf(node.alternate);
      return;
    case 'LogicalExpression':
      yield* promisesOf(node.left);
      yield* promisesOf(node.right);
      return;
    case 'AwaitExpression':
    case 'SpreadElement':
      yield* promisesOf(node.argument);
      return;
    case 'ArrayExpression':
      for (const one of node.elements) if (one) yield* promisesOf(one);
      return;
    case 'NewExpression':
      yield node;
      return;
    case 'CallExpression': {
      const callee = unwrapped(node.callee);
      const [first] = node.arguments;
      if (callee.type === 'MemberExpression') {
        const name = endName(callee);
        if (callee.object.type === 'Identifier' && callee.object.name === 'Promise') {
          if (first) yield* promisesOf(first);
          return;
        }
        if (/^(then|catch|finally)$/.test(name ?? '')) {
          yield* promisesOf(callee.object);
          return;
        }
        if (/^(map|flatMap)$/.test(name ?? '') && first && isFunction(first) && first.body) {
          if (first.body.type !== 'BlockStatement') yield* promisesOf(first.body);
          return;
        }
      }
      yield node;
    }
  }
}
