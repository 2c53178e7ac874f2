import type { Column, Schema, Table } from '../../schema/schema.ts';
import { relationName } from '../lower/table.ts';
import { duckdbType, literal, quoted } from '../lower/type.ts';
import type { SeededTable } from '../seed.ts';
import type { SeedRow } from './rows.ts';
import type { SeedValue } from './value.ts';

/** One INSERT of all rows of a table for the DuckDB that stands in for PostgreSQL. */
export function duckdbInsert({ table, columns, rows }: SeededTable, schema: Schema): string {
  const values = rows.map((row) => {
    const cells = columns.map((name) => duckdbValue(row[name] ?? null, columnOf(table, name), schema));
    return `(${cells.join(', ')})`;
  });
  const names = columns.map(quoted).join(', ');
  return `INSERT INTO ${relationName(table)} (${names}) VALUES ${values.join(', ')}`;
}

function duckdbValue(value: SeedValue, column: Column | undefined, schema: Schema): string {
  if (value === null || !column) return 'NULL';
  if (typeof value !== 'string') {
    const element = { ...column, type: { ...column.type, dimensions: 0 } };
    const cells = value.map((one) => duckdbValue(one, element, schema));
    return `CAST([${cells.join(', ')}] AS ${duckdbType(column.type, schema)})`;
  }
  const type = duckdbType(column.type, schema);
  if (type === 'BLOB') return `from_hex(${literal(value)})`;
  return type === 'VARCHAR' ? literal(value) : `CAST(${literal(value)} AS ${type})`;
}

/** One INSERT a row for PostgreSQL: a row that a rule unknown to the seed refuses costs only itself. */
export function postgresInserts({ table, columns, rows }: SeededTable): readonly string[] {
  const named = columns.map(quoted).join(', ');
  const numbered = table.columns.some((column) => column.identity !== undefined);
  const into = `INSERT INTO ${relationName(table)} (${named})${numbered ? ' OVERRIDING SYSTEM VALUE' : ''}`;
  return rows.map((row) => `${into} VALUES (${postgresRow(table, columns, row)})`);
}

function postgresRow(table: Table, columns: readonly string[], row: SeedRow): string {
  const cells = columns.map((name) => {
    const value = row[name] ?? null;
    const bytes = columnOf(table, name)?.type.name === 'bytea';
    return value === null ? 'NULL' : literal(postgresText(value, bytes));
  });
  return cells.join(', ');
}

function postgresText(value: Exclude<SeedValue, null>, bytes: boolean): string {
  if (typeof value === 'string') return bytes ? `\\x${value}` : value;
  const items = value.map((one) =>
    one === null ? 'NULL' : `"${postgresText(one, bytes).replaceAll(/[\\"]/g, '\\$&')}"`,
  );
  return `{${items.join(',')}}`;
}

function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}
