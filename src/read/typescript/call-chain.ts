import type { Argument, CallExpression, Expression, Node, TSTypeParameterInstantiation } from 'oxc-parser';

/** One step of a chain: `.from(users)`, `.users` (no arguments), `[name]`, or `(…)` straight after what stands before. */
export interface Link {
  /** The member's name; undefined for a call without a member and for a computed name that is no literal. */
  readonly name?: string;
  /** The computed name, `db[name]`. */
  readonly computed?: Expression;
  /** Undefined where it is not called. */
  readonly args?: readonly Argument[];
  readonly typeArguments?: TSTypeParameterInstantiation | null;
  /** From the root to the end of this step. */
  readonly node: Node;
  /** Where the member's name stands. */
  readonly nameNode?: Node;
}

/** `root.a.b(x).c(y)`: what it starts from, and its steps in order. */
export interface CallChain {
  readonly root: Expression;
  readonly links: readonly Link[];
  readonly node: CallExpression;
}

const known = new WeakMap<CallExpression, CallChain>();

/** The chain that ends with a call. */
export function chainOf(node: CallExpression): CallChain {
  const before = known.get(node);
  if (before) return before;
  const made = unroll(node);
  known.set(node, made);
  return made;
}

function unroll(node: CallExpression): CallChain {
  const links: Link[] = [];
  let at: Node = node;
  for (;;) {
    if (at.type === 'CallExpression') {
      const { callee, arguments: args, typeArguments }: CallExpression = at;
      const member: Node = unwrapped(callee);
      if (member.type === 'MemberExpression') {
        links.push({ ...nameOf(member), args, typeArguments, node: at });
        at = unwrapped(member.object);
      } else {
        links.push({ args, typeArguments, node: at });
        at = member;
      }
    } else if (at.type === 'MemberExpression') {
      links.push({ ...nameOf(at), node: at });
      at = unwrapped(at.object);
    } else return { root: at as Expression, links: links.reverse(), node };
  }
}

/** The name that is called: the last step's, or the function's. */
export function calledName(call: CallExpression): string {
  const { root, links } = chainOf(call);
  return links.at(-1)?.name ?? (root.type === 'Identifier' ? root.name : '');
}

/** The chain up to what only handles its promise. */
export function queryNode(chain: CallChain): Node {
  const last = chain.links.findLast(({ name }) => !/^(then|catch|finally)$/.test(name ?? ''));
  return last?.node ?? chain.node;
}

function nameOf(
  member: Extract<Node, { type: 'MemberExpression' }>,
): Pick<Link, 'name' | 'computed' | 'nameNode'> {
  const { property } = member;
  if (!member.computed)
    return { name: property.type === 'Identifier' ? property.name : undefined, nameNode: property };
  if (property.type === 'Literal' && typeof property.value === 'string')
    return { name: property.value, nameNode: property };
  return { computed: property as Expression, nameNode: property };
}

/** Whether a further call or member follows a call. */
export function isContinued(node: Node, parentOf: (node: Node) => Node | undefined): boolean {
  let child = node;
  for (let parent = parentOf(child); parent; child = parent, parent = parentOf(child)) {
    if (parent.type === 'MemberExpression') return parent.object === child && isCalledLater(parent, parentOf);
    if (parent.type === 'CallExpression') return parent.callee === child;
    if (!isWrapper(parent)) return false;
  }
  return false;
}

/** `(…).length` ends a chain; `(…).a.b()` goes on. */
function isCalledLater(node: Node, parentOf: (node: Node) => Node | undefined): boolean {
  let child = node;
  for (let parent = parentOf(child); parent; child = parent, parent = parentOf(child)) {
    if (parent.type === 'CallExpression') return parent.callee === child;
    if (parent.type === 'MemberExpression') {
      if (parent.object !== child) return false;
    } else if (!isWrapper(parent)) return false;
  }
  return false;
}

const WRAPPERS = new Set([
  'ChainExpression',
  'TSNonNullExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
]);

function isWrapper(node: Node): boolean {
  return WRAPPERS.has(node.type);
}

/** An expression without what changes only its type: `x!`, `x as T`, `(x)`, `x satisfies T`. */
export function unwrapped(node: Node): Node {
  let inner = node;
  while (isWrapper(inner) && 'expression' in inner && inner.expression) inner = inner.expression as Node;
  return inner;
}
