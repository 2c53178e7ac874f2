import type { Node } from 'oxc-parser';
import type { ListOrigin } from '../query.ts';
import { assignmentsTo } from './assignments.ts';
import { calledName, chainOf, unwrapped } from './call-chain.ts';
import { calleeOf } from './callee.ts';
import { returnsOf } from './family/object-keys.ts';
import { handedIn } from './handed-in.ts';
import type { CodeModule } from './module.ts';
import { OF_A_LIST } from './of-a-list.ts';
import { isSent } from './request.ts';
import { isFunction, keyName } from './scope.ts';
import { isLimitedInSql } from './short-list.ts';
import type { Reading } from './turn-runs.ts';

const DEEPEST = 12;

/** What a call counts for. */
const STEP = 3;

/** What makes a list of another one beside methods: functions, and modules that have little else. */
const FUNCTIONS =
  /^(uniq\w*|compact|flatten\w*|groupBy|keyBy|difference\w*|intersection\w*|orderBy|sortBy|chain)$/;
const MODULES = /^(Object|Array|Promise|_|lodash)$/;
/** What reads a request, or makes sure of what came with it. */
const CHECKED =
  /^(parse|safeParse|parseAsync|safeParseAsync|validate\w*|valid|json|plainTo\w+|parseBody|readBody|getBody)$/;
/** What holds the rows of an answer, and nothing else of it: `result.rows`, `const [rows] = await pool.query(…)`. */
const HOLDS_ROWS = /^(rows|data|recordset|\d+)$/;
/** What holds what a client sends, of what a handler is given. */
const HOLDS_SENT = /^(req|request|body|input)$/;
/** What reads it, of an event: `await readBody(event)`. */
const READS_SENT = /^(readBody|readValidatedBody|getBody|getValidatedBody|parseBody)$/;
const OF_A_TEXT = /^(split|match|matchAll)$/;

const GIVEN: ListOrigin = { from: 'given' };
const SENT: ListOrigin = { from: 'request' };

/** Where the list comes from that a loop walks over; undefined where that is nothing of what is told apart. */
export function listOrigin(
  module: CodeModule,
  list: Node | undefined,
  reading: Reading,
  depth = 0,
): ListOrigin | undefined {
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
      return ofMember(holdsRows(node) ? again(node.object) : partOf(again(node.object)), node);
    case 'TaggedTemplateExpression':
      return answered(module, node, reading);
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
): ListOrigin | undefined {
  const again = (inner: Node | undefined) => listOrigin(module, inner, reading, depth + 1);
  const rows = answered(module, node, reading);
  if (rows) return rows;
  const name = calledName(node);
  const callee = unwrapped(node.callee);
  const { root, links } = chainOf(node);
  if (OF_A_TEXT.test(name)) return { from: 'text' };
  const isFunctionOfLists =
    links.length === 1 &&
    root.type === 'Identifier' &&
    (MODULES.test(root.name) || (callee === root && FUNCTIONS.test(name)));
  if (isFunctionOfLists) return again(node.arguments[0]);
  if (callee.type === 'MemberExpression' && OF_A_LIST.test(name)) return again(callee.object);
  if (!CHECKED.test(name)) return answeredThrough(module, node, reading, depth);
  if (READS_SENT.test(name)) return SENT;
  const checked = [...node.arguments, ...(callee.type === 'MemberExpression' ? [callee.object] : [])];
  const origins = checked.map((one) => again(one));
  return origins.find(isHandedIn) ?? origins.find((one) => one?.from === 'rows');
}

/** What a query answers that a function gives which a call runs: `await findOrders(ids)`. */
function answeredThrough(
  module: CodeModule,
  call: Node,
  reading: Reading,
  depth: number,
): ListOrigin | undefined {
  const { modules } = reading;
  const callee = calleeOf(module, call, modules) ?? handedIn(module, call, modules);
  if (!callee) return undefined;
  for (const one of returnsOf(callee.node)) {
    const origin = listOrigin(callee.module, one, reading, depth + STEP);
    if (origin?.from === 'rows' || origin?.from === 'few') return origin;
  }
  return undefined;
}

function ofName(
  module: CodeModule,
  node: Extract<Node, { type: 'Identifier' }>,
  reading: Reading,
  depth: number,
): ListOrigin | undefined {
  const again = (inner: Node | undefined) => listOrigin(module, inner, reading, depth + 1);
  const binding = module.bindingOf(node.name, node);
  if (binding?.kind === 'parameter') {
    const call = module.parentOf(binding.of);
    const isElement =
      call?.type === 'CallExpression' && isFunction(binding.of) && OF_A_LIST.test(calledName(call));
    if (!isElement) return isSent(module, node, node.name, binding) ? SENT : GIVEN;
    const callee = unwrapped(call.callee);
    return elementOf(callee.type === 'MemberExpression' ? again(callee.object) : undefined);
  }
  if (binding?.kind === 'item')
    return binding.loop.type === 'ForOfStatement' ? elementOf(again(binding.loop.right)) : undefined;
  if (binding?.kind !== 'variable') return undefined;
  const { values } = assignmentsTo(module, node.name, binding);
  const init = binding.init && oneOfAll(binding.init, binding.path);
  const isPart = init === binding.init && binding.path?.some((key) => !HOLDS_ROWS.test(key));
  for (const value of [...(init ? [init] : []), ...values]) {
    const origin = again(value);
    if (origin?.from === 'given' && value === init && binding.path?.some((key) => HOLDS_SENT.test(key)))
      return SENT;
    if (origin) return isPart && value === init ? partOf(origin) : origin;
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
function elementOf(origin: ListOrigin | undefined): ListOrigin | undefined {
  return isHandedIn(origin) ? origin : undefined;
}

function holdsRows(node: Extract<Node, { type: 'MemberExpression' }>): boolean {
  return HOLDS_ROWS.test(keyName(node.property, node.computed) ?? '');
}

/** A list that a row holds, or an object around the rows. */
function partOf(origin: ListOrigin | undefined): ListOrigin | undefined {
  return origin?.query ? { ...origin, isPart: true } : origin;
}

/** `ctx.request.body`: what a client sends, of what was handed in. */
function ofMember(
  origin: ListOrigin | undefined,
  node: Extract<Node, { type: 'MemberExpression' }>,
): ListOrigin | undefined {
  return origin?.from === 'given' && HOLDS_SENT.test(keyName(node.property, node.computed) ?? '')
    ? SENT
    : origin;
}

function isHandedIn(origin: ListOrigin | undefined): boolean {
  return origin?.from === 'given' || origin?.from === 'request';
}

/** What a query answers, where an expression is that. */
function answered(module: CodeModule, node: Node, { find }: Reading): ListOrigin | undefined {
  const found = find(module).find(({ node: query, guessed }) => {
    if (guessed || query.start < node.start || query.end > node.end) return false;
    for (let above: Node | undefined = query; above && above !== node; above = module.parentOf(above))
      if (isFunction(above)) return false;
    return true;
  });
  if (!found) return undefined;
  if (isLimitedInSql(module, found.node)) return { from: 'few' };
  const { family, database, tables, columns } = found;
  return { from: 'rows', query: { family, database, tables, columns } };
}
