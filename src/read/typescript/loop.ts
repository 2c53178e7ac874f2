import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { followsAnother } from './answer.ts';
import { apartBy } from './apart.ts';
import { isAnsweredAtOnce } from './at-once.ts';
import { speaksOfAttempts } from './attempt.ts';
import { isBatchable, isByOneKey } from './batchable.ts';
import { isEntangled, waitsBefore } from './beside.ts';
import { calledName, chainOf, unwrapped } from './call-chain.ts';
import { isChunked } from './chunked.ts';
import { isCommand } from './command.ts';
import { handsOnEvents } from './events.ts';
import type { FoundQuery } from './family.ts';
import { listOrigin } from './list-origin.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { onceKey } from './once-key.ts';
import { isInCase } from './one-way.ts';
import { recursionAround } from './recursion.ts';
import { resolverLoop } from './resolver-loop.ts';
import { isFunction, keyName, namesIn } from './scope.ts';
import { isInCatch, isSeldomRun } from './seldom.ts';
import { isKeptForLater, isSentTogether, isSubquery } from './sent-together.ts';
import { hasFewTurns, isShortList } from './short-list.ts';
import { takesMany } from './takes-many.ts';
import type { Modules } from './trail.ts';
import { turnOf } from './turn.ts';
import { isReading, type Reading, runsOf } from './turn-runs.ts';
import { declaredIn, dependents, mentions } from './varying.ts';
import { writesItsOwn } from './written.ts';

/** The code that runs once a turn around a node. */
export interface Around {
  readonly kind: Loop['kind'];
  /** Where the loop begins. */
  readonly at: Node;
  readonly body: Node;
  /** All names that differ from turn to turn. */
  readonly names: ReadonlySet<string>;
  /** Whether a turn is a batch. */
  readonly chunked: boolean;
  /** What it walks over, where it walks over something. */
  readonly over?: Node;
}

/**
 * The innermost loop that runs a node once a turn; undefined where none of the function's own does, only a short fixed list, or
 * where what the turns ask is sent together.
 */
export function loopAround(module: CodeModule, node: Node, modules: Modules): Around | undefined {
  if (isCommand(module) || isSubquery(module, node) || isAnsweredAtOnce(module, node)) return undefined;
  const { loop, edge } = loopWithin(module, node, modules);
  if (loop || !edge) return loop;
  const isInLoop = (call: Node) => loopWithin(module, call, modules).loop !== undefined;
  const around =
    edge.type === 'MethodDefinition'
      ? (resolverLoop(module, edge, node) ?? recursionAround(module, edge.value, node, isInLoop))
      : recursionAround(module, edge, node, isInLoop);
  return around && isSeldomRun(module, node, around.body) ? undefined : around;
}

/** What is said of a loop that runs a node once a turn. */
export function toLoop(
  module: CodeModule,
  node: Node,
  around: Around,
  { tables, columns }: Pick<FoundQuery, 'tables' | 'columns'>,
  reading: Reading,
): Loop {
  const isRead = isReading(tables);
  const { kind, at, body, names, chunked, over } = around;
  const { waits, reads } = runsOf(module, body, reading);
  const apart = apartBy(module, node, body, reading);
  const list = listOrigin(module, over, reading);
  return {
    kind,
    span: module.span({ start: at.start, end: at.start }),
    usesVariable: mentions(node, names),
    chunked:
      chunked || takesMany(module, node, names, isRead) || writesMany(module, node, body, names, reading),
    ...(waits === undefined ? {} : { waits }),
    reads,
    ...(apart ? { apart } : {}),
    follows: followsAnother(module, node, body) || waitsBefore(module, node, body, isRead, reading),
    entangled: isEntangled(module, node, body, tables, reading),
    batchable: isBatchable(module, { node, columns }, names) && isByOneKey(module, node, tables, names),
    writesItsOwn: writesItsOwn(module, node, body, names),
    ...(list ? { list } : {}),
    ...turnOf(module, node, body, names, reading),
  };
}

