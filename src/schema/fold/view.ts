import { nameText, type QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type { TableId, View } from '../schema.ts';
import { type Draft, homeOf, keyOf, setView } from './draft.ts';
import { findRelation, missing, needFree, needFreeType } from './find.ts';
import { resolveQuery } from './query.ts';
import { Refusal, stillReferenced } from './refusal.ts';

type Create = Extract<Operation, { kind: 'create-view' }>;

/** CREATE [OR REPLACE] [MATERIALIZED] VIEW. */
export function createView(draft: Draft, operation: Create): View {
  const schema = homeOf(draft, operation.view);
  const { name } = operation.view;
  const key = keyOf(draft, schema, name);
  const former = operation.replace ? draft.views.get(key) : undefined;
  if (operation.replace && !former && draft.relations.has(key))
    throw new Refusal('wrong kind', `"${name}" is not a view`, [name]);
  if (!former) {
    needFree(draft, schema, name);
    needFreeType(draft, schema, name);
  }
  const outputs = operation.query.outputs?.map((one) => one.name);
  needDistinct(name, outputs);
  const { tables, views, columns } = resolveQuery(draft, operation.query);
  if (views.includes(key)) throw new Refusal('no such table', `relation "${name}" does not exist`, [name]);
  if (former && draft.dialect === 'postgres') needSameColumns(name, former.columns, outputs);
  const view: View = {
    schema,
    name,
    materialized: operation.materialized,
    query: operation.query.text,
    ...(outputs ? { columns: outputs } : {}),
    dependsOn: tables.map((table) => table.id),
    dependsOnViews: views,
    dependsOnColumns: columns,
    indexes: former?.indexes ?? [],
    span: operation.span,
  };
  setView(draft, key, view);
  return view;
}

function needDistinct(view: string, columns: readonly string[] = []): void {
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined)
    throw new Refusal('already exists', `column "${twice}" specified more than once`, [view]);
}

/** CREATE OR REPLACE may add columns at the end, and nothing else. */
function needSameColumns(name: string, before: readonly string[] = [], after?: readonly string[]): void {
  if (!after) return;
  if (after.length < before.length)
    throw new Refusal('invalid definition', 'cannot drop columns from view', [name]);
  const at = before.findIndex((column, i) => after[i] !== column);
  if (at < 0) return;
  const message = `cannot change name of view column "${before[at]}" to "${after[at]}"`;
  throw new Refusal('invalid definition', message, [name]);
}

/** Views that are known to name a column. */
export function viewsNaming(draft: Draft, id: TableId, column: string): readonly View[] {
  const named = `${id}.${column}`;
  return [...(draft.viewsOn.get(id) ?? [])].flatMap((key) => {
    const view = draft.views.get(key);
    return view?.dependsOnColumns.includes(named) ? [view] : [];
  });
}

/** Lets go of the views on a table or a view: refuses, or with `cascade` drops them; those in `along` are dropped anyway. */
export function releaseViews(
  draft: Draft,
  on: TableId | string,
  what: string,
  cascade: boolean,
  along: ReadonlySet<string>,
): void {
  if (draft.dialect !== 'postgres') return;
  for (const key of [...(draft.viewsOn.get(on) ?? [])]) {
    const view = draft.views.get(key);
    if (!view || along.has(key)) continue;
    const word = view.materialized ? 'materialized view' : 'view';
    if (!cascade) throw stillReferenced(what, `${word} ${view.name} depends on ${what}`, [view.name]);
    dropView(draft, key, true);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** DROP VIEW. */
export function dropView(
  draft: Draft,
  key: string,
  cascade: boolean,
  along: ReadonlySet<string> = NONE,
): void {
  const view = draft.views.get(key);
  if (!view) return;
  releaseViews(
    draft,
    key,
    `${view.materialized ? 'materialized view' : 'view'} ${view.name}`,
    cascade,
    along,
  );
  setView(draft, key, undefined);
}

/** The view of that name and kind; refuses as PostgreSQL does: DROP misses a `view`, ALTER a `relation`. */
export function needView(
  draft: Draft,
  name: QualifiedName,
  materialized?: boolean,
  dropping = false,
): { readonly key: string; readonly view: View } {
  const found = findRelation(draft, name);
  const word = materialized ? 'materialized view' : 'view';
  if (!found) throw missing(draft, 'no such view', dropping ? word : 'relation', name, 'object');
  const view = draft.views.get(found.key);
  if (
    !view ||
    (materialized !== undefined && view.materialized !== materialized && draft.dialect === 'postgres')
  )
    throw new Refusal('wrong kind', `"${nameText(name)}" is not a ${word}`, [name.name]);
  return { key: found.key, view };
}

/** ALTER VIEW … RENAME TO. */
export function renameView(
  draft: Draft,
  { key, view }: { readonly key: string; readonly view: View },
  to: string,
): void {
  needFree(draft, view.schema, to);
  needFreeType(draft, view.schema, to);
  const newKey = keyOf(draft, view.schema, to);
  const dependants = [...(draft.viewsOn.get(key) ?? [])];
  setView(draft, key, undefined);
  setView(draft, newKey, { ...view, name: to });
  for (const other of dependants) {
    const one = draft.views.get(other);
    if (!one) continue;
    const dependsOnViews = one.dependsOnViews.map((on) => (on === key ? newKey : on));
    setView(draft, other, { ...one, dependsOnViews });
  }
}

/** REFRESH MATERIALIZED VIEW. */
export function needRefreshable(draft: Draft, name: QualifiedName, concurrently: boolean): void {
  const found = findRelation(draft, name);
  if (!found) throw missing(draft, 'no such view', 'relation', name, 'object');
  const view = draft.views.get(found.key);
  if (!view?.materialized) {
    const what = found.relation.kind === 'table' ? 'a materialized view' : 'a table or materialized view';
    throw new Refusal('wrong kind', `"${name.name}" is not ${what}`, [name.name]);
  }
  const whole = view.indexes.some(
    (one) => one.unique && one.predicate === undefined && one.expressions.length === 0,
  );
  if (concurrently && !whole) {
    const message = `cannot refresh materialized view "${view.schema}.${view.name}" concurrently`;
    throw new Refusal('invalid definition', message, [view.name]);
  }
}
