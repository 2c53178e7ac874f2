import type { Node } from 'oxc-parser';
import { type CallChain, type Link, unwrapped } from '../call-chain.ts';
import { type CodeModule, nodesBelow } from '../module.ts';

/** The steps of a query that is built over several statements. */
export interface BuilderLinks {
  readonly links: readonly Link[];
  /** Whether these are all: the builder is not handed to code that may add to it. */
  readonly complete: boolean;
}

/**
 * The steps of a chain, and those that follow on the variable that holds it: `let query = db('users'); query = query.where(…)`.
 */
export function builderLinks(module: CodeModule, chain: CallChain): BuilderLinks {
  const holder = variableOf(module, chain.node);
  if (holder === undefined) return { links: chain.links, complete: true };
  const binding = module.bindingOf(holder, chain.node);
  const { chains, given } = indexOf(module);
  const later = (chains.get(holder) ?? []).filter(
    (one) => one !== chain && module.bindingOf(holder, one.root)?.node === binding?.node,
  );
  const isGiven = (given.get(holder) ?? []).some(
    (name) => module.bindingOf(holder, name)?.node === binding?.node,
  );
  return { links: [...chain.links, ...later.flatMap(({ links }) => links)], complete: !isGiven };
}

/** The variable that a builder is put into, not what it gives once awaited. */
function variableOf(module: CodeModule, node: Node): string | undefined {
  let child = node;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(child)) {
    if (above.type === 'VariableDeclarator')
      return above.init === child && above.id.type === 'Identifier' ? above.id.name : undefined;
    if (above.type === 'AssignmentExpression')
      return above.right === child && above.left.type === 'Identifier' ? above.left.name : undefined;
    const isPassedOn =
      above.type === 'ConditionalExpression' ||
      above.type === 'LogicalExpression' ||
      unwrapped(above) !== above;
    if (!isPassedOn) return undefined;
  }
  return undefined;
}

interface Index {
  /** By the name that a chain starts from. */
  readonly chains: ReadonlyMap<string, readonly CallChain[]>;
  /** Names that are arguments of calls, by name. */
  readonly given: ReadonlyMap<string, readonly Node[]>;
}

const known = new WeakMap<CodeModule, Index>();

function indexOf(module: CodeModule): Index {
  const before = known.get(module);
  if (before) return before;
  const chains = new Map<string, CallChain[]>();
  const given = new Map<string, Node[]>();
  for (const chain of module.chains)
    if (chain.root.type === 'Identifier')
      chains.set(chain.root.name, [...(chains.get(chain.root.name) ?? []), chain]);
  for (const node of nodesBelow(module.program))
    if (node.type === 'CallExpression')
      for (const one of node.arguments)
        if (one.type === 'Identifier') given.set(one.name, [...(given.get(one.name) ?? []), one]);
  const made = { chains, given };
  known.set(module, made);
  return made;
}
