import type { Argument, Node } from 'oxc-parser';
import type { UseKind } from '../../../query.ts';
import { type CallChain, type Link, unwrapped } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import type { CodeModule } from '../../module.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import type { readOptions } from './conditions.ts';
import { type Entity, type EntityReading, startReading, toColumn, useOf } from './entity.ts';
import { type Entities, entityOfRow, namedArgument, repositoryOf, whyOf } from './repository.ts';
import { readArguments } from './rows-arguments.ts';

/** What an argument of a method is. */
export type Slot =
  | 'where'
  | 'key'
  | 'options'
  | 'rows'
  | 'conflict'
  | 'property'
  | 'relations'
  | 'row'
  | 'skip';

/** A method of a repository or manager: what it does, and its arguments after the entity. */
export interface Method {
  readonly op: UseKind;
  readonly slots: readonly Slot[];
  /** Whether it gives at most one row. */
  readonly one?: boolean;
  /** Whether others than managers have a method of that name that takes a class. */
  readonly managerOnly?: boolean;
  /** Whether it only prepares what a later call sends. */
  readonly deferred?: boolean;
}

/** What stands behind a receiver: the expression of the entity, and where it is written. */
export interface Behind {
  readonly node: Node;
  readonly place: Node;
  /** Whether nothing on the way adds conditions of its own. */
  readonly complete: boolean;
}

/** How an ORM's repositories and managers are called. */
export interface RowsApi {
  /** Methods that take the entity first on a manager, and not on a repository. */
  readonly methods: ReadonlyMap<string, Method>;
  /** Names of managers, where the entity that they are given is not known. */
  readonly manager?: RegExp;
  readonly entities: Entities;
  /** Methods of a row itself. */
  readonly rowMethods?: ReadonlyMap<string, Method>;
  /** Reads a finder's options, where they are not of the common form. */
  readonly options?: typeof readOptions;
  /** The entity that a register holds under a name: `models.User`. */
  registered?(module: CodeModule, receiver: Node): Entity | undefined;
  /** Whether only this ORM has such a method: what it is called on is a table, if an unknown one. */
  certain?(module: CodeModule, method: string, receiver: string): boolean;
  /** What a chain of calls before the method is called on: the class of `User.scope('x').findAll()`. */
  receiver?(module: CodeModule, receiver: Node, modules: Modules): Behind;
  /** Whether it has repositories and managers. */
  readonly repositories: boolean;
}

/** The query that `users.find({ … })`, `manager.find(User, { … })` or `User.find({ … })` is. */
export function queryOfRows(
  module: CodeModule,
  chain: CallChain,
  api: RowsApi,
  modules: Modules,
): readonly FoundQuery[] {
  const at = chain.links.findLastIndex(
    ({ name, args }) => args && (api.methods.has(name ?? '') || api.rowMethods?.has(name ?? '')),
  );
  const link = chain.links[at];
  if (!link?.args) return [];
  const before = at > 0 ? (chain.links[at - 1]?.node ?? chain.root) : chain.root;
  const receiver = api.receiver?.(module, before, modules) ?? { node: before, place: before, complete: true };
  const ofRows = api.methods.get(link.name ?? '');
  const called = ofRows && calledOn(module, receiver, link, api, ofRows, modules);
  if (ofRows && called) return [toQuery(module, link.node, called, ofRows, api, receiver.complete, modules)];
  const ofRow = api.rowMethods?.get(link.name ?? '');
  const entity = ofRow && entityOfRow(module, before, api.entities, modules);
  if (!ofRow || !entity) return [];
  const row = { entity, args: link.args, place: before };
  const query = {
    ...toQuery(module, link.node, row, { ...ofRow, one: true }, api, true, modules),
    hasFilter: true,
  };
  const key = toColumn(entity, 'id', 'filter', module.span(before));
  return [{ ...query, columns: [key, ...query.columns] }];
}

function toQuery(
  module: CodeModule,
  node: Node,
  { entity, why, args, place }: Called,
  method: Method,
  api: RowsApi,
  complete: boolean,
  modules: Modules,
): FoundQuery {
  const reading = startReading(modules);
  reading.complete = complete;
  const span = module.span(place);
  if (entity) {
    reading.tables.push(useOf(entity, method.op, span));
    readArguments(reading, module, args, method, entity, api);
  } else {
    reading.tables.push({ whyUnresolved: why, op: method.op, span, resolvedBy: 'literal' });
    reading.complete = false;
  }
  const { tables, columns } = reading;
  return {
    node,
    tables,
    columns,
    columnsComplete: reading.complete,
    hasLimit: reading.hasLimit || method.one === true,
    hasFilter: entity ? isFiltered(reading, args, method, complete) : undefined,
    ...(method.deferred ? { deferred: true } : {}),
  };
}

/** Whether the arguments restrict the rows; a row that is given, or its key, is the only one. */
function isFiltered(
  { hasFilter }: EntityReading,
  args: readonly Argument[],
  { op, slots }: Method,
  complete: boolean,
): boolean | undefined {
  const asks = slots.flatMap((slot, index) => (slot === 'where' || slot === 'options' ? [args[index]] : []));
  if (slots.includes('row') || slots.includes('key')) return true;
  // `clear()` and `truncate()` say that all are meant; `save(rows)` writes the rows that it is given
  if (asks.length === 0) return op === 'update' ? true : undefined;
  if (asks.some((one) => one?.type === 'SpreadElement')) return undefined;
  return hasFilter || (complete ? hasFilter : undefined);
}

interface Called {
  readonly entity?: Entity;
  readonly why?: string;
  readonly args: readonly Argument[];
  readonly place: Node;
}

function calledOn(
  module: CodeModule,
  { node: receiver, place }: Behind,
  { name, args = [] }: Link,
  api: RowsApi,
  { slots, managerOnly }: Method,
  modules: Modules,
): Called | undefined {
  const { entities } = api;
  const [first] = args;
  const isManager = api.manager?.test(lastName(receiver)) ?? false;
  if (first && first.type !== 'SpreadElement' && (isManager || !managerOnly)) {
    const given = entities.of(trace(module, first, startTrail(modules)), modules);
    if (given) return { entity: given, args: args.slice(1), place: first };
  }
  const own = entities.of(trace(module, receiver, startTrail(modules)), modules);
  if (own) return { entity: own, args, place };
  const repository = api.repositories ? repositoryOf(module, receiver, entities, modules) : undefined;
  if (repository && !managerOnly) return { ...repository, args, place };
  const registered = api.registered?.(module, receiver);
  if (registered) return { entity: registered, args, place };
  if (api.certain?.(module, name ?? '', lastName(receiver)))
    return { why: whyOf(module, receiver, modules), args, place };
  if (!first || first.type === 'SpreadElement' || !isManager) return undefined;
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
export function lastName(node: Node): string {
  const inner = unwrapped(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'CallExpression') return lastName(inner.callee);
  if (inner.type !== 'MemberExpression' || inner.property.type !== 'Identifier') return '';
  return inner.property.name === 'fork' ? lastName(inner.object) : inner.property.name;
}
