import type { QualifiedName } from './name.ts';
import type { Constraint, Index, Schema, Table, TableId } from './schema.ts';

/** How a fold under way finds its tables: its maps change, so nothing may be remembered of them. */
export const liveTables = new WeakMap<Schema, (name: QualifiedName) => Table | undefined>();

const byName = new WeakMap<Schema, ReadonlyMap<string, Table>>();

/** The table of that name, by the schema's search path; DuckDB's names are the same in any case. */
export function findTable(schema: Schema, name: QualifiedName): Table | undefined {
  const live = liveTables.get(schema);
  if (live) return live(name);
  const fold = (text: string) => (schema.dialect === 'duckdb' ? text.toLowerCase() : text);
  let index = byName.get(schema);
  if (!index) {
    const tables = [...schema.tables.values()];
    index = new Map(tables.map((table) => [fold(`${table.schema}.${table.name}`), table]));
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

/** A foreign key and the table that it is on. */
export interface Reference {
  readonly table: Table;
  readonly constraint: Extract<Constraint, { kind: 'foreign key' }>;
}

const byParent = new WeakMap<Schema, ReadonlyMap<TableId, readonly Reference[]>>();

/** The foreign keys that point to a table, its own included. */
export function referencesTo(schema: Schema, tableId: TableId): readonly Reference[] {
  const live = liveTables.has(schema);
  let index = live ? undefined : byParent.get(schema);
  if (!index) {
    const references = new Map<TableId, Reference[]>();
    for (const table of schema.tables.values())
      for (const constraint of table.constraints) {
        if (constraint.kind !== 'foreign key') continue;
        const known = references.get(constraint.refTableId);
        if (known) known.push({ table, constraint });
        else references.set(constraint.refTableId, [{ table, constraint }]);
      }
    index = references;
    if (!live) byParent.set(schema, index);
  }
  return index.get(tableId) ?? [];
}

/** The columns of the primary key; none where there is no such key. */
export function primaryKeyOf(table: Table): readonly string[] {
  return table.constraints.find((one) => one.kind === 'primary key')?.columns ?? [];
}

/** The whole, valid unique indexes of a table over plain columns: each tells rows apart. */
export function keysOf(table: Table): readonly Index[] {
  return table.indexes.filter(
    (index) => index.unique && index.valid && index.predicate === undefined && index.expressions.length === 0,
  );
}
