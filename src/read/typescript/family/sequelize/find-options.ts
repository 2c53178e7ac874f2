import type { Node } from 'oxc-parser';
import type { ColumnRole } from '../../../query.ts';
import { chainOf, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { startTrail } from '../../trail.ts';
import { noteFilter, readKeys } from '../entity/conditions.ts';
import {
  addJoin,
  addRelation,
  type Entity,
  type EntityReading,
  relationNamed,
  toColumn,
  useOf,
} from '../entity/entity.ts';
import { keysOf } from '../object-keys.ts';
import { modelAt } from './associations.ts';

/** The options of Sequelize's finders: `{ where, include, order, attributes, group, limit }`. */
export function readFinder(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
): void {
  const { keys, complete } = keysOf(module, expression, reading.modules);
  reading.complete &&= complete;
  for (const { name, value, module: home } of keys) {
    if (name === 'where' || name === 'having') {
      readKeys(reading, home, value, entity, 'filter');
      noteFilter(reading, home, value);
    } else if (name === 'defaults') readKeys(reading, home, value, entity, 'write');
    else if (name === 'include') readInclude(reading, home, value, entity);
    else if (name === 'order') readOrder(reading, home, value, entity);
    else if (name === 'attributes') readNames(reading, home, value, entity, 'select');
    else if (name === 'group') readNames(reading, home, value, entity, 'group');
    else if (name === 'limit') reading.hasLimit = true;
    else if (name === 'scope' || name === undefined) reading.complete = false;
  }
}

/** `User`, `'team'`, `{ model: User, as: 'author', where }`, or a list of them. */
function readInclude(reading: EntityReading, module: CodeModule, expression: Node, entity: Entity): void {
  const traced = trace(module, expression, startTrail(reading.modules));
  const node = traced.kind === 'node' ? traced.node : unwrapped(expression);
  const home = traced.kind === 'node' ? traced.module : module;
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements) {
      if (!one) continue;
      if (one.type === 'SpreadElement') reading.complete = false;
      else readInclude(reading, home, one, entity);
    }
    return;
  }
  const model = modelAt(module, scopeless(expression), reading.modules);
  if (model) {
    include(reading, entity, model, undefined, module, expression);
    return;
  }
  if (node.type === 'Literal' && typeof node.value === 'string') {
    addRelation(reading, entity, node.value, module.span(expression));
    return;
  }
  if (node.type === 'ObjectExpression') readIncluded(reading, home, node, entity);
  else reading.complete = false;
}

function readIncluded(reading: EntityReading, module: CodeModule, node: Node, entity: Entity): void {
  const { keys, complete } = keysOf(module, node, reading.modules);
  reading.complete &&= complete;
  const partOf = (name: string) => keys.find((key) => key.name === name);
  const model = partOf('model');
  const as = partOf('as') ?? partOf('association');
  const alias = as ? textOf(as.module, as.value, reading.modules).text : undefined;
  const known = model && modelAt(model.module, scopeless(model.value), reading.modules);
  let target: Entity | undefined;
  if (model && known) target = include(reading, entity, known, alias, model.module, model.value);
  else if (as && alias !== undefined) target = addRelation(reading, entity, alias, as.module.span(as.value));
  else if (model)
    reading.tables.push({
      whyUnresolved: 'its model is not known',
      op: 'read',
      span: model.module.span(model.value),
      resolvedBy: 'literal',
    });
  else reading.complete = false;
  for (const { name, value, module: home } of keys) {
    if (name === 'through') continue;
    if (!target) {
      if (name === 'where' || name === 'include') reading.complete = false;
    } else if (name === 'where' || name === 'on')
      readKeys(reading, home, value, target, name === 'on' ? 'join' : 'filter');
    else if (name === 'include') readInclude(reading, home, value, target);
    else if (name === 'attributes') readNames(reading, home, value, target, 'select');
    else if (name === 'order') readOrder(reading, home, value, target);
  }
}

/** `Collection.scope('x')` is the model itself. */
function scopeless(expression: Node): Node {
  const node = unwrapped(expression);
  if (node.type !== 'CallExpression') return node;
  const { root, links } = chainOf(node);
  return links.every(({ args, name }) => args && /^(scope|unscoped|schema)$/.test(name ?? '')) ? root : node;
}

