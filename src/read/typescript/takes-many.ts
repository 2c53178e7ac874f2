import type { Node } from 'oxc-parser';
import { isProjection } from './batchable.ts';
import { unwrapped } from './call-chain.ts';
import { type CodeModule, nodesBelow } from './module.ts';
import { endName, keyName } from './scope.ts';
import { mentions } from './varying.ts';

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
  const text = module.text.slice(query.start, query.end);
  for (const node of nodesBelow(query)) {
    if (node.type === 'Property') {
      const key = keyName(node.key, node.computed) ?? (node.computed ? endName(node.key) : undefined);
      // `IN (:ids)`, for which the list is given by its name
      const isNamed =
        key !== undefined &&
        /^\w+$/.test(key) &&
        new RegExp(`\\b(in|any)\\s*\\(\\s*:(\\.{3})?${key}\\b`, 'i').test(text);
      if (key && (LISTS.test(key) || isNamed) && isListOf(node.value, names)) yield node;
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
  if (binding?.kind === 'parameter' && isUsedAsList(binding.of, node.name)) return true;
  const init = binding?.kind === 'variable' && binding.path?.length === 0 ? binding.init : undefined;
  return init !== undefined && init.type !== 'Identifier' && isManyRows(module, init, names);
}

/** `seq.length`, `seq.map(…)`: each element of the list that is walked over is a list itself. */
function isUsedAsList(within: Node, name: string): boolean {
  for (const node of nodesBelow(within))
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === name)
      if (/^(length|map|flatMap|forEach|filter|slice)$/.test(endName(node) ?? '')) return true;
  return false;
}
