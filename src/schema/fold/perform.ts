import type { Operation } from '../operation.ts';
import type { Constraint, Table, TableId } from '../schema.ts';
import { alterColumn } from './alter-column.ts';
import { addColumn } from './column.ts';
import { addConstraint } from './constraint.ts';
import type { Done } from './done.ts';
import { type Draft, setPath } from './draft.ts';
import { dropColumn, renameColumn } from './drop-column.ts';
import { alterConstraint, dropNamed, renameConstraint, validateConstraint } from './drop-constraint.ts';
import { alongWith, dropTable, moveTable, renameTable } from './drop-table.ts';
import { createExtension, dropExtension } from './extension.ts';
import { current, findColumn, findRelation, findTableIn, needTable } from './find.ts';
import { createSchema, dropSchema } from './namespace.ts';
import { attachPartition, detachPartition } from './partition.ts';
import { Refusal } from './refusal.ts';
import { createFunction, dropFunction, renameFunction } from './routine.ts';
import { needWritable } from './rows.ts';
import { alterSequence, createSequence, dropSequence, needSequence, renameSequence } from './sequence.ts';
import { createTable } from './table.ts';
import { attachIndex, createIndex, dropIndex, needIndex, renameIndex } from './table-index.ts';
import { createTrigger, dropTrigger, needTriggerFunction, renameTrigger } from './trigger.ts';
import { addEnumValue, createType, dropType, renameEnumValue, renameType } from './user-type.ts';
import { createView, dropView, needRefreshable, needView, renameView } from './view.ts';

type On<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Does one operation on the draft, or throws a {@link Refusal}; then what it changed so far is to be undone. */
export function perform(draft: Draft, operation: Operation, inTransaction: boolean): Done {
  if (inTransaction && /^(create|drop)-index$/.test(operation.kind) && isConcurrent(operation)) {
    const verb = operation.kind === 'create-index' ? 'CREATE' : 'DROP';
    const message = `${verb} INDEX CONCURRENTLY cannot run inside a transaction block`;
    throw new Refusal('invalid definition', message, []);
  }
  return onTable(draft, operation) ?? onPart(draft, operation) ?? onObject(draft, operation) ?? {};
}

function isConcurrent(operation: Operation): boolean {
  return 'concurrently' in operation && operation.concurrently;
}

function onTable(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-table': {
      const table = createTable(draft, operation);
      return { table, columns: table.columns };
    }
    case 'drop-table': {
      const table = needTable(draft, operation.table, 'object', 'table');
      dropTable(draft, table, operation.cascade, alongWith(draft, operation.alongWith));
      return { table, columns: table.columns };
    }
    case 'rename-table':
      return renameRelation(draft, operation);
    case 'set-table-schema': {
      const table = needTable(draft, operation.table, 'table');
      if (!draft.schemas.has(operation.to))
        throw new Refusal('no such schema', `schema "${operation.to}" does not exist`, [operation.to]);
      return { table: moveTable(draft, table, operation.to) };
    }
    case 'attach-partition':
      return { table: attachPartition(draft, needTable(draft, operation.table, 'table'), operation) };
    case 'detach-partition':
      return {
        table: detachPartition(draft, needTable(draft, operation.table, 'table'), operation.partition),
      };
    case 'add-column': {
      const table = needTable(draft, operation.table, 'table');
      if (table.kind === 'partition')
        throw new Refusal('wrong kind', 'cannot add column to a partition', [table.name]);
      const column = addColumn(draft, table, operation.column);
      return { table: current(draft, table.id), columns: [column] };
    }
    case 'drop-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = dropColumn(draft, current(draft, id), operation.column, operation.cascade);
      return { table: current(draft, id), columns: [column] };
    }
    case 'rename-column': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = renameColumn(draft, current(draft, id), operation.column, operation.to);
      return { table: current(draft, id), columns: [column] };
    }
    case 'alter-type':
    case 'set-default':
    case 'drop-default':
    case 'set-not-null':
    case 'drop-not-null':
    case 'add-identity':
    case 'set-identity':
    case 'drop-identity':
    case 'drop-generated': {
      const { id } = needTable(draft, operation.table, 'table');
      const column = alterColumn(draft, current(draft, id), operation);
      return { table: current(draft, id), columns: [column] };
    }
    case 'write-rows':
      return needWritable(draft, operation) ?? {};
    default:
      return undefined;
  }
}

/** ALTER TABLE … RENAME TO also renames views, indexes and sequences. */
function renameRelation(draft: Draft, operation: On<'rename-table'>): Done {
  const found = findRelation(draft, operation.table);
  const { to } = operation;
  switch (found?.relation.kind) {
    case 'view':
      renameView(draft, needView(draft, operation.table), to);
      return { objectName: to };
    case 'index':
    case 'view index':
      renameIndex(draft, needIndex(draft, operation.table), to);
      return { objectName: to };
    case 'sequence':
      renameSequence(draft, needSequence(draft, operation.table), to);
      return { objectName: to };
    default:
      return { table: renameTable(draft, needTable(draft, operation.table, 'table'), to) };
  }
}

