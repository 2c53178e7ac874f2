import type { Class, Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { ModelColumn } from '../../../query.ts';
import { isClass, superClassOf } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { onceKey } from '../../once-key.ts';
import { trace } from '../../trace.ts';
import { farther, type Modules, startTrail, type Traced, type Via } from '../../trail.ts';
import { decoratorsOf, type Property, propertiesOf } from './decorators.ts';
import type { Entity, Relation } from './entity.ts';
import { keysOfEntity } from './keys.ts';
import { isFalse, type Options, optionsOf } from './options.ts';
import { addProperty, isEmbedded } from './property.ts';
import { isOfPackage, type Vocabulary } from './vocabulary.ts';

/** The entity that a class is; undefined for any other class. */
function entityOfClass(
  module: CodeModule,
  node: Class,
  vocabulary: Vocabulary,
  modules: Modules,
): Entity | undefined {
  const named = tableOfClass(module, node, vocabulary, modules, 0);
  if (!named) return undefined;
  const properties = propertiesOf(module, node, modules, 0).filter(
    (one) => !decoratorsOf(one.node).some(({ name }) => named.without.includes(name)),
  );
  const columns: ModelColumn[] = [];
  const relations: Relation[] = [];
  const entity: Entity = {
    table: named.table,
    name: node.id?.name ?? named.table.name,
    module,
    node,
    via: farther('class', named.via),
    columns,
    relations,
    embedded: properties.flatMap(({ name, node: at, module: home }) =>
      isEmbedded(home, at, vocabulary, modules) ? [name] : [],
    ),
    guess: vocabulary.columnOf,
    ...(isView(node) ? { isView: true } : {}),
    ...(hasMore(module, node, properties, vocabulary, modules, 0) ? { hasMore: true } : {}),
    keys: (all) =>
      vocabulary.tells === 'columns and keys' ? keysOfEntity(entity, properties, all) : undefined,
  };
  for (const property of properties) addProperty(property, entity, columns, relations, vocabulary, modules);
  // a relation's foreign key may be a property of its own as well
  for (const { name, column } of relations) {
    const at = properties.find((one) => one.name === name);
    if (column && at && !columns.some((one) => one.column === column.column))
      columns.push({ ...column, name, span: at.module.span(at.node) });
  }
  return entity;
}

/** What TypeORM writes no table for. */
function isView(node: Class): boolean {
  return decoratorsOf(node).some(({ name }) => name === 'ViewEntity');
}

/**
 * Whether its table may have columns that no property of the class shows: those of a parent that is not read, of a decorator of
 * the code's own, of a tree, and what tells several classes of one table apart.
 */
function hasMore(
  module: CodeModule,
  node: Class,
  properties: readonly Property[],
  vocabulary: Vocabulary,
  modules: Modules,
  depth: number,
): boolean {
  if (vocabulary.tells === undefined || depth > 8) return true;
  if (
    decoratorsOf(node).some(
      ({ name, args }) =>
        /^(Tree|TableInheritance|ChildEntity)$/.test(name) || tellsApart(module, args, modules),
    )
  )
    return true;
  const own = properties.some((one) =>
    decoratorsOf(one.node).some(
      ({ callee }) => trace(one.module, callee, startTrail(modules)).kind !== 'external',
    ),
  );
  if (own) return true;
  if (!node.superClass) return false;
  const parent = superClassOf(module, node, startTrail(modules));
  if (parent?.kind === 'external') return !vocabulary.packages.test(parent.source);
  return parent?.kind !== 'node' || !isClass(parent.node)
    ? true
    : hasMore(parent.module, parent.node, [], vocabulary, modules, depth + 1);
}

function tellsApart(module: CodeModule, args: readonly Node[], modules: Modules): boolean {
  const options = optionsOf(module, args, modules);
  return (
    options.has('discriminatorColumn') || options.has('discriminatorValue') || options.has('discriminatorMap')
  );
}

/** The entity that an expression stands for as a class. */
export function entityOf(traced: Traced, vocabulary: Vocabulary, modules: Modules): Entity | undefined {
  if (traced.kind !== 'node' || !isClass(traced.node)) return undefined;
  const { module, node } = traced;
  const entity = modules.once(onceKey(node, vocabulary), () =>
    entityOfClass(module, node, vocabulary, modules),
  );
  return entity && { ...entity, via: farther(traced.via, entity.via) };
}

interface NamedTable {
  readonly table: QualifiedName;
  readonly via: Via;
  /** Decorators whose columns the table goes without, whoever declares them: Sequelize's `updatedAt: false`. */
  readonly without: readonly string[];
}

function withoutTimes(options: Options): readonly string[] {
  const all = isFalse(options.value('timestamps'));
  return ['CreatedAt', 'UpdatedAt'].filter(
    (name) => all || isFalse(options.value(name.charAt(0).toLowerCase() + name.slice(1))),
  );
}

function tableOfClass(
  module: CodeModule,
  node: Class,
  vocabulary: Vocabulary,
  modules: Modules,
  depth: number,
): NamedTable | undefined {
  const decorator = decoratorsOf(node).find(
    ({ name, callee }) => vocabulary.entity.test(name) && isOfPackage(module, callee, vocabulary, modules),
  );
  if (!decorator || depth > 6) return undefined;
  const parent = superClassOf(module, node, startTrail(modules));
  const options = optionsOf(module, decorator.args, modules);
  const isChild = decorator.name === 'ChildEntity' || options.has('discriminatorValue');
  if (isChild && parent?.kind === 'node' && isClass(parent.node)) {
    const inherited = tableOfClass(parent.module, parent.node, vocabulary, modules, depth + 1);
    if (inherited) return inherited;
  }
  if (options.is('abstract')) return undefined;
  const name =
    decorator.name === 'ChildEntity'
      ? undefined
      : (options.first() ?? options.text('tableName', 'name', 'collection'));
  const schema = options.text('schema');
  const className = node.id?.name;
  if (name === undefined && className === undefined) return undefined;
  const bare = name ?? vocabulary.tableOf(className ?? '');
  const [owner, ...rest] = bare.split('.');
  const table = rest.length > 0 ? { schema: owner, name: rest.join('.') } : { name: bare };
  return {
    table: schema === undefined ? table : { schema, name: table.name },
    via: name === undefined ? 'convention' : 'class',
    without: withoutTimes(options),
  };
}
