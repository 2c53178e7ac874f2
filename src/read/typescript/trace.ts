import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { exportedFrom } from './exports.ts';
import type { CodeModule } from './module.ts';
import { isFunction, keyName } from './scope.ts';
import { member, traceObject } from './trace-member.ts';
import { at, deeper, further, type Traced, type Trail, unknown } from './trail.ts';

/** Follows an expression to where its value is written. */
export function trace(module: CodeModule, expression: Node, from: Trail): Traced {
  const trail = deeper(from);
  if (!trail) return unknown('it is defined in a circle, or too many steps away');
  const node = unwrapped(expression);
  switch (node.type) {
    case 'Identifier':
      return traceName(module, node.name, node, trail);
    case 'MemberExpression': {
      const name = node.computed ? undefined : keyName(node.property, false);
      if (name !== undefined)
        return member(traceObject(module, node.object, trail), name, trail, module, node);
      const key = trace(module, node.property, trail);
      const text = key.kind === 'node' && key.node.type === 'Literal' ? String(key.node.value) : undefined;
      if (text === undefined) return unknown('it is a computed member');
      return member(traceObject(module, node.object, trail), text, trail, module, node);
    }
    case 'AwaitExpression':
      return trace(module, node.argument, trail);
    case 'ImportExpression':
      return node.source.type === 'Literal' && typeof node.source.value === 'string'
        ? traceModule(module, node.source.value, trail)
        : unknown('it is imported by a computed name');
    case 'CallExpression':
      return traceCall(module, node, trail);
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      return last ? trace(module, last, trail) : at(module, node, trail);
    }
    default:
      return at(module, node, trail);
  }
}

/** Follows a name from where it is written. */
export function traceName(module: CodeModule, name: string, from: Node, trail: Trail): Traced {
  const binding = module.bindingOf(name, from);
  if (!binding) return name === 'undefined' ? at(module, from, trail) : unknown(`${name} is a global`);
  switch (binding.kind) {
    case 'variable': {
      if (module.isReassigned(name)) return unknown(`${name} is assigned to more than once`);
      if (!binding.init) return unknown(`${name} has no value where it is declared`);
      if (!binding.path) return unknown(`${name} is taken from the rest of a value`);
      const value = trace(module, binding.init, further(trail, 'constant'));
      return binding.path.reduce((found, key) => member(found, key, trail, module, binding.node), value);
    }
    case 'import':
      return traceImport(module, binding.source, binding.name, further(trail, 'import'));
    case 'parameter': {
      const { of, index, path, type } = binding;
      return { kind: 'parameter', module, of, index, path, type, via: trail.via };
    }
    case 'item':
      return { kind: 'item', module, loop: binding.loop, via: trail.via };
    case 'other':
      return unknown(`${name} is not a constant`);
    default:
      return at(module, binding.node, further(trail, 'constant'));
  }
}

function traceImport(module: CodeModule, source: string, name: string, trail: Trail): Traced {
  if (name === '*') return traceModule(module, source, trail);
  const target = module && trail.modules.resolve(module.path, source);
  if (target.kind === 'external')
    return { kind: 'external', source: target.name, path: [name], via: trail.via };
  if (target.kind === 'missing') return unknown(`${source} is not in the repository`);
  const loaded = trail.modules.load(target.path);
  return loaded ? traceExport(loaded, name, trail) : unknown(`${target.path} is not read`);
}

function traceModule(module: CodeModule, source: string, trail: Trail): Traced {
  const target = trail.modules.resolve(module.path, source);
  if (target.kind === 'external') return { kind: 'external', source: target.name, path: [], via: 'import' };
  if (target.kind === 'missing') return unknown(`${source} is not in the repository`);
  const loaded = trail.modules.load(target.path);
  return loaded ? { kind: 'module', module: loaded, via: 'import' } : unknown(`${target.path} is not read`);
}

/** Follows what a module exports under a name. */
export function traceExport(module: CodeModule, name: string, from: Trail): Traced {
  const key = `${module.path} ${name}`;
  const missing = unknown(`${module.path} does not export ${name}`);
  if (from.open.has(key)) return missing;
  const trail = deeper({ ...from, open: new Set([...from.open, key]) });
  if (!trail) return unknown('it is exported too many steps away');
  const found = exportedFrom(module, name);
  if (!found) return missing;
  if (found.kind === 'node') return trace(module, found.node, trail);
  if (found.kind === 'local') return traceName(module, found.name, module.program, trail);
  if (found.kind === 'from') return traceImport(module, found.source, found.name, further(trail, 'import'));
  let why: Traced | undefined;
  for (const source of found.sources) {
    const star = traceImport(module, source, name, further(trail, 'import'));
    if (star.kind === 'external') why ??= star;
    else if (star.kind !== 'unknown') return star;
    else if (!/does not export/.test(star.why)) why ??= star;
  }
  return why ?? missing;
}

/** `require('…')`, and functions that only return a value. */
function traceCall(
  module: CodeModule,
  node: Extract<Node, { type: 'CallExpression' }>,
  trail: Trail,
): Traced {
  const callee = unwrapped(node.callee);
  const [first] = node.arguments;
  if (callee.type === 'Identifier' && callee.name === 'require' && !module.bindingOf('require', node))
    return first?.type === 'Literal' && typeof first.value === 'string'
      ? traceModule(module, first.value, trail)
      : unknown('it is required by a computed name');
  const isFreeze =
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    !callee.computed &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'freeze';
  if (isFreeze && first && first.type !== 'SpreadElement') return trace(module, first, trail);
  if (callee.type !== 'Identifier' && callee.type !== 'MemberExpression') return at(module, node, trail);
  const target = trace(module, callee, { ...trail, via: 'constant' });
  if (target.kind !== 'node' || !isFunction(target.node)) return at(module, node, trail);
  const returned = onlyReturn(target.node);
  if (!returned || node.arguments.length > 0) return at(module, node, trail);
  return trace(target.module, returned, further(trail, target.via));
}

/** What a function returns where it does nothing else. */
function onlyReturn(node: Node): Node | undefined {
  if (!isFunction(node) || node.generator) return undefined;
  const { body } = node;
  if (body?.type !== 'BlockStatement') return body ?? undefined;
  const [only, second] = body.body;
  return only?.type === 'ReturnStatement' && !second ? (only.argument ?? undefined) : undefined;
}
