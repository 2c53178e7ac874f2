import type { Span } from '../change/span.ts';
import type { Chain, MigrationFile } from '../read/chain.ts';
import type { SqlSource, Statement } from '../read/source.ts';
import { taintWords } from '../read/taint-words.ts';
import type { Applied, Fold } from '../schema/applied.ts';
import { openFold } from '../schema/fold.ts';
import type { Constraint, Schema } from '../schema/schema.ts';
import { runDuckdb } from './duckdb-statement.ts';
import type { Outcome } from './lower/outcome.ts';
import { lowerStatement, openLowering } from './lower.ts';
import { type Scratch, ScratchError } from './scratch.ts';
import type { Seed } from './seed.ts';
import { buildSlice, plant, sliceFor } from './slice.ts';
import { conclude, type MigrationVerdict, type Proof, type StatementVerdict } from './verdict.ts';

/** What to prove: migrations on top of a schema, from an empty database or on a slice of that schema. */
export interface ProofRequest {
  readonly chain: Chain;
  readonly schema: Schema;
  readonly migrations: readonly { readonly file: MigrationFile; readonly source: SqlSource }[];
  readonly from: 'empty' | 'slice';
  /** Rows that the tables of the slice hold before the first migration. */
  readonly seed?: Seed;
}

/** Made-up rows that were in a migration's way, so that its proof ended there. */
export interface Hindrance {
  readonly operation: Applied;
  /** The constraint that it adds. */
  readonly constraint?: Constraint;
  readonly span: Span;
  readonly message: string;
  /** The engine refused for the rows alone; otherwise they are no longer what they would be in PostgreSQL. */
  readonly refused: boolean;
}

type Run = (statement: Statement) => Promise<Outcome>;

/** Seconds that a proof may take as a whole: one of new migrations is waited for, one of a whole chain was asked for. */
const WHOLE_TIME = { slice: 5, empty: 120 } as const;

/**
 * Runs migrations in an empty scratch database, statement by statement, with the fold beside it. A run on seeded rows ends at
 * the first statement that they hinder, and proves nothing then.
 */
export async function prove(
  request: ProofRequest,
  scratch: Scratch,
): Promise<{ readonly proof: Proof; readonly hindrance?: Hindrance }> {
  const { chain, schema, migrations, from } = request;
  const lowered = chain.dialect !== 'duckdb';
  const verdicts: MigrationVerdict[] = [];
  const started = process.uptime();
  let died: string | undefined;
  const fold = openFold(schema);
  const proof = { engine: scratch.engine, chain: chain.id, lowered, from, migrations: verdicts };
  let run: Run | undefined;
  try {
    run = within(WHOLE_TIME[from], started, await prepare(request, scratch, fold));
  } catch (error) {
    died = reasonOf(error);
  }
  for (const { file, source } of migrations) {
    if (died !== undefined || !run) {
      verdicts.push({ path: file.path, verdict: 'not tried', statements: [], reason: died, died: true });
      continue;
    }
    try {
      const { verdict, hindrance } = await proveMigration(source, fold, run, request.seed !== undefined);
      if (hindrance) return { proof, hindrance };
      verdicts.push(verdict);
    } catch (error) {
      died = reasonOf(error);
      verdicts.push({ path: file.path, verdict: 'not tried', statements: [], reason: died, died: true });
    }
  }
  return { proof };
}

function within(seconds: number, started: number, run: Run): Run {
  return (statement) => {
    if (process.uptime() - started < seconds) return run(statement);
    throw new ScratchError('time', `its statements together ran for ${seconds} s, and the proof was stopped`);
  };
}

async function prepare(
  { chain, schema, migrations, from, seed }: ProofRequest,
  scratch: Scratch,
  fold: Fold,
): Promise<Run> {
  if (chain.dialect === 'duckdb') return (statement) => runDuckdb(scratch, fold, statement);
  const lowering = await openLowering(scratch, fold);
  const sources = migrations.map((migration) => migration.source);
  const tables = [...schema.tables.values()];
  const slice = from === 'slice' ? sliceFor(schema, sources, seed) : { tables, views: [] };
  await buildSlice(lowering, slice);
  if (seed) await plant(lowering, slice, seed);
  return (statement) => lowerStatement(lowering, fold, statement);
}

/** What a dead or stuck engine means for the migration at hand; other errors are ours. */
function reasonOf(error: unknown): string {
  if (error instanceof ScratchError && error.kind !== 'error') return error.message;
  throw error;
}

async function proveMigration(
  source: SqlSource,
  fold: Fold,
  run: Run,
  onSeed: boolean,
): Promise<{ readonly verdict: MigrationVerdict; readonly hindrance?: Hindrance }> {
  const statements: StatementVerdict[] = [];
  let error: MigrationVerdict['error'];
  let hindrance: Hindrance | undefined;
  if (source.dialect === 'postgres') await run(searchPathReset(source.path));
  for (const statement of source.statements) {
    const { span } = statement;
    if (error) {
      statements.push({ span, word: 'tainted', reason: 'a statement before it failed' });
      continue;
    }
    const { word, reason, by, applied } = await run(statement);
    if (onSeed && by === 'engine' && applied)
      hindrance ??= {
        operation: applied,
        constraint: constraintOf(fold.schema, applied),
        span: applied.operation.span,
        message: reason ?? 'it failed',
        refused: word === 'failed',
      };
    if (hindrance) break;
    statements.push({ span, word, ...(reason === undefined ? {} : { reason }) });
    taintWords(fold, statement);
    if (word === 'failed') {
      const at = by === 'parser' ? (statement.unread?.span ?? span) : span;
      error = { message: reason ?? 'it failed', span: at, by: by ?? 'engine' };
    }
  }
  return { verdict: { path: source.path, ...conclude(statements, error), statements }, hindrance };
}

function constraintOf(schema: Schema, { tableId, objectName }: Applied): Constraint | undefined {
  const table = tableId === undefined ? undefined : schema.tables.get(tableId);
  return table?.constraints.find((one) => one.name === objectName);
}

/** Tools open each migration with the connection's own search path. */
function searchPathReset(path: string): Statement {
  const span = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const operations = [{ kind: 'set-search-path' as const, schemas: ['public'], local: false, span }];
  return { span, text: '', operations, uses: [], calls: [] };
}
