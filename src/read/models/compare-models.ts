import { doubtOf, findTable, tableName } from '../../schema/lookup.ts';
import { nameText, type QualifiedName } from '../../schema/name.ts';
import type { Schema, Table } from '../../schema/schema.ts';
import { nameSql } from '../../schema/sql/names.ts';
import type { BoundModel } from '../bind-uses.ts';
import type { Chain } from '../chain.ts';
import type { ModelKey } from '../query.ts';
import { compareColumns } from './compare-columns.ts';
import { compareEnums } from './compare-enums.ts';
import { compareKeys } from './compare-keys.ts';
import type { Difference, ModelDifference } from './difference.ts';
import type { Snapshot } from './drizzle-snapshot.ts';

/** One chain at one side of a change, with the models of the tool that writes its migrations. */
export interface DeclaredChain {
  readonly chain: Chain;
  readonly schema: Schema;
  /** Bound to its tables, or to none where it lacks theirs. */
  readonly models: readonly BoundModel[];
  /** Of its tables too, and not what its tool makes migrations from. */
  readonly others: readonly BoundModel[];
  /** Tables that had a model before the change; every table, where all code was read and a table without a model is news. */
  readonly expected: (table: Table) => boolean;
  readonly snapshot?: Snapshot;
}

/** A declared table that is left alone, and why. */
export interface NotCompared {
  readonly chain: string;
  readonly tableId?: number;
  readonly table: string;
  /** Of its model. */
  readonly path: string;
  readonly reason: string;
}

/** What was compared of a chain, and what could not be. */
export interface Comparison {
  readonly differences: readonly ModelDifference[];
  readonly notCompared: readonly NotCompared[];
}

/** Where the models and the migrations of a chain differ. */
export function compareModels(declared: DeclaredChain): Comparison {
  const { chain, models, snapshot } = declared;
  const reason = whyNotFollowed(declared);
  if (reason !== undefined)
    return {
      differences: [],
      notCompared: models.slice(0, 1).map(({ span }) => ({
        chain: chain.id,
        table: `what declares the tables of ${chain.id}`,
        path: span.path,
        reason,
      })),
    };
  const { differences, notCompared } = compareTables(declared);
  return {
    differences: differences.filter(
      (one) => one.only !== 'migrations' || !snapshot || snapshot.knows(one.table, one),
    ),
    notCompared,
  };
}

/** Why a chain's schema is not what its database has; undefined where it is. */
function whyNotFollowed({ chain: { leftOut }, models }: DeclaredChain): string | undefined {
  const [lost] = leftOut.filter(({ reason }) => !reason.startsWith('not run'));
  if (lost) return `${lost.path}: ${lost.reason}`;
  const unmade = models.filter(({ tableId, isView }) => tableId === undefined && !isView).length;
  return unmade > 3 && unmade * 2 > models.length
    ? 'no migration makes most of their tables: the migrations begin with a database that is there, or are not kept up'
    : undefined;
}

function compareTables({ chain, schema, models, others, expected }: DeclaredChain): Comparison {
  const differences: ModelDifference[] = [];
  const notCompared: NotCompared[] = [];
  const family = chain.tool;
  const enums = new Set<string>();
  const byTable = new Map<number | string, BoundModel[]>();
  for (const model of models) {
    if (model.isView) continue;
    const key = model.tableId ?? nameText(model.table);
    byTable.set(key, [...(byTable.get(key) ?? []), model]);
  }
  for (const [key, declared] of byTable) {
    const [first] = declared;
    const table = typeof key === 'number' ? schema.tables.get(key) : undefined;
    if (!first) continue;
    const said = (one: Difference): ModelDifference => ({
      ...one,
      chain: chain.id,
      ...(table ? { tableId: table.id } : {}),
      table: table ? tableName(table) : shownName(first.table),
      family,
    });
    const reason =
      whySeveral(declared) ?? (table ? whyNotCompared(schema, table) : whyUnknown(schema, first.table));
    if (reason !== undefined) {
      notCompared.push({
        chain: chain.id,
        ...(table ? { tableId: table.id } : {}),
        table: table ? tableName(table) : shownName(first.table),
        path: first.span.path,
        reason,
      });
      continue;
    }
    const found = table ? compareTable(schema, table, declared, enums) : [tableToMake(first)];
    differences.push(...found.map(said));
  }
  // migrations of Sequelize are written by hand: none drops what has no model
  for (const table of family === 'sequelize' ? [] : schema.tables.values()) {
    if (
      !expected(table) ||
      !isUndeclared(table, chain, models, schema) ||
      whyNotCompared(schema, table) !== undefined
    )
      continue;
    const other = others.find(({ tableId }) => tableId === table.id);
    if (other)
      notCompared.push({
        ...{ chain: chain.id, tableId: table.id, table: tableName(table), path: other.span.path },
        reason: `the configuration of ${family} does not name the file that declares it`,
      });
    else
      differences.push({
        kind: 'table',
        only: 'migrations',
        columns: [],
        change: `drop table ${tableName(table)}`,
        statement: `DROP TABLE ${nameSql(schema, table)};`,
        span: table.span,
        chain: chain.id,
        tableId: table.id,
        table: tableName(table),
        family,
      });
  }
  return { differences, notCompared };
}

