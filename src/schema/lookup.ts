import type { QualifiedName } from './name.ts';
import type { Schema, Table } from './schema.ts';

const byName = new WeakMap<Schema, ReadonlyMap<string, Table>>();

/** The table of that name in a finished schema, by its search path; DuckDB's names are the same in any case. */
export function findTable(schema: Schema, name: QualifiedName): Table | undefined {
  const fold = (text: string) => (schema.dialect === 'duckdb' ? text.toLowerCase() : text);
  let index = byName.get(schema);
  if (!index) {
    index = new Map(
      [...schema.tables.values()].map((table) => [fold(`${table.schema}.${table.name}`), table]),
    );
    byName.set(schema, index);
  }
  const homes = name.schema === undefined ? [...schema.searchPath, 'public', 'main'] : [name.schema];
  for (const home of homes) {
    const table = index.get(fold(`${home}.${name.name}`));
    if (table) return table;
  }
  return undefined;
}

/** A table's name for people: with its schema unless that is where connections start. */
export function tableName(table: Pick<Table, 'schema' | 'name'>): string {
  return table.schema === 'public' || table.schema === 'main' ? table.name : `${table.schema}.${table.name}`;
}
