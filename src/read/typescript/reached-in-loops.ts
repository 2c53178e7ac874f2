import type { Node } from 'oxc-parser';
import type { Query } from '../query.ts';
import { opensTransaction } from './apart.ts';
import { isAnsweredAtOnce, isInProcess } from './at-once.ts';
import { isBatchable, isByOneKey, isUpsertInSql } from './batchable.ts';
import { unwrapped } from './call-chain.ts';
import { type Callee, calleeOf } from './callee.ts';
import type { FoundQuery } from './family.ts';
import { handedIn } from './handed-in.ts';
import { isForLackOf } from './lacking.ts';
import { type Around, isAtOnce, loopAround, toLoop } from './loop.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isOneWay } from './one-way.ts';
import { isGathered } from './resolver-loop.ts';
import { isFunction, namesIn } from './scope.ts';
import { isKeptFunction, isSeldomRun } from './seldom.ts';
import { isSubquery } from './sent-together.ts';
import { takesMany } from './takes-many.ts';
import type { Modules } from './trail.ts';
import { type Followed, isApartFrom, isReading, type Reading, runsOf, waitsOfBoth } from './turn-runs.ts';
import { dependents, mentions, type Varying, varies, varyingIn } from './varying.ts';

/** Calls between a loop and a query that are followed. */
const HOPS = 3;

/** Queries with which a function still looks one thing up: one with more works something out. */
const LOOK_UP = 2;

const NONE: ReadonlySet<string> = new Set();

/** A query that a function runs, with the calls that lead to it. */
interface Reached {
  readonly query: FoundQuery & { readonly family: string };
  readonly path: readonly string[];
  /** Whether one query could ask for all that it is asked for. */
  readonly batchable: boolean;
}

/** All that a function runs. */
interface Reach extends Followed {
  readonly found: readonly Reached[];
}

/**
 * The queries that loops of a module reach through the functions they call: one entry a call, with the tables of all that it
 * runs and that depend on the turn.
 */
export function reachedInLoops(module: CodeModule, reading: Reading): readonly Query[] {
  const { modules, find } = reading;
  const own = new Set(find(module).map(({ node }) => node));
  const told: Query[] = [];
  for (const { links } of module.chains)
    for (const { args, node: call } of links) {
      if (!args || own.has(call) || call.type !== 'CallExpression') continue;
      const around = loopAround(module, call, modules);
      if (!around) continue;
      const callee = calledBy(module, call, modules);
      if (!callee) continue;
      const isWithin =
        callee.module === module && callee.node.start < call.start && call.end <= callee.node.end;
      // from row to parent is a step or two, for each of a list is not
      if (around.kind === 'recursion' && !isWithin) continue;
      const given = { names: around.names, self: false, given: NONE };
      const varying = varyingIn(module, callee, call, given);
      const { found: reached } = reachedFrom(callee, varying, reading, 1, new Set());
      const depending = inOne(
        around.kind === 'resolver' ? reached.filter(({ query }) => !isGathered(query)) : reached,
      );
      const isGiven = mentions(call, around.names);
      // what a turn writes may change the answer
      const isAgain = isGiven && !runsOf(module, around.body, reading).writes;
      const found = depending ?? (isAgain ? inOne(askedAgain(callee, varying, reading)) : undefined);
      if (!found) continue;
      const { batchable, ...together } = found;
      const isRead = isReading(together.tables);
      const turns: Around = isWithin ? { ...around, kind: 'recursion' } : around;
      const loop = toLoop(module, call, turns, together, reading);
      const within = runsOf(callee.module, callee.node, reading);
      const isApart = within.locks || opensTransaction(callee.node);
      const apart = isApart ? 'transaction' : loop.apart;
      const waits = waitsOfBoth(loop.waits, within.waits);
      // a read that is followed by a write in the function, or is one of many, is a step of what is done with each
      const isStep = within.writes || (turns.kind !== 'recursion' && reached.length > LOOK_UP);
      const entangled = isRead ? isStep : loop.entangled || !isThin(callee.node);
      told.push({
        ...together,
        span: module.span(call),
        loop: {
          ...loop,
          usesVariable: depending !== undefined,
          waits,
          reads: loop.reads || within.reads,
          entangled,
          // the call itself says nothing of it
          batchable,
          gathered:
            depending !== undefined && isAtOnce(around) && reached.every(({ query }) => isGathered(query)),
          ...(apart ? { apart } : {}),
        },
      });
    }
  return told;
}

function calledBy(module: CodeModule, call: Node, modules: Modules): Callee | undefined {
  return calleeOf(module, call, modules) ?? handedIn(module, call, modules);
}

/** What a function asks again and again in the same way: queries that depend on what it is given, which is the same in each turn. */
function askedAgain({ module, node, name }: Callee, varying: Varying, { find }: Reading): readonly Reached[] {
  if (!isFunction(node) || !node.body || isKeptFunction(module, node)) return [];
  const given = dependents(
    node.body,
    new Set(node.params.flatMap((one) => namesIn(one).map((inner) => inner.name))),
  );
  return find(module)
    .filter((query) => isIn(query.node, node) && !query.guessed && isReading(query.tables))
    .filter((query) => !varies(query.node, varying) && !isForLackOf(module, query.node, node, varying.given))
    .filter((query) => isBatchable(module, query, given) && !isSeldomRun(module, query.node, node))
    .map((query) => ({
      query,
      path: [`${name} ${placeOf(module, node)}`, placeOf(module, query.node)],
      batchable: true,
    }));
}

