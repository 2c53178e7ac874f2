import type { Class, Node } from 'oxc-parser';
import { chainOf, unwrapped } from '../../call-chain.ts';
import { calleeOf } from '../../callee.ts';
import {
  classAround,
  classOfType,
  type DeclaredType,
  declaredType,
  givenTypes,
} from '../../declared-type.ts';
import { constructorOf, isClass, superClassOf } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { whyUnknown } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import { decoratorsOf } from './decorators.ts';
import type { Entity } from './entity.ts';

/** The entities of one ORM. */
export interface Entities {
  /** The entity that a value of code is. */
  of(traced: Traced, modules: Modules): Entity | undefined;
  /** The one of which only the name is known: `getRepository('User')`, `entities['User']`. */
  named(module: CodeModule, node: Node, name: string): Entity;
}

/** What a receiver stands for: an entity's table, or one that is not known. */
export type Receiver =
  | { readonly entity: Entity; readonly why?: undefined }
  | { readonly entity?: undefined; readonly why: string };

const GETS = /^(getRepository|getTreeRepository|getCustomRepository|getMongoRepository|getEntityRepository)$/;
const REPOSITORY = /Repository$/;

/** The entity whose repository an expression is; undefined for what is no repository. */
export function repositoryOf(
  module: CodeModule,
  expression: Node,
  entities: Entities,
  modules: Modules,
  depth = 0,
): Receiver | undefined {
  if (depth > 6) return undefined;
  const node = unwrapped(expression);
  if (node.type === 'ThisExpression') {
    const around = classAround(module, node);
    return around && repositoryClass(module, around, entities, modules, 0);
  }
  if (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression') {
    const [first, second] =
      node.type === 'LogicalExpression' ? [node.left, node.right] : [node.consequent, node.alternate];
    const found = repositoryOf(module, first, entities, modules, depth + 1);
    return found?.entity ? found : (repositoryOf(module, second, entities, modules, depth + 1) ?? found);
  }
  if (node.type === 'CallExpression') return gotten(module, node, entities, modules, depth);
  const declared = declaredType(module, node, modules);
  const typed = declared && repositoryType(declared, entities, modules);
  if (typed?.entity) return typed;
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'node' && traced.node !== node) {
    if (isClass(traced.node)) return typed;
    const found = repositoryOf(traced.module, traced.node, entities, modules, depth + 1);
    if (found) return found;
  }
  return typed;
}

/** `dataSource.getRepository(User)`, `connection.getRepository(ctx, User)`, `….extend({ … })`. */
function gotten(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  entities: Entities,
  modules: Modules,
  depth: number,
): Receiver | undefined {
  const { root, links } = chainOf(node);
  const step = links.at(-1);
  const name = step?.name ?? (links.length === 1 && root.type === 'Identifier' ? root.name : '');
  if (name === 'extend' || name === 'withRepository') {
    const before = name === 'extend' ? links.at(-2)?.node : step?.args?.[0];
    return before && repositoryOf(module, before, entities, modules, depth + 1);
  }
  const args = step?.args ?? [];
  if (!GETS.test(name) || args.length === 0) return undefined;
  const last = args.at(-1);
  const found =
    entityArgument(module, args, entities, modules) ?? (last && namedArgument(module, last, entities));
  return found ?? { why: last ? whyOf(module, last, modules) : 'it is not said' };
}

/** The entity among arguments, the last first: what stands before it is a context. */
function entityArgument(
  module: CodeModule,
  args: readonly Node[],
  entities: Entities,
  modules: Modules,
): Receiver | undefined {
  for (const one of [...args].reverse()) {
    const traced = trace(module, one, startTrail(modules));
    const entity = entities.of(traced, modules);
    if (entity) return { entity };
    if (traced.kind === 'node' && isClass(traced.node)) {
      const found = repositoryClass(traced.module, traced.node, entities, modules, 0);
      if (found?.entity) return found;
    }
  }
  return undefined;
}

/** `'User'`, `entities['User']`, `models.User`: the name of a class that cannot be followed. */
export function namedArgument(module: CodeModule, argument: Node, entities: Entities): Receiver | undefined {
  const node = unwrapped(argument);
  const name =
    node.type === 'Literal'
      ? node.value
      : node.type === 'MemberExpression'
        ? keyName(node.property, node.computed)
        : undefined;
  return typeof name === 'string' && /^[A-Z][a-z]\w*$/.test(name)
    ? { entity: entities.named(module, node, name) }
    : undefined;
}

/** Why an entity is not known. */
export function whyOf(module: CodeModule, node: Node, modules: Modules): string {
  const traced = trace(module, node, startTrail(modules));
  return traced.kind === 'node' && isClass(traced.node) ? 'its class is no entity' : whyUnknown(traced);
}

/** `Repository<User>`, or a class that is one. */
function repositoryType(declared: DeclaredType, entities: Entities, modules: Modules): Receiver | undefined {
  const { type } = declared;
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  const { name } = type.typeName;
  const [given] = givenTypes(declared);
  if (given && REPOSITORY.test(name)) {
    const found = classOfType(given, modules);
    const entity = found && entities.of(found, modules);
    if (entity) return { entity };
    const inner = given.type.type === 'TSTypeReference' && given.type.typeName.type === 'Identifier';
    return { why: inner && found?.kind === 'unknown' ? 'it is a type parameter' : 'its class is no entity' };
  }
  const found = classOfType(declared, modules);
  return found?.kind === 'node' && isClass(found.node)
    ? repositoryClass(found.module, found.node, entities, modules, 0)
    : undefined;
}

