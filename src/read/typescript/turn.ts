import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction, keyName } from './scope.ts';

/** What goes out of the database and takes its time anyway, by what it is called. */
const OUTSIDE =
  /\b(stripe|resend|openai|anthropic|octokit|axios|s3|s3Client|gmail|graphClient|slack|twilio|mailer|transporter|\w*[qQ]ueue|inngest|emailProvider)\s*!?\??\.|\b(fetch|axios|got|ky|generateText|generateObject|setTimeout)\s*[(<]|(^|\.)(send|upload|download|publish|notify|enqueue|dispatch|deliver|scrape|crawl|embed|sleep|delay)([A-Z]\w*)?$|(^|\.)(fetch|getFile|putFile|deleteFile|detect|generate|storeFrom)[A-Z]\w*$/;

/** Whether each run of a piece of code waits for something beside the database: a mail, a file, another service. */
export function waitsForOthers(module: CodeModule, body: Node): boolean {
  const before = known.get(body);
  if (before !== undefined) return before;
  const waits = doesWait(module, body);
  known.set(body, waits);
  return waits;
}

const known = new WeakMap<Node, boolean>();

function doesWait(module: CodeModule, body: Node): boolean {
  for (const node of nodesBelow(body)) {
    const call = node.type === 'AwaitExpression' ? unwrapped(node.argument) : node;
    if (call.type !== 'CallExpression' || (node.type !== 'AwaitExpression' && !isReturned(module, node)))
      continue;
    const { start, end } = call.callee;
    const text = module.text.slice(start, Math.min(end, start + 200));
    if (OUTSIDE.test(text) || OUTSIDE.test(`${text}(`)) return true;
  }
  return false;
}

function isReturned(module: CodeModule, node: Node): boolean {
  const above = module.parentOf(node);
  return above?.type === 'ReturnStatement' || above?.type === 'ArrowFunctionExpression';
}

/** Whether a turn that fails leaves the others alone: what it runs is caught within it, and not thrown on. */
export function failsAlone(module: CodeModule, node: Node, loop: Node): boolean {
  let child = node;
  for (
    let above = module.parentOf(child);
    above && above !== loop;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type !== 'TryStatement' || child !== above.block || !above.handler) continue;
    for (const inner of nodesBelow(above.handler.body, (one) => !isFunction(one)))
      if (inner.type === 'ThrowStatement') return false;
    return true;
  }
  return false;
}

/** Keys under which a call is told which rows are meant: what stands below them is no written value. */
const WHICH = /^(where|whereIn|filter|id|ids|transaction|select|include|returning)$/;
const CONDITIONS = /^((and|or)?where\w*|eq|in|match|filter|from|table|findById|on\w*)$/i;
const WRITES = /^(set|update|values|insert|patch|create|save|upsert|assign)/;

/** Whether what a query writes differs from turn to turn: one of the names stands where no condition is. */
export function writesItsOwn(module: CodeModule, query: Node, names: ReadonlySet<string>): boolean {
  for (const node of nodesBelow(query)) {
    if (node.type !== 'Identifier' || !names.has(node.name)) continue;
    if (!isCondition(module, node, query)) return true;
  }
  return false;
}

function isCondition(module: CodeModule, name: Node, query: Node): boolean {
  let child = name;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    if (above.type === 'Property' && WHICH.test(keyName(above.key, above.computed) ?? '')) return true;
    if (above.type === 'CallExpression' && above.callee !== child) {
      const callee = unwrapped(above.callee);
      const called = endName(callee);
      if (CONDITIONS.test(called ?? '')) return true;
      if (WRITES.test(called ?? '') && above !== query) return false;
    }
    // what is called on: `user.update({ seen: true })`
    if (above === query) return above.type === 'CallExpression' && above.callee === child;
  }
  return false;
}
