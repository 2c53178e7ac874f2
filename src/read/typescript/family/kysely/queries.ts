import type { Argument, Node } from 'oxc-parser';
import type { QueryTable, UseKind } from '../../../query.ts';
import { type CallChain, chainOf, type Link, queryNode, unwrapped } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import { mentions } from '../../mentions.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { type BuilderLinks, builderLinks } from '../builder-variable.ts';
import { addTable, type Building } from '../knex/building.ts';
import { conventionOf } from '../naming-convention.ts';
import { returnsOf } from '../object-keys.ts';
import { type Context, contextOf, readInner, readSteps } from './steps.ts';

const STARTS: Readonly<Record<string, UseKind>> = {
  selectFrom: 'read',
  insertInto: 'insert',
  replaceInto: 'insert',
  updateTable: 'update',
  deleteFrom: 'delete',
  mergeInto: 'update',
};

const JOIN = /^(?:inner|left|right|full|cross)Join(?:Lateral)?$|^using$|^from$/;

/** A chain that is a query, with the steps that follow on the variable that holds it. */
interface Started extends BuilderLinks {
  readonly chain: CallChain;
  readonly op: UseKind;
  /** Undefined where it goes on with a query that a function gives or takes. */
  readonly start: Link | undefined;
  /** What stands in the arguments of its steps. */
  readonly within: readonly Context[];
}

/** The queries of a file; one that stands in an argument of another is part of that. */
export function queriesOf(module: CodeModule, modules: Modules): readonly FoundQuery[] {
  const own = module.chains.flatMap((chain): readonly Started[] => {
    const start = chain.links.find(
      (link, index) => startOf(module, chain, index) !== undefined && (link.args?.length ?? 0) > 0,
    );
    const op = start && startOf(module, chain, chain.links.indexOf(start));
    if (!start || !op) return [];
    const { links, complete } = builderLinks(module, chain);
    return [{ chain, op, start, links, complete, within: contextOf(links) }];
  });
  const read = new Set(own.flatMap(({ links }) => links));
  const started = [...own, ...joinedElsewhere(module, modules, read)];
  const inner = (outer: Started) =>
    started.filter((one) => one !== outer && outer.within.some((range) => holds(range, one.chain.node)));
  const nested = new Set(started.flatMap(inner));
  return started
    .filter((one) => !nested.has(one))
    .map((one): FoundQuery => {
      const building = emptyBuilding(module, modules);
      readQuery(one, building, started);
      const { columns, complete, hasLimit } = building;
      return {
        node: queryNode(one.chain),
        tables: isPart(module, one) || isContinued(one) ? building.tables.map(orElsewhere) : building.tables,
        columns,
        columnsComplete: complete,
        hasLimit,
        hasFilter: hasCondition(one),
      };
    });
}

/** `accounts(db).innerJoin('device', 'device.id', 'account.device_id')`: tables that are joined to a query from elsewhere. */
function joinedElsewhere(module: CodeModule, modules: Modules, told: ReadonlySet<Link>): readonly Started[] {
  if (mentions(module, /knex/i)) return [];
  return module.chains.flatMap((chain): readonly Started[] => {
    const isJoined = chain.links.some(({ name, args }) => {
      const [table, column] = args ?? [];
      if (!/Join$/.test(name ?? '') || !table || !column) return false;
      const isColumn = isFunction(column) || textOf(module, column, modules).text?.includes('.');
      return isColumn && textOf(module, table, modules).text !== undefined;
    });
    if (!isJoined || chain.links.some((link) => told.has(link))) return [];
    const { links } = builderLinks(module, chain);
    return [{ chain, op: 'read', start: undefined, links, complete: false, within: contextOf(links) }];
  });
}

/** Built on what a function is given, and not run there: it is put into a query whose common table expressions it may name. */
function isPart(module: CodeModule, { chain, links }: Started): boolean {
  const { root } = chain;
  if (root.type !== 'Identifier' || links.some(({ name }) => /^(execute|stream|compile)/.test(name ?? '')))
    return false;
  return module.bindingOf(root.name, root)?.kind === 'parameter';
}

/** Goes on with what a function returns: `withDescendants(db).selectFrom('descendant')`. */
function isContinued({ chain: { root, links } }: Started): boolean {
  return root.type === 'Identifier' && links[0]?.name === undefined && links[0]?.args !== undefined;
}

function orElsewhere(use: QueryTable): QueryTable {
  return use.table ? { ...use, otherwise: 'it may be a name of the query that this is part of' } : use;
}

/** `db.selectFrom(…)`, and `selectFrom(…)` that a callback took out of its builder. */
function startOf(module: CodeModule, { root, links }: CallChain, index: number): UseKind | undefined {
  const bare = index === 0 && root.type === 'Identifier' ? root : undefined;
  const name = links[index]?.name ?? bare?.name ?? '';
  if (links[index]?.name === undefined && bare && module.bindingOf(name, bare)?.kind !== 'parameter')
    return undefined;
  return Object.hasOwn(STARTS, name) ? STARTS[name] : undefined;
}

function emptyBuilding(module: CodeModule, modules: Modules): Building {
  const named = new Set<string>();
  return { module, modules, named, tables: [], scope: [], columns: [], complete: true, hasLimit: false };
}

function holds({ argument }: Context, node: Node): boolean {
  return argument.start <= node.start && node.end <= argument.end;
}

