import { globRegex } from '../change/glob.ts';
import { startOfFile } from '../change/span.ts';
import type { TableLock } from '../prove/exact.ts';
import type { Value } from '../prove/scratch.ts';
import type { ChainChange, ChangeOperation } from '../read/chain-change.ts';
import { findTable } from '../schema/lookup.ts';
import type { Operation } from '../schema/operation.ts';
import type { Facts } from './facts.ts';
import { addHistoryRows } from './history-rows.ts';
import { type Identities, shownName } from './identity.ts';
import { addIndexBuilds } from './index-builds.ts';
import { addOtherRows } from './other-rows.ts';
import { addProfileRows } from './profile-rows.ts';
import { type AddRow, type FactRow, position } from './schema-rows.ts';
import { skippedOf } from './skipped.ts';
import { addTableAges } from './table-ages.ts';

/**
 * Rows of the schemas `change`, `proof`, `others`, `policy` and `coverage`; tables are named with their schema. Those of
 * operations only where `withOperations` asks for them.
 */
export function addChangeRows(
  facts: Facts,
  chains: readonly ChainChange[],
  ids: Identities,
  withOperations: boolean,
  add: AddRow,
): void {
  for (const file of facts.files)
    add('change.files', [file.path, file.oldPath ?? null, file.status, file.kind, file.language]);
  for (const [path, hunks] of facts.hunks)
    for (const { line, count } of hunks) add('change.hunks', [path, line, count]);
  for (const { kind, span } of facts.markers) add('change.markers', [kind, ...position(span)]);
  for (const chain of chains) {
    addChain(chain, add);
    if (withOperations) addOperations(chain, ids, add);
    for (const one of skippedOf(chain)) add('change.skipped', skippedRow(chain, one, ids));
    addHistoryRows(chain, add);
    addTableAges(chain, ids, add);
    addIndexBuilds(chain, add);
  }
  addProof(facts, ids, add);
  addOtherRows(facts.others ?? [], add);
  addPolicy(facts, add);
  if (facts.profile) addProfileRows(facts.profile, facts.policy.hotTables, ids, add);
  addCoverage(facts, add);
}

function addChain(chain: ChainChange, add: AddRow): void {
  if (chain.kind !== 'same') add('change.chains', [chain.id, chain.kind, chain.operations.length > 0]);
  for (const { name, path } of chain.added)
    add('change.migrations', [chain.id, name, 'added', ...position(startOfFile(path))]);
  for (const { file, as, reordered, reworded } of chain.edited) {
    const path = (as ?? file).path;
    const status = reordered ? 'reordered' : reworded ? 'reworded' : as ? 'edited' : 'deleted';
    add('change.migrations', [chain.id, file.name, status, ...position(startOfFile(path))]);
  }
}

function addOperations(chain: ChainChange, ids: Identities, add: AddRow): void {
  chain.operations.forEach((operation, index) => {
    if (operation.unrun) return;
    add('change.operations', operationRow(chain, operation, index + 1, ids));
  });
}

function skippedRow(
  chain: ChainChange,
  { operation, migration, table }: ReturnType<typeof skippedOf>[number],
  ids: Identities,
): FactRow {
  return [
    chain.id,
    table ? ids.toFact(chain, table.id) : null,
    migration,
    operation.kind,
    operation.kind === 'create-index' ? (operation.name ?? null) : null,
    declaredBy(operation),
    detailsOf({ operation }),
    ...position(operation.span),
  ];
}

function declaredBy(operation: Operation): readonly string[] {
  if (operation.kind === 'create-table') return operation.columns.map(({ name }) => name);
  if (operation.kind === 'create-index')
    return operation.keys.map(({ column, expression = '' }) => column ?? expression);
  return operation.kind === 'add-column' ? [operation.column.name] : [];
}

