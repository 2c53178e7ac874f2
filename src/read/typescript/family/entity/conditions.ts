import type { Node } from 'oxc-parser';
import type { ColumnRole } from '../../../query.ts';
import { unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { startTrail } from '../../trail.ts';
import { type Key, keysOf } from '../object-keys.ts';
import { comparisonOfValue } from './comparison.ts';
import { addRelation, type Entity, type EntityReading, relationNamed, toColumn } from './entity.ts';

/** The columns of `{ email: 'x', team: { id: 1 } }`: properties, embedded objects and relations, in one role. */
export function readKeys(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
  role: ColumnRole,
  prefix = '',
): void {
  const { keys, complete } = keysOf(module, expression, reading.modules);
  reading.complete &&= complete;
  for (const key of keys) readKey(reading, key, entity, role, prefix);
}

function readKey(reading: EntityReading, key: Key, entity: Entity, role: ColumnRole, prefix: string): void {
  const { name, node, value, module } = key;
  const path = /^\$([\w.]+)\$$/.exec(name ?? '')?.[1];
  if (path !== undefined) {
    readPath(reading, path, entity, module, node);
    return;
  }
  // `$or`, `[Op.and]` hold conditions of the same table
  if (name === undefined || name.startsWith('$')) {
    if (isObject(value)) readKeys(reading, module, value, entity, role, prefix);
    else reading.complete = false;
    return;
  }
  const property = jsonColumn(entity, prefix === '' ? name : `${prefix}.${name}`);
  const span = module.span(node);
  const inner = unwrapped(value);
  const isEmbedded = entity.embedded.includes(property);
  if (isEmbedded && isObject(inner)) {
    readKeys(reading, module, inner, entity, role, property);
    return;
  }
  const relation = relationNamed(entity, property);
  const compared = comparedAs(role, module, inner, reading);
  if (!relation || role === 'write') {
    if (!relation || relation.column)
      reading.columns.push({ ...toColumn(entity, property, role, span), ...compared });
    return;
  }
  if (relation.column && (!isObject(inner) || isKeyOnly(reading, module, inner))) {
    reading.columns.push({ ...toColumn(entity, property, role, span), ...(isObject(inner) ? {} : compared) });
    return;
  }
  const target = addRelation(reading, entity, name, span);
  if (target && isObject(inner)) readKeys(reading, module, inner, target, role);
}

function comparedAs(role: ColumnRole, module: CodeModule, value: Node, { modules }: EntityReading) {
  if (role === 'filter') return comparisonOfValue(module, value, modules);
  const values = role === 'write' ? literalsOf(module, value, modules) : [];
  return values.length > 0 ? { values } : {};
}

/** `'settings.theme'` asks within the JSON of `settings`. */
function jsonColumn(entity: Entity, property: string): string {
  const [first = property] = property.split('.');
  const isKnown = (name: string) => entity.columns.some((column) => column.name === name);
  return first !== property && !isKnown(property) && isKnown(first) ? first : property;
}

/** `'$team.name$'` asks a column of what is included. */
function readPath(
  reading: EntityReading,
  path: string,
  entity: Entity,
  module: CodeModule,
  node: Node,
): void {
  const names = path.split('.');
  const property = names.pop() ?? '';
  let owner: Entity | undefined = entity;
  for (const name of names) owner = owner && relationNamed(owner, name)?.target(reading.modules);
  if (owner) reading.columns.push(toColumn(owner, property, 'filter', module.span(node)));
  else reading.complete = false;
}

function isObject(node: Node): boolean {
  return /^(ObjectExpression|ArrayExpression)$/.test(unwrapped(node).type);
}

/** `{ team: { id } }` asks by the foreign key alone. */
function isKeyOnly({ modules }: EntityReading, module: CodeModule, node: Node): boolean {
  const { keys } = keysOf(module, node, modules);
  return keys.length === 1 && keys[0]?.name === 'id';
}

/** The options of a finder: `{ where, order, relations, select, take }` and what other ORMs call them. */
export function readOptions(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
): void {
  const { keys, complete } = keysOf(module, expression, reading.modules);
  reading.complete &&= complete;
  for (const key of keys) {
    const { name, value, module: home } = key;
    if (name === 'where') {
      readWhere(reading, home, value, entity);
      noteFilter(reading, home, value);
    } else if (name === 'order' || name === 'orderBy') readKeys(reading, home, value, entity, 'order');
    else if (name === 'relations' || name === 'populate') readRelations(reading, home, value, entity);
    else if (name === 'select' || name === 'fields') readSelected(reading, home, value, entity);
    else if (name === 'take' || name === 'limit') reading.hasLimit = true;
    else if (name === 'join' || name === undefined) reading.complete = false;
  }
}

/** Notes whether a condition asks anything: `{}` does not, and of one that is put together elsewhere it is not known. */
export function noteFilter(reading: EntityReading, module: CodeModule, condition: Node): void {
  const node = unwrapped(condition);
  if (node.type === 'ObjectExpression' && node.properties.length === 0) return;
  const asks = node.type === 'Literal' || keysOf(module, node, reading.modules).keys.length > 0;
  reading.hasFilter = asks || reading.hasFilter ? true : undefined;
}

/** A condition: an object, a list of them, or a key alone. */
export function readWhere(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
): void {
  const node = unwrapped(expression);
  const traced = trace(module, node, startTrail(reading.modules));
  const isValue =
    (traced.kind === 'node' && /^(Literal|TemplateLiteral)$/.test(traced.node.type)) ||
    (node.type === 'MemberExpression' && traced.kind !== 'node') ||
    (traced.kind === 'parameter' && /^TS(String|Number)Keyword$/.test(traced.type?.type ?? ''));
  if (!isValue) {
    readKeys(reading, module, expression, entity, 'filter');
    return;
  }
  const key = entity.columns.find((column) => column.name === 'id')?.name;
  if (key !== undefined) reading.columns.push(toColumn(entity, key, 'filter', module.span(expression)));
  else reading.complete = false;
}

/** `['posts.comments']`, `{ posts: { comments: true } }`. */
export function readRelations(
  reading: EntityReading,
  module: CodeModule,
  expression: Node,
  entity: Entity,
): void {
  const traced = trace(module, expression, startTrail(reading.modules));
  const node = traced.kind === 'node' ? traced.node : undefined;
  const home = traced.kind === 'node' ? traced.module : module;
  if (node?.type === 'Literal' && typeof node.value !== 'string') return;
  if (node?.type === 'ArrayExpression' || node?.type === 'Literal') {
    const paths = new Map<string, Entity | undefined>([['', entity]]);
    for (const one of node.type === 'Literal' ? [node] : node.elements) {
      const text = one && one.type !== 'SpreadElement' ? textOf(home, one, reading.modules).text : undefined;
      if (text === undefined) reading.complete = false;
      else if (one) followPath(reading, paths, text, home, one);
    }
    return;
  }
  const { keys, complete } = keysOf(module, expression, reading.modules);
  reading.complete &&= complete;
  for (const { name, node: at, value, module: own } of keys) {
    if (name === undefined || (value.type === 'Literal' && value.value === false)) continue;
    if (entity.embedded.includes(name)) continue;
    const target = addRelation(reading, entity, name, own.span(at));
    if (target && isObject(value)) readRelations(reading, own, value, target);
  }
}

/** `posts.comments` passes by `posts`, once. */
function followPath(
  reading: EntityReading,
  paths: Map<string, Entity | undefined>,
  text: string,
  module: CodeModule,
  at: Node,
): void {
  const names = text.split(':')[0]?.split('.') ?? [];
  names.forEach((name, index) => {
    const owner = paths.get(names.slice(0, index).join('.'));
    const path = names.slice(0, index + 1).join('.');
    if (!owner || paths.has(path) || name === '*' || name === '$infer') return;
    // an embedded object may hold relations of its own
    if (!relationNamed(owner, name) && owner.embedded.includes(name)) return;
    paths.set(path, addRelation(reading, owner, name, module.span(at)));
  });
}

/** `['id', 'email']`, `{ id: true, team: { name: true } }`. */
function readSelected(reading: EntityReading, module: CodeModule, expression: Node, entity: Entity): void {
  const node = unwrapped(expression);
  if (node.type !== 'ArrayExpression') {
    readKeys(reading, module, expression, entity, 'select');
    return;
  }
  for (const one of node.elements) {
    const text = one && one.type !== 'SpreadElement' ? textOf(module, one, reading.modules).text : undefined;
    if (text === undefined || !one) reading.complete = false;
    else if (/^\w+$/.test(text)) reading.columns.push(toColumn(entity, text, 'select', module.span(one)));
  }
}
