import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { Index, Table } from '../schema.ts';
import { indexName, releaseKey } from './constraint.ts';
import { candidates, type Draft, keyOf, putTable, Refusal } from './draft.ts';
import { findView, needColumn, needFree, needTable } from './find.ts';
import { clipped } from './generated-name.ts';

type Create = Extract<Operation, { kind: 'create-index' }>;

/** CREATE INDEX on a table or a materialized view. */
export function createIndex(
  draft: Draft,
  operation: Create,
): { readonly index: Index; readonly table?: Table } {
  const seen = findView(draft, operation.table);
  if (seen?.view.materialized) return createOnView(draft, operation, seen.key);
  const table = needTable(draft, operation.table);
  for (const key of operation.keys) {
    if (key.column !== undefined) needIndexed(draft, table, key.column);
    for (const column of key.expressionColumns ?? []) needIndexed(draft, table, column);
  }
  for (const column of [...operation.include, ...(operation.predicateColumns ?? [])])
    needIndexed(draft, table, column);
  const columns = operation.keys.map((key) => key.column ?? 'expr').join('_');
  const name = indexName(draft, table, operation.name, columns, 'idx');
  const index = indexOf(operation, name);
  const grown = { ...table, indexes: [...table.indexes, index] };
  putTable(draft, grown);
  if (table.partitionBy && !operation.only) indexPartitions(draft, table, operation);
  return { index, table: grown };
}

function needIndexed(draft: Draft, table: Table, column: string): void {
  if (table.columns.length > 0 || !draft.tainted.has(table.name.toLowerCase()))
    needColumn(draft, table, column);
}

function indexOf(operation: Create, name: string): Index {
  const { keys, include, method, unique, nullsNotDistinct, predicate, predicateColumns, span, only } =
    operation;
  return {
    name,
    columns: keys.map((key) => key.column),
    expressions: keys.flatMap((key) => key.expression ?? []),
    dependsOn: [
      ...new Set([...keys.flatMap((key) => key.expressionColumns ?? []), ...(predicateColumns ?? [])]),
    ],
    include,
    method,
    unique,
    ...(nullsNotDistinct ? { nullsNotDistinct } : {}),
    valid: !only,
    ...(predicate === undefined ? {} : { predicate }),
    madeBy: 'user',
    span,
  };
}

function indexPartitions(draft: Draft, parent: Table, operation: Create): void {
  for (const child of [...draft.tables.values()]) {
    if (child.parentId !== parent.id) continue;
    const columns = operation.keys.map((key) => key.column ?? 'expr').join('_');
    const name = indexName(draft, child, undefined, columns, 'idx');
    putTable(draft, { ...child, indexes: [...child.indexes, indexOf(operation, name)] });
  }
}

function createOnView(draft: Draft, operation: Create, key: string): { readonly index: Index } {
  const view = draft.views.get(key);
  const name = clipped(operation.name ?? `${operation.table.name}_idx`);
  const schema = view?.schema ?? 'public';
  needFree(draft, keyOf(draft, schema, name), name);
  const index = indexOf(operation, name);
  if (view) draft.views.set(key, { ...view, indexes: [...view.indexes, index] });
  draft.relations.set(keyOf(draft, schema, name), { kind: 'view index', view: key });
  return { index };
}

interface Found {
  readonly key: string;
  readonly name: string;
  readonly table?: Table;
  readonly view?: string;
}

/** The index of that name and what it stands on; refuses as PostgreSQL does. */
export function needIndex(draft: Draft, index: QualifiedName): Found {
  for (const key of candidates(draft, index)) {
    const relation = draft.relations.get(key);
    if (relation?.kind === 'index')
      return { key, name: index.name, table: draft.tables.get(relation.tableId) };
    if (relation?.kind === 'view index') return { key, name: index.name, view: relation.view };
    if (relation) throw new Refusal('wrong kind', `"${index.name}" is not an index`, index.name);
  }
  throw new Refusal('no such index', `index "${index.name}" does not exist`, index.name);
}

/** DROP INDEX. */
export function dropIndex(draft: Draft, found: Found, cascade: boolean): void {
  const { table, view } = found;
  if (table) {
    const index = table.indexes.find((one) => keyOf(draft, table.schema, one.name) === found.key);
    if (index?.constraintName && !cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop index ${found.name} because constraint ${index.constraintName} on table ${table.name} requires it`,
        found.name,
      );
    if (index?.unique)
      releaseKey(
        draft,
        table,
        index.columns.flatMap((column) => column ?? []),
        cascade,
        index.name,
      );
    const left = draft.tables.get(table.id) ?? table;
    putTable(draft, { ...left, indexes: left.indexes.filter((one) => one.name !== index?.name) });
  }
  const on = view === undefined ? undefined : draft.views.get(view);
  if (on && view !== undefined)
    draft.views.set(view, { ...on, indexes: on.indexes.filter((one) => one.name !== found.name) });
  draft.relations.delete(found.key);
}

/** ALTER INDEX … RENAME TO; the constraint that it stands behind takes the name along. */
export function renameIndex(draft: Draft, found: Found, to: string): void {
  const name = clipped(to);
  const schema = found.table?.schema ?? draft.views.get(found.view ?? '')?.schema ?? 'public';
  needFree(draft, keyOf(draft, schema, name), name);
  draft.relations.delete(found.key);
  if (found.table) {
    const { table } = found;
    const index = table.indexes.find((one) => keyOf(draft, schema, one.name) === found.key);
    const constraint = index?.constraintName;
    putTable(draft, {
      ...table,
      indexes: table.indexes.map((one) =>
        one === index ? { ...one, name, ...(constraint ? { constraintName: name } : {}) } : one,
      ),
      constraints: table.constraints.map((one) => (one.name === constraint ? { ...one, name } : one)),
    });
  }
  const view = found.view === undefined ? undefined : draft.views.get(found.view);
  if (view && found.view !== undefined) {
    draft.views.set(found.view, {
      ...view,
      indexes: view.indexes.map((one) => (one.name === found.name ? { ...one, name } : one)),
    });
    draft.relations.set(keyOf(draft, schema, name), { kind: 'view index', view: found.view });
  }
}

/** ALTER INDEX … ATTACH PARTITION: once every partition has one, the parent's index is valid. */
export function attachIndex(draft: Draft, found: Found): void {
  const { table } = found;
  if (table)
    putTable(draft, {
      ...table,
      indexes: table.indexes.map((one) => (one.name === found.name ? { ...one, valid: true } : one)),
    });
}