/** What a function reaches; what another way found is taken where nothing that is open now was a part of it. */
function reachedFrom(
  callee: Callee,
  varying: Varying,
  reading: Reading,
  hop: number,
  open: ReadonlySet<Node>,
): Reach {
  const { node, name } = callee;
  if (open.has(node)) return { found: [], through: new Set(), cut: new Set([node]) };
  if (isKeptFunction(callee.module, node)) return { found: [], through: new Set(), cut: new Set() };
  const key = `${hop} ${name} ${varying.self} ${[...varying.names].join()} ${[...varying.given].join()}`;
  return reading.kept(node, key, isApartFrom(open), () => follow(callee, varying, reading, hop, open));
}

function follow(
  callee: Callee,
  varying: Varying,
  reading: Reading,
  hop: number,
  open: ReadonlySet<Node>,
): Reach {
  const { module, node, name } = callee;
  const here = `${name} ${placeOf(module, node)}`;
  const own = reading
    .find(module)
    .filter((query) => isIn(query.node, node) && !query.guessed && !query.deferred)
    .filter((query) => !isSubquery(module, query.node) && !isAnsweredAtOnce(module, query.node))
    .filter((query) => !isInProcess(module, query, reading.modules));
  const isRun = (inner: Node) =>
    varies(inner, varying) &&
    !isOneWay(module, inner, node) &&
    !isSeldomRun(module, inner, node) &&
    !isForLackOf(module, inner, node, varying.given);
  const direct = own
    .filter((query) => isRun(query.node) && isOneOfMany(module, query, varying))
    .map((query) => ({
      query,
      path: [here, placeOf(module, query.node)],
      batchable: isByOneKey(module, query.node, query.tables, varying.names) && !isUpsert(module, query),
    }));
  const through = new Set([node]);
  const cut = new Set<Node>();
  if (own.length > 0 || hop >= HOPS) return { found: direct, through, cut };
  const inner = new Set([...open, node]);
  const further: Reached[] = [];
  for (const below of nodesBelow(node)) {
    if (below.type !== 'CallExpression' || !isRunWith(module, below, node) || !isRun(below)) continue;
    const next = calledBy(module, below, reading.modules);
    if (!next) continue;
    const passesOn = below === onlyCall(node);
    const given = varyingIn(module, next, below, varying);
    const reach = reachedFrom(next, given, reading, passesOn ? hop : hop + 1, inner);
    for (const { path, ...reached } of reach.found)
      further.push({ ...reached, path: [here, ...(passesOn ? path.slice(1) : path)] });
    for (const one of reach.through) through.add(one);
    for (const one of reach.cut) if (one !== node) cut.add(one);
  }
  return { found: further, through, cut };
}

/** Whether a query asks for one of what a list holds: with the list it would ask once. */
function isOneOfMany(module: CodeModule, query: FoundQuery, { names, self }: Varying): boolean {
  const isRead = isReading(query.tables);
  if (takesMany(module, query.node, names, isRead)) return false;
  return self || !isRead || isBatchable(module, query, names);
}

/** Whether a query says for each row what becomes of it where it is there already. */
function isUpsert(module: CodeModule, { node, tables, columns }: FoundQuery): boolean {
  const inserts = tables.some(({ op }) => op === 'insert');
  if (!inserts) return false;
  return columns.some(({ role }) => role === 'conflict' || role === 'lookup') || isUpsertInSql(module, node);
}

function isIn(inner: Node, outer: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** Whether a function does nothing but run one query: `remove(id) { return db('users').where({ id }).del(); }`. */
function isThin(node: Node): boolean {
  return onlyCall(node)?.type === 'CallExpression' || onlyCall(node)?.type === 'TaggedTemplateExpression';
}

/** The call of a function that does nothing but pass on, all or a part (`(await row(id)).name`): it is no step of its own. */
function onlyCall(node: Node): Node | undefined {
  if (!isFunction(node) || !node.body) return undefined;
  const [only, second] = node.body.type === 'BlockStatement' ? node.body.body : [];
  const value = node.body.type === 'BlockStatement' ? returned(only) : node.body;
  let inner = value && !second ? unwrapped(value) : undefined;
  while (inner?.type === 'MemberExpression') inner = unwrapped(inner.object);
  return inner?.type === 'AwaitExpression' ? unwrapped(inner.argument) : inner;
}

function returned(statement: Node | undefined): Node | undefined {
  if (statement?.type === 'ReturnStatement') return statement.argument ?? undefined;
  return statement?.type === 'ExpressionStatement' ? statement.expression : undefined;
}

/** Whether a call is run when the function is: it stands in no function of its own that is only kept. */
function isRunWith(module: CodeModule, call: Node, root: Node): boolean {
  for (let above = module.parentOf(call); above && above !== root; above = module.parentOf(above))
    if (isFunction(above) && module.parentOf(above)?.type !== 'CallExpression') return false;
  return true;
}

function placeOf(module: CodeModule, node: Node): string {
  const { path, line } = module.span({ start: node.start, end: node.start });
  return `${path}:${line}`;
}

/** All queries that a call runs as one: by the shortest way to one that reads, if any does. */
function inOne(
  reached: readonly Reached[],
): (Omit<Query, 'span'> & { readonly batchable: boolean }) | undefined {
  const reads = reached.filter(({ query }) => query.tables.some((use) => use.op === 'read'));
  const [nearest] = [...(reads.length > 0 ? reads : reached)].sort((a, b) => a.path.length - b.path.length);
  if (!nearest) return undefined;
  const { family, database } = nearest.query;
  const tables = new Map(
    reached.flatMap(({ query }) =>
      query.tables.map((use) => [JSON.stringify([use.table, use.op]), use] as const),
    ),
  );
  return {
    family,
    database,
    tables: [...tables.values()],
    columns: [],
    columnsComplete: false,
    hasLimit: false,
    callPath: nearest.path,
    batchable: reached.every(({ batchable }) => batchable),
  };
}
