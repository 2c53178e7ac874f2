import type { Span } from '../../change/span.ts';
import { nameText, type TypeName } from '../../schema/name.ts';
import type {
  Column,
  Constraint,
  Index,
  MadeBy,
  ReferentialAction,
  Schema,
  Table,
  TableId,
} from '../../schema/schema.ts';
import type { Catalog, CatalogColumn, CatalogConstraint, CatalogIndex, CatalogRelation } from './catalog.ts';
import { byTable } from './compare.ts';
import {
  catalogType,
  constraintText,
  defaultText,
  foldedType,
  indexText,
  saidConstraint,
  saidDefault,
  saidIndex,
} from './text.ts';

/** Where something that only the server knows was made, as far as it can be told. */
export interface Maker {
  readonly span: Span;
  readonly madeBy: MadeBy;
}

/** Finds what made an object, by its names: its own first, then that of its table; the table's place where nothing is known. */
export type FindMaker = (names: readonly string[], table: Pick<Table, 'span'> | undefined) => Maker;

/** Identities of what only the server knows start here, so that those which the fold gives stay the same without it. */
const FIRST_ID = 500_000_000;

/**
 * A folded schema with the tables, columns, constraints and indexes that a server has on which the same migrations ran: what
 * only the server knows comes in, what it has otherwise is as it says, and what it lacks goes, where `certain` says that
 * every migration went through.
 */
export function completeSchema(
  schema: Schema,
  catalog: Catalog,
  certain: boolean,
  makerOf: FindMaker,
): Schema {
  const ids = openIds(schema);
  const by = { schema, ids, certain, makerOf };
  const parts = {
    columns: byTable(catalog.columns),
    constraints: byTable(catalog.constraints),
    indexes: byTable(catalog.indexes),
  };
  const there = catalog.relations.filter((one) => one.kind === 'table');
  const known = new Map([...schema.tables.values()].map((table) => [nameText(table), table]));
  const idOf = new Map(there.map((one) => [nameText(one), known.get(nameText(one))?.id ?? ids.table()]));
  const tables = new Map<TableId, Table>();
  for (const [id, table] of schema.tables)
    if (table.temporary || !certain || idOf.has(nameText(table))) tables.set(id, table);
  for (const relation of there) {
    const name = nameText(relation);
    const former = known.get(name);
    const bare = former ?? newTable(relation, idOf, makerOf);
    tables.set(bare.id, {
      ...bare,
      columns: completeColumns(bare, parts.columns.get(name) ?? [], by),
      constraints: complete(bare, bare.constraints, parts.constraints.get(name) ?? [], {
        ...by,
        isSame: (one, said) => constraintText(one, schema) === saidConstraint(said),
        make: (said, maker) => constraintOf(said, idOf, maker),
      }),
      indexes: complete(bare, bare.indexes, parts.indexes.get(name) ?? [], {
        ...by,
        isSame: (one, said) => indexText(one) === saidIndex(said),
        make: indexOf,
      }),
    });
  }
  return certain ? { ...schema, tables, opaque: [], tainted: new Map() } : { ...schema, tables };
}

/** What completing goes by. */
interface By {
  readonly schema: Schema;
  readonly ids: ReturnType<typeof openIds>;
  readonly certain: boolean;
  readonly makerOf: FindMaker;
}

function openIds({ tables }: Schema) {
  let table = FIRST_ID;
  let column = FIRST_ID;
  for (const one of tables.values()) {
    table = Math.max(table, one.id);
    for (const { id } of one.columns) column = Math.max(column, id);
  }
  return { table: () => ++table, column: () => ++column };
}

function newTable(
  { schema, name, partition, parent }: CatalogRelation,
  idOf: ReadonlyMap<string, TableId>,
  makerOf: FindMaker,
): Table {
  const parentId = parent === null ? undefined : idOf.get(parent);
  return {
    id: idOf.get(`${schema}.${name}`) ?? 0,
    schema,
    name,
    kind: partition ? 'partition' : 'table',
    columns: [],
    constraints: [],
    indexes: [],
    ...(parentId === undefined ? {} : { parentId }),
    ...makerOf([name], undefined),
  };
}

