import type { Column, Index, Table } from '../schema.ts';
import { type Draft, keyOf, setSequence, setTable, setView } from './draft.ts';
import { dropConstraint } from './drop-constraint.ts';
import { namesIn } from './expression.ts';
import { childrenOf, current, findColumn, needColumn, parentOf } from './find.ts';
import { Refusal, stillReferenced } from './refusal.ts';
import { renameColumnInTexts } from './rename-in-texts.ts';
import { dropSequence } from './sequence.ts';
import { releaseIndex } from './table-index.ts';
import { dropTrigger, renameInTriggers, triggersNaming } from './trigger.ts';
import { dropView, viewsNaming } from './view.ts';

/** DROP COLUMN as a statement asks for it. */
export function dropColumn(draft: Draft, table: Table, name: string, cascade: boolean): Column {
  const column = needColumn(draft, table, name, 'object');
  const parent = parentOf(draft, table);
  if (parent && findColumn(draft, parent, column.name))
    throw new Refusal('still referenced', `cannot drop inherited column "${name}"`, [table.name]);
  if (table.partitionBy?.columns.includes(column.name)) {
    const message = `cannot drop column "${name}" because it is part of the partition key of relation "${table.name}"`;
    throw new Refusal('still referenced', message, [table.name]);
  }
  removeColumn(draft, table.id, column, cascade);
  return column;
}

/** Takes a column away with its indexes, constraints and sequence, in the tables below too. */
export function removeColumn(draft: Draft, id: number, column: Column, cascade: boolean): void {
  const table = current(draft, id);
  const { name } = column;
  const what = `column ${name} of table ${table.name}`;
  if (draft.dialect === 'postgres')
    for (const view of viewsNaming(draft, id, name)) {
      if (!cascade)
        throw stillReferenced(what, `view ${view.name} depends on ${what}`, [view.name, table.name]);
      dropView(draft, keyOf(draft, view.schema, view.name), true);
    }
  if (draft.dialect === 'postgres')
    for (const trigger of triggersNaming(draft, table, name)) {
      const dependent = `trigger ${trigger.name} on table ${table.name} depends on ${what}`;
      if (!cascade) throw stillReferenced(what, dependent, [trigger.name, table.name]);
      dropTrigger(draft, table, trigger.name);
    }
  for (const index of table.indexes)
    if (isOver(index, name)) releaseIndex(draft, table, index, cascade, what);
  for (const one of current(draft, id).columns) {
    if (one === column || one.generated === undefined || !namesIn(one.generated).words.has(name)) continue;
    if (!cascade)
      throw stillReferenced(what, `column ${one.name} of table ${table.name} depends on ${what}`, [
        table.name,
      ]);
    removeColumn(draft, id, one, true);
  }
  for (const key of [...(draft.owned.get(id) ?? [])])
    if (draft.sequences.get(key)?.ownedBy?.column === name)
      dropSequence(draft, key, cascade, { tableId: id, column: name });
  for (const one of current(draft, id).constraints)
    if (one.columns.includes(name) && current(draft, id).constraints.includes(one))
      dropConstraint(draft, id, one, cascade);
  const left = current(draft, id);
  setTable(draft, id, {
    ...left,
    columns: left.columns.filter((one) => one.id !== column.id),
    indexes: left.indexes.filter((one) => !isOver(one, name)),
  });
  for (const child of childrenOf(draft, table)) {
    const own = findColumn(draft, child, name);
    if (own) removeColumn(draft, child.id, own, cascade);
  }
}

function isOver(index: Index, column: string): boolean {
  return index.columns.includes(column) || index.dependsOn.includes(column) || index.include.includes(column);
}

/** RENAME COLUMN, followed through everything that names it. */
export function renameColumn(draft: Draft, table: Table, from: string, to: string): Column {
  const column = findColumn(draft, table, from);
  if (!column) throw new Refusal('no such column', `column "${from}" does not exist`, [table.name], 'object');
  const parent = parentOf(draft, table);
  if (parent && findColumn(draft, parent, from))
    throw new Refusal('still referenced', `cannot rename inherited column "${from}"`, [table.name]);
  return follow(draft, table, column, to);
}

function follow(draft: Draft, table: Table, column: Column, to: string): Column {
  const taken = findColumn(draft, table, to);
  if (taken && taken !== column)
    throw new Refusal('already exists', `column "${to}" of relation "${table.name}" already exists`, [
      table.name,
    ]);
  const from = column.name;
  setTable(draft, table.id, renamedIn(table, from, to));
  renameInTriggers(draft, table, from, to);
  for (const id of [...(draft.referencedBy.get(table.id) ?? [])]) {
    const child = current(draft, id);
    const isNamed = child.constraints.some(
      (one) => one.kind === 'foreign key' && one.refTableId === table.id && one.refColumns.includes(from),
    );
    if (!isNamed) continue;
    const constraints = child.constraints.map((one) =>
      one.kind === 'foreign key' && one.refTableId === table.id
        ? { ...one, refColumns: one.refColumns.map((name) => (name === from ? to : name)) }
        : one,
    );
    setTable(draft, id, { ...child, constraints });
  }
  for (const key of [...(draft.owned.get(table.id) ?? [])]) {
    const sequence = draft.sequences.get(key);
    if (sequence?.ownedBy?.column === from)
      setSequence(draft, key, { ...sequence, ownedBy: { tableId: table.id, column: to } });
  }
  const old = `${table.id}.${from}`;
  for (const view of viewsNaming(draft, table.id, from)) {
    const dependsOnColumns = view.dependsOnColumns.map((one) => (one === old ? `${table.id}.${to}` : one));
    setView(draft, keyOf(draft, view.schema, view.name), { ...view, dependsOnColumns });
  }
  for (const child of childrenOf(draft, table)) {
    const own = findColumn(draft, child, from);
    if (own) follow(draft, child, own, to);
  }
  return { ...column, name: to };
}

/** A table in which a column has another name, wherever it stands. */
function renamedIn(table: Table, from: string, to: string): Table {
  const renamed = (name: string) => (name === from ? to : name);
  const { columns, constraints, indexes } = renameColumnInTexts(table, from, to);
  return {
    ...table,
    ...(table.partitionBy
      ? { partitionBy: { ...table.partitionBy, columns: table.partitionBy.columns.map(renamed) } }
      : {}),
    columns: columns.map((column) => (column.name === from ? { ...column, name: to } : column)),
    constraints: constraints.map((one) => ({ ...one, columns: one.columns.map(renamed) })),
    indexes: indexes.map((index) => ({
      ...index,
      columns: index.columns.map((name) => (name === undefined ? undefined : renamed(name))),
      include: index.include.map(renamed),
      dependsOn: index.dependsOn.map(renamed),
    })),
  };
}
