import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type Callee, functionOf } from './callee.ts';
import { classOfType, type DeclaredType, fieldType } from './declared-type.ts';
import { returnsOf } from './family/object-keys.ts';
import { isClass } from './members.ts';
import type { CodeModule } from './module.ts';
import { annotationOf, endName, isFunction, keyName } from './scope.ts';
import { trace, traceExport } from './trace.ts';
import { member, traceClassMember } from './trace-member.ts';
import { type Modules, startTrail, type Traced } from './trail.ts';
import { typeNamed } from './type-named.ts';

/** A value that is known, or the type that is declared for one that is not. */
type Held = Traced | ({ readonly kind: 'type' } & DeclaredType);

/** Steps from a type to the one that it names. */
const DEEPEST = 12;

/**
 * The function behind members of what is handed in, or of what a function makes: `queries.users.find` of a parameter
 * `{ queries }: Context`, whose class says `users = createUserQueries(pool)`.
 */
export function handedIn(module: CodeModule, call: Node, modules: Modules): Callee | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrapped(call.callee);
  const name = endName(callee);
  const held = name === undefined ? undefined : heldBy(module, callee, modules, 0);
  return held && held.kind !== 'type' && name !== undefined ? functionOf(held, name) : undefined;
}

/** What an expression holds: its value where that is written, else the type that is declared for it. */
export function heldBy(module: CodeModule, expression: Node, modules: Modules, depth = 0): Held | undefined {
  if (depth > DEEPEST) return undefined;
  const node = unwrapped(expression);
  if (node.type === 'MemberExpression' && node.object.type !== 'ThisExpression') {
    const name = keyName(node.property, node.computed);
    const object = name === undefined ? undefined : heldBy(module, node.object, modules, depth + 1);
    return object && name !== undefined ? memberOf(object, name, modules) : undefined;
  }
  if (node.type !== 'Identifier') return trace(module, node, startTrail(modules));
  const binding = module.bindingOf(node.name, node);
  if (binding?.kind === 'variable' && binding.path && !module.isReassigned(node.name)) {
    const whole = binding.init ? heldBy(module, binding.init, modules, depth + 1) : undefined;
    const taken = along(whole, binding.path, modules);
    if (taken && taken.kind !== 'unknown') return taken;
    return binding.type ? { kind: 'type', module, type: binding.type } : undefined;
  }
  if (binding?.kind !== 'parameter') return trace(module, node, startTrail(modules));
  const parameter = isFunction(binding.of) ? binding.of.params[binding.index] : undefined;
  const pattern = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  const type = pattern && annotationOf(pattern);
  if (!type) return undefined;
  const path = pattern.type === 'RestElement' ? pathInRest(pattern.argument, binding.node) : binding.path;
  return along({ kind: 'type', module, type }, path, modules);
}

/** `...[router, tenant]: [Router, Tenant]`: which of them a name is. */
function pathInRest(pattern: Node, name: Node): readonly string[] | undefined {
  const index = pattern.type === 'ArrayPattern' ? pattern.elements.indexOf(name as never) : -1;
  return index < 0 ? undefined : [String(index)];
}

function along(from: Held | undefined, path: readonly string[] | undefined, modules: Modules) {
  return path?.reduce<Held | undefined>((held, name) => held && memberOf(held, name, modules), from);
}

/** A member of what is held: its value where one is written, else the type that is declared for it. */
function memberOf(held: Held, name: string, modules: Modules, depth = 0): Held | undefined {
  if (depth > DEEPEST) return undefined; // a function may return what it returns itself
  if (held.kind === 'type') {
    const named = typeMeant(held, modules, 0);
    return named?.kind === 'type'
      ? memberOfType(named, name)
      : named && memberOf(named, name, modules, depth + 1);
  }
  if (held.kind !== 'node')
    return held.kind === 'module' ? traceExport(held.module, name, startTrail(modules)) : undefined;
  const { module, node } = held;
  if (isClass(node)) {
    const value = traceClassMember(module, node, name, startTrail(modules));
    if (value.kind === 'node') return value;
    const declared = fieldType(module, node, name, modules, 0);
    return declared && { kind: 'type', ...declared };
  }
  if (node.type === 'NewExpression')
    return memberOf(trace(module, node.callee, startTrail(modules)), name, modules, depth + 1);
  if (node.type === 'CallExpression') {
    const made = trace(module, node.callee, startTrail(modules));
    const [returned, ...others] = made.kind === 'node' ? returnsOf(made.node) : [];
    if (made.kind !== 'node' || !returned || others.length > 0) return undefined;
    return memberOf(trace(made.module, returned, startTrail(modules)), name, modules, depth + 1);
  }
  return node.type === 'ObjectExpression' || node.type === 'TSModuleDeclaration'
    ? member(held, name, startTrail(modules), module, node)
    : undefined;
}

function memberOfType({ module, type }: DeclaredType, name: string): Held | undefined {
  if (type.type === 'TSTupleType') {
    const element = type.elementTypes[Number(name)];
    const inner = element?.type === 'TSNamedTupleMember' ? element.elementType : element;
    return inner && { kind: 'type', module, type: inner };
  }
  const members =
    type.type === 'TSInterfaceDeclaration'
      ? type.body.body
      : type.type === 'TSTypeLiteral'
        ? type.members
        : [];
  for (const one of members)
    if (one.type === 'TSPropertySignature' && keyName(one.key, one.computed) === name && one.typeAnnotation)
      return { kind: 'type', module, type: one.typeAnnotation.typeAnnotation };
  if (type.type !== 'TSFunctionType') return undefined;
  const parameter = type.params[Number(name)];
  const declared = parameter && annotationOf(parameter);
  return declared && { kind: 'type', module, type: declared };
}

/** What a type comes to: a class, or a type that lists its members; of `Parameters<F>` the function, of `ReturnType<typeof f>` what it returns. */
function typeMeant(declared: DeclaredType, modules: Modules, depth: number): Held | undefined {
  const { module, type } = declared;
  if (depth > DEEPEST) return undefined;
  if (type.type !== 'TSTypeReference') return { kind: 'type', ...declared };
  if (type.typeName.type !== 'Identifier') return undefined;
  const { name } = type.typeName;
  const [first] = type.typeArguments?.params ?? [];
  if (first && /^(Parameters|Readonly|Required|Pick|Omit)$/.test(name))
    return typeMeant({ module, type: first }, modules, depth + 1);
  if (first && name === 'ReturnType') return returnedBy({ module, type: first }, modules);
  const found = typeNamed(module, name, modules);
  if (found)
    return found.type.type === 'TSInterfaceDeclaration'
      ? { kind: 'type', ...found }
      : typeMeant(found, modules, depth + 1);
  return classOfType(declared, modules);
}

/** What the function returns whose type is asked for: `ReturnType<typeof createQueries>`. */
function returnedBy(declared: DeclaredType, modules: Modules): Held | undefined {
  const made = classOfType(declared, modules);
  const [returned, ...others] = made?.kind === 'node' ? returnsOf(made.node) : [];
  return made?.kind === 'node' && returned && others.length === 0
    ? trace(made.module, returned, startTrail(modules))
    : undefined;
}
