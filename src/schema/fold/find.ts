import { mindsCase } from '../lookup.ts';
import { nameText, type QualifiedName } from '../name.ts';
import type { Column, Schema, Table, View } from '../schema.ts';
import { candidates, type Draft, keyOf, noSchema, type Relation } from './draft.ts';
import { Refusal } from './refusal.ts';

/** The first relation that a name stands for, with its key. */
export function findRelation(
  draft: Draft,
  name: QualifiedName,
): { readonly key: string; readonly relation: Relation } | undefined {
  for (const key of candidates(draft, name)) {
    const relation = draft.relations.get(key);
    if (relation) return { key, relation };
  }
  return undefined;
}

/** What the engine itself brings: system catalogs and the information schema. */
export function isSystem({ schema, name }: QualifiedName): boolean {
  if (schema === undefined) return name.startsWith('pg_');
  return schema === 'pg_catalog' || schema === 'information_schema' || schema === 'pg_toast';
}

/** The table that an operation addresses or mentions; refuses as PostgreSQL does. */
export function needTable(
  draft: Draft,
  name: QualifiedName,
  of?: 'table' | 'object',
  word = 'relation',
): Table {
  const found = findRelation(draft, name);
  if (found?.relation.kind === 'table') {
    const table = draft.tables.get(found.relation.id);
    if (table) return table;
  }
  if (found) throw new Refusal('wrong kind', `"${name.name}" is not a table`, [name.name]);
  throw missing(draft, 'no such table', word, name, of);
}

/** `relation "x" does not exist`, or its schema does not. */
export function missing(
  draft: Draft,
  code: Refusal['code'],
  word: string,
  name: QualifiedName,
  of?: 'table' | 'object',
): Refusal {
  if (name.schema !== undefined && !draft.schemas.has(name.schema) && name.schema !== 'pg_temp') {
    const { code: none, message, about } = noSchema(name.schema);
    return new Refusal(none, message, [...about, name.name], of);
  }
  return new Refusal(code, `${word} "${nameText(name)}" does not exist`, [name.name], of);
}

/** The table of that name, or undefined. */
export function findTableIn(draft: Draft, name: QualifiedName): Table | undefined {
  const found = findRelation(draft, name);
  return found?.relation.kind === 'table' ? draft.tables.get(found.relation.id) : undefined;
}

/** The view of that name, or undefined where something else or nothing stands under it. */
export function findView(
  draft: Draft,
  name: QualifiedName,
): { readonly key: string; readonly view: View } | undefined {
  const found = findRelation(draft, name);
  const view = found && draft.views.get(found.key);
  return found && view ? { key: found.key, view } : undefined;
}

/** A table as it stands now. */
export function current(draft: Draft, id: number): Table {
  const table = draft.tables.get(id);
  if (!table) throw new Error(`table ${id} is gone`);
  return table;
}

/** The column of that name; refuses as PostgreSQL does. */
export function needColumn(draft: Draft, table: Table, name: string, of?: 'object'): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  const message = `column "${name}" of relation "${table.name}" does not exist`;
  throw new Refusal('no such column', message, [table.name], of);
}

/** The same, or undefined. */
export function findColumn(draft: Schema, table: Table, name: string): Column | undefined {
  return table.columns.find((column) => sameName(draft, column.name, name));
}

/** Whether two names are one in the dialect. */
export function sameName(draft: Schema, a: string, b: string): boolean {
  return a === b || (!mindsCase(draft.dialect) && a.toLowerCase() === b.toLowerCase());
}

/** Refuses when a relation stands under that name already. */
export function needFree(draft: Draft, schema: string, name: string): void {
  if (draft.relations.has(keyOf(draft, schema, name)))
    throw new Refusal('already exists', `relation "${name}" already exists`, [name], 'object');
}

/** The same for what moves to another schema. */
export function needFreeIn(draft: Draft, schema: string, name: string): void {
  if (draft.relations.has(keyOf(draft, schema, name)))
    throw new Refusal('already exists', `relation "${name}" already exists in schema "${schema}"`, [name]);
}

/** Refuses when a type stands under that name already. */
export function needFreeType(draft: Draft, schema: string, name: string): void {
  const key = keyOf(draft, schema, name);
  const relation = draft.relations.get(key)?.kind;
  if (draft.types.has(key) || relation === 'table' || relation === 'view' || relation === 'composite type')
    throw new Refusal('already exists', `type "${name}" already exists`, [name], 'object');
}

/** Tables that inherit from the table or are its partitions. */
export function childrenOf(draft: Draft, table: Table): readonly Table[] {
  return [...(draft.children.get(table.id) ?? [])].flatMap((id) => draft.tables.get(id) ?? []);
}

/** The table's parent, if it has one. */
export function parentOf(draft: Draft, table: Table): Table | undefined {
  return table.parentId === undefined ? undefined : draft.tables.get(table.parentId);
}
