import type { Span } from '../change/span.ts';
import type { Value } from '../prove/scratch.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { typeText } from '../schema/name.ts';
import type { Constraint, Index, MadeBy, Schema, Table, View } from '../schema/schema.ts';
import { type Identities, shownName } from './identity.ts';

/** One row in the order of the vocabulary's columns. */
export type FactRow = readonly Value[];

/** Where a row goes: `tables`, `columns`, … of one side. */
export type AddRow = (table: string, row: FactRow) => void;

/** `path, line, col, end_line, end_col`, the last five columns of most tables. */
export function position({ path, line, column, endLine, endColumn }: Span): FactRow {
  return [path, line, column, endLine, endColumn];
}

/** Rows of one schema: those of the tables named (all when undefined), and every enum and view. */
export function addSchemaRows(
  chain: ChainChange,
  schema: Schema,
  only: ReadonlySet<number> | undefined,
  ids: Identities,
  add: AddRow,
): void {
  for (const table of schema.tables.values())
    if (!only || only.has(table.id)) addTable(chain, schema, table, ids, add);
  for (const type of schema.types.values())
    if (type.kind === 'enum') add('enums', [chain.id, shownName(type), type.labels, ...position(type.span)]);
  for (const [key, view] of schema.views) addView(chain, schema, key, view, ids, add);
}

function addTable(chain: ChainChange, schema: Schema, table: Table, ids: Identities, add: AddRow): void {
  const id = ids.toFact(chain, table.id);
  const name = shownName(table);
  const parent = ids.toFact(chain, table.parentId);
  const maker = makerText(table.madeBy);
  add('tables', [chain.id, id, name, table.schema, table.kind, parent, maker, ...position(table.span)]);
  table.columns.forEach((column, index) => {
    add('columns', [
      chain.id,
      id,
      ids.toFact(chain, column.id),
      name,
      column.name,
      index + 1,
      typeText(column.type),
      column.nullable,
      column.default ?? null,
      column.generated ?? null,
      column.identity ?? null,
      column.onUpdate ?? null,
      makerText(column.madeBy),
      ...position(column.span),
    ]);
  });
  for (const constraint of table.constraints)
    add('constraints', [
      chain.id,
      id,
      name,
      constraint.name,
      constraint.kind,
      constraint.columns,
      ...reference(chain, schema, constraint, ids),
      'expression' in constraint ? constraint.expression : null,
      constraint.validated,
      makerText(constraint.madeBy),
      ...position(constraint.span),
    ]);
  for (const index of table.indexes) add('indexes', [chain.id, id, name, ...indexRow(index)]);
}

/** The migration by which a server made what no statement says; `server` where that is not known. */
function makerText(madeBy: MadeBy | undefined): string | null {
  return madeBy ? (madeBy.migration ?? 'server') : null;
}

/** Parent's identity, name and columns, and what happens on delete and update; all NULL but for a foreign key. */
function reference(chain: ChainChange, schema: Schema, constraint: Constraint, ids: Identities): FactRow {
  if (constraint.kind !== 'foreign key') return [null, null, null, null, null];
  const parent = schema.tables.get(constraint.refTableId);
  return [
    parent ? ids.toFact(chain, parent.id) : null,
    parent ? shownName(parent) : (constraint.refName ?? null),
    constraint.refColumns,
    constraint.onDelete,
    constraint.onUpdate,
  ];
}

function indexRow(index: Index): FactRow {
  return [
    index.name,
    index.columns.map((column) => column ?? null),
    index.expressions,
    index.columns.map((_, at) => modifiersOf(index, at)),
    index.method,
    index.unique,
    index.valid,
    index.predicate ?? null,
    index.constraintName ?? null,
    typeof index.madeBy === 'string' ? index.madeBy : makerText(index.madeBy),
    index.include,
    ...position(index.span),
  ];
}

/** Collation, operator class and order of one key, in lower case but for quoted names. */
function modifiersOf(index: Index, at: number): string | null {
  const collation = index.collations?.[at];
  const words = [
    collation && `collate ${collation}`,
    index.operatorClasses?.[at],
    index.orders?.[at]?.toLowerCase(),
  ].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(' ') : null;
}

function addView(
  chain: ChainChange,
  schema: Schema,
  key: string,
  view: View,
  ids: Identities,
  add: AddRow,
): void {
  const id = ids.viewToFact(chain, key);
  const name = shownName(view);
  const kind = view.materialized ? 'materialized view' : 'view';
  add('tables', [chain.id, id, name, view.schema, kind, null, null, ...position(view.span)]);
  for (const index of view.indexes) add('indexes', [chain.id, id, name, ...indexRow(index)]);
  const tables = view.dependsOn.flatMap((table) => schema.tables.get(table) ?? []);
  const views = view.dependsOnViews.flatMap((other) => schema.views.get(other) ?? []);
  add('views', [
    chain.id,
    id,
    name,
    [...tables, ...views].map(shownName),
    view.dependsOn.map((table) => ids.toFact(chain, table)),
    view.query,
    ...position(view.span),
  ]);
}
