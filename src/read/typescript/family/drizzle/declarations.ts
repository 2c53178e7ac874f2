import type { Expression, Node } from 'oxc-parser';
import { chainOf, type Link, unwrapped } from '../../call-chain.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail, type Traced } from '../../trail.ts';
import type { DrizzleTable } from './tables.ts';

/** A column as its table declares it: `name: varchar('full_name', { length: 20 }).notNull()`. */
export interface Declaration {
  /** Its key. */
  readonly name: string;
  /** Where the key stands. */
  readonly home: CodeModule;
  readonly property: Node;
  /** What stands there: the call itself, or a name or call that leads to it. */
  readonly value: Node;
  /** Where the call is written, and its steps. */
  readonly module: CodeModule;
  readonly root: Expression;
  readonly links: readonly Link[];
}

/** The columns of a table, and whether they are all of them. */
export interface Declarations {
  readonly columns: readonly Declaration[];
  readonly complete: boolean;
}

const NOTHING: Declarations = { columns: [], complete: false };

/** The columns that a table declares, those that it spreads in among them. */
export function declarationsOf({ node, module }: DrizzleTable, modules: Modules): Declarations {
  const second = node.type === 'CallExpression' ? node.arguments[1] : undefined;
  return second ? columnsIn(module, returnedObject(second), modules, 0) : NOTHING;
}

/** `{ … }`, or what `(t) => ({ … })` returns. */
export function returnedObject(node: Node): Node {
  if (!isFunction(node)) return node;
  const { body } = node;
  if (body?.type !== 'BlockStatement') return body ?? node;
  const last = body.body.at(-1);
  return last?.type === 'ReturnStatement' && last.argument ? last.argument : node;
}

function columnsIn(module: CodeModule, expression: Node, modules: Modules, depth: number): Declarations {
  const traced = trace(module, expression, startTrail(modules));
  if (depth > 8 || traced.kind !== 'node') return NOTHING;
  const node = isFunction(traced.node) ? returnedObject(traced.node) : calledObject(traced, modules);
  if (node.type !== 'ObjectExpression') return NOTHING;
  let complete = true;
  const columns = node.properties.flatMap((property) => {
    if (property.type === 'SpreadElement') {
      const inner = columnsIn(traced.module, property.argument, modules, depth + 1);
      complete &&= inner.complete;
      return inner.columns;
    }
    const name = keyName(property.key, property.computed);
    const made =
      name === undefined ? [] : declarationOf(traced.module, name, property.value, property, modules);
    complete &&= made.length > 0;
    return made;
  });
  return { columns, complete };
}

/** What a function of the code's own returns: `...timestamps()`. */
function calledObject({ module, node }: Extract<Traced, { kind: 'node' }>, modules: Modules): Node {
  if (node.type !== 'CallExpression') return node;
  const callee = trace(module, node.callee, startTrail(modules));
  return callee.kind === 'node' && isFunction(callee.node) ? returnedObject(callee.node) : node;
}

function declarationOf(
  home: CodeModule,
  name: string,
  value: Node,
  property: Node,
  modules: Modules,
): readonly Declaration[] {
  const traced = trace(home, value, startTrail(modules));
  const node = traced.kind === 'node' ? traced.node : unwrapped(value);
  if (node.type !== 'CallExpression') return [];
  const own = { module: traced.kind === 'node' ? traced.module : home, ...chainOf(node) };
  const { module, root, links } = throughFunction(own, modules) ?? own;
  return [{ name, home, property, value, module, root, links }];
}

type Steps = Pick<Declaration, 'module' | 'root' | 'links'>;

/** What a function of the code's own makes, `createdAtField('saved_at').unique()`, with the steps behind it. */
function throughFunction({ module, root, links }: Steps, modules: Modules): Steps | undefined {
  const [call, ...further] = links;
  if (root.type !== 'Identifier' || call?.args === undefined || call.name !== undefined) return undefined;
  const made = trace(module, root, startTrail(modules));
  if (made.kind !== 'node' || !isFunction(made.node)) return undefined;
  const returned = unwrapped(returnedObject(made.node));
  // what stands in the arguments of a step is looked up in one module
  if (returned.type !== 'CallExpression' || (further.length > 0 && made.module !== module)) return undefined;
  const inner = chainOf(returned);
  return { module: made.module, root: inner.root, links: [...inner.links, ...further] };
}

/** The name in the database that a declaration writes; undefined where the key is the name. */
export function givenName({ home, value, module, links }: Declaration, modules: Modules): string | undefined {
  const [first] = links.find((link) => link.args !== undefined)?.args ?? [];
  const written = first && first.type !== 'ObjectExpression' ? textOf(module, first, modules) : undefined;
  if (!first || written?.text !== undefined) return written?.text;
  return givenThroughCall(home, value, module, first, modules)?.text;
}

/** The name that a function of the code's own hands on: `createdAt: createdAtField('saved_at')`, or its default. */
function givenThroughCall(
  module: CodeModule,
  value: Node,
  holder: CodeModule,
  name: Node,
  modules: Modules,
): ReturnType<typeof textOf> | undefined {
  const parameter = trace(holder, name, startTrail(modules));
  const call = unwrapped(value);
  if (parameter.kind !== 'parameter' || call.type !== 'CallExpression') return undefined;
  const { of, index, path } = parameter;
  if (path === undefined || path.length > 0 || !isFunction(of)) return undefined;
  const given = chainOf(call).links.find((link) => link.args !== undefined)?.args?.[index];
  if (given) return textOf(module, given, modules);
  const declared = of.params[index];
  return declared?.type === 'AssignmentPattern'
    ? textOf(parameter.module, declared.right, modules)
    : undefined;
}
