import type { Node } from 'oxc-parser';
import { calledName, chainOf, unwrapped } from './call-chain.ts';
import type { CodeModule } from './module.ts';
import { endName } from './scope.ts';

/** What sends the queries of a list to the database together: `prisma.$transaction([…])`, `db.batch([…])`. */
const SENDS = /^(\$transaction|batch)$/;

/** Whether a list of queries that a call makes is sent as one: `$transaction(ids.map(…))`, also by way of a variable. */
export function isSentTogether(module: CodeModule, call: Node): boolean {
  let child = call;
  for (let above = module.parentOf(child); above; child = above, above = module.parentOf(above)) {
    if (above.type === 'ArrayExpression' || above.type === 'SpreadElement' || above.type === 'TSAsExpression')
      continue;
    // `{ updates: ids.map(…) }`: who is given it sends them
    if (above.type === 'Property') return isCallback(call);
    if (isGivenToBegin(module, above)) return true;
    if (isReturnOf(above, child)) return isCallback(call) && makesWrites(call);
    if (above.type === 'CallExpression') return above.callee !== child && SENDS.test(calledName(above));
    if (above.type !== 'VariableDeclarator' || above.id.type !== 'Identifier') return false;
    return isGivenToSender(module, above.id.name);
  }
  return false;
}

/** `sql.begin((sql) => [sql`…`, …])`: what the function returns is sent without waiting in between. */
function isGivenToBegin(module: CodeModule, made: Node): boolean {
  const call = made.type === 'ArrowFunctionExpression' && !made.async ? module.parentOf(made) : undefined;
  return call?.type === 'CallExpression' && calledName(call) === 'begin';
}

/** Whether a call is given a function that makes queries, and waits for none. */
function isCallback(call: Node): boolean {
  const [first] = call.type === 'CallExpression' ? call.arguments : [];
  return first?.type === 'ArrowFunctionExpression' && !first.async;
}

/** Whether a node is what a function returns that waits for nothing: who calls it sends what it made, as one or one by one. */
function isReturnOf(above: Node, child: Node): boolean {
  return (
    above.type === 'ReturnStatement' ||
    (above.type === 'ArrowFunctionExpression' && !above.async && above.body === child)
  );
}

/** `rows.map((row) => prisma.price.create({ data: row }))`: Prisma runs none of them before it is waited for. */
function makesWrites(call: Node): boolean {
  const [first] = call.type === 'CallExpression' ? call.arguments : [];
  const made = first?.type === 'ArrowFunctionExpression' ? unwrapped(first.body) : undefined;
  return made?.type === 'CallExpression' && /^(create|update|delete|upsert)$/.test(calledName(made));
}

/** Whether a query is only kept for later: `queries.push(prisma.order.update(…))`, then `$transaction(queries)`. */
export function isKeptForLater(module: CodeModule, query: Node): boolean {
  const push = module.parentOf(query);
  if (push?.type !== 'CallExpression' || push.callee === query || calledName(push) !== 'push') return false;
  const { root } = chainOf(push);
  return root.type === 'Identifier' && isGivenToSender(module, root.name);
}

function isGivenToSender(module: CodeModule, name: string): boolean {
  return module.chains.some(({ links }) =>
    links.some(
      (link) =>
        SENDS.test(link.name ?? '') &&
        link.args?.some(
          (one) =>
            (one.type === 'Identifier' && one.name === name) ||
            (one.type === 'ArrayExpression' &&
              one.elements.some(
                (inner) =>
                  inner?.type === 'SpreadElement' &&
                  inner.argument.type === 'Identifier' &&
                  inner.argument.name === name,
              )),
        ),
    ),
  );
}

/** Steps of a builder that take a query as a part of theirs, and functions that do. */
const STEPS = /^((and|or)?(where|having)\w*|from|with(Recursive|(Not)?Materialized)?|\w*join)$/i;
const FUNCTIONS = /^((union|intersect|except)(All)?|(notI|i)nArray|exists|notExists)$/;

/** What Kysely hands to a function that writes a part of a query, and how a query begins there. */
const OF_EXPRESSION = /^(eb|qb|ob|expressionBuilder)$/;
const BEGINS = /^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)$/;

/** How a part of a query begins that is no statement: a condition, a value. */
const PART_IN_SQL = /^\s*(not\s+)?(exists|and|or|where|having|case|coalesce|array)\b/i;

/** Whether a query is handed to another one as its part, and so not run by itself. */
export function isSubquery(module: CodeModule, query: Node): boolean {
  if (query.type === 'CallExpression') {
    const { root, links } = chainOf(query);
    const isBegun = root.type === 'Identifier' && OF_EXPRESSION.test(root.name);
    if (
      isBegun &&
      BEGINS.test(links[0]?.name ?? '') &&
      !links.some(({ name }) => name?.startsWith('execute'))
    )
      return true;
  }
  if (query.type === 'TaggedTemplateExpression' && PART_IN_SQL.test(query.quasi.quasis[0]?.value.raw ?? ''))
    return true;
  let child = query;
  let above = module.parentOf(child);
  while (above && /^(TSAs|TSNonNull|Parenthesized)/.test(above.type)) {
    child = above;
    above = module.parentOf(above);
  }
  // a text of SQL that is a value of another query
  if (above?.type === 'Property' && query.type === 'TaggedTemplateExpression') return true;
  if (above?.type !== 'CallExpression' || above.callee === child) return false;
  const callee = unwrapped(above.callee);
  const name = endName(callee) ?? '';
  return (
    FUNCTIONS.test(name) ||
    (STEPS.test(name) && callee.type === 'MemberExpression' && !isOfLanguage(callee.object))
  );
}

/** `Array.from(…)`. */
function isOfLanguage(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'Array';
}
