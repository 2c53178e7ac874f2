import type { Node } from 'oxc-parser';
import type { ColumnRole, QueryColumn } from '../../../query.ts';
import { chainOf, unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import { type CodeModule, nodesBelow } from '../../module.ts';
import { isFunction, keyName } from '../../scope.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { comparisonAt, valuesOf } from './comparison.ts';
import { columnNamed, type DrizzleColumn, type DrizzleTable, drizzleColumn } from './tables.ts';

/** Columns found in an expression, and whether they are all of it. */
export interface ColumnsRead {
  readonly columns: readonly QueryColumn[];
  readonly complete: boolean;
}

/** Names of a callback's parameters that stand for a table: `where: (t, { eq }) => eq(t.id, 1)`. */
export type Stand = ReadonlyMap<string, DrizzleTable>;

const NOBODY: Stand = new Map();

/** The columns that a condition, order or list of columns names, in one role. */
export function columnsInExpression(
  module: CodeModule,
  expression: Node,
  role: ColumnRole,
  modules: Modules,
  stand: Stand = NOBODY,
  depth = 0,
): ColumnsRead {
  const columns: QueryColumn[] = [];
  let complete = true;
  const isQuery = (node: Node) =>
    node.type === 'CallExpression' && chainOf(node).links.some((link) => link.name === 'from' && link.args);
  const skipped = new Set<Node>();
  for (const node of nodesBelow(expression, (inner) => !skipped.has(inner))) {
    if (isQuery(node)) {
      skipped.add(node);
      continue;
    }
    if (node.type === 'MemberExpression') {
      const found = columnOf(module, node, modules, stand);
      if (!found) continue;
      skipped.add(node);
      columns.push(toQueryColumn(found, role, module, node.property, comparisonAt(module, node, modules)));
    } else if (node.type === 'SpreadElement' || (node.type === 'Identifier' && isValue(module, node))) {
      const inner = node.type === 'SpreadElement' ? node.argument : node;
      if (inner.type !== 'Identifier') {
        if (!isKnownList(inner)) complete = false;
        continue;
      }
      const followed = follow(module, inner, role, modules, stand, depth);
      columns.push(...followed.columns);
      complete &&= followed.complete || node.type !== 'SpreadElement';
    }
  }
  return { columns, complete };
}

/** `...(x ? [eq(a, 1)] : [])`: every branch is seen. */
function isKnownList(node: Node): boolean {
  const inner = unwrapped(node);
  if (inner.type === 'ConditionalExpression')
    return isKnownList(inner.consequent) && isKnownList(inner.alternate);
  return inner.type === 'ArrayExpression' || inner.type === 'ObjectExpression';
}

/** Whether a name stands where a condition may be passed by name: an argument, an element, a spread. */
function isValue(module: CodeModule, node: Node): boolean {
  const parent = module.parentOf(node);
  if (!parent) return false;
  if (parent.type === 'CallExpression') return parent.callee !== node;
  return (
    parent.type === 'ArrayExpression' ||
    parent.type === 'ConditionalExpression' ||
    parent.type === 'LogicalExpression'
  );
}

function follow(
  module: CodeModule,
  name: Node,
  role: ColumnRole,
  modules: Modules,
  stand: Stand,
  depth: number,
): ColumnsRead {
  const column = columnOf(module, name, modules, stand);
  if (column) {
    const comparison = comparisonAt(module, name, modules);
    return { columns: [toQueryColumn(column, role, module, name, comparison)], complete: true };
  }
  const traced = depth < 4 ? trace(module, name, startTrail(modules)) : undefined;
  if (traced?.kind !== 'node') return { columns: [], complete: false };
  const isList = traced.node.type === 'ArrayExpression';
  const isCondition = traced.node.type === 'CallExpression' || traced.node.type === 'ConditionalExpression';
  if (!isList && !isCondition) return { columns: [], complete: true };
  const inner = columnsInExpression(traced.module, traced.node, role, modules, stand, depth + 1);
  // a list may be added to before it is used
  return { columns: inner.columns, complete: inner.complete && !isList };
}

function columnOf(module: CodeModule, node: Node, modules: Modules, stand: Stand): DrizzleColumn | undefined {
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier') {
    const table = stand.get(node.object.name);
    const key = keyName(node.property, node.computed);
    if (table && key !== undefined) return columnNamed(table, key, modules);
  }
  return drizzleColumn(module, node, modules);
}

/** The keys of `{ name: value }` as columns of a table; of a list the first objects'. */
export function columnsOfKeys(
  module: CodeModule,
  expression: Node,
  role: ColumnRole,
  table: DrizzleTable,
  modules: Modules,
): ColumnsRead {
  const traced = trace(module, expression, startTrail(modules));
  if (traced.kind !== 'node') return { columns: [], complete: false };
  const { node } = traced;
  if (node.type === 'ArrayExpression') {
    const [first] = node.elements;
    return first && first.type !== 'SpreadElement'
      ? columnsOfKeys(traced.module, first, role, table, modules)
      : { columns: [], complete: false };
  }
  const mapped = mappedObject(node);
  if (mapped) return columnsOfKeys(traced.module, mapped, role, table, modules);
  if (node.type !== 'ObjectExpression') return { columns: [], complete: false };
  let complete = true;
  const columns = node.properties.flatMap((property): readonly QueryColumn[] => {
    if (property.type === 'SpreadElement') {
      const inner = columnsOfKeys(traced.module, property.argument, role, table, modules);
      complete &&= inner.complete;
      return inner.columns;
    }
    const key = keyName(property.key, property.computed);
    const column = key === undefined ? undefined : columnNamed(table, key, modules);
    if (!column) complete = false;
    const values = column ? valuesOf(literalsOf(traced.module, property.value, modules)) : {};
    return column ? [toQueryColumn(column, role, traced.module, property.key, values)] : [];
  });
  return { columns, complete };
}

/** The object that each element becomes: `rows.map((row) => ({ … }))`. */
function mappedObject(node: Node): Node | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const last = chainOf(node).links.at(-1);
  const [first] = last?.args ?? [];
  if (last?.name !== 'map' || !first || !isFunction(first)) return undefined;
  const { body } = first;
  if (body?.type !== 'BlockStatement') return body ? unwrapped(body) : undefined;
  const end = body.body.at(-1);
  return end?.type === 'ReturnStatement' && end.argument ? end.argument : undefined;
}

/** A column as a query uses it. */
export function toQueryColumn(
  found: DrizzleColumn,
  role: ColumnRole,
  module: CodeModule,
  at: Node,
  how: Pick<QueryColumn, 'comparison' | 'values'> = {},
): QueryColumn {
  const { table, column, convention } = found;
  return { tables: [table.table], column, convention, role, ...how, span: module.span(at) };
}
