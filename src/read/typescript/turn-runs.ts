import type { Node } from 'oxc-parser';
import { awaitedIn } from './awaited.ts';
import { chainOf, unwrapped } from './call-chain.ts';
import { type Callee, calleeOf } from './callee.ts';
import { declaredType } from './declared-type.ts';
import type { FoundQuery } from './family.ts';
import { handedIn } from './handed-in.ts';
import { takesLock } from './lock.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isAnother } from './other-package.ts';
import { isOfServer } from './request.ts';
import { endName, isFunction } from './scope.ts';
import { trace } from './trace.ts';
import { traceClassMember } from './trace-member.ts';
import { type Modules, startTrail } from './trail.ts';

/** What was followed through calls. */
export interface Followed {
  /** The pieces of code that were followed, itself among them. */
  readonly through: ReadonlySet<Node>;
  /** Those that were being followed already, so that what they run is not in it. */
  readonly cut: ReadonlySet<Node>;
}

/** What a piece of code waits for each time that it runs. */
export interface Runs extends Followed {
  /** Whether that is something beside the database; undefined where it is not known. */
  readonly waits: boolean | undefined;
  /** Whether a query that only reads is among it, and one that writes. */
  readonly reads: boolean;
  readonly writes: boolean;
  /** Whether it takes a lock. */
  readonly locks: boolean;
}

/** What is asked while files are read, and what was found before. */
export interface Reading {
  readonly modules: Modules;
  /** The queries of a module by family, as families found them. */
  find(module: CodeModule): readonly (FoundQuery & { readonly family: string })[];
  /** What was followed from a piece of code before, under the same key and where `fits`; else it is made, and kept. */
  kept<T extends Followed>(node: Node, key: string, fits: (before: Followed) => boolean, make: () => T): T;
}

const NONE: ReadonlySet<Node> = new Set();
const NOTHING: Runs = { waits: false, reads: false, writes: false, locks: false, through: NONE, cut: NONE };
const OTHERS: Runs = { ...NOTHING, waits: true };
const UNKNOWN: Runs = { ...NOTHING, waits: undefined };

/** Calls of calls that are followed. */
const DEEPEST = 4;

/** Classes of one interface that are looked at. */
const MOST_CLASSES = 8;

/** The calls that led to where something is followed, and how many they are. */
interface Way {
  readonly depth: number;
  readonly open: ReadonlySet<Node>;
}

const START: Way = { depth: 0, open: NONE };
/** A call of the code itself that is asked about. */
const WITHIN: Way = { depth: 1, open: NONE };

/** Whether what was followed before has no part in what is being followed now. */
export function isApartFrom(open: ReadonlySet<Node>): (before: Followed) => boolean {
  return ({ through }) => ![...open].some((one) => through.has(one));
}

/** What a piece of code waits for: the calls in it that are awaited or returned, and what those run in their turn. */
export function runsOf(module: CodeModule, body: Node, reading: Reading, way = START): Runs {
  if (way.open.has(body)) return { ...NOTHING, cut: new Set([body]) };
  if (way.depth > DEEPEST) return UNKNOWN;
  return reading.kept(body, `runs ${way.depth}`, isApartFrom(way.open), () =>
    runsAnew(module, body, reading, way),
  );
}

function runsAnew(module: CodeModule, body: Node, reading: Reading, { depth, open }: Way): Runs {
  const own = reading.find(module).filter(({ node }) => node.start >= body.start && node.end <= body.end);
  const isRead = ({ tables }: FoundQuery) => isReading(tables);
  const through = new Set([body]);
  const cut = new Set<Node>();
  let waits: boolean | undefined = false;
  let reads = own.some(isRead);
  let writes = !own.every(isRead);
  let locks = takesLock(module, body, reading);
  const way = { depth: depth + 1, open: new Set([...open, body]) };
  for (const call of awaitedIn(module, body)) {
    const run = runBy(module, call, reading, way);
    waits = waitsOfBoth(waits, run.waits);
    reads ||= run.reads;
    writes ||= run.writes;
    locks ||= run.locks;
    for (const one of run.through) through.add(one);
    for (const one of run.cut) if (one !== body) cut.add(one);
  }
  return { waits, reads, writes, locks, through, cut };
}

/** Whether what a query uses is only read. */
export function isReading(tables: FoundQuery['tables']): boolean {
  return tables.every(({ op }) => op === 'read');
}

/** Whether one or the other waits. */
export function waitsOfBoth(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  return one || other || (one === false && other === false ? false : undefined);
}

/** What runs a function or the queries that it is given: they stand in its arguments. */
const RUNS_ARGUMENT = /transaction$|^(begin|run|limit|limiter|retry)$/i;

/** Whose method something is that belongs to the database, or to what only writes down what happened. */
const DATABASE =
  /^(db|database|tx|trx|em|manager|entityManager|pool|prisma|knex|sql|orm|queryRunner|connection|transaction)$|(Db|Tx|Trx|Prisma|Knex|Pool|Repository|Repo|Client)$/;
const ROW_WRITE = /^(save|destroy|flush|persistAndFlush|softDelete|restore)$/;
const ROW_METHOD = /^(reload|persist|release|(begin|start|commit|rollback)(Transaction)?)$/;
const LOG = /^(log|logger|console|metrics|span|tracer|\w*Logger)$/;