function hasCondition({ links, complete, op, start }: Started): boolean | undefined {
  if (!start) return undefined;
  if (links.some(({ name }) => /^where(Ref|Exists)?$/.test(name ?? ''))) return true;
  if (op === 'insert') return false;
  return complete && !links.some(({ name }) => /^\$(call|if)$/.test(name ?? '')) ? false : undefined;
}

/** Reads one query into what its outermost gathers: its tables first, then those inside of it, then its columns. */
function readQuery(query: Started, building: Building, started: readonly Started[]): void {
  const { chain, links, op, start, within } = query;
  building.complete &&= query.complete;
  const origin = originOf(building, chain);
  const named = new Set([...building.named, ...namedIn(building, [...origin, ...links])]);
  const own: Building = { ...building, named, tables: [], scope: [], columns: building.columns };
  for (const argument of start?.args ?? []) addTables(own, argument, op);
  for (const { name, args } of links) if (JOIN.test(name ?? '') && args?.[0]) addTables(own, args[0], 'read');
  const schema = schemaOf(building, [...origin, ...chain.links]);
  const tables = own.tables.map((use) =>
    use.table
      ? {
          ...use,
          ...conventionOf(use.table.name),
          table: use.table.schema || schema === undefined ? use.table : { ...use.table, schema },
        }
      : use,
  );
  building.tables.push(...tables);
  const scope = schema === undefined ? own.scope : own.scope.map((one) => inSchema(one, schema));
  const inside = started.filter(
    (one) => one !== query && within.some((range) => holds(range, one.chain.node)),
  );
  const direct = inside.filter(
    (one) =>
      !inside.some((other) => other !== one && other.within.some((range) => holds(range, one.chain.node))),
  );
  const columns = { ...own, scope: [...scope, ...building.scope] };
  readSteps(columns, links);
  readInner(
    columns,
    within,
    direct.map((one) => one.chain.node),
  );
  for (const one of direct) {
    const part = { ...columns, tables: building.tables, complete: true, hasLimit: false };
    readQuery(one, part, started);
    columns.complete &&= part.complete;
  }
  building.complete &&= columns.complete;
  building.hasLimit ||= columns.hasLimit;
}

type InScope = Building['scope'][number];

function inSchema(one: InScope, schema: string): InScope {
  return one.table && !one.table.schema ? { ...one, table: { ...one.table, schema } } : one;
}

/** `'person as p'`, `['a', 'b']`, `(eb) => eb.selectFrom(…).as('x')`. */
function addTables(building: Building, argument: Argument, op: UseKind): void {
  const node = unwrapped(argument);
  if (node.type === 'ArrayExpression') {
    for (const one of node.elements) if (one && one.type !== 'SpreadElement') addTables(building, one, op);
    return;
  }
  const dynamic = node.type === 'CallExpression' ? dynamicTable(node) : undefined;
  if (dynamic) {
    addTable(building, dynamic, op, true);
    return;
  }
  const alias = aliasOf(building, node);
  if (alias === undefined) addTable(building, node, op, true);
  else building.scope.push({ alias });
}

/** `db.dynamic.table(name).as('t')`. */
function dynamicTable(node: Extract<Node, { type: 'CallExpression' }>): Argument | undefined {
  const { root, links } = chainOf(node);
  return links.find(
    ({ name }, index) => (name ?? (index === 0 && root.type === 'Identifier' ? root.name : '')) === 'table',
  )?.args?.[0];
}

/** What a subquery or a piece of SQL is called within the query. */
function aliasOf({ module, modules }: Building, node: Node): string | undefined {
  const expression = isFunction(node) ? returnsOf(node)[0] : node;
  if (!expression) return undefined;
  const inner = unwrapped(expression);
  const traced = inner.type === 'Identifier' ? trace(module, inner, startTrail(modules)) : undefined;
  const [home, call] = traced?.kind === 'node' ? [traced.module, traced.node] : [module, inner];
  if (call.type !== 'CallExpression') return undefined;
  const last = chainOf(call).links.findLast(({ name, args }) => name === 'as' && args);
  const [first] = last?.args ?? [];
  return first && (textOf(home, first, modules).text ?? '');
}

/** The steps of what a chain starts from: `const scoped = db.withSchema('app')`. */
function originOf({ module, modules }: Building, { root }: CallChain): readonly Link[] {
  const traced = trace(module, root, startTrail(modules));
  return traced.kind === 'node' && traced.module === module && traced.node.type === 'CallExpression'
    ? chainOf(traced.node).links
    : [];
}

function schemaOf({ module, modules }: Building, links: readonly Link[]): string | undefined {
  const [first] = links.find(({ name }) => name === 'withSchema')?.args ?? [];
  return first && textOf(module, first, modules).text;
}

/** Names of common table expressions: `with('recent', …)`, `withRecursive('tree(id)', …)`, `with((cte) => cte('a'), …)`. */
function namedIn({ module, modules }: Building, links: readonly Link[]): readonly string[] {
  return links.flatMap(({ name, args }) => {
    const [first] = args ?? [];
    if (!/^with(Recursive)?$/.test(name ?? '') || !first) return [];
    const [returned] = isFunction(first) ? returnsOf(first) : [];
    const call = returned && unwrapped(returned);
    const named = call?.type === 'CallExpression' ? chainOf(call).links[0]?.args?.[0] : first;
    const text = named && textOf(module, named, modules).text;
    return text === undefined ? [] : [text.replace(/\s*\([\s\S]*$/, '')];
  });
}