/** A repository of the code's own: `class Users extends Repository<User>`, `super(User, …)`, `@EntityRepository(User)`. */
function repositoryClass(
  module: CodeModule,
  node: Class,
  entities: Entities,
  modules: Modules,
  depth: number,
): Receiver | undefined {
  if (depth > 6) return undefined;
  for (const { name, args } of decoratorsOf(node))
    if (/^(EntityRepository|CustomRepository)$/.test(name)) {
      const found = entityArgument(module, args, entities, modules);
      if (found) return found;
    }
  if (!node.superClass) return undefined;
  const parent = unwrapped(node.superClass);
  const isRepository = parent.type === 'Identifier' && REPOSITORY.test(parent.name);
  for (const type of node.superTypeArguments?.params ?? []) {
    const found = classOfType({ module, type }, modules);
    const entity = isRepository && found ? entities.of(found, modules) : undefined;
    if (entity) return { entity };
  }
  const given = isRepository ? entityArgument(module, givenToParent(node), entities, modules) : undefined;
  if (given) return given;
  const above = superClassOf(module, node, startTrail(modules));
  if (above?.kind === 'node' && isClass(above.node))
    return repositoryClass(above.module, above.node, entities, modules, depth + 1);
  return isRepository && above?.kind === 'external' ? { why: 'it is a type parameter' } : undefined;
}

function givenToParent(node: Class): readonly Node[] {
  for (const statement of constructorOf(node)?.body?.body ?? [])
    if (
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'CallExpression' &&
      statement.expression.callee.type === 'Super'
    )
      return statement.expression.arguments;
  return [];
}

/** The entity of the row or rows that an expression holds. */
export function entityOfRow(
  module: CodeModule,
  expression: Node,
  entities: Entities,
  modules: Modules,
  depth = 0,
): Entity | undefined {
  const node = unwrapped(expression);
  const declared = declaredType(module, node, modules);
  const typed = declared && rowType(declared, entities, modules);
  if (typed) return typed;
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind !== 'node')
    return depth < 4 ? entityOfVariable(module, node, entities, modules, depth + 1) : undefined;
  const { node: found, module: home } = traced;
  if (found.type === 'NewExpression')
    return entities.of(trace(home, found.callee, startTrail(modules)), modules);
  if (found.type === 'ArrayExpression' && found.elements[0] && found.elements[0].type !== 'SpreadElement')
    return entityOfRow(home, found.elements[0], entities, modules);
  if (found.type !== 'CallExpression') return undefined;
  const returned = returnTypeOf(home, found, modules);
  const promised = returned && rowType(returned, entities, modules);
  if (promised) return promised;
  // `manager.create(User, …)`, `users.findOne(…)`
  const { root, links } = chainOf(found);
  const last = links.at(-1);
  if (!/^(create|preload|merge|find\w*|assign|save|map)$/.test(last?.name ?? '')) return undefined;
  const first = last?.args?.[0];
  const own =
    first && first.type !== 'SpreadElement'
      ? entities.of(trace(home, first, startTrail(modules)), modules)
      : undefined;
  const receiver = links.at(-2)?.node ?? root;
  const ofClass =
    entities.of(trace(home, receiver, startTrail(modules)), modules) ??
    entities.of(trace(home, root, startTrail(modules)), modules);
  return own ?? ofClass ?? repositoryOf(home, receiver, entities, modules)?.entity;
}

/** `User`, `User[]`, `Promise<User>`, `User | null`. */
function rowType(declared: DeclaredType, entities: Entities, modules: Modules): Entity | undefined {
  const { module, type } = declared;
  if (type.type === 'TSArrayType') return rowType({ module, type: type.elementType }, entities, modules);
  if (type.type === 'TSUnionType')
    return type.types
      .map((one) => rowType({ module, type: one }, entities, modules))
      .find((one) => one !== undefined);
  const found = classOfType(declared, modules);
  const entity = found && entities.of(found, modules);
  if (entity) return entity;
  return type.type === 'TSTypeReference' &&
    type.typeName.type === 'Identifier' &&
    /^(Array|Promise|Loaded|Partial|DeepPartial)$/.test(type.typeName.name)
    ? givenTypes(declared)
        .map((one) => rowType(one, entities, modules))
        .find((one) => one !== undefined)
    : undefined;
}

/** A variable that is assigned to again keeps its kind of row; one of a loop's head has that of what is walked over. */
function entityOfVariable(
  module: CodeModule,
  node: Node,
  entities: Entities,
  modules: Modules,
  depth: number,
): Entity | undefined {
  const binding = node.type === 'Identifier' ? module.bindingOf(node.name, node) : undefined;
  if (binding?.kind === 'variable' && binding.path?.length === 0 && binding.init)
    return entityOfRow(module, binding.init, entities, modules, depth);
  if (
    binding?.kind === 'item' &&
    binding.loop.type === 'ForOfStatement' &&
    binding.node.type === 'Identifier'
  )
    return entityOfRow(module, binding.loop.right, entities, modules, depth);
  return undefined;
}

/** The type that the function which a call runs says that it returns. */
function returnTypeOf(module: CodeModule, call: Node, modules: Modules): DeclaredType | undefined {
  const callee = calleeOf(module, call, modules);
  const type = callee && isFunction(callee.node) ? callee.node.returnType?.typeAnnotation : undefined;
  return callee && type && { module: callee.module, type };
}