function compareTable(
  schema: Schema,
  table: Table,
  models: readonly BoundModel[],
  enums: Set<string>,
): readonly Difference[] {
  const columns = models.flatMap((model) => model.columns);
  // one table may be declared in parts, by several classes
  const seen = new Set<string>();
  const once = columns.filter(({ column }) => !seen.has(column) && seen.add(column));
  const isComplete = models.every(({ hasMore }) => !hasMore);
  const keys = distinct(models.flatMap((model) => model.keys ?? []));
  const areTold = models.every((model) => model.keys !== undefined);
  const ofColumns = compareColumns(schema, table, once, isComplete);
  const gone = new Set(
    ofColumns.flatMap(({ kind, only, columns: names }) =>
      kind === 'column' && only === 'migrations' ? names : [],
    ),
  );
  return [
    ...ofColumns,
    ...compareEnums(schema, table, once, enums),
    ...(areTold && isComplete
      ? compareKeys(schema, table, keys, once, models[0]?.family ?? '').filter((one) => !goesAlong(one, gone))
      : []),
  ];
}

/** Two schemas may declare one table whole, one for each way to connect. */
function distinct(keys: readonly ModelKey[]): readonly ModelKey[] {
  return [...new Map(keys.map((key) => [JSON.stringify({ ...key, span: undefined }), key])).values()];
}

/** What stands on a column goes with it. */
function goesAlong({ only, columns }: Difference, gone: ReadonlySet<string>): boolean {
  return only === 'migrations' && columns.some((name) => gone.has(name));
}

function tableToMake({ table, span }: BoundModel): Difference {
  return { kind: 'table', only: 'model', columns: [], change: `create table ${shownName(table)}`, span };
}

/** Why a table cannot be compared with a model; undefined where it can. */
function whyNotCompared(schema: Schema, table: Table): string | undefined {
  if (table.kind === 'partition' || table.partitionBy) return 'it is partitioned, which no model says';
  if (table.madeBy) return 'only a server tells of it';
  return whyUnknown(schema, table);
}

/** Drizzle's kit stops where two of its models are one table: which of them it is given is not known here. */
function whySeveral([first, second]: readonly BoundModel[]): string | undefined {
  return second && first?.family === 'drizzle'
    ? `${second.span.path}:${second.span.line} declares it too`
    : undefined;
}

function whyUnknown(schema: Schema, { name }: QualifiedName): string | undefined {
  const doubt = doubtOf(schema, name) ?? doubtOf(schema, '*');
  return (
    doubt && `${doubt.span.path}:${doubt.span.line} may have altered it and is not followed (${doubt.why})`
  );
}

/** A table of the migrations that no model declares, and that is neither the tool's own nor goes along with another. */
function isUndeclared(
  table: Table,
  { migrations }: Chain,
  models: readonly BoundModel[],
  schema: Schema,
): boolean {
  if (table.temporary || table.parentId !== undefined) return false;
  if (!migrations.some(({ path }) => path === table.span.path)) return false;
  const homes = new Set(models.map((model) => model.table.schema ?? schema.searchPath[0]));
  if (!homes.has(table.schema)) return false;
  // what stands between two entities is named by conventions that are not all known
  const isBetween = table.columns.every(({ name }) =>
    table.constraints.some((one) => one.kind === 'foreign key' && one.columns.includes(name)),
  );
  if (isBetween && models.some(({ family }) => family === 'typeorm' || family === 'mikro-orm')) return false;
  return (
    !models.some(({ tableId }) => tableId === table.id) &&
    !models.some(({ alongside = [] }) => alongside.some((one) => findTable(schema, one)?.id === table.id))
  );
}

function shownName({ schema, name }: QualifiedName): string {
  return tableName({ schema: schema ?? 'public', name });
}
