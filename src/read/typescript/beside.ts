import type { Node } from 'oxc-parser';
import { isAnswerUsed, isFollowed, leaves } from './answer.ts';
import { awaitedIn } from './awaited.ts';
import { calledName } from './call-chain.ts';
import type { FoundQuery } from './family.ts';
import type { CodeModule } from './module.ts';
import { isFunction } from './scope.ts';
import { isQuery, isReading, type Reading, runBy } from './turn-runs.ts';

/**
 * Whether a piece of code waits for something else before it comes to a query: for what is no query, as far as is known, and
 * where the query reads, also for what writes.
 */
export function waitsBefore(
  module: CodeModule,
  query: Node,
  body: Node,
  isRead: boolean,
  reading: Reading,
): boolean {
  for (const call of awaitedIn(module, body)) {
    if (call.end > query.start) continue;
    const { waits, writes } = runBy(module, call, reading);
    if (waits !== false || (isRead && writes)) return true;
  }
  const isBefore = (node: Node) => node.start >= body.start && node.end <= query.start;
  return isRead && reading.find(module).some(({ node, tables }) => isBefore(node) && !isReading(tables));
}

/**
 * Whether other parts of a piece of code hang together with a query: one asks with what it answered, or runs in its place in
 * another branch. What reads hangs together only with what it is read for: a call that is no query, as far as is known.
 */
export function isEntangled(
  module: CodeModule,
  query: Node,
  body: Node,
  tables: FoundQuery['tables'],
  reading: Reading,
): boolean {
  const calls = [...awaitedIn(module, body)];
  if (isReading(tables)) {
    const others = calls.filter(
      (call) => !isInInnerLoop(module, call, body) && runBy(module, call, reading).waits !== false,
    );
    return isFollowed(query, body, others);
  }
  const own = reading.find(module).find(({ node }) => node === query);
  // a row that is inserted is asked for its key
  const isInsert = tables.some(({ op }) => op === 'insert');
  if (isInsert && (isAnswerUsed(query, body) || isGatheredFor(module, query, body))) return true;
  if (isFollowed(query, body, calls) || isInsteadOfOne(module, own, body, reading)) return true;
  if (isMadeAnew(module, own, body, reading)) return true;
  let child = query;
  for (
    let above = module.parentOf(child);
    above && child !== body;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'SwitchCase') return true;
    if (
      above.type === 'BlockStatement' &&
      leavesBefore(above, child).some((one) => !goesTogether(module, query, one, reading))
    )
      return true;
    if (above.type !== 'IfStatement' && above.type !== 'ConditionalExpression') continue;
    const others = above.consequent === child ? restOf(module, above) : [above.consequent];
    if (above.test !== child && others.some((one) => !goesTogether(module, query, one, reading))) return true;
  }
  return false;
}

/** `const made = await Promise.all(rows.map((row) => insert(row)))`: the rows that come back are gone on with. */
function isGatheredFor(module: CodeModule, query: Node, body: Node): boolean {
  const statement = module.parentOf(query);
  const isReturned =
    query === body || (statement?.type === 'ReturnStatement' && module.parentOf(statement) === body);
  const callback = module.parentOf(body);
  const list = callback && module.parentOf(callback);
  if (!isReturned || !list) return false;
  const made = nameOf(module, list);
  if (made)
    return module.chains.some(({ links }) =>
      links.some(({ name, args, node }) => {
        const [first] = args ?? [];
        return (
          name === 'all' &&
          first?.type === 'Identifier' &&
          first.name === made &&
          nameOf(module, node) !== undefined
        );
      }),
    );
  const all = module.parentOf(list);
  return all?.type === 'CallExpression' && calledName(all) === 'all' && nameOf(module, all) !== undefined;
}

