import { nameText, type TypeName, typeText } from '../../schema/name.ts';
import type { Column, Constraint, Index, Schema, Table } from '../../schema/schema.ts';
import type { Catalog, CatalogColumn, CatalogConstraint, CatalogIndex } from './catalog.ts';
import { catalogType, plainExpression } from './text.ts';

/** What the fold and the server say differently of one property of one object: always a mistake or a limit of ours. */
interface Difference {
  readonly kind:
    | 'table'
    | 'column'
    | 'type'
    | 'nullability'
    | 'default'
    | 'constraint'
    | 'index'
    | 'user type'
    | 'view'
    | 'sequence';
  /** `public.posts.title`. */
  readonly object: string;
  /** As the fold has it; absent where it has no such object. */
  readonly folded?: string;
  /** As the server has it; absent where it has no such object. */
  readonly catalog?: string;
  /** Why the fold may be wrong here and knows it: something that is not modelled named the object. */
  readonly tainted?: string;
}

/** The differences, and how many things of each kind were compared. */
export interface Comparison {
  readonly compared: Readonly<Record<Difference['kind'], number>>;
  readonly differences: readonly Difference[];
}

/** Compares a folded schema with the catalog of a server on which the same migrations ran. */
export function compareCatalog(schema: Schema, catalog: Catalog): Comparison {
  const compared: Record<Difference['kind'], number> = {
    table: 0,
    column: 0,
    type: 0,
    nullability: 0,
    default: 0,
    constraint: 0,
    index: 0,
    'user type': 0,
    view: 0,
    sequence: 0,
  };
  const differences: Difference[] = [];
  const compare: Compare = (kind, object, folded, said) => {
    compared[kind]++;
    if (folded === said) return;
    const tainted = object
      .split('.')
      .slice(1, 3)
      .map((name) => schema.tainted.get(name.toLowerCase()))
      .find((why) => why !== undefined);
    differences.push({ kind, object, folded, catalog: said, ...(tainted === undefined ? {} : { tainted }) });
  };
  compareTables(schema, catalog, compare);
  compareTypes(schema, catalog, compare);
  compareRelations(schema, catalog, compare);
  return { compared, differences };
}

type Compare = (
  kind: Difference['kind'],
  object: string,
  folded: string | undefined,
  catalog: string | undefined,
) => void;

function compareTables(schema: Schema, catalog: Catalog, compare: Compare): void {
  const columns = byTable(catalog.columns);
  const constraints = byTable(catalog.constraints);
  const indexes = byTable(catalog.indexes);
  const there = new Set(catalog.relations.filter((one) => one.kind === 'table').map(nameText));
  const folded = new Map([...schema.tables.values()].map((table) => [nameText(table), table]));
  for (const name of new Set([...folded.keys(), ...there])) {
    const table = folded.get(name);
    if (table?.temporary) continue;
    compare('table', name, table && 'there', there.has(name) ? 'there' : undefined);
    if (!table || !there.has(name)) continue;
    compareColumns(name, schema, table, columns.get(name) ?? [], compare);
    compareNamed('constraint', name, compare, {
      folded: table.constraints.map((one) => [one.name, constraintText(one, schema)]),
      catalog: (constraints.get(name) ?? []).map((one) => [one.name, saidConstraint(one)]),
    });
    compareNamed('index', name, compare, {
      folded: table.indexes.map((one) => [one.name, indexText(one)]),
      catalog: (indexes.get(name) ?? []).map((one) => [one.name, saidIndex(one)]),
    });
  }
}

function byTable<T extends { readonly schema: string; readonly table: string }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const table = `${one.schema}.${one.table}`;
    const group = groups.get(table);
    if (group) group.push(one);
    else groups.set(table, [one]);
  }
  return groups;
}

type Texts = readonly (readonly [name: string, text: string])[];

function compareNamed(
  kind: Difference['kind'],
  of: string,
  compare: Compare,
  sides: { readonly folded: Texts; readonly catalog: Texts },
): void {
  const [folded, catalog] = [new Map(sides.folded), new Map(sides.catalog)];
  for (const name of new Set([...folded.keys(), ...catalog.keys()]))
    compare(kind, of ? `${of}.${name}` : name, folded.get(name), catalog.get(name));
}

function compareColumns(
  of: string,
  schema: Schema,
  table: Table,
  said: readonly CatalogColumn[],
  compare: Compare,
): void {
  const folded = new Map(table.columns.map((column) => [column.name, column]));
  const catalog = new Map(said.map((column) => [column.name, column]));
  for (const name of new Set([...folded.keys(), ...catalog.keys()])) {
    const [ours, theirs] = [folded.get(name), catalog.get(name)];
    const object = `${of}.${name}`;
    compare('column', object, ours && 'there', theirs && 'there');
    if (!ours || !theirs) continue;
    compare('type', object, foldedType(ours.type, schema), catalogType(theirs.type));
    compare('nullability', object, nullText(!ours.nullable), nullText(theirs.notNull));
    compare('default', object, defaultText(ours), saidDefault(theirs, ours));
  }
}

function nullText(notNull: boolean): string {
  return notNull ? 'NOT NULL' : 'NULL';
}

