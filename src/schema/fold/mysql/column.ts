import type { ColumnDefinition, ColumnPlace } from '../../operation.ts';
import type { Column, Table } from '../../schema.ts';
import { type Draft, setTable } from '../draft.ts';
import { renameColumn as follow } from '../drop-column.ts';
import { current, findColumn, sameName } from '../find.ts';
import { firstPath } from '../rebuild.ts';
import { at, Refusal } from '../refusal.ts';
import { addConstraint } from './constraint.ts';
import { cannotDrop, needColumn } from './need.ts';
import { newColumn } from './table.ts';

/** ADD COLUMN [FIRST | AFTER …] with its keys; REFERENCES on a column does nothing in InnoDB. */
export function addColumn(
  draft: Draft,
  id: number,
  definition: ColumnDefinition,
  place?: ColumnPlace,
): Column {
  const table = current(draft, id);
  if (findColumn(draft, table, definition.name))
    throw new Refusal('already exists', `Duplicate column name '${definition.name}'`, [table.name], 'object');
  const column = newColumn(draft, definition);
  setTable(draft, id, { ...table, columns: placed(draft, table, column, place) });
  addWritten(draft, id, definition);
  return findColumn(draft, current(draft, id), column.name) ?? column;
}

function addWritten(draft: Draft, id: number, { constraints }: ColumnDefinition): void {
  for (const constraint of constraints)
    if (constraint.kind !== 'foreign key') at(constraint.span, () => addConstraint(draft, id, constraint));
}

/** The columns with one in its place: at the end unless FIRST or AFTER say otherwise. */
function placed(
  draft: Draft,
  table: Table,
  column: Column,
  place: ColumnPlace | undefined,
): readonly Column[] {
  const others = table.columns.filter((one) => one.id !== column.id);
  if (place === undefined) return [...others, column];
  if (place === 'first') return [column, ...others];
  const after = needColumn(draft, table, place.after);
  return others.flatMap((one) => (one.id === after.id ? [one, column] : [one]));
}

/** DROP COLUMN: indexes lose it, and go when it was their last; foreign keys on it stand in the way. */
export function dropColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (!column) throw cannotDrop('no such column', name, table);
  const own = column.name;
  const refuse = (message: string) => new Refusal('still referenced', message, [table.name]);
  if (table.columns.length === 1)
    throw refuse("You can't delete all columns with ALTER TABLE; use DROP TABLE instead");
  for (const one of table.constraints) {
    if (!one.columns.includes(own)) continue;
    if (one.kind === 'foreign key')
      throw refuse(`Cannot drop column '${own}': needed in a foreign key constraint '${one.name}'`);
    if (one.kind === 'check' && one.columns.length > 1)
      throw refuse(
        `Check constraint '${one.name}' uses column '${own}', hence column cannot be dropped or renamed.`,
      );
  }
  for (const id of draft.referencedBy.get(table.id) ?? [])
    for (const one of current(draft, id).constraints)
      if (one.kind === 'foreign key' && one.refTableId === table.id && one.refColumns.includes(own))
        throw refuse(
          `Cannot drop column '${own}': needed in a foreign key constraint '${one.name}' of table '${current(draft, id).name}'`,
        );
  const without = (columns: readonly string[]) => columns.filter((one) => one !== own);
  setTable(draft, table.id, {
    ...table,
    columns: table.columns.filter((one) => one !== column),
    constraints: table.constraints
      .filter((one) => one.columns.length === 0 || without(one.columns).length > 0)
      .map((one) => ({ ...one, columns: without(one.columns) })),
    indexes: table.indexes
      .map((index) => ({ ...index, columns: index.columns.filter((one) => one !== own) }))
      .filter((index) => index.columns.length > 0 && !index.dependsOn.includes(own)),
  });
  return column;
}

/** RENAME COLUMN, followed through everything that names it. */
export function renameColumn(draft: Draft, table: Table, from: string, to: string): Column {
  const column = needColumn(draft, table, from);
  const taken = findColumn(draft, table, to);
  if (taken && taken !== column)
    throw new Refusal('already exists', `Duplicate column name '${to}'`, [table.name]);
  return follow(draft, table, column.name, to);
}

/** MODIFY and CHANGE: what the new definition does not repeat (NOT NULL, DEFAULT, AUTO_INCREMENT) is gone. */
export function redefineColumn(
  draft: Draft,
  table: Table,
  name: string,
  to: ColumnDefinition,
  place?: ColumnPlace,
): Column {
  const column = needColumn(draft, table, name);
  if (!sameName(draft, column.name, to.name)) renameColumn(draft, table, column.name, to.name);
  const now = current(draft, table.id);
  const { nextColumnId } = draft;
  const made = newColumn(draft, to);
  draft.nextColumnId = nextColumnId;
  const isKey = now.constraints.some(
    (one) => one.kind === 'primary key' && one.columns.some((key) => sameName(draft, key, to.name)),
  );
  const changed: Column = {
    ...made,
    id: column.id,
    nullable: made.nullable && !isKey,
    name: to.name,
    ...firstPath(column, made),
  };
  const columns = now.columns.map((one) => (one.id === column.id ? changed : one));
  const moved = place === undefined ? columns : placed(draft, { ...now, columns }, changed, place);
  setTable(draft, table.id, { ...now, columns: moved });
  addWritten(draft, table.id, to);
  return findColumn(draft, current(draft, table.id), to.name) ?? changed;
}
