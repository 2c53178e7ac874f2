import type { Span } from '../../../change/span.ts';
import type { QualifiedName } from '../../../schema/name.ts';
import type { ColumnRole } from '../../query.ts';
import type { TableUse } from '../../source.ts';
import { type QueryParts, type Scope, tablesOf } from '../query-parts.ts';
import type { Reading } from '../reading.ts';
import { type Comparison, comparisonsIn, literalsByColumn, literalsOf } from './comparison.ts';
import { hasWhere, isOneRow } from './extent.ts';
import { nameSpan } from './query.ts';
import { namesOfWith } from './query-scope.ts';
import { field, list, type Tree, text } from './tree.ts';

/** Levels of nesting that are followed. */
const DEEPEST = 200;

/** The tables and columns of a SELECT, INSERT, UPDATE, DELETE or MERGE, with what each is asked for; undefined for others. */
export function queryParts(reading: Reading, node: object): QueryParts | undefined {
  const [kind = ''] = Object.keys(node);
  if (!/^(Select|Insert|Update|Delete|Merge)Stmt$/.test(kind)) return undefined;
  const tables: TableUse[] = [];
  const columns: QueryParts['columns'][number][] = [];
  const compared = new Map<Tree, Comparison>();
  const writes: Tree[] = [];
  let complete = true;

  const statement = (tree: Tree, outer: Scope | undefined, depth: number): void => {
    const [name = '', body] = Object.entries(tree)[0] ?? [];
    const inner = body as Tree; // a node is an object with one field, its kind
    if (depth > DEEPEST) {
      complete = false;
      return;
    }
    const scope: Scope = { names: new Map(), outer, withNames: namesOfWith(inner, outer) };
    readWith(inner, scope, depth);
    if (name === 'SelectStmt') select(inner, scope, depth);
    else {
      if (/^(Update|Delete|Merge)/.test(name)) writes.push(inner);
      write(name, inner, scope, depth);
    }
  };

  const readWith = (tree: Tree, scope: Scope, depth: number): void => {
    for (const one of list(tree.withClause, 'ctes')) {
      const query = field(one, 'CommonTableExpr')?.ctequery;
      if (query) statement(query as Tree, scope, depth + 1);
    }
  };

  const select = (tree: Tree, scope: Scope, depth: number): void => {
    if (depth > DEEPEST) {
      complete = false;
      return;
    }
    for (const one of ['larg', 'rarg']) {
      const side = tree[one] as Tree | undefined;
      if (!side) continue;
      const inner: Scope = { ...scope, names: new Map(), withNames: namesOfWith(side, scope) };
      readWith(side, inner, depth);
      select(side, inner, depth + 1);
    }
    for (const one of list(tree, 'fromClause')) from(one, scope, depth + 1);
    for (const one of list(tree, 'targetList'))
      expression(field(one, 'ResTarget')?.val, 'select', scope, depth + 1);
    expression(tree.whereClause, 'filter', scope, depth + 1);
    expression(tree.havingClause, 'filter', scope, depth + 1);
    const aliases = new Set(list(tree, 'targetList').flatMap((one) => text(field(one, 'ResTarget')?.name)));
    for (const one of list(tree, 'sortClause'))
      expression(field(one, 'SortBy')?.node, 'order', scope, depth + 1, aliases);
    expression(tree.groupClause, 'group', scope, depth + 1, aliases);
    for (const part of ['valuesLists', 'distinctClause', 'limitCount', 'limitOffset', 'windowClause'])
      expression(tree[part], 'select', scope, depth + 1, aliases);
  };

  const write = (kind: string, tree: Tree, scope: Scope, depth: number): void => {
    const op = kind === 'InsertStmt' ? 'insert' : kind === 'DeleteStmt' ? 'delete' : 'update';
    const relation = tree.relation as Tree | undefined;
    const target = relation && range(relation, op, scope);
    const own = target ? [target] : [];
    const calls = new Set([
      ...text(relation?.relname),
      ...text((relation?.alias as Tree | undefined)?.aliasname),
    ]);
    const given = literalsByColumn(tree);
    const written = (nodes: readonly Tree[], role: ColumnRole): void => {
      for (const one of nodes) {
        const found = field(one, 'ResTarget') ?? field(one, 'IndexElem');
        const first = text(found?.name)[0];
        // builders write SET t.a, which the server would take for the field a of a column t
        const inner = text(field(list(found, 'indirection')[0], 'String')?.sval)[0];
        const name = first !== undefined && calls.has(first) ? (inner ?? first) : first;
        const values = role === 'write' ? (given.get(name) ?? literalsOf(found?.val)) : [];
        const set = values.length > 0 ? { values } : {};
        if (name !== undefined) add(own, name, role, Number(found?.location ?? -1), undefined, set);
        expression(found?.val ?? found?.expr, 'select', scope, depth + 1);
      }
    };
    for (const part of ['fromClause', 'usingClause'])
      for (const one of list(tree, part)) from(one, scope, depth + 1);
    if (tree.sourceRelation) from(tree.sourceRelation as Tree, scope, depth + 1);
    expression(tree.joinCondition, 'join', scope, depth + 1);
    written(list(tree, 'cols'), 'write');
    written(list(tree, 'targetList'), 'write');
    expression(tree.whereClause, 'filter', scope, depth + 1);
    if (tree.selectStmt) statement(tree.selectStmt as Tree, scope, depth + 1);
    const conflict = tree.onConflictClause as Tree | undefined;
    if (conflict) {
      scope.names.set('excluded', target);
      written(list(conflict.infer, 'indexElems'), 'conflict');
      written(list(conflict, 'targetList'), 'write');
      expression(conflict.whereClause, 'filter', scope, depth + 1);
    }
    for (const one of list(tree, 'mergeWhenClauses')) {
      const clause = field(one, 'MergeWhenClause');
      written(list(clause, 'targetList'), 'write');
      expression(clause?.values, 'select', scope, depth + 1);
      expression(clause?.condition, 'filter', scope, depth + 1);
    }
    for (const one of list(tree, 'returningList'))
      expression(field(one, 'ResTarget')?.val, 'select', scope, depth + 1);
    const returning = tree.returningClause as Tree | undefined;
    for (const one of list(returning, 'exprs'))
      expression(field(one, 'ResTarget')?.val, 'select', scope, depth + 1);
  };

  const from = (tree: Tree, scope: Scope, depth: number): void => {
    const relation = field(tree, 'RangeVar') ?? (typeof tree.relname === 'string' ? tree : undefined);
    if (relation) {
      range(relation, 'read', scope);
      return;
    }
    const join = field(tree, 'JoinExpr');
    if (join) {
      if (depth > DEEPEST) {
        complete = false;
        return;
      }
      from(join.larg as Tree, scope, depth + 1);
      from(join.rarg as Tree, scope, depth + 1);
      for (const one of list(join, 'usingClause'))
        for (const name of text(field(one, 'String')?.sval)) add(tablesOf(scope), name, 'join', -1);
      expression(join.quals, 'join', scope, depth + 1);
      return;
    }
    const sub = field(tree, 'RangeSubselect');
    const alias = sub ?? field(tree, 'RangeFunction');
    for (const name of text((alias?.alias as Tree | undefined)?.aliasname)) scope.names.set(name, undefined);
    if (sub?.subquery) statement(sub.subquery as Tree, scope, depth + 1);
    else expression(tree, 'select', scope, depth + 1);
  };

  const range = (relation: Tree, op: TableUse['op'], scope: Scope): QualifiedName | undefined => {
    const [name = ''] = text(relation.relname);
    const [schema] = text(relation.schemaname);
    const table = schema === undefined ? { name } : { schema, name };
    const isWith = schema === undefined && op === 'read' && scope.withNames.has(name);
    const [alias] = text((relation.alias as Tree | undefined)?.aliasname);
    scope.names.set(alias ?? name, isWith ? undefined : table);
    if (isWith) return undefined;
    tables.push({ table, op, span: nameSpan(reading, Number(relation.location ?? 0)) });
    return table;
  };

  const expression = (
    root: unknown,
    role: ColumnRole,
    scope: Scope,
    depth: number,
    aliases: ReadonlySet<string> = NONE,
  ): void => {
    if (depth > DEEPEST) complete = false;
    const stack: { readonly node: unknown; readonly role: ColumnRole }[] = [{ node: root, role }];
    for (let top = stack.pop(); top && depth <= DEEPEST; top = stack.pop()) {
      if (Array.isArray(top.node)) {
        for (let at = top.node.length - 1; at >= 0; at--) stack.push({ node: top.node[at], role: top.role });
        continue;
      }
      if (typeof top.node !== 'object' || top.node === null) continue;
      const tree = top.node as Tree; // the parser's tree is plain JSON
      const column = field(tree, 'ColumnRef');
      if (column) {
        columnRef(column, top.role, scope, aliases);
        continue;
      }
      if ('SelectStmt' in tree) {
        statement(tree, scope, depth + 1);
        continue;
      }
      for (const [one, comparison] of comparisonsIn(tree)) compared.set(one, comparison);
      const joins = top.role === 'filter' && joinsTables(tree);
      const children = Object.values(tree);
      for (let at = children.length - 1; at >= 0; at--)
        stack.push({ node: children[at], role: joins ? 'join' : top.role });
    }
  };

  const columnRef = (ref: Tree, role: ColumnRole, scope: Scope, aliases: ReadonlySet<string>): void => {
    const parts = list(ref, 'fields').map((one) => text(field(one, 'String')?.sval)[0]);
    const name = parts.at(-1);
    if (name === undefined) return;
    const at = Number(ref.location ?? -1);
    const qualifier = parts.at(-2);
    if (qualifier === undefined) {
      // a whole row: `row_to_json(u)`
      for (let level: Scope | undefined = scope; level; level = level.outer)
        if (level.names.has(name)) return;
      if (!aliases.has(name)) add(tablesOf(scope), name, role, at, undefined, compared.get(ref));
      return;
    }
    for (let level: Scope | undefined = scope; level; level = level.outer) {
      if (!level.names.has(qualifier)) continue;
      const table = level.names.get(qualifier);
      if (table) add([table], name, role, at, qualifier, compared.get(ref));
      return;
    }
  };

  const add = (
    among: readonly QualifiedName[],
    column: string,
    role: ColumnRole,
    at: number,
    qualifier?: string,
    how: Partial<Comparison> = {},
  ): void => {
    if (among.length === 0 || OF_EVERY_TABLE.test(column)) return;
    const span = at < 0 ? reading.whole : columnSpan(reading, at, qualifier !== undefined);
    columns.push({ tables: among, column, role, ...how, span });
  };

  statement(node as Tree, undefined, 0);
  const [top = {}] = Object.values(node as Record<string, Tree>);
  const hasLimit = kind === 'SelectStmt' && (top.limitCount !== undefined || isOneRow(top));
  const hasFilter = (writes.length > 0 ? writes : [top]).every((one) => hasWhere(one));
  return { tables, columns, complete, hasLimit, hasFilter };
}

