import type { Argument, Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, unwrapped } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { readKeys, readOptions, readRelations, readWhere } from './conditions.ts';
import { type Entity, type EntityReading, startReading, toColumn, useOf } from './entity.ts';
import { type Entities, entityOfRow, namedArgument, repositoryOf, whyOf } from './repository.ts';

/** What an argument of a method is. */
export type Slot = 'where' | 'options' | 'rows' | 'conflict' | 'property' | 'relations' | 'row' | 'skip';

/** A method of a repository or manager: what it does, and its arguments after the entity. */
export interface Method {
  readonly op: UseKind;
  readonly slots: readonly Slot[];
  /** Whether it gives at most one row. */
  readonly one?: boolean;
}

/** How an ORM's repositories and managers are called. */
export interface RowsApi {
  /** Methods that take the entity first on a manager, and not on a repository. */
  readonly methods: ReadonlyMap<string, Method>;
  /** Names of managers, where the entity that they are given is not known. */
  readonly manager: RegExp;
  readonly entities: Entities;
}

/** The query that `users.find({ … })`, `manager.find(User, { … })` or `User.find({ … })` is. */
export function queryOfRows(
  module: CodeModule,
  chain: CallChain,
  api: RowsApi,
  modules: Modules,
): readonly FoundQuery[] {
  const at = chain.links.findLastIndex(({ name, args }) => args && api.methods.has(name ?? ''));
  const link = chain.links[at];
  const method = api.methods.get(link?.name ?? '');
  if (!link?.args || !method) return [];
  const receiver = at > 0 ? (chain.links[at - 1]?.node ?? chain.root) : chain.root;
  const called = calledOn(module, receiver, link.args, api, method, modules);
  if (!called) return [];
  const { entity, why, args, place } = called;
  const reading = startReading(modules);
  const span = module.span(place);
  if (entity) {
    reading.tables.push(useOf(entity, method.op, span));
    readArguments(reading, module, args, method, entity);
  } else {
    reading.tables.push({ whyUnresolved: why, op: method.op, span, resolvedBy: 'literal' });
    reading.complete = false;
  }
  const { tables, columns, complete } = reading;
  return [
    {
      node: link.node,
      tables,
      columns,
      columnsComplete: complete,
      hasLimit: reading.hasLimit || method.one === true,
    },
  ];
}

interface Called {
  readonly entity?: Entity;
  readonly why?: string;
  readonly args: readonly Argument[];
  readonly place: Node;
}

function calledOn(
  module: CodeModule,
  receiver: Node,
  args: readonly Argument[],
  api: RowsApi,
  { slots }: Method,
  modules: Modules,
): Called | undefined {
  const { entities } = api;
  const [first] = args;
  if (first && first.type !== 'SpreadElement') {
    const given = entities.of(trace(module, first, startTrail(modules)), modules);
    if (given) return { entity: given, args: args.slice(1), place: first };
  }
  const own = entities.of(trace(module, receiver, startTrail(modules)), modules);
  if (own) return { entity: own, args, place: receiver };
  const repository = repositoryOf(module, receiver, entities, modules);
  if (repository) return { ...repository, args, place: receiver };
  if (!first || first.type === 'SpreadElement' || !api.manager.test(lastName(receiver))) return undefined;
  const named = args.length > 1 ? namedArgument(module, first, entities) : undefined;
  if (named) return { ...named, args: args.slice(1), place: first };
  const takesRow = slots[0] === 'row' || slots[0] === 'rows';
  const node = unwrapped(first);
  if (takesRow && args.length === 1 + (slots.length > 1 && isOptions(args[1]) ? 1 : 0)) {
    const entity = entityOfRow(module, node, entities, modules);
    return entity
      ? { entity, args, place: first }
      : { why: 'the entity of the row is not known', args, place: first };
  }
  return node.type === 'Identifier' || node.type === 'MemberExpression'
    ? { why: whyOf(module, node, modules), args: args.slice(1), place: first }
    : undefined;
}

function isOptions(node: Argument | undefined): boolean {
  return node?.type === 'ObjectExpression';
}

/** `manager` of `this.queryRunner.manager`, `em` of `this.em.fork()`. */
function lastName(node: Node): string {
  const inner = unwrapped(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'CallExpression') return lastName(inner.callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier') return '';
  return inner.property.name === 'fork' ? lastName(inner.object) : inner.property.name;
}

function readArguments(
  reading: EntityReading,
  module: CodeModule,
  args: readonly Argument[],
  { slots }: Method,
  entity: Entity,
): void {
  slots.forEach((slot, index) => {
    const argument = args[index];
    if (!argument) return;
    if (argument.type === 'SpreadElement') reading.complete = false;
    else if (slot === 'where') readWhere(reading, module, argument, entity);
    else if (slot === 'options') readFindOptions(reading, module, argument, entity);
    else if (slot === 'rows') readKeys(reading, module, argument, entity, 'write');
    else if (slot === 'relations') readRelations(reading, module, argument, entity);
    else if (slot === 'conflict') readConflict(reading, module, argument, entity);
    else if (slot === 'property') readProperty(reading, module, argument, entity);
    else if (slot === 'row') reading.complete = false;
  });
}

/** `findOne(id)` of old: a key in the place of options. */
function readFindOptions(reading: EntityReading, module: CodeModule, argument: Node, entity: Entity): void {
  const traced = trace(module, argument, startTrail(reading.modules));
  const isObject = traced.kind === 'node' && !/^(Literal|TemplateLiteral)$/.test(traced.node.type);
  if (
    isObject ||
    traced.kind === 'unknown' ||
    (traced.kind === 'parameter' && !/Keyword$/.test(traced.type?.type ?? ''))
  )
    readOptions(reading, module, argument, entity);
  else readWhere(reading, module, argument, entity);
}

/** `['email']`, `{ conflictPaths: ['email'] }`, `{ onConflictFields: ['email'] }`. */
function readConflict(reading: EntityReading, module: CodeModule, argument: Node, entity: Entity): void {
  const node = unwrapped(argument);
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements)
      if (one && one.type !== 'SpreadElement') readProperty(reading, module, one, entity, 'conflict');
    return;
  }
  if (node.type !== 'ObjectExpression') {
    reading.complete = false;
    return;
  }
  for (const property of node.properties) {
    if (property.type === 'SpreadElement' || property.key.type !== 'Identifier') continue;
    const { value, key } = property;
    if (/^(conflictPaths|onConflictFields)$/.test(key.name)) {
      if (value.type === 'ObjectExpression') readKeys(reading, module, value, entity, 'conflict');
      else readConflict(reading, module, value, entity);
    }
  }
}

function readProperty(
  reading: EntityReading,
  module: CodeModule,
  argument: Node,
  entity: Entity,
  role: 'conflict' | 'write' = 'write',
): void {
  const text = textOf(module, argument, reading.modules).text;
  if (text === undefined) reading.complete = false;
  else reading.columns.push(toColumn(entity, text, role, module.span(argument)));
}
