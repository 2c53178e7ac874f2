import { nameText, type QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { View } from '../schema.ts';
import { candidates, type Draft, findRelation, homeOf, keyOf, Refusal } from './draft.ts';
import { findColumn, findTableIn, findView, needFree } from './find.ts';
import { clipped } from './generated-name.ts';

type Create = Extract<Operation, { kind: 'create-view' }>;

/** CREATE [OR REPLACE] [MATERIALIZED] VIEW. */
export function createView(draft: Draft, operation: Create): View {
  const schema = homeOf(draft, operation.view);
  const name = clipped(operation.view.name);
  const key = keyOf(draft, schema, name);
  const former = draft.views.get(key);
  if (!(former && operation.replace)) needFree(draft, key, name);
  const { relations } = operation.query;
  const tables = relations.flatMap((relation) => findTableIn(draft, relation) ?? []);
  for (const relation of relations) needRelation(draft, relation);
  const views = relations.flatMap((relation) => findView(draft, relation)?.key ?? []);
  const columns = operation.query.columns.flatMap(({ relation, column }) => {
    const named = relation && tables.find((table) => table.name === relation.name);
    const owners = named ? [named] : tables.filter((table) => findColumn(draft, table, column));
    const [only] = owners;
    return owners.length === 1 && only ? [`${only.id}.${column}`] : [];
  });
  const view: View = {
    schema,
    name,
    materialized: operation.materialized,
    query: operation.query.text,
    dependsOn: [...new Set(tables.map((table) => table.id))],
    dependsOnViews: [...new Set(views)],
    dependsOnColumns: [...new Set(columns)],
    indexes: former?.indexes ?? [],
    span: operation.span,
  };
  draft.views.set(key, view);
  draft.relations.set(key, { kind: 'view' });
  return view;
}

function needRelation(draft: Draft, relation: QualifiedName): void {
  if (findRelation(draft, relation)) return;
  const { schema, name } = relation;
  if (schema === 'pg_catalog' || schema === 'information_schema' || name.startsWith('pg_')) return;
  throw new Refusal('no such table', `relation "${nameText(relation)}" does not exist`, name);
}

/** Drops the views that hang on a table or on one of its columns, and those on them: refuses without `cascade`. */
export function dropViewsOn(
  draft: Draft,
  on: { readonly tableId: number; readonly column?: string },
  cascade: boolean,
  what: string,
): void {
  for (const [key, view] of [...draft.views]) {
    const hangs =
      on.column === undefined
        ? view.dependsOn.includes(on.tableId)
        : view.dependsOnColumns.includes(`${on.tableId}.${on.column}`);
    if (!hangs || !draft.views.has(key)) continue;
    if (!cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop ${what} because other objects depend on it: view ${view.name}`,
        view.name,
      );
    dropView(draft, key, true);
  }
}

/** DROP VIEW. */
export function dropView(draft: Draft, key: string, cascade: boolean): void {
  const view = draft.views.get(key);
  if (!view) return;
  for (const [other, one] of [...draft.views]) {
    if (!one.dependsOnViews.includes(key)) continue;
    if (!cascade)
      throw new Refusal(
        'still referenced',
        `cannot drop view ${view.name} because other objects depend on it: view ${one.name}`,
        view.name,
      );
    dropView(draft, other, true);
  }
  for (const index of view.indexes) draft.relations.delete(keyOf(draft, view.schema, index.name));
  draft.views.delete(key);
  draft.relations.delete(key);
}

/** The view of that name; refuses as PostgreSQL does. */
export function needView(draft: Draft, name: QualifiedName): { readonly key: string; readonly view: View } {
  const found = findView(draft, name);
  if (found) return found;
  if (candidates(draft, name).some((key) => draft.relations.has(key)))
    throw new Refusal('wrong kind', `"${name.name}" is not a view`, name.name);
  throw new Refusal('no such view', `view "${nameText(name)}" does not exist`, name.name);
}

/** ALTER VIEW … RENAME TO. */
export function renameView(draft: Draft, name: QualifiedName, to: string): void {
  const { key, view } = needView(draft, name);
  const newKey = keyOf(draft, view.schema, clipped(to));
  needFree(draft, newKey, to);
  draft.views.delete(key);
  draft.relations.delete(key);
  draft.views.set(newKey, { ...view, name: clipped(to) });
  draft.relations.set(newKey, { kind: 'view' });
  for (const [other, one] of draft.views)
    if (one.dependsOnViews.includes(key))
      draft.views.set(other, {
        ...one,
        dependsOnViews: one.dependsOnViews.map((on) => (on === key ? newKey : on)),
      });
}
