import type { ExactMigration, ExactOutcome, ExactResult, ExactStatement } from '../../exact.ts';
import { ScratchError } from '../../scratch.ts';
import { type Doubt, FaultError, judgeRefusal } from './refusal.ts';
import type { Session } from './session.ts';
import type { Watch } from './watch.ts';

/** What running migrations needs. */
export interface Runner {
  readonly session: Session;
  /** Sends one statement under the time limit. */
  send(text: string, options?: Parameters<Session['send']>[1]): ReturnType<Session['send']>;
  /** What makes the session as one that was just opened, inside of a transaction and outside of one. */
  readonly afresh: { readonly inside: readonly string[]; readonly outside: readonly string[] };
  /** What is wrong with the engine after a migration, where that can be told; undefined: nothing. */
  trouble?(): Promise<string | undefined>;
  /** Lengthens a file of the server's, of which that tells the path; absent where its files are not on the disk. */
  lengthen?(path: string, bytes: number): Promise<boolean>;
  /** Makes a role that a statement names; false where it cannot be made. */
  makeRole(name: string): Promise<boolean>;
  doubtful: Doubt;
  /** Looks at what each statement of a proof locks; none where a database is only made. */
  watch?: Watch;
  /** The transaction of the proof was ended from inside, or the server failed: the database may not be what it was. */
  spoilt: boolean;
}

/** A statement wants to run outside of a transaction: the migrations need a database of their own. */
export class OutsideError extends Error {}

/**
 * Runs one migration inside of the open transaction. It goes through statement by statement; where one is refused, all is
 * undone to the migration's start and run again with a savepoint before each, to go on behind what can be passed over.
 */
export async function runInside(runner: Runner, migration: ExactMigration): Promise<ExactResult> {
  const doubtful = runner.doubtful;
  try {
    for (const text of runner.afresh.inside) await own(runner, text);
    await own(runner, 'SAVEPOINT tablewarden_migration');
    const quick = await inside(runner, migration, false);
    if (quick) return { outcomes: quick };
    runner.doubtful = doubtful;
    await own(runner, 'ROLLBACK TO SAVEPOINT tablewarden_migration');
    return { outcomes: (await inside(runner, migration, true)) ?? [] };
  } catch (error) {
    return { outcomes: [], died: reasonOf(runner, error) };
  }
}

async function inside(
  runner: Runner,
  migration: ExactMigration,
  careful: boolean,
): Promise<readonly ExactOutcome[] | undefined> {
  const outcomes: ExactOutcome[] = [];
  for (const statement of migration.statements) {
    const known = outcomeWithout(outcomes, statement) ?? (statement.transaction ? NOTHING : undefined);
    if (known) {
      outcomes.push(known);
      noteDoubt(runner, known);
      continue;
    }
    const { text, reason } = inTransaction(statement);
    if (careful) await own(runner, 'SAVEPOINT tablewarden_statement');
    for (;;) {
      const { error, status } = await runner.send(text);
      if (status === 'I') {
        runner.spoilt = true;
        throw new ScratchError('died', 'it ended the transaction that the proof holds');
      }
      if (!error) {
        const seen = runner.watch ? await look(runner, runner.watch, careful) : {};
        if (!seen) return undefined;
        // What is run in a statement's place takes other locks.
        outcomes.push(reason === undefined ? { word: 'executed', ...seen } : { word: 'emulated', reason });
        break;
      }
      if (!careful) return undefined;
      await own(runner, 'ROLLBACK TO SAVEPOINT tablewarden_statement');
      const refusal = judgeRefusal(statement, error, runner.doubtful);
      if (refusal === 'outside') throw new OutsideError(error.message);
      if ('missingRole' in refusal) {
        if (await runner.makeRole(refusal.missingRole)) continue;
        outcomes.push({ word: 'not-modelled', reason: error.message, error });
      } else outcomes.push(refusal);
      break;
    }
    noteDoubt(runner, outcomes.at(-1));
  }
  return outcomes;
}

