import type { Operation } from '../../operation.ts';
import type { Done } from '../done.ts';
import { type Draft, setTriggers } from '../draft.ts';
import { current, findColumn, findRelation, findTableIn } from '../find.ts';
import { settleRebuild, watchRebuild } from '../rebuild.ts';
import { Refusal } from '../refusal.ts';
import { addColumn, dropColumn, redefineColumn, renameColumn } from './column.ts';
import { needTable } from './need.ts';
import { createTable, dropTable, renameTable } from './table.ts';
import { createIndex, dropIndex } from './table-index.ts';
import { createView, dropView } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Does one operation of SQLite's, or throws a {@link Refusal} in its words. */
export function perform(draft: Draft, operation: Operation): Done {
  watchRebuild(draft, operation);
  const done = onTable(draft, operation) ?? onObject(draft, operation) ?? {};
  const rebuilt = settleRebuild(draft, operation);
  return rebuilt ? { ...done, table: rebuilt.after, columns: rebuilt.after.columns, rebuilt } : done;
}

function onTable(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-table': {
      const table = createTable(draft, operation);
      return { table, columns: table.columns };
    }
    case 'drop-table': {
      const table = dropTable(draft, operation);
      return { table, columns: table.columns };
    }
    case 'rename-table':
      return { table: renameTable(draft, operation) };
    case 'add-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = addColumn(draft, id, operation.column);
      return { table: current(draft, id), columns: [column] };
    }
    case 'drop-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = dropColumn(draft, current(draft, id), operation.column);
      return { table: current(draft, id), columns: [column] };
    }
    case 'rename-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = renameColumn(draft, current(draft, id), operation.column, operation.to);
      return { table: current(draft, id), columns: [column] };
    }
    case 'redefine-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = redefineColumn(draft, current(draft, id), operation.column, operation.to);
      return { table: current(draft, id), columns: [column] };
    }
    case 'write-rows':
      return needWritable(draft, operation);
    default:
      return undefined;
  }
}

/** Indexes, views, triggers and the session. */
function onObject(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-index': {
      const { index, table } = createIndex(draft, operation);
      return {
        table,
        columns: table.columns.filter((one) => index.columns.includes(one.name)),
        objectName: index.name,
      };
    }
    case 'drop-index': {
      const { index, table } = dropIndex(draft, operation);
      return {
        table,
        columns: table.columns.filter((one) => index.columns.includes(one.name)),
        objectName: index.name,
      };
    }
    case 'create-view':
      return { objectName: createView(draft, operation).name };
    case 'drop-view':
      return { objectName: dropView(draft, operation.view) };
    case 'create-trigger':
      return createTrigger(draft, operation);
    case 'drop-trigger':
      return dropTrigger(draft, operation.name);
    case 'set-session':
      draft.session.set(operation.name, operation.on);
      return {};
    default:
      return undefined;
  }
}

/** Virtual tables and the catalog are written to as well, and are no tables here. */
function needWritable(draft: Draft, operation: On<'write-rows'>): Done {
  if (
    /^sqlite_/i.test(operation.table.name) ||
    findRelation(draft, operation.table)?.relation.kind === 'view'
  )
    return {};
  const table = needTable(draft, operation.table, 'table');
  const unknown = table.columns.length === 0 || draft.tainted.has(table.name.toLowerCase());
  const columns = operation.columns.flatMap((name) => {
    const column = findColumn(draft, table, name);
    if (column || unknown || /^(rowid|oid|_rowid_)$/i.test(name)) return column ?? [];
    const message =
      operation.verb === 'insert'
        ? `table ${table.name} has no column named ${name}`
        : `no such column: ${name}`;
    throw new Refusal('no such column', message, [table.name]);
  });
  return { table, columns };
}

/** A trigger's name is the database's, not its table's. */
function createTrigger(draft: Draft, operation: On<'create-trigger'>): Done {
  const { name, events, span } = operation;
  for (const triggers of draft.triggers.values())
    if (triggers.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw new Refusal('already exists', `trigger ${name} already exists`, [name], 'object');
  const table = findTableIn(draft, operation.table);
  if (!table && findRelation(draft, operation.table)?.relation.kind === 'view') return { objectName: name };
  const { id } = table ?? needTable(draft, operation.table, undefined, 'main.');
  const triggers = draft.triggers.get(id) ?? [];
  setTriggers(draft, id, [...triggers, { name, tableId: id, function: '', events, span }]);
  return { table: current(draft, id), objectName: name };
}

function dropTrigger(draft: Draft, name: string): Done {
  for (const [id, triggers] of draft.triggers) {
    const kept = triggers.filter((one) => one.name.toLowerCase() !== name.toLowerCase());
    if (kept.length === triggers.length) continue;
    setTriggers(draft, id, kept);
    return { table: draft.tables.get(id), objectName: name };
  }
  // triggers on views are not kept
  if (draft.views.size > 0) return { objectName: name };
  throw new Refusal('no such trigger', `no such trigger: ${name}`, [name], 'object');
}