/** The variable that an expression is the value of, awaited or not. */
function nameOf(module: CodeModule, node: Node): string | undefined {
  const above = module.parentOf(node);
  if (above?.type === 'AwaitExpression') return nameOf(module, above);
  return above?.type === 'VariableDeclarator' && above.id.type === 'Identifier' ? above.id.name : undefined;
}

/** Whether a loop stands in for one write of the same table: `if (isPostgres) insert(rows); else for (const row of rows) insert(row)`. */
function isInsteadOfOne(
  module: CodeModule,
  own: FoundQuery | undefined,
  body: Node,
  reading: Reading,
): boolean {
  const names = new Set(own?.tables.map(({ table }) => table?.name));
  const isSame = (other: Node) =>
    reading
      .find(module)
      .some(
        ({ node, tables }) =>
          node.start >= other.start &&
          node.end <= other.end &&
          tables.some(({ table, op }) => op !== 'read' && names.has(table?.name)),
      );
  let child = body;
  for (
    let above = module.parentOf(child);
    own && above && !isFunction(above);
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'BlockStatement' && leavesBefore(above, child).some(isSame)) return true;
    if (above.type === 'IfStatement' && above.test !== child) {
      const other = above.consequent === child ? above.alternate : above.consequent;
      if (other && isSame(other)) return true;
    }
  }
  return false;
}

/** Whether turns that come one after another write the table in another way too: what they delete they make anew. */
function isMadeAnew(module: CodeModule, own: FoundQuery | undefined, body: Node, { find }: Reading): boolean {
  const loop = module.parentOf(body);
  if (!own || !loop || isFunction(loop)) return false;
  const isOther = ({ table, op }: FoundQuery['tables'][number]) =>
    op !== 'read' && own.tables.some((one) => one.table?.name === table?.name && one.op !== op);
  return find(module).some(
    ({ node, tables }) =>
      node !== own.node && node.start >= body.start && node.end <= body.end && tables.some(isOther),
  );
}

/** What runs in the place of a branch: the other one, and what follows where it leaves. */
function restOf(
  module: CodeModule,
  { type, ...branch }: Extract<Node, { type: 'IfStatement' | 'ConditionalExpression' }>,
) {
  const other: readonly Node[] = branch.alternate ? [branch.alternate] : [];
  const block = leaves(branch.consequent) ? module.parentOf(branch.consequent) : undefined;
  const around = block && module.parentOf(block);
  return type === 'IfStatement' && around?.type === 'BlockStatement'
    ? [...other, ...around.body.filter((one) => one.start >= branch.end)]
    : other;
}

/** Whether a call stands in a loop within a piece of code: that has turns of its own. */
function isInInnerLoop(module: CodeModule, call: Node, body: Node): boolean {
  for (let above = module.parentOf(call); above && above !== body; above = module.parentOf(above))
    if (/^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(above.type)) return true;
  return false;
}

/** The branches before a statement that leave the block: `if (isNew) return insert(row);`. */
function leavesBefore(block: Extract<Node, { type: 'BlockStatement' }>, statement: Node): readonly Node[] {
  return block.body.flatMap((one) =>
    one.type === 'IfStatement' && one.end <= statement.start && leaves(one.consequent)
      ? [one.consequent]
      : [],
  );
}

/** Whether another branch runs nothing, or deletes as a query does: the rows of both can be deleted by their keys. */
function goesTogether(module: CodeModule, query: Node, other: Node, reading: Reading): boolean {
  const queries = reading.find(module);
  const deletes = queries.filter(({ tables }) => tables.every(({ op }) => op === 'delete'));
  const isDelete = deletes.some(({ node }) => node === query);
  const isWithin = (one: Node) => one.start >= other.start && one.end <= other.end;
  if (!isDelete)
    return !queries.some(({ node }) => isWithin(node)) && [...awaitedIn(module, other)].length === 0;
  if (queries.some((one) => isWithin(one.node) && !deletes.includes(one))) return false;
  return [...awaitedIn(module, other)].every((call) => isQuery(module, call, reading));
}