/** With the schema of a type that is no built-in one, as the catalog has it. */
function foldedType(type: TypeName, schema: Schema): string {
  const name = type.name === 'bpchar' ? 'char' : type.name;
  const args = type.name === 'char' && type.arguments.length === 0 ? ['1'] : type.arguments;
  const own = type.schema === undefined && schema.types.has(`public.${type.name}`);
  const dimensions = Math.min(type.dimensions, 1);
  return typeText({ ...type, ...(own ? { schema: 'public' } : {}), name, arguments: args, dimensions });
}

/** The server writes the literals of other types in its own way: `'90 day'` as `'90 days'`, `'f'` as `false`. */
function isText({ name, dimensions }: TypeName): boolean {
  return (
    dimensions === 0 &&
    !/^(smallint|integer|bigint|numeric|real|double precision|boolean|date|time|interval)/.test(name)
  );
}

function defaultText(column: Column): string | undefined {
  if (column.identity) return `identity ${column.identity}`;
  if (column.generated !== undefined) return 'generated';
  return column.default === undefined ? undefined : plainExpression(column.default, isText(column.type));
}

function saidDefault(column: CatalogColumn, { type }: Column): string | undefined {
  if (column.identity) return `identity ${column.identity}`;
  if (column.generated) return 'generated';
  return column.default === null ? undefined : plainExpression(column.default, isText(type));
}

interface ConstraintParts {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly refTable: string;
  readonly refColumns: readonly string[];
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly validated: boolean;
  readonly deferrable: boolean;
}

function constraintText(one: Constraint, schema: Schema): string {
  const parent = one.kind === 'foreign key' ? schema.tables.get(one.refTableId) : undefined;
  const references =
    one.kind === 'foreign key'
      ? { refColumns: one.refColumns, onDelete: one.onDelete, onUpdate: one.onUpdate }
      : { refColumns: [], onDelete: null, onUpdate: null };
  const { kind, columns, validated, deferrable = false } = one;
  const refTable = parent ? nameText(parent) : '';
  return joinConstraint({ kind, columns, validated, deferrable, refTable, ...references });
}

function saidConstraint(one: CatalogConstraint): string {
  return joinConstraint({
    ...one,
    refTable: one.refTable === null ? '' : `${one.refSchema}.${one.refTable}`,
  });
}

function joinConstraint(one: ConstraintParts): string {
  // The server lists a CHECK's columns by their place in the table, and an exclusion's may be expressions.
  const columns = one.kind === 'check' ? [...one.columns].sort() : one.kind === 'exclude' ? [] : one.columns;
  const references = one.refTable
    ? ` references ${one.refTable} (${one.refColumns.join(', ')}) on delete ${one.onDelete} on update ${one.onUpdate}`
    : '';
  const state = `${one.deferrable ? ' deferrable' : ''}${one.validated ? '' : ' not valid'}`;
  return `${one.kind} (${columns.join(', ')})${references}${state}`;
}

function indexText(one: Index): string {
  return joinIndex({
    ...one,
    columns: one.columns.map((name) => name ?? null),
    partial: one.predicate !== undefined,
  });
}

function saidIndex(one: CatalogIndex): string {
  return joinIndex(one);
}

function joinIndex(one: Omit<CatalogIndex, 'schema' | 'table' | 'name'>): string {
  const keys = one.columns.map((name) => name ?? '<expression>').join(', ');
  const include = one.include.length > 0 ? ` include (${one.include.join(', ')})` : '';
  return `${one.unique ? 'unique ' : ''}${one.method} (${keys})${include}${one.partial ? ' partial' : ''}${one.valid ? '' : ' invalid'}`;
}

function compareTypes(schema: Schema, catalog: Catalog, compare: Compare): void {
  const text = (kind: string, labels: readonly string[]) => `${kind} ${JSON.stringify(labels)}`;
  compareNamed('user type', '', compare, {
    folded: [...schema.types.values()]
      .filter((one) => one.kind !== 'base')
      .map((one) => [nameText(one), text(one.kind, one.labels)]),
    catalog: catalog.types.map((one) => [nameText(one), text(one.kind, one.labels)]),
  });
}

function compareRelations(schema: Schema, catalog: Catalog, compare: Compare): void {
  const indexes = byTable(catalog.indexes);
  const views = [...schema.views.values()];
  compareNamed('view', '', compare, {
    folded: views.map((one) => [nameText(one), one.materialized ? 'materialized view' : 'view']),
    catalog: catalog.relations
      .filter((one) => one.kind === 'view' || one.kind === 'materialized view')
      .map((one) => [nameText(one), one.kind]),
  });
  for (const view of views)
    compareNamed('index', nameText(view), compare, {
      folded: view.indexes.map((one) => [one.name, indexText(one)]),
      catalog: (indexes.get(nameText(view)) ?? []).map((one) => [one.name, saidIndex(one)]),
    });
  compareNamed('sequence', '', compare, {
    folded: [...schema.sequences.values()].map((one) => [nameText(one), 'sequence']),
    catalog: catalog.relations
      .filter((one) => one.kind === 'sequence')
      .map((one) => [nameText(one), 'sequence']),
  });
}
