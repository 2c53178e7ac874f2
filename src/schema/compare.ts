import type { Span } from '../change/span.ts';
import type { Applied, Rebuilt } from './applied.ts';
import { findTable, tableName } from './lookup.ts';
import { typeText } from './name.ts';
import type { ColumnDefinition, ConstraintDefinition, Operation, OperationBody } from './operation.ts';
import type { Column, Constraint, Index, Schema, Table, TableId } from './schema.ts';

/** Head with base's table and column identities wherever a table of the same name stands in both. */
export function matchIdentities(base: Schema, head: Schema): Schema {
  let nextTableId = Math.max(base.nextTableId, head.nextTableId);
  let nextColumnId = Math.max(base.nextColumnId, head.nextColumnId);
  const ids = new Map<TableId, TableId>();
  for (const table of head.tables.values()) ids.set(table.id, findTable(base, table)?.id ?? nextTableId++);
  const idOf = (id: TableId): TableId => ids.get(id) ?? id;
  const tables = new Map<TableId, Table>();
  for (const table of head.tables.values()) {
    const twin = findTable(base, table);
    const columns = table.columns.map((column) => {
      const same = twin?.columns.find((one) => one.name === column.name);
      return { ...column, id: same?.id ?? nextColumnId++ };
    });
    const constraints = table.constraints.map((one) =>
      one.kind === 'foreign key' ? { ...one, refTableId: idOf(one.refTableId) } : one,
    );
    const parent = table.parentId === undefined ? {} : { parentId: idOf(table.parentId) };
    tables.set(idOf(table.id), { ...table, ...parent, id: idOf(table.id), columns, constraints });
  }
  const views = new Map(
    [...head.views].map(([key, view]) => [key, { ...view, dependsOn: view.dependsOn.map(idOf) }]),
  );
  const triggers = new Map(
    [...head.triggers].map(([id, list]) => [idOf(id), list.map((one) => ({ ...one, tableId: idOf(id) }))]),
  );
  const sequences = new Map(
    [...head.sequences].map(([key, one]) => [
      key,
      one.ownedBy ? { ...one, ownedBy: { ...one.ownedBy, tableId: idOf(one.ownedBy.tableId) } } : one,
    ]),
  );
  return { ...head, tables, views, triggers, sequences, nextTableId, nextColumnId };
}

/**
 * The operations that lead from base to head, for chains that were edited or squashed; `head` has base's identities.
 * Positions and the order of columns do not count. A dropped object's span is base's.
 */
export function compare(base: Schema, head: Schema): readonly Applied[] {
  const operations: Applied[] = [];
  for (const table of base.tables.values())
    if (!head.tables.has(table.id))
      operations.push(about(table, { kind: 'drop-table', table, cascade: false }, table.span, table.columns));
  for (const table of head.tables.values()) {
    const former = base.tables.get(table.id);
    if (former) operations.push(...compareTables(former, table));
    else operations.push(about(table, definition(head, table), table.span, table.columns));
  }
  for (const [key, type] of head.types) {
    const former = base.types.get(key);
    if (!former)
      operations.push(
        apart({ kind: 'create-type', type, typeKind: type.kind, labels: type.labels }, type.span, type.name),
      );
    else
      for (const label of type.labels)
        if (!former.labels.includes(label))
          operations.push(apart({ kind: 'add-enum-value', type, label }, type.span, type.name));
  }
  for (const [key, type] of base.types)
    if (!head.types.has(key))
      operations.push(apart({ kind: 'drop-type', type, cascade: false }, type.span, type.name));
  for (const [key, view] of base.views)
    if (!head.views.has(key))
      operations.push(
        apart(
          { kind: 'drop-view', view, materialized: view.materialized, cascade: false },
          view.span,
          view.name,
        ),
      );
  return operations;
}

function apart(body: OperationBody, span: Span, objectName: string): Applied {
  return { operation: { ...body, span }, columns: [], columnIds: [], objectName };
}

function about(
  table: Table,
  body: OperationBody,
  span: Span,
  columns: readonly Column[],
  objectName?: string,
): Applied {
  return {
    operation: { ...body, span },
    tableId: table.id,
    tableName: tableName(table),
    columns: columns.map((column) => column.name),
    columnIds: columns.map((column) => column.id),
    ...(objectName === undefined ? {} : { objectName }),
  };
}

/**
 * What a table that was made anew under its own name has otherwise: on the new definition's own lines, as the columns and
 * constraints that are gone stand in none of them.
 */
