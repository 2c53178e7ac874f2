import type { Class, Node } from 'oxc-parser';
import type { QualifiedName } from '../../../../schema/name.ts';
import type { ModelColumn } from '../../../query.ts';
import { isClass, superClassOf } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { trace } from '../../trace.ts';
import { farther, type Modules, startTrail, type Traced, type Via } from '../../trail.ts';
import type { NamedColumn } from '../column-scope.ts';
import { decoratorsOf, propertiesOf } from './decorators.ts';
import type { Entity, Relation } from './entity.ts';
import { isFalse, type Options, optionsOf } from './options.ts';
import { addProperty, isEmbedded } from './property.ts';

/** How an ORM that declares tables by decorators names things. */
export interface Vocabulary {
  /** The packages whose decorators are meant. */
  readonly packages: RegExp;
  readonly entity: RegExp;
  readonly column: RegExp;
  readonly relation: RegExp;
  /** The names by convention. */
  tableOf(className: string): string;
  columnOf(property: string): NamedColumn;
  foreignKeyOf(property: string): NamedColumn;
  joinTableOf(owner: Entity, property: string, target: Entity): string;
}

/** The entity that a class is; undefined for any other class. */
function entityOfClass(
  module: CodeModule,
  node: Class,
  via: Via,
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
    via: farther(farther(via, 'class'), named.via),
    columns,
    relations,
    embedded: properties.flatMap(({ name, node: at, module: home }) =>
      isEmbedded(home, at, vocabulary, modules) ? [name] : [],
    ),
    guess: vocabulary.columnOf,
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

/** The entity that an expression stands for as a class. */
export function entityOf(traced: Traced, vocabulary: Vocabulary, modules: Modules): Entity | undefined {
  return traced.kind === 'node' && isClass(traced.node)
    ? entityOfClass(traced.module, traced.node, traced.via, vocabulary, modules)
    : undefined;
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

function isOfPackage(module: CodeModule, callee: Node, { packages }: Vocabulary, modules: Modules): boolean {
  const traced = trace(module, callee, startTrail(modules));
  return traced.kind === 'external' && packages.test(traced.source);
}
