import type { Node } from 'oxc-parser';
import type { Loop } from '../query.ts';
import { awaitedIn } from './awaited.ts';
import { conditionsBy } from './batchable.ts';
import type { CodeModule } from './module.ts';
import { isReading, type Reading } from './turn-runs.ts';

/** What a turn of a loop does beside a query, and what it takes to come to it. */
export function turnOf(
  module: CodeModule,
  query: Node,
  body: Node,
  names: ReadonlySet<string>,
  { find }: Reading,
): Pick<Loop, 'calls' | 'writes' | 'branched' | 'keys'> {
  const isWithin = (node: Node) => body.start <= node.start && node.end <= body.end;
  return {
    calls: new Set(awaitedIn(module, body)).size,
    writes: find(module)
      .filter((one) => !one.guessed && !isReading(one.tables) && isWithin(one.node))
      .filter((one) => !isInsteadOf(module, one.node, query, body)).length,
    branched: isBranched(module, query, body),
    keys: conditionsBy(module, query, names).size,
  };
}

/** Whether a node runs only where another one does not: in the other branch of one question. */
function isInsteadOf(module: CodeModule, node: Node, other: Node, body: Node): boolean {
  const isIn = (branch: Node | null, inner: Node) =>
    branch !== null && branch.start <= inner.start && inner.end <= branch.end;
  for (let above = module.parentOf(node); above && above !== body; above = module.parentOf(above))
    if (above.type === 'IfStatement' || above.type === 'ConditionalExpression') {
      const { consequent, alternate } = above;
      if (isIn(consequent, node) ? isIn(alternate, other) : isIn(alternate, node) && isIn(consequent, other))
        return true;
    }
  return false;
}

/** Whether only some turns come to a node: it stands in a branch. */
function isBranched(module: CodeModule, node: Node, body: Node): boolean {
  let child = node;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'SwitchCase') return true;
    if ((above.type === 'IfStatement' || above.type === 'ConditionalExpression') && above.test !== child)
      return true;
    if (above.type === 'LogicalExpression' && above.right === child) return true;
  }
  return false;
}
