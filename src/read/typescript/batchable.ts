import type { Node } from 'oxc-parser';
import { chainOf, unwrapped } from './call-chain.ts';
import type { FoundQuery } from './family.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, keyName } from './scope.ts';
import { asksForRange } from './sql-range.ts';
import { mentions } from './varying.ts';
import { CONDITIONS } from './written.ts';

/** Keys and steps below which a value asks for a range, or searches: no list of keys says the same. */
const RANGES =
  /^(\$?(gt|gte|lt|lte|ne|not|between|like|ilike|contains|startsWith|endsWith|search|matches)|notInArray|notLike|notIlike|textSearch|\w*(Between|Like|ILike))$/;
const RANGE_OPERATOR = /^([<>]=?|<>|!=|like|ilike|not like|not ilike|between|@@|~\*?)$/i;

/** What a connection is called. */
const CONNECTION = /(^|[a-z_])(db|client|pool|connection|prisma|knex|database|data_?source)$/i;

/** `shard.query('SELECT …')`, `shopDb.select()`: each turn asks another database. */
function isOfAnother(query: Node, names: ReadonlySet<string>): boolean {
  if (query.type === 'TaggedTemplateExpression')
    return query.tag.type === 'Identifier' && names.has(query.tag.name);
  const [text] = query.type === 'CallExpression' ? query.arguments : [];
  const isText =
    text?.type === 'TemplateLiteral' || (text?.type === 'Literal' && typeof text.value === 'string');
  if (query.type !== 'CallExpression') return false;
  const { root } = chainOf(query);
  return root.type === 'Identifier' && names.has(root.name) && (isText || CONNECTION.test(root.name));
}

/** Steps that say for each row what becomes of it where it is there already. */
const UPSERTS = /^(upsert\w*|orUpdate|orIgnore|onConflict\w*|onDuplicate\w*)$/;

const UPSERT_IN_SQL =
  /\b(on\s+(duplicate\s+key|conflict)|(insert|update)\s+or\s+\w+|(replace|merge)\s+into)\b/i;

/** Whether a query says in its text what becomes of each row where it is there already. */
export function isUpsertInSql(module: CodeModule, query: Node): boolean {
  return UPSERT_IN_SQL.test(module.text.slice(query.start, query.end));
}

/** Parts of a query that say which columns, or in which order. */
const PROJECTION = /^(select|columns|attributes|order|orderBy|returning|with|include|comment)$/;

/** Whether one query could ask for all turns: what differs is compared for equality, and no turn takes only some rows of its own. */
export function isBatchable(
  module: CodeModule,
  { node: query, columns }: Pick<FoundQuery, 'node' | 'columns'>,
  names: ReadonlySet<string>,
): boolean {
  if (asksForRange(module, { node: query, columns }, names) || isUpsertInSql(module, query)) return false;
  if (takesFirst(query) || takesNewest(module, query) || isOfAnother(query, names)) return false;
  let asksByIt = false;
  for (const node of nodesBelow(query)) {
    if (node.type === 'Identifier' && names.has(node.name) && !isProjection(module, node, query))
      asksByIt = true;
    if (node.type === 'Property') {
      const key = keyName(node.key, node.computed) ?? (node.computed ? endName(node.key) : undefined);
      if (key && RANGES.test(key) && mentions(node.value, names)) return false;
      if (key === 'where' && isConditionItself(module, node.value, names)) return false;
    } else if (node.type === 'CallExpression') {
      const name = endName(unwrapped(node.callee)) ?? '';
      const [, operator, value] = node.arguments;
      if (UPSERTS.test(name)) return false;
      if (isSplicedText(name, node.arguments[0], names)) return false;
      if ((RANGES.test(name) || name === 'modify') && node.arguments.some((one) => mentions(one, names)))
        return false;
      const said = operator?.type === 'Literal' ? String(operator.value) : '';
      if (RANGE_OPERATOR.test(said) && value && mentions(value, names)) return false;
    }
  }
  return asksByIt;
}

/** `for (const search of searches) find({ where: search })`: each turn has a condition of its own. */
function isConditionItself(module: CodeModule, value: Node, names: ReadonlySet<string>): boolean {
  const node = unwrapped(value);
  if (node.type !== 'Identifier' || !names.has(node.name)) return false;
  const binding = module.bindingOf(node.name, node);
  return !(binding?.kind === 'variable' && binding.init);
}

/** `sql.raw(slot)`, `.or(`a.eq.${one},b.eq.${other}`)`: another column, or a condition of its own, in each turn. */
function isSplicedText(name: string, text: Node | undefined, names: ReadonlySet<string>): boolean {
  if (text === undefined || !mentions(text, names)) return false;
  return name === 'raw' || (name === 'or' && text.type === 'TemplateLiteral');
}

