import type { Node } from 'oxc-parser';
import { unwrapped } from '../../call-chain.ts';
import { classAround } from '../../declared-type.ts';
import { importsFrom } from '../../mentions.ts';
import type { CodeModule } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { type Entity, entityByName, type Relation } from '../entity/entity.ts';
import { optionsOf } from '../entity/options.ts';
import { conventionOf, pluralOf } from '../naming-convention.ts';
import { modelOf } from './model.ts';

/** What `User.hasMany(Post, { as, foreignKey })` says in the file of a model. */
export function associationsOf(
  module: CodeModule,
  model: Node,
  name: string | undefined,
  modules: Modules,
): readonly Relation[] {
  return module.chains.flatMap(({ root, links, node }): readonly Relation[] => {
    const last = links.at(-1);
    const [target, settings] = last?.args ?? [];
    if (!/^(hasMany|hasOne|belongsTo|belongsToMany)$/.test(last?.name ?? '') || !target || links.length !== 1)
      return [];
    const isOwn =
      root.type === 'Identifier'
        ? root.name === name
        : root.type === 'ThisExpression' && classAround(module, node) === model;
    if (!isOwn) return [];
    const options = optionsOf(module, settings ? [settings] : [], modules);
    const foreignKey = options.value('foreignKey');
    const inner =
      foreignKey?.type === 'ObjectExpression'
        ? optionsOf(module, [foreignKey], modules).text('name', 'field')
        : undefined;
    const key = options.text('foreignKey') ?? inner;
    const called = nameOf(target) ?? '';
    const isMany = last?.name === 'hasMany' || last?.name === 'belongsToMany';
    const as = options.text('as') ?? (isMany ? pluralOf(called) : called);
    const through = options.value('through');
    const column = key ?? `${as}Id`;
    return [
      {
        name: as,
        kind: last?.name === 'belongsToMany' ? 'many-to-many' : last?.name === 'hasMany' ? 'many' : 'one',
        ...(last?.name === 'belongsTo' ? { column: { column, ...conventionOf(column) } } : {}),
        ...(last?.name !== 'belongsTo' && last?.name !== 'belongsToMany' && key !== undefined
          ? { foreign: key }
          : {}),
        target: (all) => modelAt(module, target, all),
        ...(through
          ? {
              joinTable: (_: Entity, all: Modules) =>
                modelAt(module, through, all)?.table ?? { name: options.text('through') ?? '' },
            }
          : {}),
      },
    ];
  });
}

function nameOf(node: Node): string | undefined {
  const inner = unwrapped(node);
  if (inner.type === 'Identifier') return inner.name;
  return inner.type === 'MemberExpression' ? keyName(inner.property, inner.computed) : undefined;
}

/** The model that an expression stands for, or the one that its name in a register of models says. */
export function modelAt(module: CodeModule, expression: Node, modules: Modules): Entity | undefined {
  const found = modelOf(trace(module, expression, startTrail(modules)), modules);
  if (found) return found;
  const name = registered(module, expression);
  return name === undefined ? undefined : modelNamed(module, expression, name);
}

/** A model of which only the name is known: `models.User`, `db.User`, `Database.userModel`. */
export function modelNamed(module: CodeModule, node: Node, name: string): Entity {
  return entityByName(module, node, name, {
    tableOf: pluralOf,
    columnOf: (property) => ({ column: property, ...conventionOf(property) }),
  });
}

/** The name under which a register of models has one. */
export function registered(module: CodeModule, expression: Node): string | undefined {
  const node = unwrapped(expression);
  if (node.type === 'Identifier') {
    const binding = module.bindingOf(node.name, node);
    if (binding?.kind !== 'variable' || !binding.init || !binding.path) return undefined;
    const [key, further] = binding.path;
    if (key === undefined) return registered(module, binding.init);
    return further === undefined && /^models$/i.test(nameOf(unwrapped(binding.init)) ?? '') ? key : undefined;
  }
  if (node.type !== 'MemberExpression') return undefined;
  const name = keyName(node.property, node.computed);
  const owner = nameOf(node.object) ?? '';
  if (name === undefined) return undefined;
  if (/^models$/i.test(owner)) return /^(knex|sequelize)$/i.test(name) ? undefined : name;
  const isRegister = owner !== '' || importsFrom(module, /^sequelize$/);
  const model = !isRegister ? undefined : /^([a-z]\w*)Model$/.exec(name)?.[1];
  if (model !== undefined) return model;
  return /^(db|database|sequelize)$/i.test(owner) && /^[A-Z][a-z]\w*$/.test(name) ? name : undefined;
}
