import type { Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { returnsOf } from '../object-keys.ts';
import { entityOf } from './decorated.ts';
import { type Decorator, type Property, writtenType } from './decorators.ts';
import type { Entity, Relation } from './entity.ts';
import { optionsOf } from './options.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The relation that a property with a relation's decorator is. */
export function relationOf(
  { module, node, name }: Property,
  decorator: Decorator,
  decorators: readonly Decorator[],
  owner: Entity,
  vocabulary: Vocabulary,
  modules: Modules,
): Relation {
  const [first, second] = decorator.args;
  const options = optionsOf(module, decorator.args, modules);
  const kind = /^(ManyToMany|BelongsToMany)$/.test(decorator.name)
    ? 'many-to-many'
    : /^(OneToMany|HasMany|TreeChildren)$/.test(decorator.name)
      ? 'many'
      : 'one';
  const joinColumn = decorators.find((one) => one.name === 'JoinColumn');
  const holdsKey =
    /^(ManyToOne|BelongsTo|TreeParent)$/.test(decorator.name) ||
    joinColumn !== undefined ||
    options.is('owner');
  const joined = joinColumn && optionsOf(module, joinColumn.args, modules);
  const property = options.text('foreignKey') ?? options.second();
  const given = joined?.text('name') ?? options.text('joinColumn', 'fieldName');
  const key = given === undefined ? vocabulary.columnOf(property ?? '') : { column: given };
  const joinTable = decorators.find((one) => one.name === 'JoinTable');
  const between = joinTable
    ? optionsOf(module, joinTable.args, modules).text('name')
    : options.text('pivotTable', 'tableName');
  const isOwner =
    joinTable !== undefined ||
    options.is('owner') ||
    options.text('pivotTable') !== undefined ||
    decorator.name === 'BelongsToMany';
  return {
    name,
    kind,
    inverse:
      options.text('mappedBy', 'inversedBy') ??
      (kind === 'one' ? undefined : options.second()) ??
      memberReturned(second) ??
      options.member('mappedBy'),
    ...(kind === 'one' && holdsKey
      ? { column: given === undefined && property === undefined ? vocabulary.foreignKeyOf(name) : key }
      : {}),
    target: (all) => {
      const entity = options.value('entity') ?? first;
      const returned = entity && (returnsOf(entity)[0] ?? entity);
      const at = returned && returned.type !== 'ObjectExpression' ? returned : typeNamed(node);
      return at ? entityOf(trace(module, at, startTrail(all)), vocabulary, all) : undefined;
    },
    ...(kind !== 'many-to-many' && !holdsKey && property !== undefined ? { foreign: property } : {}),
    ...(kind === 'many-to-many' && isOwner
      ? {
          joinTable: (target: Entity, all: Modules) =>
            throughOf(second, module, vocabulary, all) ?? {
              name: between ?? vocabulary.joinTableOf(owner, name, target),
            },
        }
      : {}),
  };
}

/** `(post) => post.author` names the other side. */
function memberReturned(node: Node | undefined): string | undefined {
  const [returned] = node ? returnsOf(node) : [];
  return returned?.type === 'MemberExpression' ? keyName(returned.property, returned.computed) : undefined;
}

/** The name of a property's type, as an expression: `author: Author`, `author: Rel<Ref<Author>>`. */
function typeNamed(node: Node): Node | undefined {
  let type = writtenType(node) ?? collected(node);
  for (;;) {
    if (type?.type !== 'TSTypeReference') return undefined;
    const inner: Node | undefined = type.typeArguments?.params[0];
    if (inner?.type !== 'TSTypeReference')
      return type.typeName.type === 'Identifier' ? type.typeName : undefined;
    type = inner;
  }
}

/** `tags = new Collection<Tag>(this)`. */
function collected(node: Node): Node | undefined {
  const value = 'value' in node ? node.value : undefined;
  const made = value as Node | null | undefined; // a property's initial value, where it is a property
  return made?.type === 'NewExpression' ? made.typeArguments?.params[0] : undefined;
}

/** `@BelongsToMany(() => Tag, () => UserTag)` names the entity between. */
function throughOf(
  node: Node | undefined,
  module: CodeModule,
  vocabulary: Vocabulary,
  modules: Modules,
): QualifiedName | undefined {
  const [returned] = node ? returnsOf(node) : [];
  return returned && entityOf(trace(module, returned, startTrail(modules)), vocabulary, modules)?.table;
}
