import type { ConstraintDefinition, Operation } from '../../operation.ts';
import type { Column, Table } from '../../schema.ts';
import { bindDangling, followRename, letDangle } from '../dangling.ts';
import { keptDefault } from '../default.ts';
import { type Draft, keyOf, setTable, setTriggers } from '../draft.ts';
import { current, findColumn, findRelation } from '../find.ts';
import { columnsOfQuery } from '../query-columns.ts';
import { at, Refusal } from '../refusal.ts';
import { renameTableInTexts } from '../rename-in-texts.ts';
import { taint } from '../taint.ts';
import { addConstraint, isRowid } from './constraint.ts';
import { homeOf, needFree, needTable } from './need.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE TABLE. Foreign keys to tables that are not there yet keep the name. */
export function createTable(draft: Draft, operation: On<'create-table'>): Table {
  const { name } = operation.table;
  const schema = homeOf(operation.table, operation.temporary);
  if (/^sqlite_/i.test(name))
    throw new Refusal('invalid definition', `object name reserved for internal use: ${name}`, [name]);
  needFree(draft, schema, name);
  const id = draft.nextTableId++;
  const { span, temporary, options = [] } = operation;
  const counts = operation.columns.some((column) => column.identity !== undefined);
  const said = [...options, ...(counts ? ['autoincrement'] : [])];
  const kept = { ...(temporary ? { temporary } : {}), ...(said.length > 0 ? { options: said } : {}) };
  setTable(draft, id, {
    id,
    schema,
    name,
    kind: 'table',
    columns: [],
    constraints: [],
    indexes: [],
    ...kept,
    span,
  });
  for (const definition of operation.columns) at(definition.span, () => pushColumn(draft, id, definition));
  if (operation.asQuery) {
    const columns = columnsOfQuery(draft, operation.asQuery, span);
    if (columns) setTable(draft, id, { ...current(draft, id), columns });
    else taint(draft, [name], 'its columns come from a query');
  }
  const strict = options.some((one) => one === 'strict' || one === 'without rowid');
  const all = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
  for (const constraint of all) at(constraint.span, () => addConstraint(draft, id, constraint, options));
  finishKey(draft, id, operation, strict);
  bindDangling(draft, current(draft, id));
  return current(draft, id);
}

/** A column as the table will hold it. */
export function newColumn(draft: Draft, definition: On<'create-table'>['columns'][number]): Column {
  const { name, type, notNull, generated, virtual, identity, span } = definition;
  const value = keptDefault(definition.default);
  return {
    ...{ id: draft.nextColumnId++, name, type, nullable: !notNull },
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated }),
    ...(virtual ? { virtual } : {}),
    ...(identity ? { identity } : {}),
    span,
  };
}

function pushColumn(draft: Draft, id: number, definition: On<'create-table'>['columns'][number]): void {
  const table = current(draft, id);
  if (findColumn(draft, table, definition.name))
    throw new Refusal('already exists', `duplicate column name: ${definition.name}`, [table.name]);
  setTable(draft, id, { ...table, columns: [...table.columns, newColumn(draft, definition)] });
}

/** INTEGER PRIMARY KEY is the rowid: it counts by itself and is never NULL. Other keys hold NULL unless the table is strict. */
function finishKey(draft: Draft, id: number, operation: On<'create-table'>, strict: boolean): void {
  const table = current(draft, id);
  const key = table.constraints.find((one) => one.kind === 'primary key');
  const counted = operation.columns.find((column) => column.identity !== undefined);
  const alias = key && isRowid(table, key, operation.options ?? []) ? key.columns[0] : undefined;
  if (counted && counted.name.toLowerCase() !== alias?.toLowerCase())
    throw new Refusal(
      'invalid definition',
      'AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY',
      [table.name],
      undefined,
      counted.span,
    );
  if (!key && operation.options?.includes('without rowid'))
    throw new Refusal('invalid definition', `PRIMARY KEY missing on table ${table.name}`, [table.name]);
  if (!key) return;
  const columns = table.columns.map((column): Column => {
    if (column.name === alias) return { ...column, nullable: false, identity: 'by default' };
    return strict && key.columns.includes(column.name) ? { ...column, nullable: false } : column;
  });
  setTable(draft, id, { ...table, columns });
}

/** DROP TABLE: foreign keys to it stay with its name; its indexes and triggers go. */
export function dropTable(draft: Draft, operation: On<'drop-table'>): Table {
  const found = findRelation(draft, operation.table);
  if (found?.relation.kind === 'view')
    throw new Refusal('wrong kind', `use DROP VIEW to delete view ${operation.table.name}`, [
      operation.table.name,
    ]);
  const table = needTable(draft, operation.table, 'object');
  letDangle(draft, table.id);
  setTriggers(draft, table.id, []);
  setTable(draft, table.id, undefined);
  return table;
}

/** RENAME TO: foreign keys to it follow, unless `legacy_alter_table` is on; then those that had only the new name find it. */
export function renameTable(draft: Draft, { table: name, to }: On<'rename-table'>): Table {
  const found = findRelation(draft, name);
  if (found?.relation.kind === 'view')
    throw new Refusal('wrong kind', `view ${name.name} may not be altered`, [name.name]);
  const table = needTable(draft, name, 'table');
  const taken = draft.relations.get(keyOf(draft, table.schema, to));
  if (taken && !(taken.kind === 'table' && taken.id === table.id)) {
    const message = `there is already another table or index with this name: ${to}`;
    throw new Refusal('already exists', message, [to]);
  }
  const legacy =
    draft.session.get('legacy_alter_table') === true && draft.session.get('foreign_keys') !== true;
  followRename(draft, table.id, to, !legacy);
  setTable(draft, table.id, renamed(current(draft, table.id), to));
  bindDangling(draft, current(draft, table.id));
  return current(draft, table.id);
}

/** A table under another name: SQLite's own indexes are called after it, and so are constraints without a name here. */
function renamed(table: Table, to: string): Table {
  const own = `sqlite_autoindex_${table.name}_`;
  const given = new RegExp(
    `^${table.name.replace(/[^\w]/g, '\\$&')}(_.*_(?:pkey|key|fkey|check)(?:_\\d+)?)$`,
  );
  const named = (name: string) => {
    const rest = given.exec(name)?.[1];
    return rest === undefined ? name : `${to}${rest}`;
  };
  const { columns, constraints, indexes } = renameTableInTexts(table, to);
  return {
    ...table,
    name: to,
    columns,
    constraints: constraints.map((one) => ({ ...one, name: named(one.name) })),
    indexes: indexes.map((index) => ({
      ...index,
      ...(index.constraintName === undefined ? {} : { constraintName: named(index.constraintName) }),
      name: index.name.startsWith(own)
        ? `sqlite_autoindex_${to}_${index.name.slice(own.length)}`
        : index.name,
    })),
  };
}

/** Whether a constraint is written on the column itself. */
export function isWrittenOn(constraint: Pick<ConstraintDefinition, 'span'>, column: Column): boolean {
  const [inner, outer] = [constraint.span, column.span];
  if (inner.path !== outer.path) return false;
  const before = (a: readonly [number, number], b: readonly [number, number]) =>
    a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]);
  return (
    before([outer.line, outer.column], [inner.line, inner.column]) &&
    before([inner.endLine, inner.endColumn], [outer.endLine, outer.endColumn])
  );
}
