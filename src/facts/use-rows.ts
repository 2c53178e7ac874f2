import type { BoundModel, BoundQuery, BoundUse } from '../read/bind-uses.ts';
import type { ChainChange } from '../read/chain-change.ts';
import { tableName } from '../schema/lookup.ts';
import { nameText, type QualifiedName } from '../schema/name.ts';
import type { Facts } from './facts.ts';
import { type Identities, tableAt } from './identity.ts';
import { type AddRow, type FactRow, position } from './schema-rows.ts';

/** Rows of what migrations, queries and declared tables of one side use. */
export function addUseRows(
  facts: Facts,
  side: 'base' | 'head',
  isSilent: (path: string) => boolean,
  ids: Identities,
  add: AddRow,
): void {
  for (const use of facts.uses[side]) if (!isSilent(use.span.path)) add('table_uses', useRow(use, null, ids));
  facts.queries[side].forEach((query, index) => {
    addQuery(query, index + 1, ids, add);
  });
  for (const model of facts.models[side]) addModel(model, ids, add);
  for (const one of facts.connections?.[side] ?? []) add('connections', [one.package, ...position(one.span)]);
}

function addQuery(query: BoundQuery, id: number, ids: Identities, add: AddRow): void {
  const { family, loop, callPath } = query;
  const chain = query.chain === undefined ? undefined : ids.chainOf(query.chain);
  const list = query.listQuery && toListRows(query.listQuery, ids);
  const names = query.tables.flatMap((use) => shownTable(use, ids) ?? []);
  add('queries', [
    chain?.id ?? null,
    id,
    [...new Set(names)],
    family,
    query.database ?? null,
    query.columnsComplete,
    query.hasLimit,
    loop?.kind ?? null,
    loop?.usesVariable ?? null,
    loop?.chunked ?? null,
    loop?.waits ?? null,
    loop?.reads ?? null,
    loop?.apart ?? null,
    loop?.follows ?? null,
    loop?.entangled ?? null,
    loop?.batchable ?? null,
    loop?.writesItsOwn ?? null,
    loop?.list?.from ?? null,
    list?.tableId ?? null,
    list?.columns ?? null,
    list?.isAll ?? null,
    list ? (loop?.list?.isPart ?? false) : null,
    loop?.gathered ?? null,
    loop?.calls ?? null,
    loop?.writes ?? null,
    loop?.branched ?? null,
    loop?.keys ?? null,
    callPath ?? null,
    loop?.span.path ?? null,
    loop?.span.line ?? null,
    query.importedBy ?? null,
    query.isUncalled ?? null,
    [...new Set(query.tables.map((use) => use.op))],
    query.hasFilter ?? null,
    !query.guessed && !query.partly,
    query.spliced ?? null,
    query.swallowed ?? false,
    query.leftOut ?? null,
    query.text ?? null,
    ...position(query.span),
  ]);
  if (callPath) return;
  for (const use of query.tables) add('table_uses', useRow(use, id, ids));
  for (const { table, column, role, comparison, values, span, ...bound } of query.columns) {
    const { chain: home, tableId, name } = placeOf({ ...bound, table }, ids);
    const columnId = home ? ids.toFact(home, bound.columnId) : null;
    add('column_uses', [
      home?.id ?? null,
      tableId,
      name,
      column,
      role,
      id,
      columnId,
      family,
      comparison ?? null,
      values ?? null,
      ...position(span),
    ]);
  }
}

/** The only table that a list's query reads, and the columns that it compares with one value. */
function toListRows({ chain, tables, columns }: NonNullable<BoundQuery['listQuery']>, ids: Identities) {
  const home = chain === undefined ? undefined : ids.chainOf(chain);
  const [table, another] = tables;
  const asked = columns.filter((one) => one.role === 'filter');
  const compared = asked.filter((one) => one.comparison === '=');
  return {
    tableId: home && !another ? ids.toFact(home, table?.tableId) : null,
    columns: [...new Set(compared.map((one) => one.column))],
    isAll: compared.length === asked.length,
  };
}

function addModel(model: BoundModel, ids: Identities, add: AddRow): void {
  const { chain, tableId, name } = placeOf(model, ids);
  const written = nameText(model.table);
  add('models', [
    chain?.id ?? null,
    tableId,
    model.family,
    name,
    model.name,
    written,
    ...position(model.span),
  ]);
  for (const { column, name: key, type, nullable, columnId, stored, span } of model.columns)
    add('model_columns', [
      chain?.id ?? null,
      tableId,
      name,
      column,
      type ?? null,
      nullable ?? null,
      chain ? ids.toFact(chain, columnId) : null,
      key,
      model.family,
      stored?.type ?? null,
      stored?.filling?.kind ?? null,
      stored?.filling?.kind === 'value' ? stored.filling.sql : null,
      stored?.labels ?? null,
      ...position(span),
    ]);
  for (const { kind, name: keyName, columns, partial = false, ref, span } of model.keys ?? [])
    add('model_keys', [
      chain?.id ?? null,
      tableId,
      name,
      kind,
      keyName ?? null,
      columns,
      partial,
      ref ? nameText(ref.table) : null,
      ref?.columns ?? null,
      ref?.onDelete ?? null,
      model.family,
      ...position(span),
    ]);
}

function useRow(use: BoundUse, queryId: number | null, ids: Identities): FactRow {
  const { chain, tableId, name } = placeOf(use, ids);
  return [
    chain?.id ?? null,
    tableId,
    name,
    use.whyUnresolved ?? null,
    use.op,
    use.family,
    use.database ?? null,
    use.resolvedBy,
    queryId,
    use.table ? nameText(use.table) : null,
    ...position(use.span),
  ];
}

type Placed = Pick<BoundUse, 'chain' | 'tableId' | 'table' | 'view'>;

/** The chain and identity of a table in the facts, and its name for people. */
function placeOf(
  use: Placed,
  ids: Identities,
): { chain?: ChainChange; tableId: number | null; name: string | null } {
  const chain = use.chain === undefined ? undefined : ids.chainOf(use.chain);
  return {
    chain,
    tableId: chain ? ids.toFact(chain, use.tableId) : null,
    name: shownTable(use, ids) ?? null,
  };
}

function shownTable({ chain: id, tableId, table: written }: Placed, ids: Identities): string | undefined {
  const chain = id === undefined ? undefined : ids.chainOf(id);
  const table = chain && tableId !== undefined ? tableAt(chain, tableId) : undefined;
  const named: QualifiedName | undefined = table ?? written;
  return named && tableName({ schema: named.schema ?? 'public', name: named.name });
}
