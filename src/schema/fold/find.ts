import { nameText, type QualifiedName } from '../name.ts';
import type { Column, Table, View } from '../schema.ts';
import { candidates, type Draft, findRelation, Refusal } from './draft.ts';

/** The table of that name; refuses as PostgreSQL does. */
export function needTable(draft: Draft, name: QualifiedName): Table {
  const table = findTableIn(draft, name);
  if (table) return table;
  const found = findRelation(draft, name);
  if (found) throw new Refusal('wrong kind', `"${name.name}" is not a table`, name.name);
  throw new Refusal('no such table', `relation "${nameText(name)}" does not exist`, name.name);
}

/** The same, or undefined. */
export function findTableIn(draft: Draft, name: QualifiedName): Table | undefined {
  const found = findRelation(draft, name);
  return found?.relation.kind === 'table' ? draft.tables.get(found.relation.id) : undefined;
}

/** The view of that name. */
export function findView(
  draft: Draft,
  name: QualifiedName,
): { readonly key: string; readonly view: View } | undefined {
  for (const key of candidates(draft, name)) {
    const view = draft.views.get(key);
    if (view) return { key, view };
  }
  return undefined;
}

/** The column of that name; refuses as PostgreSQL does. */
export function needColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  const message = `column "${name}" of relation "${table.name}" does not exist`;
  throw new Refusal('no such column', message, name, table.name);
}

/** The same, or undefined. */
export function findColumn(draft: Draft, table: Table, name: string): Column | undefined {
  return table.columns.find((column) => sameName(draft, column.name, name));
}

/** Whether two names are one in the dialect. */
export function sameName(draft: Draft, a: string, b: string): boolean {
  return a === b || (draft.dialect === 'duckdb' && a.toLowerCase() === b.toLowerCase());
}

/** Refuses when something stands under that name already. */
export function needFree(draft: Draft, key: string, name: string): void {
  if (draft.relations.has(key))
    throw new Refusal('already exists', `relation "${name}" already exists`, name);
}