/** What goes out of the database by what it is called, where nothing else tells. */
const OUTSIDE =
  /\b(stripe|resend|openai|anthropic|octokit|axios|s3|s3Client|gmail|graphClient|slack|twilio|mailer|transporter|\w*[qQ]ueue|inngest|emailProvider)\s*!?\??\.|\b(fetch|axios|got|ky|generateText|generateObject|setTimeout)\s*[(<]|(^|\.)(send|upload|download|publish|notify|enqueue|dispatch|deliver|scrape|crawl|embed|sleep|delay)([A-Z]\w*)?$|(^|\.)(fetch|getFile|putFile|deleteFile|detect|generate)[A-Z]\w*$/;

/** A function, or queries that are sent together. */
function isRunnable(node: Node): boolean {
  return isFunction(node) || node.type === 'ArrayExpression';
}

/** What one call that is waited for runs. */
export function runBy(module: CodeModule, call: Node, reading: Reading, way = WITHIN): Runs {
  if (call.type === 'NewExpression') return mentionsTimer(call) ? OTHERS : NOTHING;
  if (call.type !== 'CallExpression') return NOTHING;
  if (isQuery(module, call, reading)) return NOTHING;
  const { root, links } = chainOf(call);
  const name = links.at(-1)?.name ?? endName(root) ?? '';
  const { modules } = reading;
  const callee = calleeOf(module, call, modules) ?? handedIn(module, call, modules);
  if (callee) return runsOfCallee(module, call, callee, reading, way);
  if (RUNS_ARGUMENT.test(name) && call.arguments.some(isRunnable)) return NOTHING;
  if (call.arguments.some(isFunction)) return NOTHING;
  const traced = trace(module, unwrapped(call.callee), startTrail(modules));
  // a function that was handed in stands where it was handed in
  if (way.depth > 1 && traced.kind === 'parameter' && traced.path?.length === 0) return NOTHING;
  const another = isAnother(module, call, modules);
  if (another === false) return NOTHING;
  const classes = runsOfClasses(module, call, name, reading, way);
  if (classes?.waits) return classes;
  const text = module.text.slice(call.callee.start, Math.min(call.callee.end, call.callee.start + 200));
  if (OUTSIDE.test(text) || OUTSIDE.test(`${text}(`)) return OTHERS;
  if (another) return UNKNOWN;
  if (root.type === 'Identifier' && !module.bindingOf(root.name, root)) return NOTHING;
  const owners = [endName(root) ?? '', ...links.slice(0, -1).map((link) => link.name ?? '')];
  if (ROW_WRITE.test(name)) return { ...NOTHING, writes: true };
  if (ROW_METHOD.test(name) || owners.some((one) => DATABASE.test(one) || LOG.test(one))) return NOTHING;
  return classes ?? UNKNOWN;
}

function runsOfCallee(module: CodeModule, call: Node, callee: Callee, reading: Reading, way: Way): Runs {
  // what calls itself
  if (callee.module === module && callee.node.start <= call.start && call.end <= callee.node.end)
    return NOTHING;
  if (isOfServer(callee.module) && !isOfServer(module)) return OTHERS;
  return runsOf(callee.module, callee.node, reading, way);
}

/** Whether a call is a query, or part of one. */
export function isQuery(module: CodeModule, call: Node, { find }: Reading): boolean {
  return find(module).some(({ node }) => {
    if (node.start <= call.start && call.end <= node.end) return true;
    if (node.start < call.start || call.end < node.end) return false;
    return (
      node.start === call.start || (node.type !== 'CallExpression' && !isWithinOther(module, node, call))
    );
  });
}

/** Whether a text of SQL that a call holds is run by another call in it. */
function isWithinOther(module: CodeModule, node: Node, call: Node): boolean {
  for (let above = module.parentOf(node); above && above !== call; above = module.parentOf(above))
    if (above.type === 'AwaitExpression' || isFunction(above)) return true;
  return false;
}

/** `new Promise((resolve) => setTimeout(resolve, 100))`. */
function mentionsTimer(node: Node): boolean {
  for (const inner of nodesBelow(node))
    if (inner.type === 'Identifier' && /^(setTimeout|setInterval)$/.test(inner.name)) return true;
  return false;
}

/** What the method of an interface runs in the classes that have it; undefined where there are none. */
function runsOfClasses(
  module: CodeModule,
  call: Extract<Node, { type: 'CallExpression' }>,
  name: string,
  reading: Reading,
  way: Way,
): Runs | undefined {
  const callee = unwrapped(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const type = declaredType(module, callee.object, reading.modules)?.type;
  if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
  const classes = reading.modules.implementers(type.typeName.name).slice(0, MOST_CLASSES);
  if (classes.length === 0) return undefined;
  const runs = classes.map(({ module: home, node }) => {
    const method = traceClassMember(home, node, name, startTrail(reading.modules));
    return method.kind === 'node' && isFunction(method.node)
      ? runsOf(method.module, method.node, reading, way)
      : UNKNOWN;
  });
  return runs.reduce((one, other) => ({
    waits: waitsOfBoth(one.waits, other.waits),
    reads: one.reads || other.reads,
    writes: one.writes || other.writes,
    locks: one.locks || other.locks,
    through: new Set([...one.through, ...other.through]),
    cut: new Set([...one.cut, ...other.cut]),
  }));
}