/** Constraints, indexes and triggers. */
function onPart(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'add-constraint': {
      const { id } = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, id, addConstraint(draft, id, operation.constraint));
    }
    case 'drop-constraint': {
      const table = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, table.id, dropNamed(draft, table, operation.name, operation.cascade));
    }
    case 'rename-constraint': {
      const table = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, table.id, renameConstraint(draft, table, operation.name, operation.to));
    }
    case 'validate-constraint': {
      const table = needTable(draft, operation.table, 'table');
      return ofConstraint(draft, table.id, validateConstraint(draft, table, operation.name));
    }
    case 'alter-constraint': {
      const table = needTable(draft, operation.table, 'table');
      const { name, deferrable } = operation;
      return ofConstraint(draft, table.id, alterConstraint(draft, table, name, deferrable));
    }
    case 'create-index': {
      const { index, table } = createIndex(draft, operation);
      return { ...ofColumns(table, index.columns), objectName: index.name };
    }
    case 'drop-index': {
      const found = needIndex(draft, operation.index, 'index');
      dropIndex(draft, found, operation.cascade);
      return { ...ofColumns(found.table, found.index.columns), objectName: found.index.name };
    }
    case 'rename-index': {
      const found = findRelation(draft, operation.index);
      if (found && found.relation.kind !== 'index' && found.relation.kind !== 'view index')
        return renameRelation(draft, { ...operation, kind: 'rename-table', table: operation.index });
      const { index, table, view } = needIndex(draft, operation.index);
      renameIndex(draft, { index, table, view }, operation.to);
      return { ...ofColumns(table && current(draft, table.id), index.columns), objectName: operation.to };
    }
    case 'attach-index': {
      needIndex(draft, operation.child);
      const found = needIndex(draft, operation.index);
      attachIndex(draft, found);
      return { ...ofColumns(found.table, found.index.columns), objectName: found.index.name };
    }
    case 'create-trigger':
    case 'drop-trigger':
    case 'rename-trigger':
      return onTrigger(draft, operation);
    default:
      return undefined;
  }
}

function ofConstraint(draft: Draft, id: TableId, constraint: Constraint): Done {
  const table = current(draft, id);
  return {
    table,
    columns: constraint.columns.flatMap((name) => findColumn(draft, table, name) ?? []),
    objectName: constraint.name,
    ...(constraint.kind === 'foreign key' ? { refTableId: constraint.refTableId } : {}),
  };
}

function ofColumns(table: Table | undefined, names: readonly (string | undefined)[]): Done {
  return table ? { table, columns: table.columns.filter((column) => names.includes(column.name)) } : {};
}

/** Triggers may stand on views, which hold none here. */
function onTrigger(draft: Draft, operation: On<'create-trigger' | 'drop-trigger' | 'rename-trigger'>): Done {
  const { name } = operation;
  if (
    !findTableIn(draft, operation.table) &&
    findRelation(draft, operation.table)?.relation.kind === 'view'
  ) {
    if (operation.kind === 'create-trigger') needTriggerFunction(draft, operation.function);
    return { objectName: operation.kind === 'rename-trigger' ? operation.to : name };
  }
  const table = needTable(draft, operation.table, 'table');
  if (operation.kind === 'create-trigger') createTrigger(draft, table, operation);
  else if (operation.kind === 'drop-trigger') dropTrigger(draft, table, name);
  else renameTrigger(draft, table, name, operation.to);
  return { table, objectName: operation.kind === 'rename-trigger' ? operation.to : name };
}

/** Views, types, sequences, functions, schemas, extensions and the session. */
function onObject(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-view':
      return { objectName: createView(draft, operation).name };
    case 'drop-view': {
      const { key, view } = needView(draft, operation.view, operation.materialized, true);
      dropView(draft, key, operation.cascade, alongWith(draft, operation.alongWith).views);
      return { objectName: view.name };
    }
    case 'rename-view':
      renameView(draft, needView(draft, operation.view, operation.materialized), operation.to);
      return { objectName: operation.to };
    case 'refresh-view':
      needRefreshable(draft, operation.view, operation.concurrently);
      return { objectName: operation.view.name };
    case 'create-type':
      createType(draft, operation);
      return { objectName: operation.type.name };
    case 'add-enum-value':
      addEnumValue(draft, operation);
      return { objectName: operation.type.name };
    case 'rename-enum-value':
      renameEnumValue(draft, operation);
      return { objectName: operation.type.name };
    case 'rename-type':
      renameType(draft, operation);
      return { objectName: operation.to };
    case 'drop-type':
      dropType(draft, operation);
      return { objectName: operation.type.name };
    case 'create-sequence':
      createSequence(draft, operation);
      return { objectName: operation.sequence.name };
    case 'alter-sequence':
      alterSequence(draft, operation);
      return { objectName: operation.sequence.name };
    case 'rename-sequence':
      renameSequence(draft, needSequence(draft, operation.sequence), operation.to);
      return { objectName: operation.to };
    case 'drop-sequence': {
      const { key, sequence } = needSequence(draft, operation.sequence, 'sequence');
      dropSequence(draft, key, operation.cascade);
      return { objectName: sequence.name };
    }
    case 'create-function':
      createFunction(draft, operation);
      return { objectName: operation.function.name };
    case 'drop-function':
      dropFunction(draft, operation);
      return { objectName: operation.function.name };
    case 'rename-function':
      renameFunction(draft, operation);
      return { objectName: operation.to };
    default:
      return onDatabase(draft, operation);
  }
}

function onDatabase(draft: Draft, operation: Operation): Done | undefined {
  switch (operation.kind) {
    case 'create-schema':
      createSchema(draft, operation.schema);
      return { objectName: operation.schema };
    case 'drop-schema':
      dropSchema(draft, operation.schema, operation.cascade === true);
      return { objectName: operation.schema };
    case 'create-extension':
      createExtension(draft, operation);
      return { objectName: operation.extension };
    case 'drop-extension':
      dropExtension(draft, operation);
      return { objectName: operation.extension };
    case 'set-search-path':
      setPath(draft, operation.schemas, operation.local ? draft.sessionPath : operation.schemas);
      return {};
    default:
      return undefined;
  }
}
