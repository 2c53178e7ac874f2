import type { Column, Schema, Table } from '../../schema/schema.ts';
import type { ExactRows } from '../exact.ts';
import { relationName } from '../lower/table.ts';
import { duckdbType, literal, quoted } from '../lower/type.ts';
import type { Seed, SeededTable } from '../seed.ts';
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

/** The rows of a table for PostgreSQL, where a row that a rule unknown to the seed refuses costs only itself. */
export function postgresInserts({ table, columns, rows }: SeededTable): ExactRows {
  const named = columns.map(quoted).join(', ');
  const numbered = table.columns.some((column) => column.identity !== undefined);
  const into = `INSERT INTO ${relationName(table)} (${named})${numbered ? ' OVERRIDING SYSTEM VALUE' : ''}`;
  const values = rows.map((row) => `(${postgresRow(table, columns, row)})`);
  return {
    whole: `${into} VALUES ${values.join(', ')}`,
    single: values.map((value) => `${into} VALUES ${value}`),
  };
}

/** All rows of a seed. The tables' own triggers are left out: what they would do was done when the rows were made. */
export function postgresRows(seed: Seed, schema: Schema): readonly ExactRows[] {
  return seed.tables.flatMap((seeded) => {
    if (seeded.rows.length === 0) return [];
    const inserts = postgresInserts(seeded);
    if (!schema.triggers.get(seeded.table.id)?.length) return [inserts];
    const alter = `ALTER TABLE ${relationName(seeded.table)}`;
    const turn = (way: string) => ({ whole: `${alter} ${way} TRIGGER USER`, single: [] });
    return [turn('DISABLE'), inserts, turn('ENABLE')];
  });
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
