import type { Node } from 'oxc-parser';
import { unwrapped } from './call-chain.ts';
import type { FoundQuery } from './family.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, isFunction, keyName } from './scope.ts';
import { mentions } from './varying.ts';

/** Keys under which a call is told which rows are meant: what stands below them is no written value. */
const WHICH = /^(where|whereIn|filter|id|ids|transaction|select|include|returning)$/;
const CONDITIONS = /^((and|or)?where\w*|eq|in|match|filter|from|table|findById|on\w*)$/i;
const WRITES = /^(set|update|values|insert|patch|create|save|upsert|assign)/;

/** Whether what a query writes differs from turn to turn: one of the names stands where no condition is. */
export function writesItsOwn(module: CodeModule, query: Node, names: ReadonlySet<string>): boolean {
  // a row that is saved writes what it has become
  if (query.type === 'CallExpression' && endName(unwrapped(query.callee)) === 'save') return true;
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
      // what a list is filtered by is no condition of the query
      if (CONDITIONS.test(called ?? '') && !isFunction(child)) return true;
      if (WRITES.test(called ?? '') && above !== query) return false;
    }
    // what is called on: `user.update({ seen: true })`
    if (above === query) return above.type === 'CallExpression' && above.callee === child;
  }
  return false;
}

/** What is compared with a list: `{ in: ids }`, `inArray(users.id, ids)`, `whereIn('id', ids)`. */
const LISTS = /^(\$?in|\$nin|notIn|hasSome|inArray|notInArray|whereIn|orWhereIn|In|any|overlap)$/;
const MANY =
  /^(createMany|createManyAndReturn|bulkCreate|insertMany|upsertMany|bulkInsert|batchInsert|createMany\w*)$/;
