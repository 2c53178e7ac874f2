import type { Operation } from '../../operation.ts';
import type { Column, Table } from '../../schema.ts';
import { bindDangling, followRename, letDangle } from '../dangling.ts';
import { keptDefault } from '../default.ts';
import { type Draft, setTable, setTriggers } from '../draft.ts';
import { current, findColumn, findRelation, findTableIn } from '../find.ts';
import { columnsOfQuery } from '../query-columns.ts';
import { at, Refusal } from '../refusal.ts';
import { taint } from '../taint.ts';
import { addConstraint } from './constraint.ts';
import { checksForeignKeys, needTable } from './need.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** CREATE TABLE in all its forms; keys come before foreign keys, as MySQL makes them. */
export function createTable(draft: Draft, operation: On<'create-table'>): Table {
  const { name } = operation.table;
  const schema = operation.temporary ? 'pg_temp' : 'main';
  const there = findRelation(draft, { schema, name });
  if (there) throw new Refusal('already exists', `Table '${name}' already exists`, [name], 'object');
  const id = draft.nextTableId++;
  const { span, temporary } = operation;
  const kept = temporary ? { temporary } : {};
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
  for (const like of operation.like ?? []) copyShape(draft, id, needTable(draft, like.table), operation);
  for (const definition of operation.columns)
    at(definition.span, () => {
      const table = current(draft, id);
      if (findColumn(draft, table, definition.name))
        throw new Refusal('already exists', `Duplicate column name '${definition.name}'`, [name]);
      setTable(draft, id, { ...table, columns: [...table.columns, newColumn(draft, definition)] });
    });
  if (operation.asQuery) addQueryColumns(draft, id, operation);
  // InnoDB reads REFERENCES on a column and does nothing with it
  const written = operation.columns.flatMap((column) =>
    column.constraints.filter((one) => one.kind !== 'foreign key'),
  );
  const all = [...written, ...operation.constraints];
  const rank = { 'primary key': 0, unique: 1, check: 2, exclude: 2, 'foreign key': 3 };
  for (const constraint of [...all].sort((a, b) => rank[a.kind] - rank[b.kind]))
    at(constraint.span, () => addConstraint(draft, id, constraint));
  bindDangling(draft, current(draft, id));
  return current(draft, id);
}

/** A column as the table will hold it. */
export function newColumn(draft: Draft, definition: On<'create-table'>['columns'][number]): Column {
  const { name, type, notNull, generated, virtual, identity, onUpdate, span } = definition;
  const value = keptDefault(definition.default);
  return {
    ...{ id: draft.nextColumnId++, name, type, nullable: !notNull && identity === undefined },
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated }),
    ...(virtual ? { virtual } : {}),
    ...(identity ? { identity } : {}),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    span,
  };
}

function addQueryColumns(draft: Draft, id: number, operation: On<'create-table'>): void {
  const columns = operation.asQuery && columnsOfQuery(draft, operation.asQuery, operation.span);
  if (!columns) {
    taint(draft, [operation.table.name], 'its columns come from a query');
    return;
  }
  const table = current(draft, id);
  const more = columns.filter((column) => !findColumn(draft, table, column.name));
  setTable(draft, id, { ...table, columns: [...table.columns, ...more] });
}

/** CREATE TABLE … LIKE: columns, keys and indexes, but no foreign keys. */
function copyShape(draft: Draft, id: number, source: Table, { span }: On<'create-table'>): void {
  const table = current(draft, id);
  const columns = source.columns.map((column) => ({ ...column, id: draft.nextColumnId++, span }));
  const constraints = source.constraints.flatMap((one) => {
    if (one.kind === 'foreign key') return [];
    return one.kind === 'check' ? { ...one, name: `${table.name}_chk_${one.name}`, span } : { ...one, span };
  });
  const indexes = source.indexes.map((one) => ({ ...one, span }));
  setTable(draft, id, { ...table, columns, constraints, indexes });
}

/** DROP TABLE: refused while a foreign key of a table that stays refers to it. */
export function dropTable(draft: Draft, operation: On<'drop-table'>): Table {
  const table = needTable(draft, operation.table, 'object');
  const along = new Set((operation.alongWith ?? []).flatMap((name) => findTableIn(draft, name)?.id ?? []));
  if (checksForeignKeys(draft) && !operation.rebuild)
    for (const id of draft.referencedBy.get(table.id) ?? []) {
      if (id === table.id || along.has(id)) continue;
      const child = current(draft, id);
      const key = child.constraints.find((one) => one.kind === 'foreign key' && one.refTableId === table.id);
      const message = `Cannot drop table '${table.name}' referenced by a foreign key constraint '${key?.name}' on table '${child.name}'.`;
      throw new Refusal('still referenced', message, [table.name, child.name]);
    }
  letDangle(draft, table.id);
  setTriggers(draft, table.id, []);
  setTable(draft, table.id, undefined);
  return table;
}

/** RENAME: foreign keys to it follow; those of its own that MySQL named after it are renamed. */
export function renameTable(draft: Draft, { table: name, to }: On<'rename-table'>): Table {
  const table = needTable(draft, name, 'table');
  const taken = findRelation(draft, { schema: table.schema, name: to })?.relation;
  if (taken && !(taken.kind === 'table' && taken.id === table.id))
    throw new Refusal('already exists', `Table '${to}' already exists`, [to]);
  followRename(draft, table.id, to, true);
  const now = current(draft, table.id);
  const own = `${table.name}_ibfk_`;
  const constraints = now.constraints.map((one) =>
    one.name.startsWith(own) ? { ...one, name: `${to}_ibfk_${one.name.slice(own.length)}` } : one,
  );
  setTable(draft, table.id, { ...now, name: to, constraints });
  bindDangling(draft, current(draft, table.id));
  return current(draft, table.id);
}
