import type { Node } from 'oxc-parser';
import { calledName, unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction, keyName, namesIn } from './scope.ts';
import { mentions } from './varying.ts';

/** Keys under which a call is told which rows are meant: what stands below them is no written value. */
const WHICH = /^(where|whereIn|filter|id|ids|transaction|select|include|returning)$/;
/** Steps of a query that say which rows are meant. */
export const CONDITIONS = /^((and|or)?where\w*|eq|in|match|filter|from|table|findById|on\w*)$/i;
const WRITES = /^(set|update|values|insert|patch|create|save|upsert|assign)/;

/** Whether what a query writes differs from turn to turn: one of the names, or what the turn makes anew, stands where no condition is. */
export function writesItsOwn(
  module: CodeModule,
  query: Node,
  body: Node,
  names: ReadonlySet<string>,
): boolean {
  const differing = new Set([...inBranches(module, query, names), ...madeAnew(module, body)]);
  // a row that is saved writes what it has become
  if (query.type === 'CallExpression' && endName(unwrapped(query.callee)) === 'save') return true;
  for (const node of nodesBelow(query)) {
    if (node.type === 'CallExpression' && MAKES.test(calledName(node)) && !isCondition(module, node, query))
      return true;
    if (node.type !== 'Identifier' || !(names.has(node.name) || differing.has(node.name))) continue;
    if (!isCondition(module, node, query)) return true;
  }
  return false;
}

/** What makes another value each time that it is called. */
const MAKES = /random|uuid|nanoid|cuid|ulid|generate/i;

/**
 * Names that a turn counts up, leaves changed to the next one, or gives what was made for it: `next++`, `first = false`,
 * `const hash = hashOf(randomBytes(32))`.
 */
function* madeAnew(module: CodeModule, body: Node): Generator<string> {
  const made = new Set<string>();
  for (const node of nodesBelow(body)) {
    const target =
      node.type === 'UpdateExpression'
        ? node.argument
        : node.type === 'AssignmentExpression'
          ? node.left
          : undefined;
    if (target?.type === 'Identifier' && isFromOutside(module, target, body)) made.add(target.name);
  }
  yield* made;
  for (const node of nodesBelow(body)) {
    if (node.type !== 'VariableDeclarator' || !node.init || !isMade(node.init, made)) continue;
    for (const { name } of namesIn(node.id)) {
      made.add(name);
      yield name;
    }
  }
}

function isFromOutside(module: CodeModule, name: Extract<Node, { type: 'Identifier' }>, body: Node): boolean {
  const binding = module.bindingOf(name.name, name);
  return !binding || binding.node.start < body.start || binding.node.end > body.end;
}

function isMade(value: Node, made: ReadonlySet<string>): boolean {
  if (mentions(value, made)) return true;
  for (const node of nodesBelow(value))
    if (node.type === 'CallExpression' && MAKES.test(calledName(node))) return true;
  return false;
}

/** Names whose value is set before a query in a branch that differs from turn to turn: `if (row.old) changes.state = null`. */
function inBranches(module: CodeModule, query: Node, names: ReadonlySet<string>): ReadonlySet<string> {
  const set = new Set<string>();
  for (
    let child = query, above = module.parentOf(child);
    above;
    child = above, above = module.parentOf(above)
  ) {
    if (isFunction(above)) break;
    if (above.type !== 'BlockStatement') continue;
    for (const statement of above.body) {
      if (statement.type !== 'IfStatement' || statement.end > child.start || !mentions(statement.test, names))
        continue;
      for (const node of nodesBelow(statement)) {
        if (node.type !== 'AssignmentExpression') continue;
        let { left }: { left: Node } = node;
        while (left.type === 'MemberExpression') left = left.object;
        if (left.type === 'Identifier') set.add(left.name);
      }
    }
  }
  return set;
}

function isCondition(module: CodeModule, name: Node, query: Node): boolean {
  let child = name;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    if (above.type === 'Property' && WHICH.test(keyName(above.key, above.computed) ?? '')) return true;
    if (above.type === 'CallExpression' && above.callee !== child) {
      const callee = unwrapped(above.callee);
      const called = endName(callee);
      // what a list is filtered by is no condition of the query
      if (CONDITIONS.test(called ?? '') && !isFunction(child)) return true;
      if (WRITES.test(called ?? '') && above !== query) return false;
    }
    // what is called on: `user.update({ seen: true })`
    if (above === query) return above.type === 'CallExpression' && above.callee === child;
  }
  return false;
}
