import type { Argument, Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, type Link, unwrapped } from '../../call-chain.ts';
import { beginning } from '../../embedded-sql.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { partsOf, textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { startTrail } from '../../trail.ts';
import { tableText } from '../table-text.ts';
import { addRelation, type Entity, type EntityReading, scopeOf, useOf } from './entity.ts';
import { type Entities, repositoryOf, whyOf } from './repository.ts';

/** A builder while its steps are read: the entities by their aliases. */
export interface Builder extends EntityReading {
  readonly module: CodeModule;
  readonly entities: Entities;
  readonly aliased: Map<string, Entity>;
  /** The entity that is written. */
  main?: Entity;
}

/** Steps that join a relation, an entity or a table. */
export const JOIN = /^(left|inner)Join(And(Select|MapOne|MapMany))?$/i;
/** The entity that a builder is made for; false where it is no builder of entities. */
export function addMain(
  builder: Builder,
  chain: CallChain,
  at: number,
  start: Link,
  op: UseKind,
  isNamedLater: boolean,
): boolean {
  const { module, entities, modules } = builder;
  const receiver = at > 0 ? (chain.links[at - 1]?.node ?? chain.root) : chain.root;
  const [first, second] = start.args ?? [];
  const given =
    first && first.type !== 'SpreadElement'
      ? entities.of(trace(module, first, startTrail(modules)), modules)
      : undefined;
  if (given && first) {
    addEntity(builder, given, second, op, first);
    return true;
  }
  const own = entities.of(trace(module, receiver, startTrail(modules)), modules);
  const repository = own ? { entity: own } : repositoryOf(module, receiver, entities, modules);
  if (repository?.entity) {
    addEntity(builder, repository.entity, first, op, receiver);
    return true;
  }
  if (repository || (first && second && !isText(builder, first))) {
    const why = repository?.why ?? whyOf(module, first as Node, modules);
    builder.tables.push({
      whyUnresolved: why,
      op,
      span: module.span(repository ? receiver : (first as Node)),
      resolvedBy: 'literal',
    });
    return true;
  }
  // the builder of a connection or of another library: a later step names the table
  if (isNamedLater) return true;
  if (start.name !== 'createQueryBuilder') return false;
  builder.tables.push({
    whyUnresolved: whyOf(module, receiver, modules),
    op,
    span: module.span(receiver),
    resolvedBy: 'literal',
  });
  return true;
}

function isText({ module, modules }: Builder, node: Argument): boolean {
  return textOf(module, node, modules).text !== undefined;
}

function aliasOf({ module, modules }: Builder, alias: Argument | undefined): string | undefined {
  return alias && alias.type !== 'SpreadElement' ? textOf(module, alias, modules).text : undefined;
}

function addEntity(
  builder: Builder,
  entity: Entity,
  alias: Argument | undefined,
  op: UseKind,
  at: Node,
): void {
  const { module, modules } = builder;
  const name = alias && alias.type !== 'SpreadElement' ? textOf(module, alias, modules).text : undefined;
  builder.tables.push(useOf(entity, op, module.span(at)));
  builder.scope.push(scopeOf(entity, name));
  builder.aliased.set(name ?? entity.table.name, entity);
  builder.main ??= entity;
}

/** `.from(User, 'u')`, `.into(User)`, `.update(User)`, `.innerJoin('u.team', 't')`, `.innerJoin(Team, 't', '…')`. */
export function addNamed(builder: Builder, { name, args }: Link, op: UseKind): void {
  const { module, entities, modules } = builder;
  if (name === undefined || !args) return;
  const isMapped = /AndMap/.test(name);
  const [first, second] = isMapped ? args.slice(1) : args;
  if (!first || first.type === 'SpreadElement') return;
  const isJoin = JOIN.test(name);
  if (!isJoin && !/^(from|addFrom|into|update|delete|relation|join)$/.test(name)) return;
  const entity = entities.of(trace(module, first, startTrail(modules)), modules);
  if (entity && name === 'relation') {
    addEntity(builder, entity, undefined, 'update', first);
    return;
  }
  if (entity) {
    addEntity(builder, entity, second, isJoin ? 'read' : op, first);
    return;
  }
  if (isFunction(unwrapped(first)) || name === 'relation') return;
  const text = textOf(module, first, modules).text;
  if (/^\s*\(/.test(text ?? beginning(partsOf(module, first, startTrail(modules))))) {
    // a query in the place of a table
    builder.scope.push({ alias: aliasOf(builder, second) });
    return;
  }
  if (text === undefined) {
    if (name === 'update' || name === 'delete') return;
    builder.tables.push({
      whyUnresolved: whyOf(module, first, modules),
      op: isJoin ? 'read' : op,
      span: module.span(first),
      resolvedBy: 'literal',
    });
    return;
  }
  if (isJoin && text.includes('.')) addJoined(builder, text, second, first);
  else addTableNamed(builder, text, second, isJoin ? 'read' : op, first);
}

function addTableNamed(
  builder: Builder,
  text: string,
  alias: Argument | undefined,
  op: UseKind,
  at: Node,
): void {
  const { module, modules } = builder;
  const table = tableText(text)?.table;
  const name = alias && textOf(module, alias, modules).text;
  if (!table) return;
  builder.tables.push({ table, op, span: module.span(at), resolvedBy: 'literal' });
  builder.scope.push({ table, alias: name });
}

/** `'u.team'`: a relation of what stands under the alias. */
function addJoined(builder: Builder, text: string, alias: Argument | undefined, at: Node): void {
  const { module, modules } = builder;
  const [owner = '', ...path] = text.split('.');
  const entity = builder.aliased.get(owner);
  const span = module.span(at);
  const name = alias && alias.type !== 'SpreadElement' ? textOf(module, alias, modules).text : path.at(-1);
  const target = entity && addRelation(builder, entity, path.join('.'), span);
  if (!entity)
    builder.tables.push({
      whyUnresolved: `${owner} is an alias that is not known`,
      op: 'read',
      span,
      resolvedBy: 'literal',
    });
  if (!target) {
    builder.scope.push({ alias: name });
    return;
  }
  builder.scope.push(scopeOf(target, name));
  if (name !== undefined) builder.aliased.set(name, target);
}
