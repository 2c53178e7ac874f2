import { columnNamed, findTable, mindsCase } from '../schema/lookup.ts';
import { nameText, type QualifiedName } from '../schema/name.ts';
import type { Table } from '../schema/schema.ts';
import type { Model, ModelColumn, Query, QueryColumn, QueryTable } from './query.ts';
import type { TableUse } from './source.ts';
import { type Asked, type Candidate, type Prefer, preferred, tablesNamed } from './tables-named.ts';

/** A use of a table bound (or not) to a table of a chain. */
export interface BoundUse extends QueryTable {
  readonly chain?: string;
  readonly tableId?: number;
  /** The view that it is of, as the schema keys it. */
  readonly view?: string;
  /** What the use is written in: `sql`, `raw-sql`, `drizzle`, … */
  readonly family: string;
  readonly database?: string;
}

/** A use of a column, bound as far as a schema has it. */
interface BoundColumn extends Omit<QueryColumn, 'tables' | 'convention' | 'perhaps'> {
  /** The table that is meant, or the only one that can be; undefined where several may be. */
  readonly table?: QualifiedName;
  readonly chain?: string;
  readonly tableId?: number;
  readonly columnId?: number;
}

/** A query whose tables and columns are bound. */
export interface BoundQuery extends Omit<Query, 'tables' | 'columns' | 'inDialect'> {
  readonly chain?: string;
  /** Of a query in a loop, the files that import its own, tests left out. */
  readonly importedBy?: readonly string[];
  /** Of a query in a loop, in a look at all that is there: whether no other file names the function or class that it is in, tests left out. */
  readonly isUncalled?: boolean;
  readonly tables: readonly BoundUse[];
  readonly columns: readonly BoundColumn[];
  /** Of a query in a loop over the rows of another one, that one. */
  readonly listQuery?: Pick<BoundQuery, 'chain' | 'tables' | 'columns'>;
}

/** A declared table, bound. */
export interface BoundModel extends Omit<Model, 'columns'> {
  readonly chain?: string;
  readonly tableId?: number;
  readonly columns: readonly (ModelColumn & { readonly columnId?: number })[];
}

/** Binds uses of SQL to the tables of the first schema that has them; with two chains that have the table a use stays unbound. */
export function bindUses(uses: readonly TableUse[], candidates: readonly Candidate[]): readonly BoundUse[] {
  return uses.map((use) =>
    bindUse({ ...use, resolvedBy: 'literal' }, 'sql', undefined, candidates, () => undefined),
  );
}

/**
 * Binds a query's tables, then its columns, as the kind of database reads it that it speaks to; undefined for one that was only
 * guessed and has no table of any schema.
 */
export function bindQuery(
  query: Query,
  candidates: readonly Candidate[],
  prefer: Prefer,
): BoundQuery | undefined {
  const bound = bindAsRead(query, candidates, prefer);
  const list = query.loop?.list?.query;
  if (!bound || !list) return bound;
  const listQuery = bindReading(
    { ...list, span: query.span, columnsComplete: false, hasLimit: false },
    candidates,
    prefer,
  );
  return listQuery ? { ...bound, listQuery } : bound;
}

function bindAsRead(query: Query, candidates: readonly Candidate[], prefer: Prefer): BoundQuery | undefined {
  const { inDialect, ...first } = query;
  const bound = bindReading(first, candidates, prefer);
  if (!inDialect) return bound;
  const readAs = (dialect: string) => {
    const own = dialect === 'mysql' || dialect === 'sqlite' ? inDialect[dialect] : undefined;
    const speaking = candidates.filter(([schema]) => schema?.dialect === dialect);
    const read = own === 'refused' ? { partly: true } : own;
    return read ? bindReading({ ...first, ...read }, speaking, prefer) : bound;
  };
  const dialects = new Set(candidates.flatMap(([schema]) => schema?.dialect ?? []));
  const [single, another] = dialects;
  const meant =
    query.database ??
    candidates.find(([schema]) => schema !== undefined && schema.chain === bound?.chain)?.[0]?.dialect ??
    (another === undefined ? single : undefined);
  if (meant !== undefined) return readAs(meant);
  const [only, ...others] = [...dialects].map(readAs).filter((one) => one?.chain !== undefined);
  if (only && others.length === 0) return only;
  const [parsed] = first.partly ? Object.values(inDialect).filter((one) => one !== 'refused') : [];
  return parsed ? bindReading({ ...first, ...parsed }, candidates, prefer) : bound;
}

/** Binds one reading of a query. */
function bindReading(
  { tables, columns, ...query }: Omit<Query, 'inDialect'>,
  candidates: readonly Candidate[],
  prefer: Prefer,
): BoundQuery | undefined {
  const together = preferTogether(tables, candidates, prefer);
  const bound = tables.map((use) =>
    bindUse({ ...use, asked: askedOf(use, columns) }, query.family, query.database, candidates, together),
  );
  const meant = new Map(
    tables.flatMap(({ table }, at) => {
      const found = bound[at]?.table;
      return table && found && found !== table ? [[nameText(table), found] as const] : [];
    }),
  );
  if (query.guessed && bound.every((use) => use.chain === undefined)) return undefined;
  const chain = bound.find((use) => use.chain !== undefined)?.chain;
  const candidateOf = (id: string | undefined) => candidates.find((one) => one[0]?.chain === id);
  const own = new Map(
    bound.flatMap((use) => (use.table ? [[nameText(use.table), candidateOf(use.chain)] as const] : [])),
  );
  const homeOf = (table: QualifiedName) => own.get(nameText(table)) ?? candidateOf(chain) ?? [];
  return {
    ...query,
    chain,
    tables: bound,
    columns: columns.flatMap(({ perhaps, ...column }) => {
      const named = column.tables.map((table) => meant.get(nameText(table)) ?? table);
      const found = bindColumn({ ...column, tables: named }, homeOf);
      return perhaps && found.columnId === undefined ? [] : [found];
    }),
  };
}

