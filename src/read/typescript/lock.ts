import type { Node } from 'oxc-parser';
import { calledName } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { keyName } from './scope.ts';
import type { Reading } from './turn-runs.ts';

/** What locks wherever it is written, and what does so in a query: elsewhere it may be plain English. */
const LOCKS =
  /\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\b(?:pg_(?:try_)?advisory_|PG_(?:TRY_)?ADVISORY_)|\b(?:get_lock|GET_LOCK)\s*\(/;
const LOCKS_IN_QUERY = /\bfor\s+(no\s+key\s+)?update\b/i;

const locking = new WeakMap<Node, Locking>();

/** What of a piece of code locks: in any case, or where it is part of a query. */
interface Locking {
  readonly always: boolean;
  readonly inQuery: readonly Node[];
}

/** Whether a piece of code locks rows or a name of its own choice. */
export function takesLock(module: CodeModule, body: Node, { find }: Reading): boolean {
  const { always, inQuery } = locking.get(body) ?? lockingIn(body);
  return (
    always ||
    (inQuery.length > 0 &&
      find(module).some(({ node }) => inQuery.some((one) => node.start <= one.start && one.end <= node.end)))
  );
}

function lockingIn(body: Node): Locking {
  let always = false;
  const inQuery: Node[] = [];
  for (const node of nodesBelow(body)) {
    const text = node.type === 'TemplateElement' ? node.value.raw : node.type === 'Literal' ? node.value : '';
    if (typeof text === 'string' && LOCKS.test(text)) always = true;
    if (typeof text === 'string' && LOCKS_IN_QUERY.test(text)) inQuery.push(node);
    if (node.type === 'Property' && /^(lock|lockMode)$/.test(keyName(node.key, node.computed) ?? ''))
      inQuery.push(node);
    if (node.type === 'CallExpression') always ||= isLock(node);
  }
  const found = { always, inQuery };
  locking.set(body, found);
  return found;
}

function isLock(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const name = calledName(call);
  const [first] = call.arguments;
  const given = first?.type === 'Literal' ? String(first.value) : '';
  if (/^(forUpdate|forNoKeyUpdate|setLock)$|^(with|acquire|try)\w*Lock$|^lock$/i.test(name)) return true;
  return name === 'for' && /update/.test(given);
}
