import type { ColumnDefinition } from '../../operation.ts';
import type { Column, Table } from '../../schema.ts';
import { bindDangling } from '../dangling.ts';
import { keptDefault } from '../default.ts';
import { type Draft, setTable } from '../draft.ts';
import { renameColumn as follow } from '../drop-column.ts';
import { namesIn } from '../expression.ts';
import { current, findColumn, sameName } from '../find.ts';
import { at, Refusal } from '../refusal.ts';
import { viewsNaming } from '../view.ts';
import { addConstraint } from './constraint.ts';
import { isWrittenOn, newColumn } from './table.ts';

/** ADD COLUMN. What SQLite refuses only of a table with rows is left to the engine. */
export function addColumn(draft: Draft, id: number, definition: ColumnDefinition): Column {
  const table = current(draft, id);
  const { name, constraints } = definition;
  if (findColumn(draft, table, name))
    throw new Refusal('already exists', `duplicate column name: ${name}`, [table.name], 'object');
  for (const { kind, span } of constraints)
    if (kind === 'primary key' || kind === 'unique') {
      const message = `Cannot add a ${kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'} column`;
      throw new Refusal('invalid definition', message, [table.name], undefined, span);
    }
  const column = newColumn(draft, definition);
  setTable(draft, id, { ...table, columns: [...table.columns, column] });
  for (const constraint of constraints) at(constraint.span, () => addConstraint(draft, id, constraint));
  bindDangling(draft, current(draft, id));
  return column;
}

function quotedColumn(draft: Draft, table: Table, name: string): Column {
  const column = findColumn(draft, table, name);
  if (column) return column;
  throw new Refusal('no such column', `no such column: "${name}"`, [table.name], 'object');
}

/** DROP COLUMN: refused while a key, index, table constraint, generated column or view names it. */
export function dropColumn(draft: Draft, table: Table, name: string): Column {
  const column = quotedColumn(draft, table, name);
  const refuse = (message: string) => new Refusal('still referenced', message, [table.name]);
  const own = column.name;
  for (const one of table.constraints) {
    if (!one.columns.includes(own)) continue;
    if (one.kind === 'primary key' || (one.kind === 'unique' && one.columns.length === 1))
      throw refuse(`cannot drop ${one.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'} column: "${own}"`);
    if (isWrittenOn(one, column)) continue;
    const why =
      one.kind === 'foreign key'
        ? `unknown column "${own}" in foreign key definition`
        : `no such column: ${own}`;
    throw refuse(`error in table ${table.name} after drop column: ${why}`);
  }
  if (table.columns.length === 1) throw refuse(`cannot drop column "${own}": no other columns exist`);
  const index = table.indexes.find((one) => one.columns.includes(own) || one.dependsOn.includes(own));
  if (index) throw refuse(`error in index ${index.name} after drop column: no such column: ${own}`);
  const user = table.columns.find(
    (one) => one.generated !== undefined && one !== column && names(one.generated, own),
  );
  if (user) throw refuse(`error in table ${table.name} after drop column: no such column: ${own}`);
  const [view] = viewsNaming(draft, table.id, own);
  if (view) throw refuse(`error in view ${view.name} after drop column: no such column: ${own}`);
  setTable(draft, table.id, {
    ...table,
    columns: table.columns.filter((one) => one !== column),
    constraints: table.constraints.filter((one) => !one.columns.includes(own)),
  });
  return column;
}

function names(expression: string, column: string): boolean {
  return [...namesIn(expression).words].some((word) => word.toLowerCase() === column.toLowerCase());
}

/** RENAME COLUMN, followed through everything that names it. */
export function renameColumn(draft: Draft, table: Table, from: string, to: string): Column {
  const column = quotedColumn(draft, table, from);
  const taken = findColumn(draft, table, to);
  if (taken && taken !== column) {
    const message = `error in table ${table.name} after rename: duplicate column name: ${to}`;
    throw new Refusal('already exists', message, [table.name]);
  }
  return follow(draft, table, column.name, to);
}

/** libSQL's ALTER COLUMN … TO …: the column is declared anew for rows to come. */
export function redefineColumn(draft: Draft, table: Table, name: string, to: ColumnDefinition): Column {
  const column = quotedColumn(draft, table, name);
  const value = keptDefault(to.default);
  const changed: Column = {
    ...{ ...column, type: to.type, nullable: !to.notNull && column.identity === undefined, default: value },
    span: to.span,
  };
  const constraints = table.constraints.filter(
    (one) => !(one.kind !== 'primary key' && one.kind !== 'unique' && isWrittenOn(one, column)),
  );
  setTable(draft, table.id, {
    ...table,
    constraints,
    columns: table.columns.map((one) => (sameName(draft, one.name, name) ? changed : one)),
  });
  for (const constraint of to.constraints)
    if (constraint.kind === 'foreign key' || constraint.kind === 'check')
      at(constraint.span, () => addConstraint(draft, table.id, constraint));
  return findColumn(draft, current(draft, table.id), name) ?? changed;
}