/** Whether a turn has written many rows of its own at once before it comes to a query: it stands for a group of them. */
function writesMany(
  module: CodeModule,
  query: Node,
  body: Node,
  names: ReadonlySet<string>,
  reading: Reading,
): boolean {
  return reading
    .find(module)
    .some(
      ({ node, tables }) =>
        body.start <= node.start &&
        node.end <= query.start &&
        !isReading(tables) &&
        takesMany(module, node, names, false),
    );
}

/** The innermost loop of the function's own, and the function or method that a node is run with where there is none. */
function loopWithin(module: CodeModule, node: Node, modules: Modules): { loop?: Around; edge?: Node } {
  let child = node;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    const found = loopOf(module, above, child);
    if (found) {
      const loop = modules.once(onceKey(found.body, 'turns'), () => turnsOf(module, found, modules));
      if (!loop || isKeptForLater(module, node) || isSeldomRun(module, node, loop.body)) continue;
      if (isInCase(module, node, loop.body)) continue;
      return { loop };
    }
    if (above.type === 'MethodDefinition') return { edge: above };
    if (isFunction(above) && module.parentOf(above)?.type !== 'MethodDefinition') {
      if (!runsAtOnce(module, above)) return { edge: above };
    } else if (above.type === 'PropertyDefinition') return {};
  }
  return {};
}

/** The turns of a loop; undefined where they are few, are sent together or only try again. */
function turnsOf(module: CodeModule, found: FoundLoop, modules: Modules): Around | undefined {
  const { kind, at, body, over } = found;
  if (isSentTogether(module, at) || triesAgain(found) || isInCatch(module, at)) return undefined;
  if (isShortList(module, over, modules) || hasFewTurns(module, at, modules)) return undefined;
  return {
    kind,
    at,
    body,
    names: dependents(body, found.names),
    chunked: isChunked(module, found),
    ...(over ? { over } : {}),
  };
}

/** A loop as it is written. */
export interface FoundLoop {
  readonly kind: Loop['kind'];
  readonly at: Node;
  readonly body: Node;
  /** What it walks over. */
  readonly over?: Node | undefined;
  /** Variables that differ from turn to turn. */
  readonly names: ReadonlySet<string>;
}

/** The loop that `above` is for its child `child`. */
function loopOf(module: CodeModule, above: Node, child: Node): FoundLoop | undefined {
  switch (above.type) {
    case 'ForOfStatement':
    case 'ForInStatement': {
      if (child !== above.body || handsOnEvents(above)) return undefined;
      const kind = above.type === 'ForOfStatement' ? 'for-of' : 'for-in';
      return { kind, at: above, body: above.body, over: above.right, names: declaredIn(above.left) };
    }
    case 'ForStatement':
      if (child === above.init) return undefined;
      return {
        kind: 'for',
        at: above,
        body: above.body,
        over: countedList(above.test),
        names: above.init ? declaredIn(above.init) : new Set(),
      };
    case 'WhileStatement':
    case 'DoWhileStatement':
      return { kind: 'while', at: above, body: above.body, names: takenIn(above.body) };
    default:
      return isFunction(above) ? callbackLoop(module, above) : undefined;
  }
}

/** The list whose places a loop counts: `i < nodes.length`. */
function countedList(test: Node | null): Node | undefined {
  for (const node of test ? nodesBelow(test) : [])
    if (node.type === 'MemberExpression' && keyName(node.property, node.computed) === 'length')
      return node.object;
  return undefined;
}

/** Variables that take the next element of something: `const node = queue.shift()`. */
function takenIn(body: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesBelow(body, (inner) => !isFunction(inner)))
    if (node.type === 'VariableDeclarator' && node.init) {
      const init = unwrapped(node.init);
      const last = init.type === 'CallExpression' ? chainOf(init).links.at(-1)?.name : undefined;
      if (last && /^(shift|pop|dequeue)$/.test(last))
        for (const { name } of namesIn(node.id)) names.add(name);
    }
  return names;
}

