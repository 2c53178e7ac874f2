import type { QualifiedName } from './name.ts';
import type { Column, Dialect, Opaque, Schema, Table } from './schema.ts';

/** How a fold under way finds its tables: its maps change, so nothing may be remembered of them. */
export const liveTables = new WeakMap<Schema, (name: QualifiedName) => Table | undefined>();

const byName = new WeakMap<Schema, ReadonlyMap<string, Table>>();

/** Only PostgreSQL tells names apart by their case once they are read; MySQL's tables do so on some file systems. */
export function mindsCase(dialect: Dialect): boolean {
  return dialect === 'postgres';
}

/** The table of that name, by the schema's search path. */
export function findTable(schema: Schema, name: QualifiedName): Table | undefined {
  const live = liveTables.get(schema);
  if (live) return live(name);
  const fold = (text: string) => (mindsCase(schema.dialect) ? text : text.toLowerCase());
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

/** The column of that name, or the one that a convention names for it; of names that differ in case alone the one written so. */
export function columnNamed(
  { columns }: Table,
  name: string,
  isCaseMinded: boolean,
  convention?: string,
): Column | undefined {
  const named = (wanted: string) =>
    columns.find((one) => one.name === wanted) ??
    (isCaseMinded ? undefined : columns.find((one) => one.name.toLowerCase() === wanted.toLowerCase()));
  return named(name) ?? (convention === undefined ? undefined : named(convention));
}

/** The last statement whose effect is not known and that names the object, or puts such a name together. */
export function doubtOf(schema: Schema, name: string): Opaque | undefined {
  const at = doubtsAbout(schema, name).at(-1);
  return at === undefined ? undefined : schema.opaque[at];
}

/** The places in the schema's list of all such statements. */
export function doubtsAbout({ tainted, opaque }: Schema, name: string): readonly number[] {
  const named = tainted.get(name.toLowerCase()) ?? [];
  const built = opaque.flatMap(({ names = [] }, at) =>
    names.some((one) => new RegExp(one, 'i').test(name)) && !named.includes(at) ? [at] : [],
  );
  return built.length > 0 ? [...named, ...built].sort((a, b) => a - b) : named;
}

/** A table's name for people: with its schema unless that is where connections start. */
export function tableName(table: Pick<Table, 'schema' | 'name'>): string {
  return table.schema === 'public' || table.schema === 'main' ? table.name : `${table.schema}.${table.name}`;
}