/** A query speaks to one database: of several chains that have one of its tables, where nothing else tells, to the only one that has them all. */
function preferTogether(
  tables: readonly QueryTable[],
  candidates: readonly Candidate[],
  prefer: Prefer,
): Prefer {
  if (candidates.length < 2 || tables.length < 2) return prefer;
  const having = tables.flatMap(({ table }) => {
    const chains = table ? tablesNamed(table, candidates).map((one) => one.chain) : [];
    return chains.length > 0 ? [new Set(chains)] : [];
  });
  return (chains, path, fitting) => {
    const [only, ...others] = chains.filter((chain) => having.every((one) => one.has(chain)));
    return prefer(chains, path, fitting) ?? (others.length === 0 ? only : undefined);
  };
}

/** Binds a declared table and its columns. */
export function bindModel(model: Model, candidates: readonly Candidate[], prefer: Prefer): BoundModel {
  const found = tablesNamed(model.table, candidates);
  const only = found.length > 1 ? preferred(found, model.span.path, prefer, model.columns) : found[0];
  if (!only?.table) return only ? { ...model, chain: only.chain } : model;
  const { table, chain } = only;
  const versions = candidates
    .find(([schema]) => schema?.chain === chain)
    ?.flatMap((schema) => schema.tables.get(table.id) ?? []);
  const columns = model.columns.map((column) => ({
    ...column,
    ...named(versions ?? [table], column.column, column.convention),
  }));
  return { ...model, columns, chain, tableId: table.id };
}

/** The columns that a query names of a table and of no other. */
function askedOf({ table }: QueryTable, columns: readonly QueryColumn[]): readonly Asked[] {
  const name = table && nameText(table);
  return columns.filter(
    ({ tables: [only, other], perhaps }) =>
      only !== undefined && !other && !perhaps && nameText(only) === name,
  );
}

function bindUse(
  { asked = [], ...use }: QueryTable & { readonly asked?: readonly Asked[] },
  family: string,
  database: string | undefined,
  candidates: readonly Candidate[],
  prefer: Prefer,
): BoundUse {
  const { convention, otherwise, ...own } = use;
  const whole = { ...own, family, ...(database === undefined ? {} : { database }) };
  if (!use.table) return whole;
  const spoken = candidates.filter(([schema]) => database === undefined || schema?.dialect === database);
  const found = tablesNamed(use.table, spoken);
  if (found.length === 0 && convention !== undefined) {
    const table = { ...use.table, name: convention };
    if (tablesNamed(table, spoken).length > 0)
      return bindUse(
        { ...own, asked, table, resolvedBy: 'convention' },
        family,
        database,
        candidates,
        prefer,
      );
  }
  const path = use.declaredIn ?? use.span.path;
  const only = found.length > 1 ? preferred(found, path, prefer, asked) : found[0];
  if (found.length === 0 && otherwise !== undefined)
    return { ...whole, table: undefined, whyUnresolved: otherwise };
  if (only) return { ...whole, chain: only.chain, tableId: only.table?.id, view: only.view };
  return {
    ...whole,
    whyUnresolved: whyUnbound(found.length, spoken.length < candidates.length ? database : undefined),
  };
}

function whyUnbound(found: number, database: string | undefined): string {
  if (found > 1) return `${found} migration chains have this table`;
  return database ? `no migration chain of ${database} has this table` : 'no migration chain has this table';
}

/** Binds a column by the chain that each of its tables is bound to: one query may name those of two. */
function bindColumn(
  { tables, convention, ...use }: Omit<QueryColumn, 'perhaps'>,
  homeOf: (table: QualifiedName) => Candidate,
): BoundColumn {
  const known = tables.flatMap((name) => {
    const home = homeOf(name);
    const table = home.map((schema) => findTable(schema, name)).find((one) => one !== undefined);
    return table ? [{ name, table, chain: home[0]?.chain }] : [];
  });
  const versions = Math.max(0, ...tables.map((name) => homeOf(name).length));
  for (let version = 0; version < versions; version++)
    for (const name of tables) {
      const schema = homeOf(name)[version];
      const table = schema && findTable(schema, name);
      const column = table && columnNamed(table, use.column, mindsCase(schema.dialect), convention);
      if (table && column)
        return {
          ...use,
          column: column.name,
          table: name,
          chain: schema.chain,
          tableId: table.id,
          columnId: column.id,
        };
    }
  const [only] = known;
  if (known.length === 1 && tables.length === 1 && only)
    return { ...use, table: only.name, chain: only.chain, tableId: only.table.id };
  return tables.length === 1 ? { ...use, table: tables[0] } : use;
}

/** The column as the first version of its table has it. */
function named(versions: readonly Table[], name: string, convention: string | undefined) {
  const column = versions
    .map((table) => columnNamed(table, name, true, convention))
    .find((one) => one !== undefined);
  return column ? { column: column.name, columnId: column.id } : {};
}