/** Whether rows that are changed are told by one value that differs from turn to turn: of pairs no list says the same. */
export function isByOneKey(
  module: CodeModule,
  query: Node,
  tables: FoundQuery['tables'],
  names: ReadonlySet<string>,
): boolean {
  return !changesRows(tables) || conditionsBy(module, query, names).size <= 1;
}

/** Whether a query changes or removes rows, and does nothing else. */
export function changesRows(tables: FoundQuery['tables']): boolean {
  return tables.every(({ op }) => op === 'update' || op === 'delete');
}

/** The parts of a query that compare by what differs from turn to turn. */
export function conditionsBy(module: CodeModule, query: Node, names: ReadonlySet<string>): ReadonlySet<Node> {
  const conditions = new Set<Node>();
  for (const node of nodesBelow(query))
    if (node.type === 'Identifier' && names.has(node.name) && !isProjection(module, node, query))
      conditions.add(conditionAround(module, node, query));
  return conditions;
}

/** The part of a query that compares by a value: `id: row.id`, `eq(rows.id, id)`, one value of a list or of a text. */
function conditionAround(module: CodeModule, value: Node, query: Node): Node {
  let child = value;
  for (
    let above = module.parentOf(child);
    above && child !== query;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'ArrayExpression' || above.type === 'TemplateLiteral') return child;
    if (above.type === 'Property') return above;
    if (above.type === 'CallExpression' && CONDITIONS.test(endName(unwrapped(above.callee)) ?? ''))
      return above;
  }
  return child;
}

/** `limit(20)`, `{ take: 20 }`, `OFFSET 3`: of each turn the first few; one row is what a key finds. */
function takesFirst(query: Node): boolean {
  const isMany = (node: Node | undefined) =>
    node !== undefined && !(node.type === 'Literal' && node.value === 1);
  for (const node of nodesBelow(query)) {
    if (
      node.type === 'CallExpression' &&
      /^(limit|take|offset|skip)$/.test(endName(unwrapped(node.callee)) ?? '') &&
      isMany(node.arguments[0])
    )
      return true;
    if (
      node.type === 'Property' &&
      /^(limit|take|offset|skip)$/.test(keyName(node.key, node.computed) ?? '') &&
      isMany(node.value)
    )
      return true;
    if (node.type === 'TemplateElement' && /\b(limit\s+(?!1\b)|offset\s+)(\d|[?$:]|$)/i.test(node.value.raw))
      return true;
    if (
      node.type === 'Literal' &&
      typeof node.value === 'string' &&
      /\b(limit\s+(?!1\b)|offset\s+)[\d?$:]/i.test(node.value)
    )
      return true;
  }
  return false;
}

const ORDERS = /^(orderBy\w*|addOrderBy|order)$/;
const TAKES_ONE = /^(find(First|One)\w*|first|getOne\w*|executeTakeFirst\w*|single|maybeSingle|limit|take)$/;

/** `findFirst({ orderBy })`, `ORDER BY … LIMIT 1`: of each turn the newest or greatest; `WITH RECURSIVE`: its tree. */
function takesNewest(module: CodeModule, query: Node): boolean {
  let orders = false;
  let takesOne = false;
  for (const node of nodesBelow(query)) {
    if (node.type === 'CallExpression') {
      const name = endName(unwrapped(node.callee)) ?? '';
      orders ||= ORDERS.test(name);
      takesOne ||= TAKES_ONE.test(name);
    } else if (node.type === 'Property') {
      const key = keyName(node.key, node.computed) ?? '';
      if (ORDERS.test(key)) orders ||= !isProjection(module, node, query);
      takesOne ||= TAKES_ONE.test(key);
    } else if (node.type === 'TemplateElement' || node.type === 'Literal') {
      const text = node.type === 'Literal' ? node.value : node.value.raw;
      if (typeof text === 'string' && /\border\s+by\b[\s\S]*\blimit\b|\bwith\s+recursive\b/i.test(text))
        return true;
    }
  }
  return orders && takesOne;
}

/** Whether a name stands where a query says which columns, in which order, or what comes along. */
export function isProjection(module: CodeModule, name: Node, query: Node): boolean {
  let child = name;
  for (
    let above = module.parentOf(child);
    above && child !== query;
    child = above, above = module.parentOf(above)
  ) {
    if (above.type === 'Property' && PROJECTION.test(keyName(above.key, above.computed) ?? '')) return true;
    if (
      above.type === 'CallExpression' &&
      above.callee !== child &&
      PROJECTION.test(endName(unwrapped(above.callee)) ?? '')
    )
      return true;
    if (above.type === 'MemberExpression' && !above.computed && above.property === child) return true;
    if (above.type === 'Property' && !above.computed && !above.shorthand && above.key === child) return true;
  }
  return false;
}
