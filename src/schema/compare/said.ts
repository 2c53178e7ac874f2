import type { Span } from '../../change/span.ts';
import type { Applied } from '../applied.ts';
import { tableName } from '../lookup.ts';
import type { QualifiedName } from '../name.ts';
import type { OperationBody } from '../operation.ts';
import type { Column, Table, TableId } from '../schema.ts';

/** An operation on a table, as the fold would have told of it. */
export function about(
  table: Table,
  body: OperationBody,
  span: Span,
  parts: {
    readonly columns?: readonly Column[];
    readonly objectName?: string;
    readonly refTableId?: TableId;
  } = {},
): Applied {
  const { columns = [], ...rest } = parts;
  return {
    operation: { ...body, span },
    tableId: table.id,
    tableName: tableName(table),
    columns: columns.map((column) => column.name),
    columnIds: columns.map((column) => column.id),
    ...rest,
  };
}

/** An operation on something else than a table. */
export function apart(body: OperationBody, span: Span, objectName: string): Applied {
  return { operation: { ...body, span }, columns: [], columnIds: [], objectName };
}

/** The name of a table or another object, without the rest of it. */
export function nameOf({ schema, name }: QualifiedName): QualifiedName {
  return schema === undefined ? { name } : { schema, name };
}
