import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { chainOf, unwrapped } from './call-chain.ts';
import { handsOnEvents } from './events.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, keyName, namesIn } from './scope.ts';
import { declaredIn } from './varying.ts';

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
export function loopOf(module: CodeModule, above: Node, child: Node): FoundLoop | undefined {
  switch (above.type) {
    case 'ForOfStatement':
    case 'ForInStatement': {
      if (child !== above.body || handsOnEvents(above)) return undefined;
      const kind = above.type === 'ForOfStatement' ? 'for-of' : 'for-in';
      return { kind, at: above, body: above.body, over: above.right, names: declaredIn(above.left) };
    }
    case 'ForStatement':
      // what a test asks is asked until it says so
      if (child === above.init || child === above.test) return undefined;
      return {
        kind: 'for',
        at: above,
        body: above.body,
        over: countedList(above.test),
        names: above.init ? declaredIn(above.init) : new Set(),
      };
    case 'WhileStatement':
    case 'DoWhileStatement':
      if (child === above.test) return undefined;
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