function completeColumns(
  table: Table,
  said: readonly CatalogColumn[],
  { schema, ids, certain, makerOf }: By,
): readonly Column[] {
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const there = new Set(said.map(({ name }) => name));
  const lacked = certain ? [] : table.columns.filter(({ name }) => !there.has(name));
  const completed = said.map((one) => {
    const former = known.get(one.name);
    if (!former) return { ...columnOf(one), id: ids.column(), ...makerOf([one.name, table.name], table) };
    const type = foldedType(former.type, schema) === catalogType(one.type) ? former.type : typeOf(one.type);
    const same = defaultText(former) === saidDefault(one, former);
    const { default: _, generated: __, identity: ___, ...bare } = former;
    const value = same ? former : heldBy(one);
    const { default: held, generated, identity } = value;
    return {
      ...bare,
      ...(held === undefined ? {} : { default: held }),
      ...(generated === undefined ? {} : { generated }),
      ...(identity === undefined ? {} : { identity }),
      ...{ type, nullable: !one.notNull },
    };
  });
  return [...completed, ...lacked];
}

function columnOf(one: CatalogColumn): Omit<Column, 'id' | 'span'> {
  return { name: one.name, type: typeOf(one.type), nullable: !one.notNull, ...heldBy(one) };
}

function heldBy(one: CatalogColumn): Pick<Column, 'default' | 'generated' | 'identity'> {
  if (one.identity !== null) return { identity: one.identity };
  if (one.default === null) return {};
  return one.generated ? { generated: one.default } : { default: one.default };
}

/** `public.mood[]`, `numeric(10,2)`: a type of the default schema is called by its name alone. */
function typeOf(said: string): TypeName {
  const [, name = said, args, dimensions = ''] =
    /^(.*?)(?:\((.*)\))?((?:\[\])*)$/.exec(catalogType(said)) ?? [];
  const dot = name.indexOf('.');
  const schema = dot < 0 || name.startsWith('public.') ? {} : { schema: name.slice(0, dot) };
  return {
    ...schema,
    name: name.slice(dot + 1),
    arguments: args === undefined ? [] : args.split(',').map((one) => one.trim()),
    dimensions: dimensions.length / 2,
  };
}

function constraintOf(one: CatalogConstraint, idOf: ReadonlyMap<string, TableId>, maker: Maker): Constraint {
  const { kind, name, columns, validated, refSchema, refTable, refColumns } = one;
  const base = { name, columns, validated, ...(one.deferrable ? { deferrable: true } : {}), ...maker };
  if (kind === 'check' || kind === 'exclude') return { ...base, kind, expression: one.expression ?? '' };
  if (kind !== 'foreign key') return { ...base, kind };
  return {
    ...{ ...base, kind, refColumns, refTableId: idOf.get(`${refSchema}.${refTable}`) ?? 0 },
    onDelete: (one.onDelete ?? 'no action') as ReferentialAction, // the query's own words
    onUpdate: (one.onUpdate ?? 'no action') as ReferentialAction,
  };
}

function indexOf(one: CatalogIndex, maker: Maker): Index {
  const { name, columns, expressions, include, method, unique, valid, predicate, constraint } = one;
  return {
    ...{ name, expressions, include, method, unique, valid, dependsOn: [] },
    columns: columns.map((column) => column ?? undefined),
    ...(predicate === null ? {} : { predicate }),
    ...(constraint === null ? {} : { constraintName: constraint }),
    ...maker,
  };
}

/** The parts that the server names: those that the fold has alike as they are, the others as the server has them. */
function complete<Part extends { readonly name: string }, Said extends { readonly name: string }>(
  table: Table,
  known: readonly Part[],
  said: readonly Said[],
  {
    certain,
    makerOf,
    isSame,
    make,
  }: Pick<By, 'certain' | 'makerOf'> & {
    readonly isSame: (former: Part, one: Said) => boolean;
    readonly make: (one: Said, maker: Maker) => Part;
  },
): readonly Part[] {
  const left = new Map(said.map((one) => [one.name, one]));
  const kept = known.flatMap((former) => {
    const one = left.get(former.name);
    if (!one) return certain ? [] : [former];
    if (!isSame(former, one)) return [];
    left.delete(former.name);
    return [former];
  });
  const made = [...left.values()].map((one) => make(one, makerOf([one.name, table.name], table)));
  return [...kept, ...made];
}
