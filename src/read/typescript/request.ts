import type { Node } from 'oxc-parser';
import type { CodeModule } from './module.ts';
import { type Binding, endName, isFunction } from './scope.ts';

type Parameter = Extract<Binding, { kind: 'parameter' }>;

/** What a client sends, by what it is called, and by what its type is called. */
const NAMES = /^(req|request|body|dto|input|payload|args)$|(Dto|DTO|Input|Body|Payload|Request)$/;
const TYPES = /(Dto|DTO|Input|Body|Payload|Request|Args)$/;
/** What marks a parameter that a client sends. */
const DECORATORS = /^(Body|Args?|Query|Payload)$/;

/** Whether a parameter, or what it is a part of, is what a client sends: `req`, `({ input }) => …`, `order: OrderDto`, `@Body() order`. */
export function isSent(module: CodeModule, name: string, parameter: Parameter): boolean {
  const { path = [], type } = parameter;
  if ([name, ...path].some((one) => NAMES.test(one)) || (type && TYPES.test(typeName(type)))) return true;
  return decoratorsOf(parameter).some((one) => DECORATORS.test(one)) || isOfAction(module, parameter);
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

function typeName(type: Node): string {
  return type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : '';
}

/** `Body` of `(@Body('ids') ids: number[])`. */
function decoratorsOf({ of, index }: Parameter): readonly string[] {
  const parameter = isFunction(of) ? of.params[index] : undefined;
  if (!parameter || !('decorators' in parameter)) return [];
  return (parameter.decorators ?? []).map(({ expression }) => {
    const node = expression.type === 'CallExpression' ? expression.callee : expression;
    return endName(node) ?? '';
  });
}