function operationRow(chain: ChainChange, applied: ChangeOperation, seq: number, ids: Identities): FactRow {
  const { operation, columns } = applied;
  const [column = null] = columns;
  return [
    chain.id,
    ids.toFact(chain, applied.tableId),
    seq,
    applied.migration,
    operation.kind,
    applied.tableName ?? null,
    column,
    applied.objectName ?? null,
    detailsOf(applied),
    applied.inTransaction,
    ids.toFact(chain, applied.columnIds[0]),
    columns,
    applied.columnIds.map((id) => ids.toFact(chain, id)),
    ids.toFact(chain, applied.refTableId),
    ...position(operation.span),
  ];
}

/** The operation's own fields, without the spans of its parts and the values that it writes. */
function detailsOf({
  operation,
  skipped,
  error,
}: Pick<ChangeOperation, 'operation' | 'skipped' | 'error'>): Value {
  const { kind: _, span: __, ...fields } = operation;
  const outcome = { ...(skipped && { skipped }), ...(error && { error: error.message }) };
  const text = JSON.stringify({ ...fields, ...outcome }, (key, value) =>
    key === 'span' || key === 'literals' ? undefined : value,
  );
  return JSON.parse(text) as Value; // JSON's own terms
}

function addProof(facts: Facts, ids: Identities, add: AddRow): void {
  for (const { chain, engine, lowered, migrations } of facts.proofs)
    for (const { path, verdict, statements, error, reason, risks = [] } of migrations) {
      const where = position(error?.span ?? startOfFile(path));
      add('proof.migrations', [chain, engine, path, verdict, error?.message ?? reason ?? null, ...where]);
      for (const { word, reason, span, locks = [] } of statements) {
        add('proof.statements', [chain, engine, path, word, reason ?? null, ...position(span)]);
        for (const lock of locks) add('proof.locks', [...lockRow(chain, lock, ids), ...position(span)]);
      }
      for (const { tableId, on, message, span } of risks) {
        const about = ids.chainOf(chain);
        const table = about ? ids.toFact(about, tableId) : null;
        add('proof.risks', [chain, table, engine, lowered, path, on, message, ...position(span)]);
      }
    }
}

function lockRow(
  chain: string,
  { schema, table, mode, rewritten = false }: TableLock,
  ids: Identities,
): FactRow {
  const about = ids.chainOf(chain);
  const found = about && findTable(about.baseSchema, { schema, name: table });
  return [
    chain,
    found ? ids.toFact(about, found.id) : null,
    shownName({ schema, name: table }),
    mode,
    rewritten,
  ];
}

function addPolicy({ policy }: Facts, add: AddRow): void {
  for (const { table, columns, use, because, since, owner } of policy.legacy)
    add('policy.legacy_tables', [
      table,
      columns ?? null,
      use ?? null,
      because ?? null,
      since ?? null,
      owner ?? null,
    ]);
  for (const table of policy.hotTables) add('policy.hot_tables', [table]);
  for (const [rule, severity] of Object.entries(policy.rules ?? {})) add('policy.rules', [rule, severity]);
  for (const [what, patterns] of Object.entries(policy.owners))
    for (const pattern of patterns) add('policy.owners', [what, pattern, null, globRegex(pattern)]);
  for (const [table, patterns] of Object.entries(policy.tableOwners ?? {}))
    for (const pattern of patterns) add('policy.owners', ['table', pattern, table, globRegex(pattern)]);
}

function addCoverage(facts: Facts, add: AddRow): void {
  const unread = new Map(
    facts.notAnalysed
      .filter(({ span }) => span.endLine === 1 && span.endColumn === 1)
      .map(({ span, reason }) => [span.path, reason]),
  );
  for (const { path, status, language } of facts.files) {
    if (status === 'deleted') continue;
    const reason = language === 'other' ? 'this kind of file is not read' : unread.get(path);
    add('coverage.files', [path, reason === undefined, reason ?? null]);
  }
  for (const { span, reason } of facts.notAnalysed) add('coverage.not_analysed', [reason, ...position(span)]);
}
