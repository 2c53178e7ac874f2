import type { Chain, MigrationFile } from '../read/chain.ts';
import { taintWords } from '../read/replay.ts';
import type { SqlSource, Statement } from '../read/source.ts';
import type { Fold } from '../schema/applied.ts';
import { openFold } from '../schema/fold.ts';
import type { Schema } from '../schema/schema.ts';
import { runDuckdb } from './duckdb-statement.ts';
import type { Outcome } from './lower/outcome.ts';
import { lowerStatement, openLowering } from './lower.ts';
import { type Scratch, ScratchError } from './scratch.ts';
import { buildSlice, sliceFor } from './slice.ts';
import { conclude, type MigrationVerdict, type Proof, type StatementVerdict } from './verdict.ts';

/** What to prove: migrations on top of a schema, from an empty database or on a slice of that schema. */
export interface ProofRequest {
  readonly chain: Chain;
  readonly schema: Schema;
  readonly migrations: readonly { readonly file: MigrationFile; readonly source: SqlSource }[];
  readonly from: 'empty' | 'slice';
}

type Run = (statement: Statement) => Promise<Outcome>;

/** Runs migrations in an empty scratch database, statement by statement, with the fold beside it. */
export async function prove(request: ProofRequest, scratch: Scratch): Promise<Proof> {
  const { chain, schema, migrations, from } = request;
  const lowered = chain.dialect !== 'duckdb';
  const verdicts: MigrationVerdict[] = [];
  let died: string | undefined;
  const fold = openFold(schema);
  let run: Run | undefined;
  try {
    run = await prepare(request, scratch, fold);
  } catch (error) {
    died = reasonOf(error);
  }
  for (const { file, source } of migrations) {
    if (died !== undefined || !run) {
      verdicts.push({ path: file.path, verdict: 'not tried', statements: [], reason: died, died: true });
      continue;
    }
    try {
      verdicts.push(await proveMigration(source, fold, run));
    } catch (error) {
      died = reasonOf(error);
      verdicts.push({ path: file.path, verdict: 'not tried', statements: [], reason: died, died: true });
    }
  }
  return { engine: scratch.engine, chain: chain.id, lowered, from, migrations: verdicts };
}

async function prepare(
  { chain, schema, migrations, from }: ProofRequest,
  scratch: Scratch,
  fold: Fold,
): Promise<Run> {
  if (chain.dialect === 'duckdb') return (statement) => runDuckdb(scratch, fold, statement);
  const lowering = await openLowering(scratch, fold);
  const sources = migrations.map((migration) => migration.source);
  const tables = [...schema.tables.values()];
  const slice = from === 'slice' ? sliceFor(schema, sources) : { tables, views: [] };
  await buildSlice(lowering, slice);
  return (statement) => lowerStatement(lowering, fold, statement);
}

/** What a dead or stuck engine means for the migration at hand; other errors are ours. */
function reasonOf(error: unknown): string {
  if (error instanceof ScratchError && error.kind !== 'error') return error.message;
  throw error;
}

async function proveMigration(source: SqlSource, fold: Fold, run: Run): Promise<MigrationVerdict> {
  const statements: StatementVerdict[] = [];
  let error: MigrationVerdict['error'];
  if (source.dialect === 'postgres') await run(searchPathReset(source.path));
  for (const statement of source.statements) {
    const { span } = statement;
    if (error) {
      statements.push({ span, word: 'tainted', reason: 'a statement before it failed' });
      continue;
    }
    const { word, reason, by } = await run(statement);
    statements.push({ span, word, ...(reason === undefined ? {} : { reason }) });
    if (statement.notModelled) taintWords(fold, statement.text, statement.notModelled);
    if (word === 'failed') {
      const at = by === 'parser' ? (statement.unread?.span ?? span) : span;
      error = { message: reason ?? 'it failed', span: at, by: by ?? 'engine' };
    }
  }
  return { path: source.path, ...conclude(statements, error), statements };
}

/** Tools open each migration with the connection's own search path. */
function searchPathReset(path: string): Statement {
  const span = { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const operations = [{ kind: 'set-search-path' as const, schemas: ['public'], local: false, span }];
  return { span, text: '', operations, uses: [], calls: [] };
}
