import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { assignmentsTo } from './assignments.ts';
import { calledName, chainOf, unwrapped } from './call-chain.ts';
import { calleeOf } from './callee.ts';
import { returnsOf } from './family/object-keys.ts';
import { handedIn } from './handed-in.ts';
import type { CodeModule } from './module.ts';
import { isFunction } from './scope.ts';
import type { Reading } from './turn-runs.ts';

const DEEPEST = 12;

/** What a call counts for. */
const STEP = 3;

/** What makes a list of another one: methods, functions, and modules that have little else. */
const OF_A_LIST =
  /^(filter|map|flatMap|flat|slice|sort|toSorted|reverse|toReversed|concat|splice|values|keys|entries|toArray|forEach)$/;
const FUNCTIONS =
  /^(uniq\w*|compact|flatten\w*|groupBy|keyBy|difference\w*|intersection\w*|orderBy|sortBy|chain)$/;
const MODULES = /^(Object|Array|Promise|_|lodash)$/;
/** What reads a request, or makes sure of what came with it. */
const CHECKED =
  /^(parse|safeParse|parseAsync|safeParseAsync|validate\w*|valid|json|plainTo\w+|parseBody|readBody|getBody)$/;
const OF_A_TEXT = /^(split|match|matchAll)$/;

/** Where the list comes from that a loop walks over; undefined where that is nothing of what is told apart. */
export function listOrigin(
  module: CodeModule,
  list: Node | undefined,
  reading: Reading,
  depth = 0,
): Loop['list'] {
  if (!list || depth > DEEPEST) return undefined;
  const node = unwrapped(list);
  const again = (inner: Node | undefined) => listOrigin(module, inner, reading, depth + 1);
  switch (node.type) {
    case 'AwaitExpression':
    case 'SpreadElement':
      return again(node.argument);
    case 'LogicalExpression':
      return again(node.operator === '&&' ? node.right : node.left);
    case 'ConditionalExpression':
      return again(node.consequent) ?? again(node.alternate);
    case 'ArrayExpression':
      return again(node.elements.find((one) => one?.type === 'SpreadElement') ?? undefined);
    case 'NewExpression':
      return again(node.arguments[0]);
    case 'MemberExpression':
      return again(node.object);
    case 'TaggedTemplateExpression':
      return isAnswer(module, node, reading) ? 'rows' : undefined;
    case 'CallExpression':
      return ofCall(module, node, reading, depth);
    case 'Identifier':
      return ofName(module, node, reading, depth);
    default:
      return undefined;
  }
}

function ofCall(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  reading: Reading,
  depth: number,
): Loop['list'] {
  const again = (inner: Node | undefined) => listOrigin(module, inner, reading, depth + 1);
  if (isAnswer(module, node, reading)) return 'rows';
  const name = calledName(node);
  const callee = unwrapped(node.callee);
  const { root, links } = chainOf(node);
  if (OF_A_TEXT.test(name)) return 'text';
  const isFunctionOfLists =
    links.length === 1 &&
    root.type === 'Identifier' &&
    (MODULES.test(root.name) || (callee === root && FUNCTIONS.test(name)));
  if (isFunctionOfLists) return again(node.arguments[0]);
  if (callee.type === 'MemberExpression' && OF_A_LIST.test(name)) return again(callee.object);
  if (!CHECKED.test(name)) return answersWithRows(module, node, reading, depth) ? 'rows' : undefined;
  const checked = [...node.arguments, ...(callee.type === 'MemberExpression' ? [callee.object] : [])];
  const origins = new Set(checked.map((one) => again(one)));
  return origins.has('given') ? 'given' : origins.has('rows') ? 'rows' : undefined;
}

/** Whether a call runs a function that gives what a query answers: `await findOrders(ids)`. */
function answersWithRows(module: CodeModule, call: Node, reading: Reading, depth: number): boolean {
  const { modules } = reading;
  const callee = calleeOf(module, call, modules) ?? handedIn(module, call, modules);
  if (!callee) return false;
  return returnsOf(callee.node).some(
    (one) => listOrigin(callee.module, one, reading, depth + STEP) === 'rows',
  );
}

function ofName(
  module: CodeModule,
  node: Extract<Node, { type: 'Identifier' }>,
  reading: Reading,
  depth: number,
): Loop['list'] {
  const again = (inner: Node | undefined) => listOrigin(module, inner, reading, depth + 1);
  const binding = module.bindingOf(node.name, node);
  if (binding?.kind === 'parameter') {
    const call = module.parentOf(binding.of);
    const isElement =
      call?.type === 'CallExpression' && isFunction(binding.of) && OF_A_LIST.test(calledName(call));
    if (!isElement) return 'given';
    const callee = unwrapped(call.callee);
    return elementOf(callee.type === 'MemberExpression' ? again(callee.object) : undefined);
  }
  if (binding?.kind === 'item')
    return binding.loop.type === 'ForOfStatement' ? elementOf(again(binding.loop.right)) : undefined;
  if (binding?.kind !== 'variable') return undefined;
  const { values } = assignmentsTo(module, node.name, binding);
  const init = binding.init && oneOfAll(binding.init, binding.path);
  for (const value of [...(init ? [init] : []), ...values]) {
    const origin = again(value);
    if (origin) return origin;
  }
  return undefined;
}

/** The call whose answer a name takes: the second of `const [count, rows] = await Promise.all([…, …])`. */
function oneOfAll(init: Node, path: readonly string[] | undefined): Node {
  const [place] = path ?? [];
  const waited = unwrapped(init);
  const call = waited.type === 'AwaitExpression' ? unwrapped(waited.argument) : waited;
  const [all] = call.type === 'CallExpression' && calledName(call) === 'all' ? call.arguments : [];
  const one = all?.type === 'ArrayExpression' ? all.elements[Number(place)] : undefined;
  return one ?? init;
}

/** A list within an element of one that was handed in came with it. */
function elementOf(origin: Loop['list']): Loop['list'] {
  return origin === 'given' ? origin : undefined;
}

/** Whether an expression is what a query answers. */
function isAnswer(module: CodeModule, node: Node, { find }: Reading): boolean {
  return find(module).some(({ node: query, guessed }) => {
    if (guessed || query.start < node.start || query.end > node.end) return false;
    for (let above: Node | undefined = query; above && above !== node; above = module.parentOf(above))
      if (isFunction(above)) return false;
    return true;
  });
}
