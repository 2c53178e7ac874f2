import type { Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn, QueryTable, UseKind } from '../../../query.ts';
import { type CallChain, chainOf, type Link, queryNode } from '../../call-chain.ts';
import type { FoundQuery } from '../../family.ts';
import { type CodeModule, nodesBelow } from '../../module.ts';
import { keyName } from '../../scope.ts';
import { whyUnknown } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { type ColumnsRead, columnsInExpression, columnsOfKeys } from './columns.ts';
import { type DrizzleTable, drizzleTable } from './tables.ts';

const VERBS: Readonly<Record<string, UseKind>> = {
  from: 'read',
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  $count: 'read',
  refreshMaterializedView: 'ddl',
};
const JOIN = /^(left|right|inner|full|cross)Join(Lateral)?$/;

const ROLES: Readonly<Record<string, ColumnRole>> = {
  where: 'filter',
  having: 'filter',
  orderBy: 'order',
  groupBy: 'group',
  select: 'select',
  selectDistinct: 'select',
  selectDistinctOn: 'select',
  returning: 'select',
};

/** The query that a chain of Drizzle's builder is: at most one, with its joins. */
export function queriesOfChain(
  module: CodeModule,
  chain: CallChain,
  modules: Modules,
): readonly FoundQuery[] {
  const tables: QueryTable[] = [];
  const columns: QueryColumn[] = [];
  let complete = true;
  let written: DrizzleTable | undefined;
  const keep = (read: ColumnsRead) => {
    columns.push(...read.columns);
    complete &&= read.complete;
  };
  chain.links.forEach((link, index) => {
    const { name, args } = link;
    const [first, second] = args ?? [];
    if (name === undefined || !first || first.type === 'SpreadElement') return;
    const op = VERBS[name] ?? (JOIN.test(name) ? 'read' : undefined);
    if (op !== undefined) {
      const table = drizzleTable(module, first, modules);
      if (table) {
        tables.push(useOf(module, table, op, first));
        if (op === 'insert' || op === 'update') written = table;
      } else if (isCertain(chain, index)) {
        const unresolved = unresolvedUse(module, first, op, modules);
        if (unresolved) tables.push(unresolved);
      }
      if (second && (JOIN.test(name) || name === '$count'))
        keep(columnsInExpression(module, second, name === '$count' ? 'filter' : 'join', modules));
      return;
    }
    const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
    if (role) for (const argument of args ?? []) keep(columnsInExpression(module, argument, role, modules));
    if (written && (name === 'set' || name === 'values'))
      keep(columnsOfKeys(module, first, 'write', written, modules));
    if (written && /^onConflict|^onDuplicate/.test(name)) keep(conflict(module, first, written, modules));
  });
  if (tables.length === 0) return [];
  const hasLimit = chain.links.some((link) => link.name === 'limit') || isOneRow(chain);
  const hasFilter = hasCondition(module, chain);
  return [{ node: queryNode(chain), tables, columns, columnsComplete: complete, hasLimit, hasFilter }];
}

/** `.$count(users)`, and `.select({ total: count() })` where nothing groups. */
function isOneRow({ links }: CallChain): boolean {
  if (links.some((link) => link.name === '$count')) return true;
  const select = links.find((link) => link.name === 'select');
  const [fields] = select?.args ?? [];
  if (fields?.type !== 'ObjectExpression' || links.some((link) => link.name === 'groupBy')) return false;
  return fields.properties.some(
    (property) => property.type !== 'SpreadElement' && isAggregate(property.value),
  );
}

