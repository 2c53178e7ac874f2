import type { Argument, Node } from 'oxc-parser';
import type { ColumnRole, UseKind } from '../../../query.ts';
import { type CallChain, type Link, queryNode, unwrapped } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { builderLinks } from '../builder-variable.ts';
import { columnsOfCondition } from '../sql-condition.ts';
import { addMain, addNamed, type Builder, JOIN } from './builder-tables.ts';
import { readKeys, readOptions, readRelations } from './conditions.ts';
import { type Entity, startReading } from './entity.ts';
import { addRelationSteps } from './relation-steps.ts';
import type { Entities } from './repository.ts';

const STARTS = /^(createQueryBuilder|qb)$/;
const ROLES: Readonly<Record<string, ColumnRole>> = {
  where: 'filter',
  andWhere: 'filter',
  orWhere: 'filter',
  having: 'filter',
  andHaving: 'filter',
  orHaving: 'filter',
  orderBy: 'order',
  addOrderBy: 'order',
  groupBy: 'group',
  addGroupBy: 'group',
  select: 'select',
  addSelect: 'select',
  distinctOn: 'select',
  returning: 'select',
};

/** The query that `users.createQueryBuilder('u').leftJoin('u.team', 't').where('u.id = :id')` is. */
export function queryOfBuilder(
  module: CodeModule,
  chain: CallChain,
  entities: Entities,
  modules: Modules,
): readonly FoundQuery[] {
  const at = chain.links.findIndex(({ name, args }) => args && STARTS.test(name ?? ''));
  const isBuilt = chain.links.some(
    ({ name, args }) => /^(set|where|execute|select)$/.test(name ?? '') && args,
  );
  const isNamed = chain.links.some(
    ({ name, args }) =>
      /^(from|into|update|delete)$/.test(name ?? '') &&
      args?.[0] !== undefined &&
      (isBuilt || name === 'into') &&
      isEntity(module, args[0], entities, modules),
  );
  if (at < 0 && !isNamed) return [];
  const { links, complete } = builderLinks(module, chain);
  const builder: Builder = { ...startReading(modules), module, entities, aliased: new Map(), complete };
  const op = opOf(links);
  const start = chain.links[at];
  if (start?.args && !addMain(builder, chain, at, start, op, hasTable(links))) return [];
  for (const link of links) addNamed(builder, link, op);
  addRelationSteps(builder, links);
  if (builder.tables.length === 0) return [];
  readSteps(builder, links);
  const { tables, columns, hasLimit } = builder;
  const hasFilter = hasCondition(links, complete);
  return [
    { node: queryNode(chain), tables, columns, columnsComplete: builder.complete, hasLimit, hasFilter },
  ];
}

/** Whether a condition restricts it; a builder that is not run here may be given one elsewhere. */
function hasCondition(links: readonly Link[], complete: boolean): boolean | undefined {
  const steps = links.flatMap(({ name, args }) => (args && name !== undefined ? [{ name, args }] : []));
  if (steps.some(({ name }) => /^(and|or)?(where|having)|^of$/i.test(name))) return true;
  if (steps.some(({ name, args }) => name === 'delete' && args[0] && isPlainObject(args[0]))) return true;
  const isRun = steps.some(({ name }) => /^(get(One|Many|Raw|Count|Exists)\w*|execute|stream)$/.test(name));
  return complete && isRun && !steps.some(({ name }) => name === 'setFindOptions') ? false : undefined;
}

function isEntity(module: CodeModule, argument: Argument, entities: Entities, modules: Modules): boolean {
  return entities.of(trace(module, argument, startTrail(modules)), modules) !== undefined;
}

function hasTable(links: readonly Link[]): boolean {
  return links.some(
    ({ name, args }) =>
      /^(from|into|update|delete|insert|relation|select)$/.test(name ?? '') && args !== undefined,
  );
}

/** What the steps of a builder do to its entity. */
export function opOf(links: readonly Link[]): UseKind {
  for (const { name, args } of links) {
    if (!args || name === undefined) continue;
    if (/^(insert|into)$/.test(name)) return 'insert';
    if (/^(update|restore|relation)$/.test(name)) return 'update';
    if (/^(delete|softDelete|truncate)$/.test(name)) return 'delete';
  }
  return 'read';
}

function readSteps(builder: Builder, links: readonly Link[]): void {
  for (const { name, args } of links) if (name !== undefined && args) readStep(builder, name, args);
}

