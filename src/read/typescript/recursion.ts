import type { Node } from 'oxc-parser';
import { isFollowed } from './answer.ts';
import { speaksOfAttempts } from './attempt.ts';
import type { Around } from './loop.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, keyName, namesIn } from './scope.ts';
import { dependents, mentions } from './varying.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

const known = new WeakMap<Node, readonly Call[]>();

/** Parameters by which a function turns pages, or takes a whole level at once. */
const NO_STEP = /page|cursor|offset|batch|chunk|token|after|ids$|list$|[^su]s$/i;

/**
 * The loop that a function is which calls itself with something else: `parentsOf(id)` asks for one row and goes on with its
 * parent. None where it only tries again, turns pages, takes a whole level at once or goes on with something else than what it was
 * answered, and none where it calls itself in a loop: that call is told.
 */
export function recursionAround(
  module: CodeModule,
  around: Node,
  node: Node,
  isInLoop: (call: Node) => boolean,
): Around | undefined {
  if (!isFunction(around) || !around.body) return undefined;
  const calls = callsOfItself(module, around);
  if (calls.length === 0 || calls.some((call) => call === node || isTriedAgain(module, call, around)))
    return undefined;
  if (calls.some(isInLoop) || around.params.some((one) => one.type === 'RestElement')) return undefined;
  const names = new Set(
    around.params.flatMap((parameter, index) =>
      calls.every((call) => isSame(call.arguments[index], parameter))
        ? []
        : namesIn(parameter).map(({ name }) => name),
    ),
  );
  if ([...names].some((name) => NO_STEP.test(name) || speaksOfAttempts(name))) return undefined;
  if (calls.some((call) => isNextOfSame(call, around, names)) || !isFollowed(node, around.body, calls))
    return undefined;
  return {
    kind: 'recursion',
    at: around,
    body: around.body,
    names: dependents(around.body, names),
    chunked: false,
  };
}

/** Whether a call only counts on, or makes another name of the same: `unique(name, count + 1)`, `` unique(`${name}-${count}`) ``. */
function isNextOfSame(call: Call, around: Node, names: ReadonlySet<string>): boolean {
  if (!isFunction(around)) return false;
  const changed = call.arguments.filter((one, index) => {
    const parameter = around.params[index];
    return parameter && !isSame(one, parameter);
  });
  return (
    changed.length > 0 &&
    changed.every(
      (one) =>
        /^(Binary|Update|TemplateLiteral|Literal)/.test(one.type) &&
        (one.type === 'Literal' || mentions(one, names)),
    )
  );
}

/** Where a function calls itself by its name: `walk(…)`, `this.walk(…)`. */
function callsOfItself(module: CodeModule, around: Node): readonly Call[] {
  const before = known.get(around);
  if (before) return before;
  const holder = module.parentOf(around);
  const isMethod = holder?.type === 'MethodDefinition' || holder?.type === 'PropertyDefinition';
  const id =
    'id' in around && around.id?.type === 'Identifier'
      ? around.id
      : holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
        ? holder.id
        : undefined;
  const name = isMethod ? keyName(holder.key, holder.computed) : id?.name;
  const found: Call[] = [];
  if (name !== undefined)
    for (const node of nodesBelow(around)) {
      if (node.type !== 'CallExpression') continue;
      const { callee } = node;
      const isOwn = isMethod
        ? callee.type === 'MemberExpression' &&
          callee.object.type === 'ThisExpression' &&
          keyName(callee.property, callee.computed) === name
        : callee.type === 'Identifier' && callee.name === name && isBoundTo(module, callee, around, id);
      if (isOwn) found.push(node);
    }
  known.set(around, found);
  return found;
}

/** Whether a name means a function where it is called, and not another one of that name within it. */
function isBoundTo(module: CodeModule, callee: Node, around: Node, id: Node | undefined): boolean {
  const binding = callee.type === 'Identifier' ? module.bindingOf(callee.name, callee) : undefined;
  return binding === undefined || binding.node === around || binding.node === id;
}

function isTriedAgain(module: CodeModule, call: Node, around: Node): boolean {
  for (let above = module.parentOf(call); above && above !== around; above = module.parentOf(above))
    if (above.type === 'CatchClause') return true;
  return false;
}

function isSame(given: Node | undefined, parameter: Node): boolean {
  const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  return given?.type === 'Identifier' && pattern.type === 'Identifier' && given.name === pattern.name;
}
