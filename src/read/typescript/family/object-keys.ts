import type { Node } from 'oxc-parser';
import { assignmentsTo } from '../assignments.ts';
import { unwrapped } from '../call-chain.ts';
import { calleeOf } from '../callee.ts';
import { type CodeModule, nodesBelow } from '../module.ts';
import { isFunction, keyName } from '../scope.ts';
import { textOf } from '../text.ts';
import { trace } from '../trace.ts';
import { type Modules, startTrail } from '../trail.ts';

/** A key of an object, where it is written. */
export interface Key {
  /** Undefined for a computed key that is no text: `[Op.or]`. */
  readonly name: string | undefined;
  readonly node: Node;
  readonly value: Node;
  readonly module: CodeModule;
}

/** The keys of an object, and whether they are all of them. */
export interface Keys {
  readonly keys: readonly Key[];
  readonly complete: boolean;
}

const NOTHING: Keys = { keys: [], complete: false };
const DEEPEST = 6;

/**
 * The keys of the object, or of the objects of the list, that an expression stands for: through constants, spreads, choices,
 * `map`, functions that return one, and what is assigned to a variable's members or pushed to it later on.
 */
export function keysOf(module: CodeModule, expression: Node, modules: Modules, depth = 0): Keys {
  if (depth > DEEPEST) return NOTHING;
  const own = unwrapped(expression);
  const traced = trace(module, own, startTrail(modules));
  if (traced.kind !== 'node') return NOTHING;
  const found = keysOfNode(traced.module, traced.node, modules, depth);
  if (own.type !== 'Identifier') return found;
  const binding = module.bindingOf(own.name, own);
  if (!binding) return found;
  const { members, pushed } = assignmentsTo(module, own.name, binding);
  const assigned = members.map(
    ({ key, keyNode, value }): Keys =>
      key === undefined ? NOTHING : { keys: [{ name: key, node: keyNode, value, module }], complete: true },
  );
  const added = pushed.map((one) =>
    keysOf(module, one.type === 'SpreadElement' ? one.argument : one, modules, depth + 1),
  );
  return together([found, ...assigned, ...added]);
}

function keysOfNode(module: CodeModule, node: Node, modules: Modules, depth: number): Keys {
  const inner = (one: Node) => keysOf(module, one, modules, depth + 1);
  switch (node.type) {
    case 'ObjectExpression':
      return together(
        node.properties.map((property): Keys => {
          if (property.type === 'SpreadElement') return inner(property.argument);
          const { key, value } = property;
          const name = keyName(key, property.computed) ?? textOf(module, key, modules).text;
          return { keys: [{ name, node: key, value, module }], complete: true };
        }),
      );
    case 'ArrayExpression':
      return together(
        node.elements.map((one) =>
          one ? inner(one.type === 'SpreadElement' ? one.argument : one) : { keys: [], complete: true },
        ),
      );
    case 'ConditionalExpression':
      return together([inner(node.consequent), inner(node.alternate)]);
    case 'LogicalExpression':
      return node.operator === '&&' ? inner(node.right) : together([inner(node.left), inner(node.right)]);
    case 'Literal':
      return { keys: [], complete: true };
    case 'Identifier':
      return { keys: [], complete: node.name === 'undefined' };
    case 'CallExpression':
      return keysOfCall(module, node, modules, depth);
    default:
      return NOTHING;
  }
}

function together(all: readonly Keys[]): Keys {
  return { keys: all.flatMap(({ keys }) => keys), complete: all.every(({ complete }) => complete) };
}

/** `rows.map((row) => ({ … }))`, `Object.assign({}, …)`, `toRow(user)`. */
function keysOfCall(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
  depth: number,
): Keys {
  const callee = unwrapped(node.callee);
  const method = callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : undefined;
  const [first] = node.arguments;
  if (method === 'assign' && callee.type === 'MemberExpression' && named(callee.object) === 'Object')
    return together(
      node.arguments.map((one) =>
        one.type === 'SpreadElement' ? NOTHING : keysOf(module, one, modules, depth + 1),
      ),
    );
  if (method === 'map' && first) {
    const mapper = unwrapped(first);
    if (isFunction(mapper)) return keysOfReturned(module, mapper, modules, depth);
    const target = trace(module, mapper, startTrail(modules));
    return target.kind === 'node' && isFunction(target.node)
      ? keysOfReturned(target.module, target.node, modules, depth)
      : NOTHING;
  }
  const target = calleeOf(module, node, modules);
  return target && isFunction(target.node)
    ? keysOfReturned(target.module, target.node, modules, depth)
    : NOTHING;
}

function named(node: Node): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined;
}

function keysOfReturned(module: CodeModule, node: Node, modules: Modules, depth: number): Keys {
  const returned = returnsOf(node);
  return returned.length === 0
    ? NOTHING
    : together(returned.map((one) => keysOf(module, one, modules, depth + 1)));
}

/** What a function returns, at each of its returns. */
export function returnsOf(node: Node): readonly Node[] {
  if (!isFunction(node) || !node.body) return [];
  const { body } = node;
  if (body.type !== 'BlockStatement') return [unwrapped(body)];
  const returned: Node[] = [];
  for (const one of nodesBelow(body, (inner) => !isFunction(inner)))
    if (one.type === 'ReturnStatement' && one.argument) returned.push(one.argument);
  return returned;
}