function readStep(builder: Builder, name: string, args: readonly Argument[]): void {
  const { module, modules, main } = builder;
  const [first, second] = args;
  if (/^(limit|take|getOne|getOneOrFail|getExists|getCount|findOne)$/.test(name)) builder.hasLimit = true;
  if (!first || first.type === 'SpreadElement') return;
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role) readExpression(builder, first, role);
  else if (JOIN.test(name)) {
    const condition = /AndMap/.test(name) ? args[3] : args[2];
    if (condition) readExpression(builder, condition, 'join');
  } else if (name === 'set' || name === 'values') {
    if (main) readKeys(builder, module, first, main, 'write');
    else builder.complete = false;
  } else if (name === 'orUpdate' || name === 'onConflict' || name === 'orIgnore')
    readConflict(builder, first, second);
  else if (name === 'setFindOptions' && main) readOptions(builder, module, first, main);
  else if (/^(merge|insert|update)$/.test(name) && main && isPlainObject(first))
    readKeys(builder, module, first, main, 'write');
  else if (name === 'delete' && main && isPlainObject(first))
    readKeys(builder, module, first, main, 'filter');
  else if (name === 'populate' && main) readRelations(builder, module, first, main);
  else if (name === 'whereInIds' && main)
    builder.columns.push({ tables: [main.table], column: 'id', role: 'filter', span: module.span(first) });
  else if (textOf(module, first, modules).text === undefined && /^(whereExists|callListeners)$/.test(name))
    builder.complete = false;
}

/** MikroORM's builder takes the row or the condition itself. */
function isPlainObject(node: Node): boolean {
  return unwrapped(node).type === 'ObjectExpression';
}

function readExpression(builder: Builder, argument: Node, role: ColumnRole): void {
  const { module, modules, main, scope } = builder;
  const node = unwrapped(argument);
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements) if (one) readExpression(builder, one, role);
    return;
  }
  if (node.type === 'SpreadElement') {
    builder.complete = false;
    return;
  }
  const traced = trace(module, node, startTrail(modules));
  const isElsewhere = traced.kind === 'node' && traced.module !== module;
  if (
    traced.kind === 'node' &&
    (traced.node.type === 'NewExpression' || isFunction(traced.node)) &&
    !isElsewhere
  ) {
    readCallback(builder, traced.node);
    return;
  }
  if (traced.kind === 'node' && traced.node.type === 'ObjectExpression') {
    readObject(builder, traced.module, traced.node, role, main);
    return;
  }
  const found = columnsOfCondition(module, node, scope, role, modules);
  builder.columns.push(...found.columns);
  builder.complete &&= found.complete || role === 'select';
}

/** `{ 'u.name': 'ASC' }` names aliases, `{ name: 'x' }` properties. */
function readObject(
  builder: Builder,
  module: CodeModule,
  node: Node,
  role: ColumnRole,
  main: Entity | undefined,
): void {
  if (node.type !== 'ObjectExpression') return;
  for (const property of node.properties) {
    if (property.type !== 'SpreadElement' && property.key.type === 'Literal') {
      const found = columnsOfCondition(module, property.key, builder.scope, role, builder.modules);
      builder.columns.push(...found.columns);
    }
  }
  const isPlain = node.properties.every(
    (property) => property.type === 'SpreadElement' || property.key.type !== 'Literal',
  );
  if (isPlain && main) readKeys(builder, module, node, main, role);
}

/** `new Brackets((qb) => qb.where('…'))`, `(qb) => …`: the steps on the parameter are those of the query. */
function readCallback(builder: Builder, node: Node): void {
  const { module } = builder;
  const callback = node.type === 'NewExpression' ? node.arguments[0] : node;
  if (!callback || !isFunction(callback)) {
    builder.complete = false;
    return;
  }
  for (const chain of module.chains) {
    if (
      chain.node.start < callback.start ||
      chain.node.end > callback.end ||
      chain.root.type !== 'Identifier'
    )
      continue;
    const binding = module.bindingOf(chain.root.name, chain.root);
    const isOwn = binding?.kind === 'parameter' && binding.of === callback;
    if (isOwn && !chain.links.some(({ name }) => /^(subQuery|from)$/.test(name ?? '')))
      readSteps(builder, chain.links);
  }
}

/** `.orUpdate(['name'], ['email'])` takes columns of the database. */
function readConflict(builder: Builder, first: Argument, second: Argument | undefined): void {
  const { module, main, modules } = builder;
  if (!main) return;
  const lists = [
    { node: first, role: 'write' as const },
    { node: second, role: 'conflict' as const },
  ];
  for (const { node, role } of lists) {
    const list = node && unwrapped(node);
    if (!list) continue;
    if (list.type !== 'ArrayExpression') {
      builder.complete = false;
      continue;
    }
    for (const one of list.elements) {
      const column = one && one.type !== 'SpreadElement' ? textOf(module, one, modules).text : undefined;
      if (one && column !== undefined)
        builder.columns.push({ tables: [main.table], column, role, span: module.span(one) });
    }
  }
}
