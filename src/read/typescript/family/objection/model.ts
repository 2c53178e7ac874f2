import type { Class, Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import { chainOf, unwrapped } from '../../call-chain.ts';
import {
  classAround,
  classOfType,
  type DeclaredType,
  declaredType,
  givenTypes,
} from '../../declared-type.ts';
import { isClass } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { traceClassMember } from '../../trace-member.ts';
import { type Modules, startTrail, type Traced, type Via } from '../../trail.ts';
import { type Key, keysOf, returnsOf } from '../object-keys.ts';
import { tableText } from '../table-text.ts';

/** A class that names its table: `class User extends Model { static tableName = 'users' }`. */
export interface ObjectionModel {
  readonly table: QualifiedName;
  readonly module: CodeModule;
  readonly node: Class;
  readonly via: Via;
}

/** A relation of a model. */
export interface Relation {
  readonly target: ObjectionModel | undefined;
  /** The columns that it joins by, as written: `users.id`. */
  readonly joins: readonly Key[];
  /** The table between the two, of many to many. */
  readonly through: readonly Key[];
}

/** The model that a class is; undefined for any other class. */
export function modelOfClass(traced: Traced | undefined, modules: Modules): ObjectionModel | undefined {
  if (traced?.kind !== 'node' || !isClass(traced.node)) return undefined;
  const { module, node, via } = traced;
  const named = traceClassMember(module, node, 'tableName', startTrail(modules));
  if (named.kind !== 'node') return undefined;
  const text = textOf(named.module, named.node, modules).text;
  const table = text === undefined ? undefined : tableText(text)?.table;
  return table && { table, module, node, via: via === 'literal' ? 'class' : via };
}

/** The model that an expression stands for, as a class or through the type that code declares for it. */
export function modelOf(module: CodeModule, expression: Node, modules: Modules): ObjectionModel | undefined {
  const node = unwrapped(expression);
  if (node.type === 'ThisExpression') {
    const around = classAround(module, node);
    return around && modelOfClass({ kind: 'node', module, node: around, via: 'class' }, modules);
  }
  // `this.userModel()` is a field that gives the class of the tenant at hand
  const field = node.type === 'CallExpression' && node.arguments.length === 0 ? unwrapped(node.callee) : node;
  return (
    modelOfClass(trace(module, node, startTrail(modules)), modules) ??
    modelOfType(declaredType(module, field, modules), modules)
  );
}

/** `typeof User`, `() => typeof User`, `TenantModelProxy<typeof User>`, `ModelClass<User>`. */
function modelOfType(declared: DeclaredType | undefined, modules: Modules): ObjectionModel | undefined {
  if (!declared) return undefined;
  const { module, type } = declared;
  if (type.type === 'TSFunctionType')
    return type.returnType
      ? modelOfType({ module, type: type.returnType.typeAnnotation }, modules)
      : undefined;
  const own = modelOfClass(classOfType(declared, modules), modules);
  return (
    own ??
    givenTypes(declared)
      .map((one) => modelOfType(one, modules))
      .find((one) => one !== undefined)
  );
}

/** The model of the row that an expression holds: from the query that gave it, or by its type. */
export function modelOfRow(
  module: CodeModule,
  expression: Node,
  modules: Modules,
): ObjectionModel | undefined {
  const node = unwrapped(expression);
  if (node.type === 'ThisExpression') return modelOf(module, node, modules);
  const traced = trace(module, node, startTrail(modules));
  if (traced.kind === 'node' && traced.node.type === 'CallExpression') {
    const chain = chainOf(traced.node);
    const at = chain.links.findIndex(({ name, args }) => name === 'query' && args);
    const receiver = at > 0 ? chain.links[at - 1]?.node : chain.root;
    const found = at >= 0 && receiver ? modelOf(traced.module, receiver, modules) : undefined;
    if (found) return found;
  }
  return modelOfType(declaredType(module, node, modules), modules);
}

/** A relation of a model by its name. */
export function relationOf(model: ObjectionModel, name: string, modules: Modules): Relation | undefined {
  const { module } = model;
  for (const mapping of mappingsOf(model)) {
    const found = keysOf(module, mapping, modules).keys.find((key) => key.name === name);
    if (!found) continue;
    const parts = keysOf(found.module, found.value, modules).keys;
    const partOf = (key: string) => parts.find((one) => one.name === key);
    const target = partOf('modelClass');
    const join = partOf('join');
    const joined = join ? keysOf(join.module, join.value, modules).keys : [];
    const through = joined.find((key) => key.name === 'through');
    return {
      target: target && modelOf(target.module, target.value, modules),
      joins: joined.filter((key) => key.name === 'from' || key.name === 'to'),
      through: through
        ? keysOf(through.module, through.value, modules).keys.filter(
            (key) => key.name === 'from' || key.name === 'to',
          )
        : [],
    };
  }
  return undefined;
}

/** The objects that `static relationMappings` gives. */
function mappingsOf({ node }: ObjectionModel): readonly Node[] {
  for (const element of node.body.body) {
    if (element.type !== 'PropertyDefinition' && element.type !== 'MethodDefinition') continue;
    if (keyName(element.key, element.computed) !== 'relationMappings' || !element.value) continue;
    const returned = returnsOf(element.value);
    return returned.length > 0 ? returned : [element.value];
  }
  return [];
}
