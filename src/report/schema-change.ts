import type { ChainChange } from '../read/chain-change.ts';
import type { Schema, TableId } from '../schema/schema.ts';

/** What the change does to the tables of one chain. */
export interface SchemaChange {
  readonly chain: string;
  /** The schema at head. */
  readonly schema: Schema;
  /** Tables that head has and that an operation of the change concerns, in the order in which it first does. */
  readonly tables: readonly TableId[];
  /** Columns that such operations concern, by identity. */
  readonly columns: ReadonlySet<number>;
  /** Names of tables that the change drops. */
  readonly dropped: readonly string[];
}

/** The tables that a chain's change makes, alters or drops. */
export function schemaChange({ id, baseSchema, headSchema, operations }: ChainChange): SchemaChange {
  const tables = new Set<TableId>();
  const dropped = new Map<TableId, string>();
  const columns = new Set<number>();
  for (const { operation, tableId, tableName, columnIds } of operations) {
    if (tableId === undefined || operation.kind === 'write-rows' || operation.kind === 'read-rows') continue;
    for (const column of columnIds) columns.add(column);
    if (headSchema.tables.has(tableId)) tables.add(tableId);
    else if (baseSchema.tables.has(tableId)) dropped.set(tableId, tableName ?? '');
  }
  return { chain: id, schema: headSchema, tables: [...tables], columns, dropped: [...dropped.values()] };
}
