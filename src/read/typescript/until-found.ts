import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, namesIn } from './scope.ts';
import { declaredIn, dependents, mentions } from './varying.ts';

/** `const row = await find(id); if (row) return row;`, `if (await may(id)) return true;`: one after another is asked until one answers. */
export function isFoundAtLast(module: CodeModule, query: Node, body: Node): boolean {
  const runs = module.parentOf(body);
  if (!runs || isFunction(runs)) return false;
  if (isAskedIn(module, query, body) || isUntilEnough(module, body)) return true;
  if (isLeftWithAnswer(module, query, body)) return true;
  let child = query;
  let above = module.parentOf(child);
  while (above && /^(Await|TS|Member|Call|Chain|Parenthesized|Array|Logical)/.test(above.type)) {
    child = above;
    above = module.parentOf(above);
  }
  if (above?.type !== 'VariableDeclarator') return false;
  const declaration = module.parentOf(above);
  const block = declaration && module.parentOf(declaration);
  if (block?.type !== 'BlockStatement' || (block !== body && triedIn(module, block) !== body)) return false;
  const text = module.text.slice(above.id.start, above.id.end);
  const next = block.body[block.body.indexOf(declaration as never) + 1];
  const isCounted = countsOnly(runs);
  if (next?.type !== 'IfStatement' || !(isCounted || asksForIt(next.test))) return false;
  const { consequent } = next;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  const names = new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const isNamed = [...nodesBelow(next.test)].some((one) => one.type === 'Identifier' && names.has(one.name));
  return isNamed && (last?.type === 'ReturnStatement' || last?.type === 'BreakStatement');
}

/** The code of which a block is the tried part: `{ try { … } catch {} }`. */
function triedIn(module: CodeModule, block: Node): Node | undefined {
  const tries = module.parentOf(block);
  return tries?.type === 'TryStatement' && tries.block === block ? module.parentOf(tries) : undefined;
}

/** `if (picked.length >= most) break;`: what the turns before found may be enough. It asks nothing of the turn's own. */
function isUntilEnough(module: CodeModule, body: Node): boolean {
  if (body.type !== 'BlockStatement') return false;
  const loop = module.parentOf(body);
  const own = new Set(loop?.type === 'ForOfStatement' ? declaredIn(loop.left) : []);
  for (const node of nodesBelow(body))
    if (node.type === 'VariableDeclarator') for (const { name } of namesIn(node.id)) own.add(name);
  return body.body.some((one) => {
    if (one.type !== 'IfStatement' || mentions(one.test, own)) return false;
    const last = one.consequent.type === 'BlockStatement' ? one.consequent.body.at(-1) : one.consequent;
    const ends = last?.type === 'BreakStatement' || last?.type === 'ReturnStatement';
    return ends && countsEnough(one.test);
  });
}

/** `picked.length >= most`, `sent === most`, `most - sent <= 0`, or a name alone. */
function countsEnough(test: Node): boolean {
  const node = unwrapped(test);
  if (node.type === 'LogicalExpression') return countsEnough(node.left) || countsEnough(node.right);
  if (node.type === 'Identifier') return true;
  if (node.type !== 'BinaryExpression') return false;
  return /^[<>]=?$/.test(node.operator) || (/^===?$/.test(node.operator) && !isNothing(node.right));
}

/** `const count = await …; … if (count < most) { found = id; break; }`: the loop is left once an answer is what was looked for. */
function isLeftWithAnswer(module: CodeModule, query: Node, body: Node): boolean {
  if (body.type !== 'BlockStatement') return false;
  let target: Node | undefined;
  for (
    let above = module.parentOf(query);
    above && above !== body && !target;
    above = module.parentOf(above)
  ) {
    if (isFunction(above)) return false;
    if (above.type === 'VariableDeclarator') target = above.id;
    if (above.type === 'AssignmentExpression') target = above.left;
  }
  const answer = target && dependents(body, new Set(namesIn(target).map(({ name }) => name)));
  return body.body.some((one) => {
    if (!answer || one.type !== 'IfStatement' || one.start < query.end || isLack(one.test)) return false;
    const last = one.consequent.type === 'BlockStatement' ? one.consequent.body.at(-1) : one.consequent;
    const isFound =
      last?.type === 'BreakStatement' ||
      (last?.type === 'ReturnStatement' &&
        last.argument?.type === 'Literal' &&
        Boolean(last.argument.value) &&
        asksForIt(one.test));
    return isFound && mentions(one.test, answer);
  });
}

/** `!row`, `row === null`, `rows.length === 0`. */
function isLack(test: Node): boolean {
  const node = unwrapped(test);
  if (node.type === 'UnaryExpression') return true;
  if (node.type === 'LogicalExpression') return isLack(node.left);
  return node.type === 'BinaryExpression' && /^===?$/.test(node.operator) && isNothing(node.right);
}

/** `for (let n = 2; ; n++)` that takes no `rows[n]`: one name after another is tried until it is free. */
function countsOnly(loop: Node): boolean {
  if (loop.type !== 'ForStatement') return false;
  const counted = loop.init ? declaredIn(loop.init) : new Set<string>();
  for (const node of nodesBelow(loop.body))
    if (node.type === 'MemberExpression' && node.computed && mentions(node.property, counted)) return false;
  return true;
}

/** Whether a query stands in the test of a branch that ends the loop where it holds. */
function isAskedIn(module: CodeModule, query: Node, body: Node): boolean {
  const isCounted = countsOnly(module.parentOf(body) ?? body);
  let child = query;
  for (
    let above = module.parentOf(child);
    above && child !== body && /Expression$|^IfStatement$/.test(above.type);
    child = above, above = module.parentOf(above)
  ) {
    if ((above.type === 'UnaryExpression' && !isCounted) || isFunction(above)) return false;
    if (above.type === 'IfStatement') {
      const { test, consequent } = above;
      const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
      return child === test && (last?.type === 'ReturnStatement' || last?.type === 'BreakStatement');
    }
  }
  return false;
}

/** `row`, `rows.length > 0`, `row !== undefined`: not its lack. */
function asksForIt(test: Node): boolean {
  const node = unwrapped(test);
  if (node.type === 'UnaryExpression') return false;
  if (node.type === 'LogicalExpression') return asksForIt(node.left);
  if (node.type !== 'BinaryExpression') return true;
  if (/^===?$/.test(node.operator)) return node.right.type === 'Literal' && Boolean(node.right.value);
  if (/^!==?$/.test(node.operator)) return isNothing(node.right);
  return /^>=?$/.test(node.operator);
}

/** `null`, `undefined`, `0`, `''`. */
function isNothing(node: Node): boolean {
  return node.type === 'Literal' ? !node.value : node.type === 'Identifier' && node.name === 'undefined';
}