/** A migration's own settings can stop the look as well; undefined where that ended the transaction. */
async function look(runner: Runner, watch: Watch, careful: boolean) {
  if (careful) await own(runner, 'SAVEPOINT tablewarden_look');
  const seen = await watch.look();
  if (runner.session.status() !== 'E') return seen;
  if (!careful) return undefined;
  await own(runner, 'ROLLBACK TO SAVEPOINT tablewarden_look');
  return {};
}

/** Runs one migration for good, in its own transaction or, where it refuses one, statement by statement. */
export async function runForGood(
  runner: Runner,
  migration: ExactMigration,
  tolerant: boolean,
): Promise<ExactResult> {
  const doubtful = runner.doubtful;
  runner.watch = undefined;
  try {
    for (const text of runner.afresh.outside) await own(runner, text);
    if (!migration.statements.some((one) => one.transaction || one.instead?.when === 'inside')) {
      await own(runner, 'BEGIN');
      const whole = await inside(runner, migration, false).catch((error: unknown) => {
        if (error instanceof OutsideError) return undefined;
        throw error;
      });
      if (whole) {
        const { error } = await runner.send('COMMIT');
        if (!error) return { outcomes: whole };
      } else await own(runner, 'ROLLBACK');
      runner.doubtful = doubtful;
    }
    return { outcomes: await outside(runner, migration, tolerant) };
  } catch (error) {
    return { outcomes: [], died: reasonOf(runner, error) };
  }
}

async function outside(
  runner: Runner,
  migration: ExactMigration,
  tolerant: boolean,
): Promise<readonly ExactOutcome[]> {
  const outcomes: ExactOutcome[] = [];
  for (const statement of migration.statements) {
    const known = outcomeWithout(tolerant ? [] : outcomes, statement);
    if (known) {
      outcomes.push(known);
      noteDoubt(runner, known);
      continue;
    }
    const always = statement.instead?.when === 'always' ? statement.instead : undefined;
    for (;;) {
      const { error, status } = await runner.send(always?.text ?? statement.text);
      if (!error) {
        if (statement.transaction) outcomes.push(NOTHING);
        else outcomes.push(always ? { word: 'emulated', reason: always.reason } : { word: 'executed' });
        break;
      }
      if (status === 'E') await own(runner, 'ROLLBACK');
      const refusal = judgeRefusal(statement, error, runner.doubtful);
      if (refusal === 'outside') outcomes.push({ word: 'failed', reason: error.message, error });
      else if ('missingRole' in refusal) {
        if (status !== 'E' && (await runner.makeRole(refusal.missingRole))) continue;
        outcomes.push({ word: 'not-modelled', reason: error.message, error });
      } else outcomes.push(refusal);
      break;
    }
    noteDoubt(runner, outcomes.at(-1));
  }
  if (runner.session.status() !== 'I') await own(runner, 'ROLLBACK');
  return outcomes;
}

const NOTHING: ExactOutcome = { word: 'no-effect' };

/** What is known of a statement before it is sent. */
function outcomeWithout(before: readonly ExactOutcome[], { skip }: ExactStatement): ExactOutcome | undefined {
  if (before.some(({ word }) => word === 'failed'))
    return { word: 'tainted', reason: 'a statement before it failed' };
  return skip;
}

function inTransaction({ text, instead }: ExactStatement): {
  readonly text: string;
  readonly reason?: string;
} {
  return instead ?? { text };
}

function noteDoubt(runner: Runner, outcome: ExactOutcome | undefined): void {
  if (!outcome || !['failed', 'tainted', 'not-modelled'].includes(outcome.word)) return;
  const isCode = outcome.word === 'not-modelled' && outcome.reason?.startsWith('not SQL: code');
  if (isCode) runner.doubtful = 'rows missing';
  else runner.doubtful ||= true;
}

/** Sends a statement of our own, which must go through. */
async function own(runner: Runner, text: string): Promise<void> {
  const { error } = await runner.send(text);
  if (error) throw new ScratchError('died', `the server refused ${text}: ${error.message}`);
}

function reasonOf(runner: Runner, error: unknown): string {
  if (error instanceof FaultError) runner.spoilt = true;
  if (error instanceof ScratchError) return error.message;
  throw error;
}
