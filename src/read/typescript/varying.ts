import type { Node } from 'oxc-parser';
import { type CodeModule, nodesBelow } from './module.ts';
import { isFunction, keyName, namesIn } from './scope.ts';

/** What differs from run to run of a piece of code: names, and `this` where it is called on something that differs. */
export interface Varying {
  readonly names: ReadonlySet<string>;
  readonly self: boolean;
  /** Parameters that it is given a value for. */
  readonly given: ReadonlySet<string>;
}

/** What makes another day of one: `since.setDate(since.getDate() - shop.days)`. */
const SETS_DATE = /^set(UTC)?(Time|FullYear|Month|Date|Hours|Minutes|Seconds|Milliseconds)$/;

/** The names given and every variable of the body whose value comes from one of them. */
export function dependents(body: Node, names: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(names);
  if (all.size === 0) return all;
  for (const node of nodesBelow(body)) {
    if (node.type === 'VariableDeclarator' && node.init && mentions(node.init, all))
      for (const { name } of namesIn(node.id)) all.add(name);
    if (node.type === 'ForOfStatement' && mentions(node.right, all))
      for (const name of declaredIn(node.left)) all.add(name);
    if (node.type === 'AssignmentExpression' && mentions(node.right, all)) {
      // what is put into an object makes another one of it
      let { left }: { left: Node } = node;
      while (left.type === 'MemberExpression') left = left.object;
      if (left.type === 'Identifier') all.add(left.name);
    }
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const { object, property } = node.callee;
      // the elements of a list that differs: `numbers.map((one) => …)`
      const [callback] = node.arguments;
      if (callback && isFunction(callback) && mentions(object, all))
        for (const parameter of callback.params) for (const { name } of namesIn(parameter)) all.add(name);
      if (object.type !== 'Identifier' || property.type !== 'Identifier') continue;
      if (SETS_DATE.test(property.name) && node.arguments.some((one) => mentions(one, all)))
        all.add(object.name);
    }
  }
  return all;
}

/** The names that the head of a loop declares. */
export function declaredIn(node: Node): ReadonlySet<string> {
  if (node.type !== 'VariableDeclaration') return new Set(namesIn(node).map(({ name }) => name));
  return new Set(node.declarations.flatMap(({ id }) => namesIn(id).map(({ name }) => name)));
}

/** Whether a node mentions one of the names as a value: keys and members of that name are none. */
export function mentions(root: Node, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const keys = new Set<Node>();
  for (const node of nodesBelow(root)) {
    if (node.type === 'MemberExpression' && !node.computed) keys.add(node.property);
    if (node.type === 'Property' && !node.computed && !node.shorthand) keys.add(node.key);
    if (node.type === 'Identifier' && names.has(node.name) && !keys.has(node)) return true;
  }
  return false;
}

/** Whether a node depends on what differs. */
export function varies(node: Node, { names, self }: Pick<Varying, 'names' | 'self'>): boolean {
  if (mentions(node, names)) return true;
  if (self) for (const one of nodesBelow(node)) if (one.type === 'ThisExpression') return true;
  return false;
}

/** What differs in a function where a call gives it something that does; all of it where it stands within the code that is run. */
export function varyingIn(
  module: CodeModule,
  called: { readonly module: CodeModule; readonly node: Node },
  call: Extract<Node, { type: 'CallExpression' }>,
  given: Varying,
): Varying {
  const { node } = called;
  if (!isFunction(node)) return { names: new Set(), self: false, given: new Set() };
  const names = new Set<string>();
  // what it wraps may be called otherwise than the function that it makes
  const isWrapped = called.module.parentOf(node)?.type === 'CallExpression';
  const isAnyGiven = call.arguments.some((one) => varies(one, given));
  const isSpread = call.arguments.some((one) => one.type === 'SpreadElement');
  node.params.forEach((parameter, index) => {
    const argument = call.arguments[index];
    if (isWrapped || isSpread || parameter.type === 'RestElement') {
      if (isAnyGiven) for (const { name } of namesIn(parameter)) names.add(name);
    } else if (argument) for (const name of givenNames(parameter, argument, given)) names.add(name);
  });
  // a function that is written within another one knows its variables
  if (called.module === module)
    for (const name of given.names) {
      const binding = module.bindingOf(name, node);
      if (binding && binding === module.bindingOf(name, call) && binding.node.start > module.program.start)
        names.add(name);
    }
  const callee = call.callee;
  const self = callee.type === 'MemberExpression' && varies(callee.object, given);
  const passed =
    isWrapped || isSpread ? [] : node.params.flatMap((one, index) => valued(one, call.arguments[index]));
  return { names: node.body ? dependents(node.body, names) : names, self, given: new Set(passed) };
}

/** The names of a parameter that a call gives a value: of a pattern, those of the keys that are written. */
function valued(parameter: Node, argument: Node | undefined): readonly string[] {
  if (!argument || isNothing(argument)) return [];
  if (parameter.type === 'Identifier') return [parameter.name];
  if (parameter.type !== 'ObjectPattern' || argument.type !== 'ObjectExpression') return [];
  const written = new Set(
    argument.properties.flatMap((one) =>
      one.type === 'Property' && !isNothing(one.value) ? (keyName(one.key, one.computed) ?? []) : [],
    ),
  );
  return parameter.properties.flatMap((one) =>
    one.type === 'Property' &&
    one.value.type === 'Identifier' &&
    written.has(keyName(one.key, one.computed) ?? '')
      ? [one.value.name]
      : [],
  );
}

/** `undefined`, `null`. */
function isNothing(node: Node): boolean {
  return (
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'Literal' && node.value === null)
  );
}

/** The names of a parameter that take what differs; of an object that is written out, only those of the keys that do. */
function givenNames(
  parameter: Node,
  argument: Node,
  given: Pick<Varying, 'names' | 'self'>,
): readonly string[] {
  const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  const all = () => (varies(argument, given) ? namesIn(pattern).map(({ name }) => name) : []);
  if (pattern.type !== 'ObjectPattern' || argument.type !== 'ObjectExpression') return all();
  const byKey = new Map<string, Node>();
  for (const one of argument.properties) {
    const key = one.type === 'Property' ? keyName(one.key, one.computed) : undefined;
    if (one.type !== 'Property' || key === undefined) return all();
    byKey.set(key, one.value);
  }
  return pattern.properties.flatMap((one) => {
    if (one.type === 'RestElement') return all();
    const value = byKey.get(keyName(one.key, one.computed) ?? '');
    return value && varies(value, given) ? namesIn(one.value).map(({ name }) => name) : [];
  });
}
