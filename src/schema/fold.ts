import type { Applied, Fold } from './applied.ts';
import {
  type Altered,
  addColumn,
  addConstraint,
  changeColumn,
  dropColumn,
  dropConstraint,
  renameColumn,
  renameConstraint,
  validateConstraint,
} from './fold/alter.ts';
import { closeDraft, type Draft, defaultSchema, openDraft, Refusal } from './fold/draft.ts';
import { findTableIn, needTable } from './fold/find.ts';
import { attachIndex, createIndex, dropIndex, needIndex, renameIndex } from './fold/index-operations.ts';
import * as object from './fold/object.ts';
import * as routine from './fold/routine.ts';
import { createTable, dropTable, moveTable, renameTable, setParent } from './fold/table.ts';
import { createView, dropView, needView, renameView } from './fold/view.ts';
import type { Operation } from './operation.ts';
import type { Column, Dialect, Schema, Table } from './schema.ts';

/** The schema of an empty database. */
export function emptySchema(chain: string, dialect: Dialect): Schema {
  const home = defaultSchema(dialect);
  return {
    chain,
    dialect,
    searchPath: [home],
    schemas: new Set([home, 'pg_catalog', 'information_schema']),
    tables: new Map(),
    types: new Map(),
    views: new Map(),
    sequences: new Map(),
    functions: new Map(),
    triggers: new Map(),
    extensions: new Set(['plpgsql']),
    nextTableId: 1,
    nextColumnId: 1,
    tainted: new Map(),
  };
}

/** Opens a strict interpreter of operations on a schema: each one is applied, skipped or refused in the engine's words. */
export function openFold(schema: Schema): Fold {
  let draft = openDraft(schema);
  const saved: Schema[] = [];
  return {
    get schema() {
      return draft;
    },
    snapshot: () => closeDraft(draft),
    taint: (name, why) => {
      draft.tainted.set(name.toLowerCase(), why);
    },
    apply: (operation) => {
      if (operation.kind === 'transaction') {
        if (operation.verb === 'begin') saved.splice(0, saved.length, closeDraft(draft));
        const before = saved[0];
        if (operation.verb === 'rollback' && before) draft = openDraft(before);
        if (operation.verb === 'commit' || operation.verb === 'rollback') saved.length = 0;
        return { operation, columns: [], columnIds: [] };
      }
      return applyTo(draft, operation);
    },
  };
}

