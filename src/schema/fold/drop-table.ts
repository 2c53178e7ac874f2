import type { QualifiedName } from '../name.ts';
import type { Table } from '../schema.ts';
import { type Draft, keyOf, setTable, setTriggers } from './draft.ts';
import { removeColumn } from './drop-column.ts';
import { dropConstraint } from './drop-constraint.ts';
import { childrenOf, current, findRelation, findView, needFree, needFreeIn, needFreeType } from './find.ts';
import { tablesMentioning } from './mentions.ts';
import { stillReferenced } from './refusal.ts';
import { renameTableInTexts } from './rename-in-texts.ts';
import { releaseRoutines } from './routine.ts';
import { dropSequence, moveOwned } from './sequence.ts';
import { typeKey } from './type.ts';
import { releaseViews } from './view.ts';

/** What the same statement drops: dependence among them is no obstacle. */
export interface Along {
  readonly tables: ReadonlySet<number>;
  readonly views: ReadonlySet<string>;
}

/** The tables and views of those names. */
export function alongWith(draft: Draft, names: readonly QualifiedName[] = []): Along {
  const tables = new Set<number>();
  const views = new Set<string>();
  for (const name of names) {
    const found = findRelation(draft, name);
    if (found?.relation.kind === 'table') tables.add(found.relation.id);
    const view = findView(draft, name);
    if (view) views.add(view.key);
  }
  return { tables, views };
}

/** DROP TABLE: its partitions go along; what else hangs on it is an obstacle, or with CASCADE goes too. */
export function dropTable(draft: Draft, table: Table, cascade: boolean, along: Along): void {
  const what = `table ${table.name}`;
  const gone = { ...along, tables: new Set([...along.tables, table.id]) };
  for (const child of childrenOf(draft, table)) {
    if (along.tables.has(child.id)) continue;
    if (child.kind !== 'partition' && !cascade)
      throw stillReferenced(what, `table ${child.name} depends on ${what}`, [table.name, child.name]);
    if (draft.tables.has(child.id)) dropTable(draft, current(draft, child.id), cascade, gone);
  }
  releaseReferences(draft, table, cascade, gone);
  releaseViews(draft, table.id, what, cascade, along.views);
  releaseRoutines(draft, table, what, cascade);
  releaseRows(draft, table, cascade, gone);
  for (const key of [...(draft.owned.get(table.id) ?? [])])
    dropSequence(draft, key, cascade, { tableId: table.id });
  setTriggers(draft, table.id, []);
  setTable(draft, table.id, undefined);
}

/** Foreign keys to the table. Those of tables that go along are let go as well. */
function releaseReferences(draft: Draft, table: Table, cascade: boolean, gone: Along): void {
  for (const id of [...(draft.referencedBy.get(table.id) ?? [])]) {
    if (id === table.id) continue;
    const child = current(draft, id);
    for (const constraint of child.constraints) {
      if (constraint.kind !== 'foreign key' || constraint.refTableId !== table.id) continue;
      const dependent = `constraint ${constraint.name} on table ${child.name} depends on table ${table.name}`;
      if (!cascade && !gone.tables.has(id))
        throw stillReferenced(`table ${table.name}`, dependent, [table.name, child.name]);
      if (draft.tables.get(id)?.constraints.includes(constraint))
        dropConstraint(draft, id, constraint, cascade);
    }
  }
}

/** Columns whose type is the table's row. */
function releaseRows(draft: Draft, table: Table, cascade: boolean, gone: Along): void {
  const key = keyOf(draft, table.schema, table.name);
  for (const id of tablesMentioning(draft, `type ${table.name}`)) {
    if (gone.tables.has(id)) continue;
    const user = current(draft, id);
    for (const column of user.columns) {
      if (typeKey(draft, column.type) !== key || draft.types.has(key)) continue;
      const dependent = `column ${column.name} of table ${user.name} depends on type ${table.name}`;
      if (!cascade) throw stillReferenced(`table ${table.name}`, dependent, [table.name, user.name]);
      removeColumn(draft, id, column, true);
    }
  }
}

/** RENAME TO: its indexes, constraints and sequences keep their names. */
export function renameTable(draft: Draft, table: Table, to: string): Table {
  needFree(draft, table.schema, to);
  needFreeType(draft, table.schema, to);
  const renamed = { ...table, ...renameTableInTexts(table, to), name: to };
  setTable(draft, table.id, renamed);
  return renamed;
}

/** SET SCHEMA: its indexes and the sequences that it owns move along. */
export function moveTable(draft: Draft, table: Table, schema: string): Table {
  if (schema === table.schema) return table;
  needFreeIn(draft, schema, table.name);
  needFreeType(draft, schema, table.name);
  for (const index of table.indexes) needFreeIn(draft, schema, index.name);
  moveOwned(draft, table, schema);
  const moved = { ...current(draft, table.id), schema };
  setTable(draft, table.id, moved);
  return moved;
}
