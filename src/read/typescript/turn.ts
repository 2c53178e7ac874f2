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
    writes: find(module).filter((one) => !one.guessed && !isReading(one.tables) && isWithin(one.node)).length,
    branched: isBranched(module, query, body),
    keys: conditionsBy(module, query, names).size,
  };
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