export function rebuildOperations({ before, after }: Rebuilt): readonly Applied[] {
  const place = (applied: Applied): Applied => {
    const { operation } = applied;
    const gone = /^drop-(column|constraint|index)$/.test(operation.kind);
    return gone ? { ...applied, operation: { ...operation, span: after.span } } : applied;
  };
  return compareTables(before, after).map(place);
}

function compareTables(base: Table, head: Table): readonly Applied[] {
  const found: Applied[] = [];
  const say = (body: OperationBody, span: Span, columns: readonly Column[], name?: string) =>
    found.push(about(head, body, span, columns, name));
  const table = head;
  for (const column of base.columns)
    if (!head.columns.some((one) => one.id === column.id))
      say({ kind: 'drop-column', table, column: column.name, cascade: false }, column.span, [column]);
  for (const column of head.columns) {
    const former = base.columns.find((one) => one.id === column.id);
    if (!former) say({ kind: 'add-column', table, column: columnDefinition(column) }, column.span, [column]);
    else for (const body of changes(head, former, column)) say(body, column.span, [column]);
  }
  const named = (columns: readonly (string | undefined)[]) =>
    head.columns.filter((one) => columns.includes(one.name));
  for (const one of base.constraints)
    if (!head.constraints.some((other) => sameConstraint(one, other)))
      say(
        { kind: 'drop-constraint', table, name: one.name, cascade: false },
        one.span,
        named(one.columns),
        one.name,
      );
  for (const one of head.constraints)
    if (!base.constraints.some((other) => sameConstraint(one, other)))
      say(
        { kind: 'add-constraint', table, constraint: constraintDefinition(one) },
        one.span,
        named(one.columns),
        one.name,
      );
  for (const one of base.indexes)
    if (one.madeBy === 'user' && !head.indexes.some((other) => sameIndex(one, other)))
      say(
        {
          kind: 'drop-index',
          index: { schema: head.schema, name: one.name },
          cascade: false,
          concurrently: false,
        },
        one.span,
        named(one.columns),
        one.name,
      );
  for (const one of head.indexes)
    if (one.madeBy === 'user' && !base.indexes.some((other) => sameIndex(one, other)))
      say(indexDefinition(head, one), one.span, named(one.columns), one.name);
  return found;
}

function changes(table: Table, base: Column, head: Column): readonly OperationBody[] {
  const column = head.name;
  const bodies: OperationBody[] = [];
  if (typeText(base.type) !== typeText(head.type))
    bodies.push({ kind: 'alter-type', table, column, type: head.type });
  if (base.nullable !== head.nullable)
    bodies.push({ kind: head.nullable ? 'drop-not-null' : 'set-not-null', table, column });
  if (base.default !== head.default)
    bodies.push(
      head.default === undefined
        ? { kind: 'drop-default', table, column }
        : { kind: 'set-default', table, column, expression: head.default },
    );
  return bodies;
}

function sameConstraint(a: Constraint, b: Constraint): boolean {
  const plain = ({ span: _, ...rest }: Constraint) => JSON.stringify(Object.entries(rest).sort());
  return plain(a) === plain(b);
}

function sameIndex(a: Index, b: Index): boolean {
  const plain = ({ span: _, ...rest }: Index) => JSON.stringify(Object.entries(rest).sort());
  return plain(a) === plain(b);
}

function definition(schema: Schema, table: Table): OperationBody {
  const named = new Map(schema.tables);
  return {
    kind: 'create-table',
    table,
    columns: table.columns.map(columnDefinition),
    constraints: table.constraints.map((one) => constraintDefinition(one, named)),
  };
}

function columnDefinition(column: Column): ColumnDefinition {
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

function constraintDefinition(one: Constraint, tables?: ReadonlyMap<TableId, Table>): ConstraintDefinition {
  const { name, columns, span, validated } = one;
  switch (one.kind) {
    case 'primary key':
    case 'unique':
      return { kind: one.kind, name, columns, span };
    case 'foreign key': {
      const parent = tables?.get(one.refTableId);
      const refTable = { name: parent?.name ?? '' };
      const { refColumns, onDelete, onUpdate } = one;
      return {
        kind: 'foreign key',
        name,
        columns,
        span,
        refTable,
        refColumns,
        onDelete,
        onUpdate,
        notValid: !validated,
      };
    }
    case 'check':
      return { kind: 'check', name, columns, span, expression: one.expression, notValid: !validated };
    case 'exclude':
      return { kind: 'exclude', name, columns, span, expression: one.expression, method: 'gist' };
  }
}

function indexDefinition(table: Table, index: Index): Operation {
  let expression = 0;
  return {
    kind: 'create-index',
    table,
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
    span: index.span,
  };
}
