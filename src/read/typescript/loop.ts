import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { followsAnother } from './answer.ts';
import { apartBy } from './apart.ts';
import { isAnsweredAtOnce } from './at-once.ts';
import { speaksOfAttempts } from './attempt.ts';
import { changesRows, isBatchable, isByOneKey } from './batchable.ts';
import { isEntangled, waitsBefore } from './beside.ts';
import { calledName } from './call-chain.ts';
import { calledAs } from './called-as.ts';
import { isChunked } from './chunked.ts';
import { isCommand } from './command.ts';
import type { FoundQuery } from './family.ts';
import { type FoundLoop, loopOf } from './found-loop.ts';
import { isHandful } from './handful.ts';
import { listOrigin } from './list-origin.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { onceKey } from './once-key.ts';
import { isInCase } from './one-way.ts';
import { recursionAround } from './recursion.ts';
import { isGathered, resolverLoop } from './resolver-loop.ts';
import { isFunction } from './scope.ts';
import { isInCatch, isSeldomRun } from './seldom.ts';
import { isKeptForLater, isSentTogether, isSubquery } from './sent-together.ts';
import { hasFewTurns, isShortList } from './short-list.ts';
import { isTakenAway } from './taken-away.ts';
import { takesMany } from './takes-many.ts';
import type { Modules } from './trail.ts';
import { turnOf } from './turn.ts';
import { isReading, type Reading, runsOf } from './turn-runs.ts';
import { dependents, mentions } from './varying.ts';
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
    batchable:
      isBatchable(module, { node, columns }, names) &&
      isByOneKey(module, node, tables, names) &&
      !(changesRows(tables) && isTakenAway(module, node, over, body, reading.modules)),
    writesItsOwn: writesItsOwn(module, node, body, names),
    ...(list ? { list } : {}),
    calledAs: calledAs(module, at),
    gathered: isAtOnce(around) && reading.find(module).some((one) => one.node === node && isGathered(one)),
    ...turnOf(module, node, body, names, reading),
  };
}

/** Whether the turns are begun one after another without waiting: `Promise.all(ids.map(async (id) => …))`. */
export function isAtOnce({ at }: Around): boolean {
  return at.type === 'CallExpression' && /^(map|flatMap)$/.test(calledName(at));
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
  if (isHandful(module, found) || isShortList(module, over, modules) || hasFewTurns(module, at, modules))
    return undefined;
  return {
    kind,
    at,
    body,
    names: dependents(body, found.names),
    chunked: isChunked(module, found),
    ...(over ? { over } : {}),
  };
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
