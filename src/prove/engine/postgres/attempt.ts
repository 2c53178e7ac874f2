import { CATALOG_SQL, type Catalog } from '../../catalog/catalog.ts';
import type {
  ExactMigration,
  ExactOptions,
  ExactResult,
  ExactRows,
  ExactTrial,
  ExactTried,
} from '../../exact.ts';
import { ScratchError } from '../../scratch.ts';
import { STATEMENT_TIME } from './limits.ts';
import type { Doubt } from './refusal.ts';
import { plantRows } from './rows.ts';
import { OutsideError, type Runner, runForGood, runInside } from './run.ts';
import type { TimedRunner } from './runner.ts';
import { tryEach } from './trial.ts';
import { watchTables } from './watch.ts';

/**
 * Runs new migrations in a transaction, which stays open: on rows, where some are given. Undefined where one of them cannot run
 * in a transaction.
 */
export async function attemptInside(
  runner: Runner,
  migrations: readonly ExactMigration[],
  rows: readonly ExactRows[] = [],
): Promise<readonly ExactResult[] | undefined> {
  await runner.send('BEGIN');
  if (rows.length > 0) await plantRows(runner, rows);
  runner.watch = await watchTables(runner.session);
  try {
    return await runAll(runner, migrations, runInside);
  } catch (error) {
    if (error instanceof OutsideError) return undefined;
    throw error;
  }
}

/** Tries statements behind migrations that go through, on rows of the tables as they are then. */
export async function attemptTrials(
  runner: Runner,
  migrations: readonly ExactMigration[],
  rows: readonly ExactRows[],
  trials: readonly ExactTrial[],
): Promise<readonly (ExactTried | null)[]> {
  const untold = trials.map(() => null);
  const results = await attemptInside(runner, migrations);
  if (!results) return untold;
  if (results.some((one) => one.died !== undefined || one.outcomes.some(({ word }) => word === 'failed')))
    return untold;
  await plantRows(runner, rows);
  return tryEach(runner, trials);
}

/** Runs new migrations for good, in a database that is thrown away. */
export function attemptForGood(
  runner: Runner,
  migrations: readonly ExactMigration[],
): Promise<readonly ExactResult[]> {
  return runAll(runner, migrations, (_, migration) => runForGood(runner, migration, false));
}

/** Runs older migrations for good, passing over what one of them refuses. */
export function build(
  runner: TimedRunner,
  migrations: readonly ExactMigration[],
): Promise<readonly ExactResult[]> {
  runner.limit(STATEMENT_TIME.build);
  return runAll(runner, migrations, (_, migration) => runForGood(runner, migration, true));
}

/** Whether a migration that was run for good did not apply in full. */
export function isImperfect({ outcomes, died }: ExactResult): boolean {
  return (
    died === undefined && outcomes.some(({ word }) => ['failed', 'tainted', 'not-modelled'].includes(word))
  );
}

async function runAll(
  runner: Runner,
  migrations: readonly ExactMigration[],
  run: (runner: Runner, migration: ExactMigration) => Promise<ExactResult>,
): Promise<readonly ExactResult[]> {
  const results: ExactResult[] = [];
  for (const migration of migrations) {
    const result = await run(runner, migration);
    const trouble = result.died === undefined ? await runner.trouble?.() : undefined;
    results.push(trouble === undefined ? result : { outcomes: [], died: trouble });
    if (results.at(-1)?.died !== undefined) break;
  }
  return results;
}

/** Runs what is there before the first migration; how many of its statements did not go through. */
export async function prepare(runner: Runner, { prelude }: ExactOptions): Promise<number> {
  const { outcomes, died } = await runForGood(runner, { path: '(prelude)', statements: prelude }, true);
  if (died !== undefined) throw new ScratchError('died', died);
  return outcomes.some(({ word }) => word === 'failed') ? 1 : 0;
}

/** Back to the database as it was before the last attempt. */
export async function startOver(
  runner: TimedRunner,
  { milliseconds }: ExactOptions,
  doubt: Doubt,
): Promise<void> {
  if (runner.session.status() !== 'I') await runner.send('ROLLBACK');
  runner.doubtful = doubt;
  runner.limit(milliseconds ?? STATEMENT_TIME.attempt);
}

/** Nothing that the migrations set reaches the query: the names in it are the server's own. */
export async function readCatalog({ session, afresh }: Runner): Promise<Catalog> {
  for (const text of [...afresh.inside, 'SET search_path = pg_catalog']) await session.send(text);
  const { rows, error } = await session.send(CATALOG_SQL, { rows: true });
  if (error) throw new ScratchError('error', `its catalog could not be read: ${error.message}`);
  return JSON.parse(rows[0]?.[0] ?? '{}') as Catalog; // the query's own document
}