function applyTo(draft: Draft, operation: Operation): Applied {
  const untouched = { operation, columns: [], columnIds: [], ...subjectOf(draft, operation) };
  try {
    return { ...untouched, ...perform(draft, operation) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (operation.tolerant && /^no such|^already/.test(error.code)) return { ...untouched, skipped: true };
    if ('tableTolerant' in operation && operation.tableTolerant && error.code === 'no such table')
      return { ...untouched, skipped: true };
    const tainted = error.about.some((name) => draft.tainted.has(name.toLowerCase()));
    return {
      ...untouched,
      error: { code: error.code, message: error.message, span: operation.span, tainted },
    };
  }
}

type Result = Pick<Applied, 'tableId' | 'tableName' | 'objectName' | 'refTableId'> &
  Partial<Pick<Applied, 'columns' | 'columnIds'>>;

/** The table that an operation names, as it is before. */
function subjectOf(draft: Draft, operation: Operation): Result {
  const table = 'table' in operation ? findTableIn(draft, operation.table) : undefined;
  return table ? ofTable(table) : {};
}

function ofTable(table: Table, columns: readonly Column[] = []): Result {
  return {
    tableId: table.id,
    tableName:
      table.schema === 'public' || table.schema === 'main' ? table.name : `${table.schema}.${table.name}`,
    columns: columns.map((column) => column.name),
    columnIds: columns.map((column) => column.id),
  };
}

function altered({ table, columns = [], constraint }: Altered): Result {
  return {
    ...ofTable(table, columns),
    ...(constraint ? { objectName: constraint.name } : {}),
    ...(constraint?.kind === 'foreign key' ? { refTableId: constraint.refTableId } : {}),
  };
}

function perform(draft: Draft, operation: Operation): Result {
  switch (operation.kind) {
    case 'create-table': {
      const table = createTable(draft, operation);
      return ofTable(table, table.columns);
    }
    case 'drop-table': {
      const table = needTable(draft, operation.table);
      dropTable(draft, table, operation.cascade);
      return ofTable(table, table.columns);
    }
    case 'rename-table':
      return renamedRelation(draft, operation);
    case 'set-table-schema':
      return ofTable(moveTable(draft, needTable(draft, operation.table), operation.to));
    case 'attach-partition':
    case 'detach-partition': {
      const parent = needTable(draft, operation.table);
      return ofTable(setParent(draft, parent, operation.partition, operation.kind === 'attach-partition'));
    }
    case 'add-column':
      return altered(addColumn(draft, needTable(draft, operation.table), operation));
    case 'drop-column':
      return altered(dropColumn(draft, needTable(draft, operation.table), operation));
    case 'rename-column':
      return altered(renameColumn(draft, needTable(draft, operation.table), operation));
    case 'alter-type':
    case 'set-default':
    case 'drop-default':
    case 'set-not-null':
    case 'drop-not-null':
    case 'set-identity':
    case 'drop-identity':
    case 'drop-generated':
      return altered(changeColumn(draft, needTable(draft, operation.table), operation));
    case 'add-constraint':
      return altered(addConstraint(draft, needTable(draft, operation.table), operation));
    case 'drop-constraint':
      return altered(dropConstraint(draft, needTable(draft, operation.table), operation));
    case 'rename-constraint':
      return altered(renameConstraint(draft, needTable(draft, operation.table), operation));
    case 'validate-constraint':
      return altered(validateConstraint(draft, needTable(draft, operation.table), operation));
    case 'write-rows':
      if (operation.table.schema === 'pg_catalog' || operation.table.name.startsWith('pg_')) return {};
      return ofTable(needWritable(draft, operation));
    case 'create-trigger': {
      const table = needTableOrView(draft, operation);
      if (table) routine.createTrigger(draft, table, operation);
      return { ...(table ? ofTable(table) : {}), objectName: operation.name };
    }
    case 'drop-trigger': {
      const table = needTableOrView(draft, operation);
      if (table) routine.dropTrigger(draft, table, operation.name);
      return { ...(table ? ofTable(table) : {}), objectName: operation.name };
    }
    case 'rename-trigger': {
      const table = needTable(draft, operation.table);
      routine.renameTrigger(draft, table, operation.name, operation.to);
      return { ...ofTable(table), objectName: operation.to };
    }
    default:
      return performOnObject(draft, operation);
  }
}

/** ALTER TABLE … RENAME TO also renames views, indexes and sequences. */
function renamedRelation(draft: Draft, operation: Extract<Operation, { kind: 'rename-table' }>): Result {
  const table = findTableIn(draft, operation.table);
  if (table) return ofTable(renameTable(draft, table, operation.to));
  for (const { view } of [...draft.views.values()].map((one) => ({ view: one })))
    if (view.name === operation.table.name) {
      renameView(draft, operation.table, operation.to);
      return { objectName: operation.to };
    }
  return ofTable(needTable(draft, operation.table));
}

/** Triggers may stand on views, which hold none here. */
function needTableOrView(
  draft: Draft,
  operation: { readonly table: { readonly name: string; readonly schema?: string } },
): Table | undefined {
  const table = findTableIn(draft, operation.table);
  if (table) return table;
  if ([...draft.views.values()].some((view) => view.name === operation.table.name)) return undefined;
  return needTable(draft, operation.table);
}

function needWritable(draft: Draft, operation: Extract<Operation, { kind: 'write-rows' }>): Table {
  const table = needTable(draft, operation.table);
  for (const column of operation.columns) {
    if (draft.tainted.has(table.name.toLowerCase())) break;
    if (!table.columns.some((one) => one.name.toLowerCase() === column.toLowerCase()))
      throw new Refusal(
        'no such column',
        `column "${column}" of relation "${table.name}" does not exist`,
        column,
        table.name,
      );
  }
  return table;
}

function performOnObject(draft: Draft, operation: Operation): Result {
  switch (operation.kind) {
    case 'create-index': {
      const { index, table } = createIndex(draft, operation);
      const columns = table?.columns.filter((column) => index.columns.includes(column.name)) ?? [];
      return { ...(table ? ofTable(table, columns) : {}), objectName: index.name };
    }
    case 'drop-index': {
      const found = needIndex(draft, operation.index);
      const index = found.table?.indexes.find((one) => one.name === found.name);
      const columns = found.table?.columns.filter((column) => index?.columns.includes(column.name)) ?? [];
      dropIndex(draft, found, operation.cascade);
      return { ...(found.table ? ofTable(found.table, columns) : {}), objectName: operation.index.name };
    }
    case 'rename-index': {
      const found = needIndex(draft, operation.index);
      renameIndex(draft, found, operation.to);
      return { ...(found.table ? ofTable(found.table) : {}), objectName: operation.to };
    }
    case 'attach-index':
      needIndex(draft, operation.child);
      attachIndex(draft, needIndex(draft, operation.index));
      return { objectName: operation.index.name };
    case 'create-view':
      return { objectName: createView(draft, operation).name };
    case 'drop-view':
      dropView(draft, needView(draft, operation.view).key, operation.cascade);
      return { objectName: operation.view.name };
    case 'rename-view':
      renameView(draft, operation.view, operation.to);
      return { objectName: operation.to };
    case 'refresh-view':
      needView(draft, operation.view);
      return { objectName: operation.view.name };
    case 'create-type':
      object.createType(draft, operation);
      return { objectName: operation.type.name };
    case 'add-enum-value':
      object.addEnumValue(draft, operation);
      return { objectName: operation.type.name };
    case 'rename-enum-value':
      object.renameEnumValue(draft, operation);
      return { objectName: operation.type.name };
    case 'rename-type':
      object.renameType(draft, operation);
      return { objectName: operation.to };
    case 'drop-type':
      object.dropType(draft, operation);
      return { objectName: operation.type.name };
    case 'create-sequence':
      object.createSequence(draft, operation);
      return { objectName: operation.sequence.name };
    case 'alter-sequence':
      object.alterSequence(draft, operation);
      return { objectName: operation.sequence.name };
    case 'rename-sequence':
      object.renameSequence(draft, operation);
      return { objectName: operation.to };
    case 'drop-sequence':
      object.dropSequence(draft, operation);
      return { objectName: operation.sequence.name };
    case 'create-schema':
      object.createSchema(draft, operation.schema);
      return { objectName: operation.schema };
    case 'drop-schema':
      object.dropSchema(draft, operation.schema, operation.cascade === true);
      return { objectName: operation.schema };
    case 'create-extension':
      object.createExtension(draft, operation.extension);
      return { objectName: operation.extension };
    case 'drop-extension':
      object.dropExtension(draft, operation.extension);
      return { objectName: operation.extension };
    case 'create-function':
      routine.createFunction(draft, operation);
      return { objectName: operation.function.name };
    case 'drop-function':
      routine.dropFunction(draft, operation);
      return { objectName: operation.function.name };
    case 'rename-function':
      routine.renameFunction(draft, operation);
      return { objectName: operation.to };
    case 'set-search-path':
      draft.searchPath = operation.schemas;
      return {};
    default:
      return {};
  }
}
