import type { Statement } from '../read/source.ts';
import type { Applied, Fold, Rebuilt } from '../schema/applied.ts';
import type { Operation } from '../schema/operation.ts';
import type { Table, View } from '../schema/schema.ts';
import { alter } from './lower/alter.ts';
import { type Outcome, worst } from './lower/outcome.ts';
import { isOwnFunction, writeRows } from './lower/rows.ts';
import { create, judge, type Lowering } from './lower/state.ts';
import { expressionSql, relationName } from './lower/table.ts';
import { aliasesFor, quoted } from './lower/type.ts';
import type { Scratch } from './scratch.ts';

/** Prepares a scratch DuckDB to follow a schema of another database: its schemas, and the types and functions that it lacks. */
export async function openLowering(scratch: Scratch, fold: Fold): Promise<Lowering> {
  const schemas = [...fold.schema.schemas].filter(
    (name) => name !== 'pg_catalog' && name !== 'information_schema',
  );
  await scratch.runEach([
    ...schemas.map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoted(name)}`),
    `USE ${quoted(fold.schema.searchPath[0] ?? 'main')}`,
    ...aliasesFor(fold.schema.dialect),
  ]);
  return {
    scratch,
    get schema() {
      return fold.schema;
    },
    home: undefined,
    absent: new Map(),
    stale: new Map(),
    filled: new Set(),
    sliced: new Set(),
    dumb: new Set(),
  };
}

/** Folds one statement and does in DuckDB what it does in its own database, operation by operation. */
export async function lowerStatement(lowering: Lowering, fold: Fold, statement: Statement): Promise<Outcome> {
  if (statement.unread) return { word: 'failed', reason: statement.unread.message, by: 'parser' };
  const outcomes: Outcome[] = [];
  for (const operation of statement.operations) {
    const outcome = await lowerOperation(lowering, fold, statement, operation);
    outcomes.push(outcome);
    if (outcome.word === 'failed') break;
  }
  if (statement.notModelled) {
    outcomes.push({ word: 'not-modelled', reason: statement.notModelled });
    doubtRows(lowering, statement.text, statement.notModelled);
  }
  return worst(outcomes);
}

/** A statement that was not run may have filled or emptied every table that it names. */
function doubtRows(lowering: Lowering, text: string, why: string): void {
  const words = new Set(text.toLowerCase().match(/[a-z_][\w$]*/g));
  for (const table of lowering.schema.tables.values())
    if (words.has(table.name.toLowerCase())) lowering.stale.set(table.id, `not run: ${why}`);
}

async function lowerOperation(
  lowering: Lowering,
  fold: Fold,
  statement: Statement,
  operation: Operation,
): Promise<Outcome> {
  const views = operation.kind.startsWith('drop-') ? new Map(fold.schema.views) : undefined;
  const before =
    'table' in operation && operation.kind !== 'create-table' ? fold.find(operation.table) : undefined;
  const applied = fold.apply(operation);
  if (applied.error) {
    const { message, tainted } = applied.error;
    return tainted ? { word: 'tainted', reason: message } : { word: 'failed', reason: message, by: 'fold' };
  }
  if (applied.skipped) return { word: 'no-effect' };
  const outcome = await lowerApplied(lowering, statement, applied, before);
  if (applied.rebuilt) followRebuild(lowering, applied.rebuilt);
  if (views) await dropVanished(lowering, views);
  return outcome.by === 'engine' ? { ...outcome, applied } : outcome;
}

async function lowerApplied(
  lowering: Lowering,
  statement: Statement,
  applied: Applied,
  before: Table | undefined,
): Promise<Outcome> {
  const { operation } = applied;
  const after = applied.tableId === undefined ? undefined : lowering.schema.tables.get(applied.tableId);
  switch (operation.kind) {
    case 'no-effect':
    case 'transaction':
    case 'set-session':
      return { word: 'no-effect' };
    case 'set-search-path':
      return setSearchPath(lowering, operation.schemas);
    case 'create-schema':
      await lowering.scratch.run([`CREATE SCHEMA IF NOT EXISTS ${quoted(operation.schema)}`]);
      return { word: 'executed' };
    case 'create-table':
      if (!after) return { word: 'modelled' };
      return operation.asQuery ? createAs(lowering, statement, after) : create(lowering, after);
    case 'drop-table':
      if (!before || lowering.absent.has(before.id)) return { word: 'modelled' };
      return native(lowering, before, `DROP TABLE ${relationName(before)}`);
    case 'create-type':
      await lowering.scratch.run([`CREATE TYPE ${quoted(operation.type.name)} AS VARCHAR`]);
      return { word: operation.typeKind === 'enum' ? 'emulated' : 'modelled' };
    case 'rename-type':
      await lowering.scratch.run([`CREATE TYPE ${quoted(operation.to)} AS VARCHAR`]);
      return { word: 'modelled' };
    case 'create-view':
      return createView(lowering, operation);
    case 'read-rows':
      return readRows(lowering, statement);
    case 'write-rows':
      return after
        ? writeRows(lowering, statement, operation, after)
        : { word: 'not-modelled', reason: `${operation.table.name} is not a table of the chain` };
    default:
      if (!before || !after) return { word: 'modelled' };
      if (lowering.absent.has(before.id)) return { word: 'modelled', reason: lowering.absent.get(before.id) };
      return alter(lowering, { applied, operation, before, after });
  }
}

/** What is known of a table's rows stays with them when the table takes its former self's place. */
function followRebuild(lowering: Lowering, { interimId, after }: Rebuilt): void {
  for (const known of [lowering.absent, lowering.stale]) {
    const told = known.get(interimId);
    known.delete(after.id);
    if (told !== undefined) known.set(after.id, told);
  }
  if (lowering.filled.delete(interimId)) lowering.filled.add(after.id);
}

async function native(lowering: Lowering, table: Table, sql: string): Promise<Outcome> {
  const { failed } = await lowering.scratch.run([sql]);
  if (!failed) return { word: 'executed' };
  const outcome = judge(lowering, table, failed.message);
  return outcome.word === 'not-modelled' ? { word: 'modelled', reason: outcome.reason } : outcome;
}

async function setSearchPath(lowering: Lowering, schemas: readonly string[]): Promise<Outcome> {
  const home = schemas.find((name) => lowering.schema.schemas.has(name));
  if (home === undefined || home === lowering.home) return { word: 'no-effect' };
  const { failed } = await lowering.scratch.run([`USE ${quoted(home)}`]);
  if (!failed) lowering.home = home;
  return { word: 'no-effect' };
}

async function createAs(lowering: Lowering, statement: Statement, table: Table): Promise<Outcome> {
  const { failed, changed } = await lowering.scratch.run([
    expressionSql(statement.text, lowering.schema.dialect),
  ]);
  if (!failed) {
    if (changed !== 0) lowering.filled.add(table.id);
    return { word: 'executed' };
  }
  const reason = judge(lowering, undefined, failed.message).reason ?? '';
  lowering.absent.set(table.id, reason);
  return { word: 'modelled', reason };
}

async function createView(
  lowering: Lowering,
  operation: Extract<Operation, { kind: 'create-view' }>,
): Promise<Outcome> {
  const name = operation.view.schema
    ? `${quoted(operation.view.schema)}.${quoted(operation.view.name)}`
    : quoted(operation.view.name);
  const { failed } = await lowering.scratch.run([
    `CREATE OR REPLACE VIEW ${name} AS ${expressionSql(operation.query.text, lowering.schema.dialect)}`,
  ]);
  if (failed) return { word: 'modelled', reason: judge(lowering, undefined, failed.message).reason };
  return { word: operation.materialized ? 'emulated' : 'executed' };
}

/** A SELECT by itself: what it reads matters little, what it calls may change anything. */
async function readRows(lowering: Lowering, statement: Statement): Promise<Outcome> {
  const called = statement.calls.find((call) => isOwnFunction(lowering.schema, call));
  if (called) return { word: 'not-modelled', reason: `it calls ${called}, a function of the chain` };
  if (statement.calls.some((call) => /(^|\.)set_config$/.test(call))) return { word: 'no-effect' };
  if (statement.calls.some((call) => /(^|\.)setval$/.test(call)))
    return { word: 'modelled', reason: 'counters of sequences are not followed' };
  const { failed } = await lowering.scratch.run([expressionSql(statement.text, lowering.schema.dialect)]);
  return failed
    ? { word: 'not-modelled', reason: judge(lowering, undefined, failed.message).reason }
    : { word: 'executed' };
}

/** Views that the fold dropped, by themselves or along with a table. */
async function dropVanished(lowering: Lowering, before: ReadonlyMap<string, View>): Promise<void> {
  if (before.size === 0) return;
  const gone = [...before].filter(([key]) => !lowering.schema.views.has(key));
  await lowering.scratch.runEach(gone.map(([, view]) => `DROP VIEW IF EXISTS ${relationName(view)}`));
}
