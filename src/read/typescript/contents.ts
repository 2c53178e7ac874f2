import type { Node } from 'oxc-parser';
import { assignmentsTo } from './assignments.ts';
import { chainOf, unwrapped } from './call-chain.ts';
import { calleeOf } from './callee.ts';
import { returnsOf } from './family/object-keys.ts';
import type { CodeModule } from './module.ts';
import { type Binding, isFunction, keyName } from './scope.ts';
import { textOf } from './text.ts';
import { trace } from './trace.ts';
import { type Modules, startTrail } from './trail.ts';

/** An expression and the module that it is written in. */
export interface Placed {
  readonly module: CodeModule;
  readonly node: Node;
}

/** One `key: value` of an object. */
export interface Property {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node;
  readonly module: CodeModule;
}

/** What an object may hold, and whether that is all of it. */
export interface Properties {
  readonly properties: readonly Property[];
  readonly complete: boolean;
}

const NOTHING: Properties = { properties: [], complete: true };
const UNKNOWN: Properties = { properties: [], complete: false };
const DEEPEST = 12;

/**
 * What the object that an expression stands for may hold: through constants, spreads and both sides of a choice, with what is
 * assigned to its members later, and through functions that return it.
 */
export function propertiesOf({ module, node }: Placed, modules: Modules, depth = 0): Properties {
  if (depth > DEEPEST) return UNKNOWN;
  const inner = unwrapped(node);
  const each = (nodes: readonly Node[], home = module): Properties =>
    together(nodes.map((one) => propertiesOf({ module: home, node: one }, modules, depth + 1)));
  switch (inner.type) {
    case 'ObjectExpression':
      return together(
        inner.properties.map((property): Properties => {
          if (property.type === 'SpreadElement')
            return propertiesOf({ module, node: property.argument }, modules, depth + 1);
          const { key: keyNode, value, computed } = property;
          const key = keyName(keyNode, computed) ?? textOf(module, keyNode, modules).text;
          return key === undefined
            ? UNKNOWN
            : { properties: [{ key, keyNode, value, module }], complete: true };
        }),
      );
    case 'ConditionalExpression':
      return each([inner.consequent, inner.alternate]);
    case 'LogicalExpression':
      return inner.operator === '&&' ? each([inner.right]) : each([inner.left, inner.right]);
    case 'Literal':
      return NOTHING;
    case 'AwaitExpression':
      return each([inner.argument]);
    case 'Identifier': {
      if (inner.name === 'undefined') return NOTHING;
      const binding = module.bindingOf(inner.name, inner);
      if (isPlainVariable(binding)) return ofVariable(module, inner.name, binding, modules, depth);
      break;
    }
    case 'CallExpression':
      return ofCall(module, inner, modules, depth);
  }
  const traced = trace(module, inner, startTrail(modules));
  return traced.kind === 'node' && traced.node !== inner ? each([traced.node], traced.module) : UNKNOWN;
}

type Variable = Extract<Binding, { kind: 'variable' }>;

function isPlainVariable(binding: Binding | undefined): binding is Variable {
  return binding?.kind === 'variable' && binding.path?.length === 0;
}

function ofVariable(
  module: CodeModule,
  name: string,
  binding: Variable,
  modules: Modules,
  depth: number,
): Properties {
  const { values, members } = assignmentsTo(module, name, binding);
  const whole = [...(binding.init ? [binding.init] : []), ...values].map((node) =>
    propertiesOf({ module, node }, modules, depth + 1),
  );
  const assigned = members.map(
    ({ key, keyNode, value }): Properties =>
      key === undefined ? UNKNOWN : { properties: [{ key, keyNode, value, module }], complete: true },
  );
  return whole.length === 0 ? UNKNOWN : together([...whole, ...assigned]);
}

/** What a function of the tree returns; what a function of no effect is given: `validator<T>()({ … })`. */
function ofCall(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  modules: Modules,
  depth: number,
): Properties {
  const [first] = node.arguments;
  const { root, links } = chainOf(node);
  const names = [root.type === 'Identifier' ? root.name : undefined, ...links.map((link) => link.name)];
  if (first && (names.includes('validator') || names.at(-1) === 'freeze'))
    return propertiesOf({ module, node: first }, modules, depth + 1);
  const callee = calleeOf(module, node, modules);
  if (!callee) return UNKNOWN;
  const returned = returnsOf(callee.node);
  if (returned.length === 0) return UNKNOWN;
  return together(
    returned.map((one) => propertiesOf({ module: callee.module, node: one }, modules, depth + 3)),
  );
}

/** What a list may hold, and whether that is all of it. */
export interface Elements {
  readonly elements: readonly Placed[];
  readonly complete: boolean;
}

/** The elements of the list that an expression stands for; of `rows.map((row) => x)` what each becomes. What is no list is its own only element. */
export function elementsOf({ module, node }: Placed, modules: Modules, depth = 0): Elements {
  if (depth > DEEPEST) return { elements: [], complete: false };
  const inner = unwrapped(node);
  const each = (nodes: readonly Node[], home = module): Elements =>
    gathered(nodes.map((one) => elementsOf({ module: home, node: one }, modules, depth + 1)));
  switch (inner.type) {
    case 'ArrayExpression':
      return gathered(
        inner.elements.map((element): Elements => {
          if (!element) return { elements: [], complete: true };
          return element.type === 'SpreadElement'
            ? elementsOf({ module, node: element.argument }, modules, depth + 1)
            : { elements: [{ module, node: element }], complete: true };
        }),
      );
    case 'ConditionalExpression':
      return each([inner.consequent, inner.alternate]);
    case 'LogicalExpression':
      return inner.operator === '&&' ? each([inner.right]) : each([inner.left, inner.right]);
    case 'Identifier': {
      const binding = module.bindingOf(inner.name, inner);
      if (!isPlainVariable(binding)) break;
      const { values, pushed } = assignmentsTo(module, inner.name, binding);
      const whole = each([...(binding.init ? [binding.init] : []), ...values]);
      const added = pushed.map(
        (one): Elements =>
          one.type === 'SpreadElement'
            ? elementsOf({ module, node: one.argument }, modules, depth + 1)
            : { elements: [{ module, node: one }], complete: true },
      );
      return gathered([whole, ...added]);
    }
    case 'CallExpression': {
      const last = chainOf(inner).links.at(-1);
      const [callback] = last?.args ?? [];
      if (last?.name === 'filter' && inner.callee.type === 'MemberExpression')
        return each([inner.callee.object]);
      if (!/^(map|flatMap|from)$/.test(last?.name ?? '') || !callback) break;
      const made = returnsOf(isFunction(callback) ? callback : (last?.args?.[1] ?? callback));
      return { elements: made.map((one) => ({ module, node: one })), complete: made.length > 0 };
    }
    case 'ObjectExpression':
    case 'Literal':
      return { elements: [{ module, node: inner }], complete: true };
  }
  const traced = trace(module, inner, startTrail(modules));
  if (traced.kind === 'node' && traced.node !== inner) return each([traced.node], traced.module);
  return { elements: [{ module, node: inner }], complete: true };
}

function together(all: readonly Properties[]): Properties {
  return {
    properties: all.flatMap((one) => one.properties),
    complete: all.every((one) => one.complete),
  };
}

function gathered(all: readonly Elements[]): Elements {
  return { elements: all.flatMap((one) => one.elements), complete: all.every((one) => one.complete) };
}