const NONE: ReadonlySet<string> = new Set();

/** Columns that the server keeps beside those of a table. https://www.postgresql.org/docs/current/ddl-system-columns.html */
const OF_EVERY_TABLE = /^(ctid|xmin|xmax|cmin|cmax|tableoid)$/;

/** `a.x = b.y`: a comparison of two columns of different relations. */
function joinsTables(tree: Tree): boolean {
  const comparison = field(tree, 'A_Expr');
  const [left, right] = [comparison?.lexpr, comparison?.rexpr].map((side) => {
    const parts = list(field(side as Tree | undefined, 'ColumnRef'), 'fields');
    return parts.length > 1 ? text(field(parts.at(-2), 'String')?.sval)[0] : undefined;
  });
  return left !== undefined && right !== undefined && left !== right;
}

/** The last name of a possibly qualified column that starts at a byte offset. */
function columnSpan(reading: Reading, at: number, qualified: boolean): Span {
  if (!qualified) return nameSpan(reading, at);
  const start = reading.offset(at);
  const whole =
    /^(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+))*/.exec(
      reading.text.slice(start, start + 400),
    )?.[0];
  const last = whole && /(?:"(?:[^"]|"")*"|[\w$\u0080-\uffff]+)$/.exec(whole);
  return last ? reading.span(start + last.index, start + whole.length) : nameSpan(reading, at);
}
