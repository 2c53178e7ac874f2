import type { ColumnDefinition, ConstraintDefinition, OperationBody } from '../operation.ts';
import type { Column, Constraint, Index, Schema, Table } from '../schema.ts';
import { nameOf } from './said.ts';

/** CREATE TABLE for a table as it stands. */
export function tableDefinition(schema: Schema, table: Table): OperationBody {
  const parent = table.kind === 'partition' ? schema.tables.get(table.parentId ?? 0) : undefined;
  return {
    kind: 'create-table',
    table: nameOf(table),
    columns: table.columns.map(columnDefinition),
    constraints: table.constraints.map((one) => constraintDefinition(schema, one)),
    ...(table.temporary ? { temporary: true } : {}),
    ...(table.partitionBy ? { partitionBy: table.partitionBy } : {}),
    ...(parent ? { partitionOf: nameOf(parent) } : {}),
  };
}

/** A column as ADD COLUMN would declare it. */
export function columnDefinition(column: Column): ColumnDefinition {
  const { name, type, nullable, identity, generated, span } = column;
  return {
    name,
    type,
    notNull: !nullable,
    default: column.default,
    generated,
    identity,
    constraints: [],
    span,
  };
}

/** A constraint as ADD CONSTRAINT would declare it. */
export function constraintDefinition(schema: Schema, one: Constraint): ConstraintDefinition {
  const { name, columns, span, validated, deferrable } = one;
  const base = { name, columns, span, ...(deferrable ? { deferrable } : {}) };
  switch (one.kind) {
    case 'primary key':
    case 'unique':
      return { ...base, kind: one.kind, ...(one.nullsNotDistinct ? { nullsNotDistinct: true } : {}) };
    case 'foreign key': {
      const parent = schema.tables.get(one.refTableId);
      const refTable = parent ? nameOf(parent) : { name: '' };
      const { kind, refColumns, onDelete, onUpdate } = one;
      return { ...base, kind, refTable, refColumns, onDelete, onUpdate, notValid: !validated };
    }
    case 'check':
      return { ...base, kind: 'check', expression: one.expression, notValid: !validated };
    case 'exclude':
      return { ...base, kind: 'exclude', expression: one.expression, method: 'gist' };
  }
}

/** CREATE INDEX for an index as it stands. */
export function indexDefinition(table: Table, index: Index): OperationBody {
  let expression = 0;
  return {
    kind: 'create-index',
    table: nameOf(table),
    name: index.name,
    keys: index.columns.map((column) =>
      column === undefined ? { expression: index.expressions[expression++] } : { column },
    ),
    include: index.include,
    method: index.method,
    unique: index.unique,
    predicate: index.predicate,
    concurrently: false,
    only: false,
  };
}
