import type { Class, Node } from 'oxc-parser';
import type { ModelColumn } from '../../../query.ts';
import { type CallChain, chainOf } from '../../call-chain.ts';
import { classAround } from '../../declared-type.ts';
import { isClass } from '../../members.ts';
import type { CodeModule } from '../../module.ts';
import { farther, type Modules, type Traced, type Via } from '../../trail.ts';
import { entityOf as decoratedEntity } from '../entity/decorated.ts';
import type { Entity } from '../entity/entity.ts';
import { isFalse, optionsOf } from '../entity/options.ts';
import type { Vocabulary } from '../entity/vocabulary.ts';
import { conventionOf, pluralOf } from '../naming-convention.ts';
import { keysOf } from '../object-keys.ts';
import { associationsOf } from './associations.ts';

const columnOf = (property: string) => ({ column: property, ...conventionOf(property) });

/** How sequelize-typescript declares tables. */
const VOCABULARY: Vocabulary = {
  packages: /^sequelize-typescript$/,
  entity: /^Table$/,
  column: /^(Column|CreatedAt|UpdatedAt|DeletedAt)$/,
  relation: /^(BelongsTo|HasMany|HasOne|BelongsToMany)$/,
  tableOf: pluralOf,
  columnOf,
  foreignKeyOf: (property) => columnOf(`${property}Id`),
  joinTableOf: (owner, _, target) => `${owner.name}${target.name}`,
};

/** The model that a value is: a decorated class, `User.init(…)`, `sequelize.define('user', …)`. */
export function modelOf(traced: Traced, modules: Modules): Entity | undefined {
  if (traced.kind !== 'node') return undefined;
  const { module, node, via } = traced;
  if (node.type === 'CallExpression') return definedBy(module, chainOf(node), via, modules);
  const decorated = decoratedEntity(traced, VOCABULARY, modules);
  if (decorated || !isClass(node)) return decorated;
  const init = initOf(module, node);
  if (!init) return undefined;
  const [attributes, options] = init.node.arguments;
  if (!attributes) return undefined;
  return made(module, node, farther(via, 'class'), node.id?.name, attributes, options, modules);
}

/** `sequelize.define('user', { … }, { tableName })`. */
function definedBy(
  module: CodeModule,
  { links, node }: CallChain,
  via: Via,
  modules: Modules,
): Entity | undefined {
  const last = links.at(-1);
  const [name, attributes, options] = last?.args ?? [];
  if (last?.name !== 'define' || !name || !attributes) return undefined;
  if (name.type !== 'Literal' || typeof name.value !== 'string') return undefined;
  return made(module, node, via, name.value, attributes, options, modules);
}

/** `User.init(…)` beside the class, `super.init(…)` within it. */
function initOf(module: CodeModule, node: Class): CallChain | undefined {
  return module.chains.find(({ root, links, node: call }) => {
    if (links.at(-1)?.name !== 'init' || call.arguments.length < 2 || links.length !== 1) return false;
    if (root.type === 'Identifier')
      return root.name === node.id?.name && module.bindingOf(root.name, root)?.node === node;
    return (
      (root.type === 'ThisExpression' || root.type === ('Super' as string)) &&
      classAround(module, root) === node
    );
  });
}

function made(
  module: CodeModule,
  node: Node,
  via: Via,
  className: string | undefined,
  attributes: Node,
  settings: Node | undefined,
  modules: Modules,
): Entity | undefined {
  const options = optionsOf(module, settings ? [settings] : [], modules);
  const name = options.text('modelName') ?? className;
  const given = options.text('tableName');
  if (name === undefined) return undefined;
  const table = given ?? (options.is('freezeTableName') ? name : pluralOf(name));
  const schema = options.text('schema');
  const columns = keysOf(module, attributes, modules).keys.flatMap((key): readonly ModelColumn[] => {
    if (key.name === undefined) return [];
    const inner = optionsOf(key.module, [key.value], modules);
    const column = inner.text('field');
    const isType = key.value.type !== 'ObjectExpression';
    const type = isType ? wordOf(key.value) : inner.word('type');
    return [
      {
        name: key.name,
        ...(column === undefined ? columnOf(key.name) : { column }),
        type: type?.toLowerCase(),
        nullable: !isFalse(inner.value('allowNull')) && !inner.is('primaryKey'),
        span: key.module.span(key.node),
      },
    ];
  });
  const entity: Entity = {
    table: schema === undefined ? { name: table } : { schema, name: table },
    name: className ?? name,
    module,
    node,
    via: given === undefined ? 'convention' : via,
    columns,
    relations: associationsOf(module, node, className, modules),
    embedded: [],
    guess: columnOf,
  };
  return entity;
}

/** `STRING` of `DataTypes.STRING(20)`. */
function wordOf(node: Node): string | undefined {
  if (node.type === 'CallExpression') return wordOf(node.callee);
  if (node.type === 'MemberExpression')
    return node.property.type === 'Identifier' ? node.property.name : undefined;
  return node.type === 'Identifier' ? node.name : undefined;
}
