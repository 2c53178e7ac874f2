import type { MethodDefinition, Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { unwrapped } from './call-chain.ts';
import { dependents, mentions } from './loop.ts';
import type { CodeModule } from './module.ts';
import { isFunction, namesIn } from './scope.ts';

/**
 * The loop that a resolver of a GraphQL field is: it runs once an object of a list, `@ResolveField() author(@Parent() post)`.
 * None where it first returns the field that the object came with, unless that asks only whether it is truthy: what is
 * loaded and empty would be asked for again.
 */
export function resolverLoop(module: CodeModule, method: MethodDefinition, node: Node): Loop | undefined {
  if (
    !method.decorators.some((one) =>
      /^(ResolveField|ResolveProperty|FieldResolver)$/.test(nameOf(one.expression)),
    )
  )
    return undefined;
  const { value } = method;
  if (!isFunction(value) || !value.body) return undefined;
  const parents = new Set(
    value.params.flatMap((parameter) =>
      'decorators' in parameter &&
      (parameter.decorators ?? []).some((one) => /^(Parent|Root)$/.test(nameOf(one.expression)))
        ? namesIn(parameter).map(({ name }) => name)
        : [],
    ),
  );
  if (parents.size === 0 || comesWithIt(value.body, parents)) return undefined;
  const { start } = method.key;
  return {
    kind: 'resolver',
    span: module.span({ start, end: start }),
    usesVariable: mentions(node, dependents(value.body, parents)),
    chunked: false,
  };
}

function nameOf(expression: Node): string {
  const node = unwrapped(expression);
  const callee = node.type === 'CallExpression' ? unwrapped(node.callee) : node;
  return callee.type === 'Identifier' ? callee.name : '';
}

/** `if (post.author !== undefined) return post.author;` at its beginning. */
function comesWithIt(body: Node, parents: ReadonlySet<string>): boolean {
  if (body.type !== 'BlockStatement') return false;
  return body.body.some((statement) => {
    if (statement.type !== 'IfStatement') return false;
    const { test, consequent } = statement;
    const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
    const compared = test.type === 'BinaryExpression' && /^!==?$/.test(test.operator) ? test.left : undefined;
    return last?.type === 'ReturnStatement' && compared !== undefined && mentions(compared, parents);
  });
}