/** A text of SQL that goes on with a list. */
const BEFORE_LIST = /\b(in|any|unnest)\s*\(?\s*$/i;

/**
 * Whether a query takes many at once that differ from turn to turn: a turn is a batch then. What reads is none where it is
 * asked by something else of the turn too: `{ project: project.id, id: { in: ids } }`.
 */
export function takesMany(
  module: CodeModule,
  query: Node,
  names: ReadonlySet<string>,
  isRead: boolean,
): boolean {
  const lists = [...listsIn(module, query, names)];
  if (lists.length === 0 || !isRead) return lists.length > 0;
  const isListed = (node: Node) => lists.some((list) => list.start <= node.start && node.end <= list.end);
  for (const node of nodesBelow(query))
    if (
      node.type === 'Identifier' &&
      names.has(node.name) &&
      !isListed(node) &&
      !isProjection(module, node, query)
    )
      return false;
  return true;
}

/** What a query takes many of. */
function* listsIn(module: CodeModule, query: Node, names: ReadonlySet<string>): Generator<Node> {
  for (const node of nodesBelow(query)) {
    if (node.type === 'Property') {
      const key = keyName(node.key, node.computed) ?? (node.computed ? endName(node.key) : undefined);
      if (key && LISTS.test(key) && isListOf(node.value, names)) yield node;
    } else if (node.type === 'CallExpression') {
      const name = endName(unwrapped(node.callee)) ?? '';
      const [first] = node.arguments;
      const isMany =
        MANY.test(name) ||
        (LISTS.test(name) && node.arguments.some((one) => isListOf(one, names))) ||
        (/^(values|insert)$/.test(name) && first !== undefined && isManyRows(module, first, names)) ||
        (/^(where|andWhere|eb)$/.test(name) && isInList(node.arguments, names));
      if (isMany) yield* node.arguments;
    } else if (node.type === 'TemplateLiteral')
      for (const [at, one] of node.expressions.entries())
        if (BEFORE_LIST.test(node.quasis[at]?.value.raw ?? '') && mentions(one, names)) yield one;
  }
}

/** `'id', 'in', ids`. */
function isInList(args: readonly Node[], names: ReadonlySet<string>): boolean {
  const [, operator, list] = args;
  return operator?.type === 'Literal' && /^(not )?in$/i.test(String(operator.value)) && isListOf(list, names);
}

function isListOf(node: Node | undefined, names: ReadonlySet<string>): boolean {
  return node !== undefined && node.type !== 'ArrayExpression' && mentions(node, names);
}

/** `values(rows.map(…))`, or a list that the turn has made. */
function isManyRows(module: CodeModule, given: Node, names: ReadonlySet<string>): boolean {
  const node = unwrapped(given);
  if (node.type === 'CallExpression')
    return /^(map|flatMap|filter)$/.test(endName(unwrapped(node.callee)) ?? '');
  if (node.type !== 'Identifier' || !names.has(node.name)) return false;
  const binding = module.bindingOf(node.name, node);
  const init = binding?.kind === 'variable' && binding.path?.length === 0 ? binding.init : undefined;
  return init !== undefined && init.type !== 'Identifier' && isManyRows(module, init, names);
}

/** Keys and steps below which a value asks for a range, or searches: no list of keys says the same. */
const RANGES =
  /^(\$?(gt|gte|lt|lte|ne|not|between|like|ilike|contains|startsWith|endsWith|search|matches)|notInArray|notLike|notIlike|textSearch|\w*(Between|Like|ILike))$/;
const RANGE_OPERATOR = /^([<>]=?|<>|!=|like|ilike|not like|not ilike|between|@@|~\*?)$/i;
const BEFORE_RANGE = /([<>]=?|<>|!=|\blike|\bbetween|\band|@@|~\*?)\s*\(?'?%?$/i;

/** Parts of a query that say which columns, or in which order. */
const PROJECTION = /^(select|columns|attributes|order|orderBy|returning|with|include|comment)$/;

/** Whether one query could ask for all turns: what differs is compared for equality, and no turn takes only some rows of its own. */
export function isBatchable(module: CodeModule, query: Node, names: ReadonlySet<string>): boolean {
  if (takesFirst(query) || takesNewest(module, query)) return false;
  let asksByIt = false;
  for (const node of nodesBelow(query)) {
    if (node.type === 'Identifier' && names.has(node.name) && !isProjection(module, node, query))
      asksByIt = true;
    if (node.type === 'Property') {
      const key = keyName(node.key, node.computed) ?? (node.computed ? endName(node.key) : undefined);
      if (key && RANGES.test(key) && mentions(node.value, names)) return false;
    } else if (node.type === 'CallExpression') {
      const name = endName(unwrapped(node.callee)) ?? '';
      const [, operator, value] = node.arguments;
      if ((RANGES.test(name) || name === 'modify') && node.arguments.some((one) => mentions(one, names)))
        return false;
      const said = operator?.type === 'Literal' ? String(operator.value) : '';
      if (RANGE_OPERATOR.test(said) && value && mentions(value, names)) return false;
    } else if (node.type === 'TemplateLiteral') {
      const isRange = node.expressions.some(
        (one, at) =>
          BEFORE_RANGE.test(node.quasis[at]?.value.raw ?? '') &&
          !/\band\s*$/i.test(node.quasis[at]?.value.raw ?? '') &&
          mentions(one, names),
      );
      if (isRange) return false;
    }
  }
  return asksByIt;
}

/** Whether rows that are changed are told by one value that differs from turn to turn: of pairs no list says the same. */
export function isByOneKey(
  module: CodeModule,
  query: Node,
  tables: FoundQuery['tables'],
  names: ReadonlySet<string>,
): boolean {
  if (!tables.every(({ op }) => op === 'update' || op === 'delete')) return true;
  const conditions = new Set<Node>();
  for (const node of nodesBelow(query))
    if (node.type === 'Identifier' && names.has(node.name) && !isProjection(module, node, query))
      conditions.add(conditionAround(module, node, query));
  return conditions.size <= 1;
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

/** `findFirst({ orderBy })`, `ORDER BY … LIMIT 1`: of each turn the newest or greatest. */
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
      if (typeof text === 'string' && /\border\s+by\b[\s\S]*\blimit\b/i.test(text)) return true;
    }
  }
  return orders && takesOne;
}

function isProjection(module: CodeModule, name: Node, query: Node): boolean {
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
