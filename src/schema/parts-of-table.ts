import type { ObjectKind } from './alterations.ts';
import type { Schema, Table } from './schema.ts';
import { columnBodySql, constraintBodySql, indexBodySql } from './sql/table-sql.ts';

/** One part of a table as it stands. */
export interface TablePart {
  readonly object: ObjectKind;
  readonly name: string;
  readonly columnId?: number;
  /** As SQL, without its name. */
  readonly definition: string;
}

/** Columns in their order, then constraints, the indexes made by themselves, and triggers. */
export function partsOfTable(schema: Schema, table: Table): readonly TablePart[] {
  return [
    ...table.columns.map((column) => ({
      ...{ object: 'column' as const, name: column.name, columnId: column.id },
      definition: columnBodySql(schema, table, column),
    })),
    ...table.constraints.map((one) => ({
      ...{ object: 'constraint' as const, name: one.name },
      definition: constraintBodySql(schema, one, table),
    })),
    ...table.indexes
      .filter(({ madeBy }) => madeBy === 'user')
      .map((one) => ({
        ...{ object: 'index' as const, name: one.name, definition: indexBodySql(schema, one) },
      })),
    ...(schema.triggers.get(table.id) ?? []).map((one) => ({
      ...{ object: 'trigger' as const, name: one.name },
      definition: `${one.events.join(' or ')}: ${one.function}`,
    })),
  ];
}