function isAggregate(node: Node): boolean {
  for (const inner of nodesBelow(node)) {
    if (
      inner.type === 'TemplateElement' &&
      /\b(count|sum|min|max|avg|array_agg|json_agg)\s*\(/i.test(inner.value.raw)
    )
      return true;
    if (inner.type !== 'CallExpression' || inner.callee.type !== 'Identifier') continue;
    if (/^(count|countDistinct|sum|sumDistinct|avg|avgDistinct|min|max)$/.test(inner.callee.name))
      return true;
  }
  return false;
}

/** Whether a condition restricts it; undefined where the chain may go on elsewhere: `query.$dynamic()`, `let query = …`. */
function hasCondition(module: CodeModule, { links, node }: CallChain): boolean | undefined {
  const where = links.find((link) => link.name === 'where');
  if (where) return where.args !== undefined && where.args.length > 0;
  const counted = links.find((link) => link.name === '$count');
  if (counted) return (counted.args?.length ?? 0) > 1;
  if (links.some((link) => /^\$/.test(link.name ?? ''))) return undefined;
  return isKept(module, node) ? undefined : false;
}

/** Whether a chain is kept under a name without being awaited: conditions may be added to it later. */
function isKept(module: CodeModule, node: Node): boolean {
  const parent = module.parentOf(node);
  return parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression';
}

function useOf(module: CodeModule, table: DrizzleTable, op: UseKind, at: Node): QueryTable {
  const { table: name, via, module: home } = table;
  return { table: name, op, span: module.span(at), resolvedBy: via, declaredIn: home.path };
}

/** Whether the shape alone says that a link is Drizzle's: sets, maps and other builders have links of these names. */
function isCertain({ links, root }: CallChain, index: number): boolean {
  const link = links[index];
  const [before, after] = [links[index - 1], links[index + 1]];
  const [first] = link?.args ?? [];
  if (first?.type === 'Literal' || first?.type === 'TemplateLiteral' || first?.type === 'ObjectExpression')
    return false;
  switch (link?.name) {
    case 'from':
      return (
        /^select(Distinct|DistinctOn)?$/.test(before?.name ?? '') &&
        before?.args !== undefined &&
        !isString(before) &&
        !links.some((one) => one.name === 'createQueryBuilder')
      );
    case 'insert':
      return after?.name === 'values' && isConnection(links, root, index);
    case 'update':
      return after?.name === 'set' && isConnection(links, root, index);
    case 'delete':
      return after?.name === 'where' && isConnection(links, root, index);
    case '$count':
      return true;
    default:
      return (
        JOIN.test(link?.name ?? '') && links.slice(0, index).some((one) => one.name === 'from' && one.args)
      );
  }
}

/** `select('a')` is of another builder. */
function isString({ args }: Link): boolean {
  return args?.[0]?.type === 'Literal' || args?.[0]?.type === 'TemplateLiteral';
}

function isConnection(links: readonly Link[], root: Node, index: number): boolean {
  const receiver = links[index - 1];
  // TypeORM's and MikroORM's builders update and insert in the same words
  if (receiver?.args) return receiver.name !== 'createQueryBuilder';
  const name = receiver?.name ?? (root.type === 'Identifier' ? root.name : '');
  return /(db|database|tx|trx|transaction|client|conn|connection|drizzle)$/i.test(name);
}

/** A table that is not known; undefined for what is no table at all: a subquery, a common table expression. */
function unresolvedUse(
  module: CodeModule,
  argument: Node,
  op: UseKind,
  modules: Modules,
): QueryTable | undefined {
  const traced = trace(module, argument, startTrail(modules));
  if (traced.kind === 'node') {
    const { node } = traced;
    // a name as text is another builder's
    if (/^(TaggedTemplateExpression|TemplateLiteral|Literal)$/.test(node.type)) return undefined;
    if (node.type === 'CallExpression' && isSubquery(node)) return undefined;
  }
  if (traced.kind === 'parameter' && isWithCallback(traced.module, traced.of)) return undefined;
  return { whyUnresolved: whyUnknown(traced), op, span: module.span(argument), resolvedBy: 'literal' };
}

function isSubquery(node: Extract<Node, { type: 'CallExpression' }>): boolean {
  return chainOf(node).links.some((link) =>
    /^(as|\$with|with|from|unnest|getTableColumns|select)$/.test(link.name ?? ''),
  );
}

/** `withRecursive(…)` and its like hand over what they name. */
function isWithCallback(module: CodeModule, node: Node): boolean {
  const parent = module.parentOf(node);
  return (
    parent?.type === 'CallExpression' &&
    chainOf(parent).links.some((link) => /^\$?with/.test(link.name ?? ''))
  );
}

/** `{ target: users.email, set: { … } }`. */
function conflict(module: CodeModule, argument: Node, table: DrizzleTable, modules: Modules): ColumnsRead {
  if (argument.type !== 'ObjectExpression') return { columns: [], complete: false };
  const columns: QueryColumn[] = [];
  let complete = true;
  for (const property of argument.properties) {
    if (property.type === 'SpreadElement') {
      complete = false;
      continue;
    }
    const key = keyName(property.key, property.computed);
    const read =
      key === 'target'
        ? columnsInExpression(module, property.value, 'conflict', modules)
        : key === 'set'
          ? columnsOfKeys(module, property.value, 'write', table, modules)
          : key?.endsWith('here')
            ? columnsInExpression(module, property.value, 'filter', modules)
            : { columns: [], complete: true };
    columns.push(...read.columns);
    complete &&= read.complete;
  }
  return { columns, complete };
}
