import type { Operation } from '../../operation.ts';
import type { Constraint, Table } from '../../schema.ts';
import type { Done } from '../done.ts';
import { type Draft, setRoutines, setTable, setTriggers } from '../draft.ts';
import { current, findColumn, findRelation } from '../find.ts';
import { settleRebuild, watchRebuild } from '../rebuild.ts';
import { Refusal } from '../refusal.ts';
import { addColumn, dropColumn, redefineColumn, renameColumn } from './column.ts';
import { addConstraint, dropNamed } from './constraint.ts';
import { needColumn, needTable } from './need.ts';
import { createTable, dropTable, renameTable } from './table.ts';
import { addIndex, dropIndex, renameIndex } from './table-index.ts';
import { createView, dropView } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Does one operation of MySQL's, or throws a {@link Refusal} in its words. */
export function perform(draft: Draft, operation: Operation): Done {
  watchRebuild(draft, operation);
  const done = onTable(draft, operation) ?? onPart(draft, operation) ?? onObject(draft, operation) ?? {};
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
    case 'add-column':
    case 'drop-column':
    case 'rename-column':
    case 'redefine-column':
    case 'set-default':
    case 'drop-default': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = onColumn(draft, current(draft, id), operation);
      return { table: current(draft, id), columns: [column] };
    }
    case 'write-rows':
      return needWritable(draft, operation);
    default:
      return undefined;
  }
}

function onColumn(
  draft: Draft,
  table: Table,
  operation: On<
    'add-column' | 'drop-column' | 'rename-column' | 'redefine-column' | 'set-default' | 'drop-default'
  >,
) {
  switch (operation.kind) {
    case 'add-column':
      return addColumn(draft, table.id, operation.column, operation.place);
    case 'drop-column':
      return dropColumn(draft, table, operation.column);
    case 'rename-column':
      return renameColumn(draft, table, operation.column, operation.to);
    case 'redefine-column':
      return redefineColumn(draft, table, operation.column, operation.to, operation.place);
    default: {
      const column = needColumn(draft, table, operation.column);
      const value = operation.kind === 'set-default' ? operation.expression : undefined;
      const changed = { ...column, default: value };
      const columns = table.columns.map((one) => (one === column ? changed : one));
      setTable(draft, table.id, { ...table, columns });
      return changed;
    }
  }
}

/** Constraints and indexes. */
function onPart(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'add-constraint': {
      const { id } = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, id, addConstraint(draft, id, operation.constraint));
    }
    case 'drop-constraint': {
      const { id } = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, id, dropNamed(draft, id, operation));
    }
    case 'create-index': {
      const { id } = needTable(draft, operation.table, 'table');
      const index = addIndex(draft, id, operation);
      return ofIndex(current(draft, id), index.columns, index.name);
    }
    case 'drop-index': {
      const { id } = needTable(draft, operation.on ?? { name: '' }, 'table');
      const index = dropIndex(draft, id, operation.index.name, operation.replaced === true);
      return ofIndex(current(draft, id), index.columns, index.name);
    }
    case 'rename-index': {
      const { id } = needTable(draft, operation.on ?? { name: '' }, 'table');
      const index = renameIndex(draft, id, operation.index.name, operation.to);
      return ofIndex(current(draft, id), index.columns, index.name);
    }
    default:
      return undefined;
  }
}

function ofConstraint(draft: Draft, id: number, constraint: Constraint): Done {
  const table = current(draft, id);
  const columns = constraint.columns.flatMap((name) => findColumn(draft, table, name) ?? []);
  const parent = constraint.kind === 'foreign key' ? { refTableId: constraint.refTableId } : {};
  return { table, columns, objectName: constraint.name, ...parent };
}

function ofIndex(table: Table, names: readonly (string | undefined)[], objectName: string): Done {
  return { table, columns: table.columns.filter((column) => names.includes(column.name)), objectName };
}

/** Views, triggers, routines and the session. */
function onObject(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-view':
      return { objectName: createView(draft, operation).name };
    case 'drop-view':
      return { objectName: dropView(draft, operation.view) };
    case 'create-trigger': {
      const { name, events, span } = operation;
      const table = needTable(draft, operation.table);
      for (const triggers of draft.triggers.values())
        if (triggers.some((one) => one.name === name))
          throw new Refusal('already exists', 'Trigger already exists', [name], 'object');
      const triggers = draft.triggers.get(table.id) ?? [];
      setTriggers(draft, table.id, [...triggers, { name, tableId: table.id, function: '', events, span }]);
      return { table, objectName: name };
    }
    case 'drop-trigger': {
      for (const [id, triggers] of draft.triggers) {
        if (!triggers.some((one) => one.name === operation.name)) continue;
        setTriggers(
          draft,
          id,
          triggers.filter((one) => one.name !== operation.name),
        );
        return { table: draft.tables.get(id), objectName: operation.name };
      }
      throw new Refusal('no such trigger', 'Trigger does not exist', [operation.name], 'object');
    }
    case 'create-function':
    case 'drop-function':
      return onRoutine(draft, operation);
    case 'set-session':
      draft.session.set(operation.name, operation.on);
      return {};
    default:
      return undefined;
  }
}

function onRoutine(draft: Draft, operation: On<'create-function' | 'drop-function'>): Done {
  const { name } = operation.function;
  const key = `main.${name.toLowerCase()}`;
  const there = draft.functions.get(key);
  if (operation.kind === 'drop-function') {
    if (!there) throw new Refusal('no such function', `PROCEDURE ${name} does not exist`, [name], 'object');
    setRoutines(draft, key, []);
    return { objectName: name };
  }
  const { routine, language, body, span } = operation;
  if (there && !operation.replace)
    throw new Refusal('already exists', `${routine.toUpperCase()} ${name} already exists`, [name], 'object');
  const made = { schema: 'main', name, kind: routine, language, arguments: [], returns: '', body, span };
  setRoutines(draft, key, [made]);
  return { objectName: name };
}

function needWritable(draft: Draft, operation: On<'write-rows'>): Done {
  const { schema } = operation.table;
  if (
    (schema !== undefined && schema !== 'main') ||
    findRelation(draft, operation.table)?.relation.kind === 'view'
  )
    return {};
  const table = needTable(draft, operation.table, 'table');
  const unknown = table.columns.length === 0 || draft.tainted.has(table.name.toLowerCase());
  // an UPDATE over several tables may set columns of any of them
  if (operation.verb !== 'insert') {
    return { table, columns: operation.columns.flatMap((name) => findColumn(draft, table, name) ?? []) };
  }
  return {
    table,
    columns: operation.columns.flatMap((name) =>
      unknown ? (findColumn(draft, table, name) ?? []) : needColumn(draft, table, name, 'field list'),
    ),
  };
}
