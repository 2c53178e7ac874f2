import type { MethodDefinition, Node } from 'oxc-parser';
import { chainOf, unwrapped } from './call-chain.ts';
import type { FoundQuery } from './family.ts';
import type { Around } from './loop.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, keyName, namesIn } from './scope.ts';
import { dependents, mentions } from './varying.ts';

/**
 * The loop that a resolver of a GraphQL field is: it runs once an object of a list, `@ResolveField() author(@Parent() post)`.
 * None where the field is a list itself, and where it first returns the field that the object came with, unless that asks only
 * whether it is truthy: what is loaded and empty would be asked for again.
 */
export function resolverLoop(module: CodeModule, method: MethodDefinition, node: Node): Around | undefined {
  const decorator = method.decorators.find((one) =>
    /^(ResolveField|ResolveProperty|FieldResolver)$/.test(nameOf(one.expression)),
  );
  if (!decorator || isDeprecated(decorator)) return undefined;
  const { value } = method;
  if (!isFunction(value) || !value.body || isOfList(module, decorator, value)) return undefined;
  const parents = new Set(
    value.params.flatMap((parameter) =>
      'decorators' in parameter &&
      (parameter.decorators ?? []).some((one) => /^(Parent|Root)$/.test(nameOf(one.expression)))
        ? namesIn(parameter).map(({ name }) => name)
        : [],
    ),
  );
  if (parents.size === 0 || takesArguments(value) || comesWithIt(module, method, node, parents))
    return undefined;
  return {
    kind: 'resolver',
    at: method.key,
    body: value.body,
    names: dependents(value.body, parents),
    chunked: false,
  };
}

/** `@ResolveField(() => [Invitation])`, `Promise<Invitation[]>`: a list of its own is mostly asked of one object, on its page. */
function isOfList(module: CodeModule, decorator: Node, { returnType }: MethodDefinition['value']): boolean {
  if (returnType && ARRAY.test(module.text.slice(returnType.start, returnType.end))) return true;
  for (const node of nodesBelow(decorator))
    if (node.type === 'ArrowFunctionExpression' && unwrapped(node.body).type === 'ArrayExpression')
      return true;
  return false;
}

const ARRAY = /\[\]|Array<|List</;

/** `@ResolveField({ deprecationReason: '…' })`: what is asked for less and less. */
function isDeprecated(decorator: Node): boolean {
  for (const node of nodesBelow(decorator))
    if (node.type === 'Property' && keyName(node.key, node.computed) === 'deprecationReason') return true;
  return false;
}

/** `@Args() args`: each object's field is asked for a page or a choice of its own. */
function takesArguments({ params }: MethodDefinition['value']): boolean {
  return params.some(
    (parameter) =>
      'decorators' in parameter &&
      (parameter.decorators ?? []).some((one) => /^Args?$/.test(nameOf(one.expression))),
  );
}

/**
 * `prisma.user.findUnique(…)`: Prisma gathers those of one moment by itself.
 * https://www.prisma.io/docs/orm/prisma-client/queries/query-optimization-performance
 */
export function isGathered({ node, family }: FoundQuery & { readonly family: string }): boolean {
  if (family !== 'prisma' || node.type !== 'CallExpression') return false;
  return chainOf(node).links.some(({ name }) => /^findUnique(OrThrow)?$/.test(name ?? ''));
}

function nameOf(expression: Node): string {
  const node = unwrapped(expression);
  const callee = node.type === 'CallExpression' ? unwrapped(node.callee) : node;
  return callee.type === 'Identifier' ? callee.name : '';
}

/**
 * `if (post.author !== undefined) return post.author;` before the query, or the query in the other branch of such a question.
 * A list that was loaded is truthy even where it is empty; one object may be null.
 */
function comesWithIt(
  module: CodeModule,
  method: MethodDefinition,
  node: Node,
  parents: ReadonlySet<string>,
): boolean {
  const { body, returnType } = method.value;
  const type = returnType ? module.text.slice(returnType.start, returnType.end) : '';
  const isList = ARRAY.test(type) || (type === '' && /s$/.test(keyName(method.key, false) ?? ''));
  const asks = (test: Node) =>
    mentions(test, parents) &&
    (isList ||
      (test.type === 'BinaryExpression' && /^!==?$/.test(test.operator) && mentions(test.left, parents)));
  for (
    let child = node, above = module.parentOf(child);
    above;
    child = above, above = module.parentOf(above)
  ) {
    if ((above.type === 'IfStatement' || above.type === 'ConditionalExpression') && above.alternate === child)
      if (asks(above.test)) return true;
    if (above.type === 'LogicalExpression' && above.operator !== '&&' && above.right === child)
      if (above.operator === '??' || isList) return mentions(above.left, parents);
    if (above === method) break;
  }
  return (body?.body ?? []).some((statement) => {
    if (statement.type !== 'IfStatement' || statement.start > node.start) return false;
    const { test, consequent } = statement;
    const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
    return last?.type === 'ReturnStatement' && asks(test);
  });
}
