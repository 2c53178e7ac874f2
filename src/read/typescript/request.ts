import type { Node } from 'oxc-parser';
import { type CodeModule, nodesBelow } from './module.ts';
import { OF_A_LIST } from './of-a-list.ts';
import { annotationOf, type Binding, endName, isFunction, keyName } from './scope.ts';

type Parameter = Extract<Binding, { kind: 'parameter' }>;

/** What holds what a client sends, by what it is called, and by what its type is called. */
const NAMES = /^(req|request|body|dto|input|payload|args)$|(Dto|DTO|Input|Body|Payload)$/;
const TYPES = /(Dto|DTO|Input|Body|Payload|Args)$|^(Fastify|Next|Express|Http)?Request$/;
const CONDITIONS = /Where(Unique)?Input$/;
/** What marks a parameter that a client sends. */
const DECORATORS = /^(Body|Args?|Query|Payload)$/;

/**
 * Whether a parameter, or what it is a part of, is what a client sends: `req.body`, `({ input }) => …`, `order: OrderDto`,
 * `@Body() order`. Its own name tells only where something is taken out of it.
 */
export function isSent(module: CodeModule, use: Node, name: string, parameter: Parameter): boolean {
  const { path, of, index } = parameter;
  const whole = isFunction(of) ? of.params[index] : undefined;
  if (!whole || path === undefined) return false;
  if (path.some((key) => NAMES.test(key)) || (NAMES.test(name) && isTakenApart(module, use))) return true;
  const types = typeNames(annotationOf(whole.type === 'AssignmentPattern' ? whole.left : whole));
  if (types.some((one) => TYPES.test(one) && !CONDITIONS.test(one))) return true;
  return decoratorsOf(whole).some((one) => DECORATORS.test(one)) || isOfAction(module, parameter);
}

/** `input.ids`, `const { ids } = input`, `parse(input)`, `request.json()`: not `input.map(…)`, nor the list itself. */
function isTakenApart(module: CodeModule, use: Node): boolean {
  const above = module.parentOf(use);
  if (above?.type === 'MemberExpression')
    return above.object === use && !OF_A_LIST.test(keyName(above.property, above.computed) ?? '');
  if (above?.type === 'VariableDeclarator') return above.id.type === 'ObjectPattern';
  return above?.type === 'CallExpression' || above?.type === 'TSAsExpression';
}

/** `'use server'`: what is exported there is called over the network. */
export function isOfServer({ program }: CodeModule): boolean {
  const [first] = program.body;
  return first?.type === 'ExpressionStatement' && 'directive' in first && first.directive === 'use server';
}

function isOfAction(module: CodeModule, { of }: Parameter): boolean {
  if (!isOfServer(module)) return false;
  for (let above = module.parentOf(of); above && !isFunction(above); above = module.parentOf(above))
    if (/^Export(Named|Default)Declaration$/.test(above.type)) return true;
  return false;
}

/** The names in a type: `OrderDto` of `Partial<OrderDto>[] | undefined`. */
function typeNames(type: Node | undefined): readonly string[] {
  return [...(type ? nodesBelow(type) : [])].flatMap((node) =>
    node.type === 'TSTypeReference' ? (endName(node.typeName) ?? lastOf(node.typeName)) : [],
  );
}

function lastOf(name: Node): string {
  return name.type === 'TSQualifiedName' ? name.right.name : '';
}

/** `Body` of `(@Body('ids') ids: number[])`. */
function decoratorsOf(parameter: Node): readonly string[] {
  if (!('decorators' in parameter)) return [];
  return (parameter.decorators ?? []).map(({ expression }) => {
    const node = expression.type === 'CallExpression' ? expression.callee : expression;
    return endName(node) ?? '';
  });
}
