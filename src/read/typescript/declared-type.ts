import type { Class, Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { constructorOf, isClass, superClassOf } from './members.ts';
import type { CodeModule } from './module.ts';
import { keyName } from './scope.ts';
import { trace, traceName } from './trace.ts';
import { type Modules, startTrail, type Traced } from './trail.ts';

/** A type as it is written, and where. */
export interface DeclaredType {
  readonly module: CodeModule;
  readonly type: Node;
}

/** The type that code declares for an expression: of a variable, a parameter, a field of `this`. */
export function declaredType(
  module: CodeModule,
  expression: Node,
  modules: Modules,
): DeclaredType | undefined {
  const node = unwrapped(expression);
  if (node.type === 'Identifier') {
    const binding = module.bindingOf(node.name, node);
    const type = binding?.kind === 'variable' || binding?.kind === 'parameter' ? binding.type : undefined;
    return type && { module, type };
  }
  if (node.type !== 'MemberExpression') return undefined;
  const name = keyName(node.property, node.computed);
  const around = node.object.type === 'ThisExpression' ? classAround(module, node) : undefined;
  return around && name !== undefined ? fieldType(module, around, name, modules, 0) : undefined;
}

/** The class in which a node is written. */
export function classAround(module: CodeModule, node: Node): Class | undefined {
  let above = module.parentOf(node);
  while (above && !isClass(above)) above = module.parentOf(above);
  return above && isClass(above) ? above : undefined;
}

/** The type of a field, of the class itself or of one that it extends. */
export function fieldType(
  module: CodeModule,
  node: Class,
  name: string,
  modules: Modules,
  depth: number,
): DeclaredType | undefined {
  for (const element of node.body.body)
    if (
      (element.type === 'PropertyDefinition' || element.type === 'TSAbstractPropertyDefinition') &&
      keyName(element.key, element.computed) === name
    )
      return element.typeAnnotation ? { module, type: element.typeAnnotation.typeAnnotation } : undefined;
  for (const element of node.body.body)
    if (
      element.type === 'MethodDefinition' &&
      element.kind === 'get' &&
      keyName(element.key, element.computed) === name
    )
      return element.value.returnType ? { module, type: element.value.returnType.typeAnnotation } : undefined;
  for (const parameter of constructorOf(node)?.params ?? []) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const inner =
      parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (inner.type === 'Identifier' && inner.name === name)
      return inner.typeAnnotation ? { module, type: inner.typeAnnotation.typeAnnotation } : undefined;
  }
  const parent = depth < 8 ? superClassOf(module, node, startTrail(modules)) : undefined;
  return parent?.kind === 'node' && isClass(parent.node)
    ? fieldType(parent.module, parent.node, name, modules, depth + 1)
    : undefined;
}

/** The class that a type names. */
export function classOfType({ module, type }: DeclaredType, modules: Modules): Traced | undefined {
  if (type.type === 'TSTypeQuery' && type.exprName.type === 'Identifier')
    return traceName(module, type.exprName.name, type, startTrail(modules));
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  return traceName(module, type.typeName.name, type, startTrail(modules));
}

/** The types that are given to a generic one: `Repository<User>`. */
export function givenTypes({ module, type }: DeclaredType): readonly DeclaredType[] {
  if (type.type !== 'TSTypeReference') return [];
  return (type.typeArguments?.params ?? []).map((one) => ({ module, type: one }));
}

/** The class that an object is of: `new Store()`, or by the type of a parameter, variable or field; of an interface its only class. */
export function instanceOf(module: CodeModule, object: Node, modules: Modules): Traced | undefined {
  const node = unwrapped(object);
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'node' && traced.node.type === 'NewExpression')
    return trace(traced.module, traced.node.callee, startTrail(modules));
  if (traced.kind === 'parameter' && traced.type && traced.path?.length === 0)
    return implementation({ module: traced.module, type: traced.type }, modules);
  const declared = declaredType(module, node, modules);
  return declared && implementation(declared, modules);
}

/** The class that a type names, or the only one that implements it where it is an interface. */
function implementation(declared: DeclaredType, modules: Modules): Traced | undefined {
  const { module, type } = declared;
  const traced = classOfType(declared, modules);
  if (traced?.kind !== 'unknown' || type.type !== 'TSTypeReference') return traced;
  if (type.typeName.type !== 'Identifier' || isTypeParameter(module, type, type.typeName.name)) return traced;
  const [only, ...others] = modules.implementers(type.typeName.name);
  return only && others.length === 0 ? { kind: 'node', ...only, via: 'class' } : traced;
}

/** `<Store>(store: Store) => …`: no interface. */
function isTypeParameter(module: CodeModule, type: Node, name: string): boolean {
  for (let above = module.parentOf(type); above; above = module.parentOf(above))
    if (
      'typeParameters' in above &&
      above.typeParameters?.type === 'TSTypeParameterDeclaration' &&
      above.typeParameters.params.some((one) => one.name.name === name)
    )
      return true;
  return false;
}