/** Adds an included model, and the columns by which it is joined. */
function include(
  reading: EntityReading,
  entity: Entity,
  target: Entity,
  alias: string | undefined,
  module: CodeModule,
  at: Node,
): Entity {
  const span = module.span(at);
  reading.tables.push(useOf(target, 'read', span));
  const relation =
    (alias === undefined ? undefined : relationNamed(entity, alias)) ??
    entity.relations.find((one) => one.target(reading.modules)?.table.name === target.table.name);
  if (!relation) return target;
  const between = relation.joinTable?.(target, reading.modules);
  if (between?.name)
    reading.tables.push({
      table: between,
      op: 'read',
      span,
      resolvedBy: 'class',
      declaredIn: entity.module.path,
    });
  addJoin(reading, entity, relation, target, span);
  return target;
}

/** `[['createdAt', 'DESC'], [User, 'name', 'ASC']]`. */
function readOrder(reading: EntityReading, module: CodeModule, expression: Node, entity: Entity): void {
  const traced = trace(module, expression, startTrail(reading.modules));
  if (traced.kind !== 'node' || traced.node.type !== 'ArrayExpression') {
    const text = textOf(module, expression, reading.modules).text;
    if (text !== undefined && /^\w+$/.test(text))
      reading.columns.push(toColumn(entity, text, 'order', module.span(expression)));
    else reading.complete = false;
    return;
  }
  const { module: home } = traced;
  for (const element of traced.node.elements) {
    if (element?.type === 'ArrayExpression')
      readOrdered(reading, home, element.elements as readonly (Node | null)[], entity);
    else if (element && element.type !== 'SpreadElement') readNames(reading, home, element, entity, 'order');
    else reading.complete = false;
  }
}

function readOrdered(
  reading: EntityReading,
  module: CodeModule,
  parts: readonly (Node | null)[],
  entity: Entity,
): void {
  let owner: Entity | undefined = entity;
  for (const [index, part] of parts.entries()) {
    if (!part || !owner) return;
    const text = textOf(module, part, reading.modules).text;
    const next = parts[index + 1];
    if (text === undefined) {
      const model: Entity | undefined =
        part.type === 'ObjectExpression'
          ? included(reading, module, part)
          : modelAt(module, part, reading.modules);
      if (!model) {
        reading.complete = false;
        return;
      }
      owner = model;
      continue;
    }
    const isColumn = !next || /^(asc|desc)/i.test(textOf(module, next, reading.modules).text ?? 'asc');
    if (isColumn) {
      reading.columns.push(toColumn(owner, text, 'order', module.span(part)));
      return;
    }
    owner = relationNamed(owner, text)?.target(reading.modules);
  }
}

function included({ modules }: EntityReading, module: CodeModule, node: Node): Entity | undefined {
  const model = keysOf(module, node, modules).keys.find((key) => key.name === 'model');
  return model && modelAt(model.module, model.value, modules);
}

/** `['id', ['email', 'mail']]`, `{ exclude: [...] }`. */
function readNames(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
  role: ColumnRole,
): void {
  const traced = trace(module, expression, startTrail(reading.modules));
  const node = traced.kind === 'node' ? traced.node : unwrapped(expression);
  const home = traced.kind === 'node' ? traced.module : module;
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements) {
      const name = one?.type === 'ArrayExpression' ? one.elements[0] : one;
      const text =
        name && name.type !== 'SpreadElement' ? textOf(home, name, reading.modules).text : undefined;
      if (text !== undefined && name && /^\w+$/.test(text))
        reading.columns.push(toColumn(entity, text, role, home.span(name)));
      else if (role !== 'select') reading.complete = false;
    }
    return;
  }
  const text = node.type === 'ObjectExpression' ? undefined : textOf(home, node, reading.modules).text;
  if (text !== undefined && /^\w+$/.test(text))
    reading.columns.push(toColumn(entity, text, role, home.span(node)));
  else if (role !== 'select') reading.complete = false;
}
