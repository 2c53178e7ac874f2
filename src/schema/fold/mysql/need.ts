import type { QualifiedName } from '../../name.ts';
import type { Column, Table } from '../../schema.ts';
import type { Draft } from '../draft.ts';
import { findColumn, findRelation } from '../find.ts';
import { Refusal } from '../refusal.ts';

/** The table that an operation addresses. */
export function needTable(draft: Draft, name: QualifiedName, of?: 'table' | 'object'): Table {
  const found = findRelation(draft, name);
  const table = found?.relation.kind === 'table' ? draft.tables.get(found.relation.id) : undefined;
  if (table) return table;
  if (found) throw new Refusal('wrong kind', `'${name.name}' is not BASE TABLE`, [name.name]);
  const message = of === 'object' ? `Unknown table '${name.name}'` : `Table '${name.name}' doesn't exist`;
  throw new Refusal('no such table', message, [name.name], of);
}

/** The column of that name. */
export function needColumn(draft: Draft, table: Table, name: string, where = table.name): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  throw new Refusal('no such column', `Unknown column '${name}' in '${where}'`, [table.name], 'object');
}

/** The column of a key that is declared. */
export function needKeyColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  throw new Refusal('no such column', `Key column '${name}' doesn't exist in table`, [table.name]);
}

/** What a DROP names is not there. */
export function cannotDrop(
  code: 'no such column' | 'no such index' | 'no such constraint',
  name: string,
  table: Table,
): Refusal {
  return new Refusal(
    code,
    `Can't DROP '${name}'; check that column/key exists`,
    [name, table.name],
    'object',
  );
}

/** Whether foreign keys are looked after: `SET foreign_key_checks = 0` lets every one pass. */
export function checksForeignKeys(draft: Draft): boolean {
  return draft.session.get('foreign_keys') !== false;
}
