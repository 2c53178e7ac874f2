import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { instanceOf } from './declared-type.ts';
import { isClass } from './members.ts';
import type { CodeModule } from './module.ts';
import { endName, isFunction } from './scope.ts';
import { trace } from './trace.ts';
import { traceClassMember } from './trace-member.ts';
import { type Modules, startTrail, type Traced } from './trail.ts';

/** A function of the tree that a call runs. */
export interface Callee {
  readonly module: CodeModule;
  readonly node: Node;
  readonly name: string;
}

/** The function that a call runs, where it can be told: by names and imports, and by the declared types of what methods are called on. */
export function calleeOf(module: CodeModule, call: Node, modules: Modules): Callee | undefined {
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrapped(call.callee);
  const name = endName(callee);
  if (name === undefined) return undefined;
  const direct = functionOf(trace(module, callee, startTrail(modules)), name);
  if (direct || callee.type !== 'MemberExpression') return direct;
  const owner = instanceOf(module, callee.object, modules);
  if (owner?.kind !== 'node' || !isClass(owner.node)) return undefined;
  return functionOf(traceClassMember(owner.module, owner.node, name, startTrail(modules)), name);
}

/** The function that a value is, or that it wraps. */
export function functionOf(traced: Traced, name: string): Callee | undefined {
  if (traced.kind !== 'node') return undefined;
  const { module } = traced;
  const node = wrappedFunction(traced.node);
  return node ? { module, node, name } : undefined;
}

/** The function itself, or the one that a call wraps: `cache(async () => …)`. */
function wrappedFunction(node: Node): Node | undefined {
  if (isFunction(node)) return node;
  if (node.type !== 'CallExpression') return undefined;
  const functions = node.arguments.filter((argument) => isFunction(argument));
  return functions.length === 1 ? functions[0] : undefined;
}
