import initSqlJs, { type Database } from 'sql.js';
import type { ExactEngine, ExactMigration, ExactOutcome, ExactResult, ExactStatement } from '../exact.ts';
import { ScratchError } from '../scratch.ts';

/**
 * Bytes of its heap, which a migration can lower and not raise, and pages of its database, whose PRAGMA is kept back.
 * https://www.sqlite.org/pragma.html#pragma_hard_heap_limit
 */
const LIMITS = [
  'hard_heap_limit = 256000000',
  'max_page_count = 32768',
  'temp_store = MEMORY',
  'journal_mode = MEMORY',
];

/** A database under proof, and whether something before was not run, so that a name that is not there says nothing. */
interface Runner {
  readonly database: Database;
  doubtful: boolean;
}

/**
 * Opens SQLite itself, as WebAssembly and in memory: it has no way to a file of this machine. A chain is run anew for every
 * proof, which takes less than keeping it.
 */
export async function openSqlite(prelude: readonly ExactStatement[]): Promise<ExactEngine> {
  const library = await initSqlJs();
  const database = new library.Database();
  for (const limit of LIMITS) database.exec(`PRAGMA ${limit}`);
  const version = String(database.exec('SELECT sqlite_version()')[0]?.values[0]?.[0]);
  const runner: Runner = { database, doubtful: false };
  let imperfect = 0;
  for (const { text } of prelude) database.run(text);
  return {
    engine: `SQLite ${version}`,
    held: 0,
    get imperfect() {
      return imperfect;
    },
    build: async (migrations) => {
      const results = runAll(runner, migrations, true);
      imperfect += results.filter(({ outcomes }) => outcomes.some(({ word }) => IN_PART.has(word))).length;
      return results;
    },
    keep: async () => {},
    attempt: async (migrations) => runAll(runner, migrations, false),
    attemptOnRows: async () => undefined,
    catalog: async () => undefined,
    close: async () => database.close(),
  };
}

const IN_PART: ReadonlySet<string> = new Set(['failed', 'tainted', 'not-modelled']);

function runAll(
  runner: Runner,
  migrations: readonly ExactMigration[],
  tolerant: boolean,
): readonly ExactResult[] {
  const results: ExactResult[] = [];
  for (const migration of migrations) {
    try {
      results.push({ outcomes: runMigration(runner, migration, tolerant) });
    } catch (error) {
      results.push({ outcomes: [], died: error instanceof Error ? error.message : String(error) });
      break;
    }
  }
  return results;
}

/** Runs one migration as on a connection of its own that looks after foreign keys, in a transaction where its tool opens one. */
function runMigration(runner: Runner, migration: ExactMigration, tolerant: boolean): readonly ExactOutcome[] {
  openConnection(runner);
  const wrapped =
    migration.wrapped === true && !migration.statements.some((one) => one.transaction === 'begin');
  if (wrapped) runner.database.run('BEGIN');
  const outcomes: ExactOutcome[] = [];
  for (const statement of migration.statements) {
    const stopped = !tolerant && outcomes.some(({ word }) => word === 'failed');
    const outcome: ExactOutcome = stopped
      ? { word: 'tainted', reason: 'a statement before it failed' }
      : (statement.skip ?? runStatement(runner, statement));
    if (IN_PART.has(outcome.word)) runner.doubtful = true;
    outcomes.push(outcome);
  }
  const unsettled = wrapped ? refusalOf(runner, 'COMMIT') : undefined;
  if (unsettled === undefined || /no transaction is active/.test(unsettled)) return outcomes;
  const failed = { word: 'failed', reason: unsettled, error: { message: unsettled, code: '' } } as const;
  return outcomes.some(({ word }) => word === 'failed') ? outcomes : [...outcomes.slice(0, -1), failed];
}

/** What one migration leaves open or sets does not reach the next. */
function openConnection(runner: Runner): void {
  refusalOf(runner, 'ROLLBACK');
  const temporary = runner.database.exec(
    "SELECT type, name FROM sqlite_temp_master WHERE type IN ('table', 'view')",
  );
  for (const [type, name] of temporary[0]?.values ?? [])
    refusalOf(runner, `DROP ${type} IF EXISTS temp."${String(name).replaceAll('"', '""')}"`);
  for (const name of [
    'foreign_keys = ON',
    'legacy_alter_table = OFF',
    'ignore_check_constraints = OFF',
    'writable_schema = RESET',
  ])
    refusalOf(runner, `PRAGMA ${name}`);
}

/** SQLite's message when it refuses. Trouble of the engine itself ends the proof. */
function refusalOf({ database }: Runner, text: string): string | undefined {
  try {
    const statement = database.prepare(text);
    try {
      while (statement.step());
    } finally {
      statement.free();
    }
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/^(out of memory|database or disk is full)/.test(message))
      throw new ScratchError('memory', 'it needed more memory than it may have');
    if (/^(abort|aborted|memory access|unreachable|table index|disk I\/O|database disk image)/i.test(message))
      throw new ScratchError('died', `SQLite failed: ${message}`);
    return message;
  }
}

function runStatement(runner: Runner, statement: ExactStatement): ExactOutcome {
  const message = refusalOf(runner, statement.text);
  if (message === undefined) return { word: statement.transaction ? 'no-effect' : 'executed' };
  if (statement.transaction && /transaction/.test(message)) return { word: 'no-effect' };
  const error = { message, code: '' };
  const foreign = /^no such (function|module|collation sequence): (.+)$/.exec(message);
  if (foreign)
    return {
      word: 'not-modelled',
      reason: `${foreign[2]} is none of SQLite's own ${foreign[1]}s: the application or an extension brings it`,
      error,
    };
  if (withoutForeignKeys(runner, statement.text))
    return { word: 'partial', reason: `it runs only while foreign keys are off: ${message}` };
  if (
    runner.doubtful &&
    /^(no such|error in|table .+ has (no|\d+) column|table .+ already|duplicate column)/.test(message)
  )
    return { word: 'tainted', reason: `${message}; but something before it was not run`, error };
  return { word: 'failed', reason: message, error };
}

/** Runs a statement once more with foreign keys off, outside of any transaction; whether it goes through. */
function withoutForeignKeys(runner: Runner, text: string): boolean {
  const { database } = runner;
  const on = Number(database.exec('PRAGMA foreign_keys')[0]?.values[0]?.[0]) === 1;
  if (!on) return false;
  const inside = refusalOf(runner, 'COMMIT') === undefined;
  database.run('PRAGMA foreign_keys = OFF');
  const refused = refusalOf(runner, text);
  database.run('PRAGMA foreign_keys = ON');
  if (inside) database.run('BEGIN');
  return refused === undefined;
}
