import type { Constraint, Table, TableId } from '../schema.ts';
import { type Draft, setTable } from './draft.ts';
import { current, sameName } from './find.ts';

/** The parent of foreign keys whose table is not there: SQLite, and MySQL without foreign_key_checks, keep the name alone. */
export const NO_TABLE: TableId = 0;

type ForeignKey = Extract<Constraint, { kind: 'foreign key' }>;

/** Replaces foreign keys, in every table that has one to the parent. */
function eachReference(draft: Draft, parent: TableId, change: (one: ForeignKey) => ForeignKey): void {
  for (const id of [...(draft.referencedBy.get(parent) ?? [])]) {
    const child = current(draft, id);
    const constraints = child.constraints.map((one) =>
      one.kind === 'foreign key' && one.refTableId === parent ? change(one) : one,
    );
    if (constraints.some((one, i) => one !== child.constraints[i]))
      setTable(draft, id, { ...child, constraints });
  }
}

/** The table goes: foreign keys to it keep its name. */
export function letDangle(draft: Draft, parent: TableId): void {
  eachReference(draft, parent, (one) => ({ ...one, refTableId: NO_TABLE }));
}

/** A table stands under that name now: foreign keys that only had the name get it. */
export function bindDangling(draft: Draft, parent: Table): void {
  eachReference(draft, NO_TABLE, (one) =>
    sameName(draft, one.refName ?? '', parent.name) ? boundTo(draft, one, parent) : one,
  );
}

function boundTo(draft: Draft, one: ForeignKey, parent: Table): ForeignKey {
  const now = current(draft, parent.id);
  const primary = now.constraints.find((key) => key.kind === 'primary key');
  const refColumns = one.refColumns.length > 0 ? one.refColumns : (primary?.columns ?? []);
  return { ...one, refTableId: parent.id, refColumns: refColumns.map((name) => spelt(draft, now, name)) };
}

/** A column's name as its table spells it. */
export function spelt(draft: Draft, table: Table, name: string): string {
  return table.columns.find((column) => sameName(draft, column.name, name))?.name ?? name;
}

/** The table has another name: foreign keys to it follow, or keep the old one and lose it. */
export function followRename(draft: Draft, parent: TableId, to: string, follow: boolean): void {
  if (follow) eachReference(draft, parent, (one) => ({ ...one, refName: to }));
  else letDangle(draft, parent);
}

/** The table has another identity: foreign keys to it follow. */
export function followIdentity(draft: Draft, from: TableId, to: TableId): void {
  eachReference(draft, from, (one) => ({ ...one, refTableId: to }));
}
