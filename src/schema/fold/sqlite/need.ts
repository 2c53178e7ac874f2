import type { QualifiedName } from '../../name.ts';
import type { Column, Table } from '../../schema.ts';
import { type Draft, keyOf } from '../draft.ts';
import { findColumn, findRelation } from '../find.ts';
import { Refusal } from '../refusal.ts';

/** Where a new object goes: `main`, or `pg_temp`, which stands for SQLite's `temp`. */
export function homeOf({ schema }: QualifiedName, temporary = false): string {
  if (temporary || schema === 'pg_temp') return 'pg_temp';
  if (schema === undefined || schema === 'main') return 'main';
  throw new Refusal('no such schema', `unknown database ${schema}`, [schema]);
}

/** The table that an operation addresses. */
export function needTable(draft: Draft, name: QualifiedName, of?: 'table' | 'object', home = ''): Table {
  const found = findRelation(draft, name);
  const table = found?.relation.kind === 'table' ? draft.tables.get(found.relation.id) : undefined;
  if (table) return table;
  if (found?.relation.kind === 'view') throw new Refusal('wrong kind', `${name.name} is a view`, [name.name]);
  throw new Refusal('no such table', `no such table: ${home}${name.name}`, [name.name], of);
}

/** Refuses when a table, view or index stands under that name already. */
export function needFree(draft: Draft, schema: string, name: string): void {
  const kind = draft.relations.get(keyOf(draft, schema, name))?.kind;
  if (kind === undefined) return;
  const message =
    kind === 'index' ? `there is already an index named ${name}` : `${kind} ${name} already exists`;
  throw new Refusal('already exists', message, [name], 'object');
}

/** The column of that name; `rowid` has none. */
export function needColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  throw new Refusal('no such column', `no such column: ${name}`, [table.name]);
}
