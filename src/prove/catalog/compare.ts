import { doubtOf } from '../../schema/lookup.ts';
import { nameText } from '../../schema/name.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import type { Catalog, CatalogColumn } from './catalog.ts';
import {
  catalogType,
  constraintText,
  defaultText,
  foldedType,
  indexText,
  nullText,
  saidConstraint,
  saidDefault,
  saidIndex,
} from './text.ts';

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
      .map((name) => doubtOf(schema, name))
      .find((doubt) => doubt !== undefined)?.why;
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

/** Parts of tables by the table's `schema.name`. */
export function byTable<T extends { readonly schema: string; readonly table: string }>(
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