const METHODS: Readonly<Record<string, Loop['kind']>> = {
  map: 'map',
  forEach: 'forEach',
  flatMap: 'flatMap',
  reduce: 'reduce',
  reduceRight: 'reduce',
  filter: 'filter',
  some: 'each',
  every: 'each',
  find: 'each',
  findIndex: 'each',
  each: 'each',
  eachSeries: 'each',
  eachLimit: 'each',
  mapSeries: 'map',
  mapLimit: 'map',
};

/** Functions that call a later argument once an element of the first: `pMap`, `async.eachLimit`, a team's own `mapConcurrently`. */
const FUNCTIONS =
  /^(p|async|parallel|concurrent|promise)?(map|forEach|each|filter|reduce)([A-Z]\w*)?$|^(\w+(For|With)Each|\w*(Parallel|Concurrent(ly)?|Concurrency|Sequentially))$/i;

/** `ids.map((id) => …)`, `Array.from(ids, (id) => …)`, `pMap(ids, async (id) => …)`. */
function callbackLoop(module: CodeModule, callback: Node): FoundLoop | undefined {
  const call = module.parentOf(callback);
  if (call?.type !== 'CallExpression' || !isFunction(callback)) return undefined;
  const index = call.arguments.indexOf(callback);
  const { root, links } = chainOf(call);
  const last = links.at(-1);
  const [first, second, third] = callback.params;
  const body = callback.body ?? callback;
  const named = (parameter: Node | undefined) =>
    new Set(parameter ? namesIn(parameter).map(({ name }) => name) : []);
  if (index === 0 && last?.name !== undefined && Object.hasOwn(METHODS, last.name)) {
    const kind = METHODS[last.name] ?? 'each';
    const over = receiverOf(call);
    if (!over || isModuleOfQueries(over)) return undefined;
    const counted = kind === 'reduce' ? third : second;
    return {
      kind,
      at: call,
      body,
      over,
      names: new Set([...named(kind === 'reduce' ? second : first), ...named(counted)]),
    };
  }
  const name = last?.name ?? (root.type === 'Identifier' ? root.name : '');
  const isFrom = name === 'from' && root.type === 'Identifier' && root.name === 'Array';
  if (index < 1 || !(isFrom || FUNCTIONS.test(name)) || !first) return undefined;
  return { kind: isFrom ? 'map' : 'each', at: call, body, over: call.arguments[0], names: named(first) };
}

function receiverOf(call: Extract<Node, { type: 'CallExpression' }>): Node | undefined {
  const callee = unwrapped(call.callee);
  return callee.type === 'MemberExpression' ? unwrapped(callee.object) : undefined;
}

/** `prisma.user.find(…)`: a model's own method, not a list's. */
function isModuleOfQueries(over: Node): boolean {
  return (
    over.type === 'MemberExpression' &&
    over.object.type === 'Identifier' &&
    /^(prisma|db|tx)$/.test(over.object.name)
  );
}

/** Whether a function that is written as an argument is run where it stands: awaited, returned, or by a name that says so. */
function runsAtOnce(module: CodeModule, node: Node): boolean {
  const call = module.parentOf(node);
  if (call?.type === 'CallExpression' && call.callee === node) return true;
  if (call?.type !== 'CallExpression') return false;
  const name = calledName(call);
  if (
    /transaction|retry|attempt|limit|lock|batch|^(tx|run|then|catch|finally|all|push|with\w*|try\w*)$/i.test(
      name,
    )
  )
    return true;
  const parent = module.parentOf(call);
  return parent?.type === 'AwaitExpression';
}

/** `for (let attempt = 0; attempt < most; attempt++)`. */
function triesAgain({ at, names }: FoundLoop): boolean {
  if (at.type !== 'ForStatement' && at.type !== 'WhileStatement' && at.type !== 'DoWhileStatement')
    return false;
  const asked = at.test ? [...nodesBelow(at.test)] : [];
  return (
    asked.some((node) => node.type === 'Identifier' && speaksOfAttempts(node.name)) ||
    [...names].some(speaksOfAttempts)
  );
}
