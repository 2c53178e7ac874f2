import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { constructorOf, isClass } from './members.ts';
import type { CodeModule } from './module.ts';
import { isFunction, keyName } from './scope.ts';
import { trace, traceName } from './trace.ts';
import { traceClassMember } from './trace-member.ts';
import { type Modules, startTrail, type Traced } from './trail.ts';

/** A function of the tree that a call runs. */
export interface Callee {
  readonly module: CodeModule;
  readonly node: Node;
  readonly name: string;
}

/** The function that a call runs, where it can be told: by names and imports, and by the declared types of what methods are called on. */
export function calleeOf(module: CodeModule, call: Node, modules: Modules): Callee | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrapped(call.callee);
  const name =
    callee.type === 'Identifier'
      ? callee.name
      : callee.type === 'MemberExpression'
        ? keyName(callee.property, callee.computed)
        : undefined;
  if (name === undefined) return undefined;
  const direct = functionOf(trace(module, callee, startTrail(modules)), name);
  if (direct || callee.type !== 'MemberExpression') return direct;
  const owner = instanceOf(module, callee.object, modules);
  if (owner?.kind !== 'node' || !isClass(owner.node)) return undefined;
  return functionOf(traceClassMember(owner.module, owner.node, name, startTrail(modules)), name);
}

function functionOf(traced: Traced, name: string): Callee | undefined {
  if (traced.kind !== 'node') return undefined;
  const { module } = traced;
  const node = wrappedFunction(traced.node);
  return node ? { module, node, name } : undefined;
}

/** The function itself, or the one that a call wraps: `cache(async () => …)`. */
function wrappedFunction(node: Node): Node | undefined {
  if (isFunction(node)) return node;
  if (node.type !== 'CallExpression') return undefined;
  const functions = node.arguments.filter((argument) => isFunction(argument));
  return functions.length === 1 ? functions[0] : undefined;
}

/** The class that an object is of: `new Store()`, or by the type of a parameter, variable or field. */
function instanceOf(module: CodeModule, object: Node, modules: Modules): Traced | undefined {
  const node = unwrapped(object);
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'node' && traced.node.type === 'NewExpression')
    return trace(traced.module, traced.node.callee, startTrail(modules));
  if (traced.kind === 'parameter' && traced.type && traced.path?.length === 0)
    return classOfType(traced.module, traced.type, modules);
  if (node.type === 'Identifier') {
    const binding = module.bindingOf(node.name, node);
    const type = binding?.kind === 'variable' || binding?.kind === 'parameter' ? binding.type : undefined;
    return type && classOfType(module, type, modules);
  }
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return undefined;
  const type = fieldType(module, node, keyName(node.property, node.computed));
  return type && classOfType(module, type, modules);
}

function fieldType(module: CodeModule, from: Node, name: string | undefined): Node | undefined {
  let above = module.parentOf(from);
  while (above && !isClass(above)) above = module.parentOf(above);
  if (!above || !isClass(above)) return undefined;
  for (const element of above.body.body)
    if (element.type === 'PropertyDefinition' && keyName(element.key, element.computed) === name)
      return element.typeAnnotation?.typeAnnotation;
  for (const parameter of constructorOf(above)?.params ?? []) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const inner =
      parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (inner.type === 'Identifier' && inner.name === name) return inner.typeAnnotation?.typeAnnotation;
  }
  return undefined;
}

function classOfType(module: CodeModule, type: Node, modules: Modules): Traced | undefined {
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  return traceName(module, type.typeName.name, type, startTrail(modules));
}
