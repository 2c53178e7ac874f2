import type { Class, Node, Program, TaggedTemplateExpression } from 'oxc-parser';
import { lineStarts, type Span, toSpan } from '../../change/span.ts';
import { type CallChain, chainOf, isContinued } from './call-chain.ts';
import { childKeys } from './parse.ts';
import { type Binding, declare, isScope } from './scope.ts';

/** One parsed file of code with everything that reading it asks for again and again, gathered in one walk. */
export interface CodeModule {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  /** Every call that no further call or member follows: `db.select().from(users).where(…)` is one. */
  readonly chains: readonly CallChain[];
  readonly tags: readonly TaggedTemplateExpression[];
  readonly classes: readonly Class[];
  /** String literals and templates without a tag, as candidates of embedded SQL. */
  readonly strings: readonly Node[];
  /** Every name that stands in it: of variables, members, types. */
  readonly names: ReadonlySet<string>;
  /** What it imports, requires or re-exports from, as written. */
  readonly sources: readonly string[];
  parentOf(node: Node): Node | undefined;
  /** What a name stands for where `node` is written; undefined for globals. */
  bindingOf(name: string, node: Node): Binding | undefined;
  /** Whether the name is assigned to anywhere after its declaration. */
  isReassigned(name: string): boolean;
  span(node: { readonly start: number; readonly end: number }): Span;
}

/** Indexes a parsed file. */
export function toModule(path: string, text: string, program: Program): CodeModule {
  const parents = new Map<Node, Node>();
  const scopes = new Map<Node, Map<string, Binding>>();
  const reassigned = new Set<string>();
  const chains: CallChain[] = [];
  const tags: TaggedTemplateExpression[] = [];
  const classes: Class[] = [];
  const strings: Node[] = [];
  const names = new Set<string>();
  const sources: string[] = [];
  const parentOf = (node: Node) => parents.get(node);

  for (const node of walk(program, parents)) {
    declare(node, parentOf, scopes);
    if (node.type === 'Identifier') names.add(node.name);
    else if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      if (node.type === 'CallExpression' && !isContinued(node, parentOf)) chains.push(chainOf(node));
    } else if (node.type === 'TaggedTemplateExpression') tags.push(node);
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') classes.push(node);
    else if (node.type === 'AssignmentExpression') {
      if (node.left.type === 'Identifier') reassigned.add(node.left.name);
    } else if (node.type === 'TemplateLiteral') {
      if (parents.get(node)?.type !== 'TaggedTemplateExpression') strings.push(node);
    } else if (node.type === 'Literal' && typeof node.value === 'string') {
      strings.push(node);
      if (isSource(parents.get(node))) sources.push(node.value);
    }
  }

  let starts: readonly number[] | undefined;
  return {
    path,
    text,
    program,
    chains,
    tags,
    classes,
    strings,
    names,
    sources,
    parentOf,
    bindingOf: (name, node) => {
      for (let scope: Node | undefined = node; scope; scope = parents.get(scope)) {
        const found = isScope(scope) ? scopes.get(scope)?.get(name) : undefined;
        if (found) return found;
      }
      return undefined;
    },
    isReassigned: (name) => reassigned.has(name),
    span: ({ start, end }) => {
      starts ??= lineStarts(text);
      return toSpan(path, starts, start, end);
    },
  };
}

/** Whether a text below a node names a module. */
function isSource(parent: Node | undefined): boolean {
  if (parent?.type === 'CallExpression')
    return parent.callee.type === 'Identifier' && parent.callee.name === 'require';
  return /^(Import|Export|TSImport|TSExternalModule)/.test(parent?.type ?? '');
}

/** Every node in the order of the text, without recursion; `parents` is filled on the way. */
function* walk(root: Node, parents: Map<Node, Node>): Generator<Node> {
  const keys = childKeys();
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    const found: Node[] = [];
    for (const key of keys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key]; // visitorKeys names fields that hold nodes
      for (const one of Array.isArray(child) ? child : [child])
        if (one) {
          found.push(one as Node);
          parents.set(one as Node, node);
        }
    }
    for (let at = found.length - 1; at >= 0; at--) stack.push(found[at] as Node);
  }
}

/** The nodes below one, itself first, in the order of the text. `enter` may keep the walk out of a node. */
export function* nodesBelow(root: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  const keys = childKeys();
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (node !== root && !enter(node)) continue;
    const found: Node[] = [];
    for (const key of keys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key]; // visitorKeys names fields that hold nodes
      for (const one of Array.isArray(child) ? child : [child]) if (one) found.push(one as Node);
    }
    for (let at = found.length - 1; at >= 0; at--) stack.push(found[at] as Node);
  }
}
