import type { Node } from 'oxc-parser';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, namesIn } from './scope.ts';
import { dependents, mentions } from './varying.ts';

/** Whether a query depends on what another call of its turn answered: by what it asks, or by whether it is asked. */
export function followsAnother(module: CodeModule, query: Node, body: Node): boolean {
  const answered = answeredIn(body, (node) => node.end <= query.start);
  if (answered.size === 0) return false;
  const all = dependents(body, answered);
  if (mentions(query, all)) return true;
  let child = query;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  ) {
    if ((above.type === 'IfStatement' || above.type === 'ConditionalExpression') && above.test !== child)
      if (mentions(above.test, all)) return true;
    if (above.type === 'LogicalExpression' && above.right === child && mentions(above.left, all)) return true;
    if (above.type === 'BlockStatement')
      for (const one of above.body)
        if (
          one.type === 'IfStatement' &&
          one.end <= child.start &&
          leaves(one.consequent) &&
          mentions(one.test, all)
        )
          return true;
  }
  return false;
}

/** Whether something else of the turn asks with what a query answered: `const [row] = await insert(…); await insert(row.id)`. */
export function isFollowed(query: Node, body: Node, others: Iterable<Node>): boolean {
  const answered = answeredIn(body, (node) => node.start <= query.start && query.end <= node.end);
  if (answered.size === 0) return false;
  const all = dependents(body, answered);
  for (const other of others) if (other.start > query.end && mentions(other, all)) return true;
  return false;
}

/** Whether the code after a query goes on with what it answered, beside whether it failed. */
export function isAnswerUsed(query: Node, body: Node): boolean {
  const answered = answeredIn(body, (node) => node.start <= query.start && query.end <= node.end);
  const isLater = (node: Node) => node.type !== 'Identifier' || node.start > query.end;
  for (const node of nodesBelow(body, isLater))
    if (node.type === 'Identifier' && isLater(node) && answered.has(node.name) && !/error$/i.test(node.name))
      return true;
  return false;
}

/** Names that take what is waited for. */
function answeredIn(body: Node, isMeant: (declarator: Node) => boolean): ReadonlySet<string> {
  const answered = new Set<string>();
  for (const node of nodesBelow(body)) {
    if (
      node.type === 'AssignmentExpression' &&
      node.left.type === 'Identifier' &&
      isMeant(node) &&
      waits(node.right)
    )
      answered.add(node.left.name);
    if (node.type === 'VariableDeclarator' && node.init && isMeant(node) && waits(node.init))
      for (const { name } of namesIn(node.id)) answered.add(name);
  }
  return answered;
}

function waits(value: Node): boolean {
  for (const inner of nodesBelow(value, (one) => !isFunction(one)))
    if (inner.type === 'AwaitExpression') return true;
  return false;
}

/** Whether a branch goes no further than itself: it ends with `return`, `continue` or `break`. */
export function leaves(branch: Node): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  return last !== undefined && /^(Return|Continue|Break)Statement$/.test(last.type);
}
