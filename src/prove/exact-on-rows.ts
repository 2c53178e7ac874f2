import type { ReplayedMigration } from '../read/replay.ts';
import type { Applied } from '../schema/applied.ts';
import type { Schema, TableId } from '../schema/schema.ts';
import type { ExactEngine, ExactResult, ServerError } from './exact.ts';
import { toExact } from './exact-statement.ts';
import { MOST_RISKS, stopsAtAnyRow } from './prove-on-rows.ts';
import { dependsOnRows } from './seed/at-risk.ts';
import type { Seed } from './seed.ts';
import type { Risk } from './verdict.ts';

/** What an exact engine is to run on rows. */
export interface OnRows {
  readonly migrations: readonly ReplayedMigration[];
  /** The schema before them, which the rows were made for. */
  readonly schema: Schema;
  readonly headSchema: Schema;
  readonly seed: Seed;
}

/**
 * Runs migrations on made-up rows, and again with fewer of them where the server refuses a statement for the rows alone: that
 * is a risk. The results are those of a run that no row of ours hindered.
 */
export async function attemptOnRows(engine: ExactEngine, onRows: OnRows) {
  const { results, ...tried } = await tryOnRows(engine, onRows);
  const exact = onRows.migrations.map(({ source }) => toExact(source));
  return { ...tried, results: results ?? (await engine.attempt(exact)) };
}

/** The same without an attempt where rows are in the way to the end: the results are then undefined. */
export async function tryOnRows(
  engine: ExactEngine,
  { migrations, schema, headSchema, seed: all }: OnRows,
): Promise<{
  readonly results?: readonly ExactResult[];
  readonly risks: readonly Risk[];
  /** False where the migrations could not be run on rows at all. */
  readonly onRows: boolean;
  /** Tables whose rows were all there in the run that the results are of. */
  readonly held: readonly TableId[];
}> {
  const [{ thin }, { postgresRows }] = await Promise.all([
    import('./seed/thin.ts'),
    import('./seed/insert.ts'),
  ]);
  const exact = migrations.map(({ source }) => toExact(source));
  const risks: Risk[] = [];
  let seed: Seed | undefined = all;
  let onRows = false;
  while (seed && risks.length < MOST_RISKS) {
    const results = await engine.attemptOnRows(exact, postgresRows(seed, schema));
    if (!results || results.some(({ died }) => died !== undefined)) break;
    onRows = true;
    if (results.every(({ outcomes }) => outcomes.every(({ word }) => word !== 'failed')))
      return { results, risks, onRows, held: wholeTables(all, seed) };
    const refused = refusalOf(results, migrations);
    if (!refused) break;
    const risk = riskOf(refused);
    if (risk) risks.push(risk);
    const { tableId, objectName } = refused.applied;
    const table = tableId === undefined ? undefined : headSchema.tables.get(tableId);
    const constraint = table?.constraints.find((one) => one.name === objectName);
    seed = thin(seed, refused.applied, constraint);
  }
  return { risks, onRows, held: [] };
}

function wholeTables(all: Seed, left: Seed): readonly TableId[] {
  const counts = new Map(left.tables.map(({ table, rows }) => [table.id, rows.length]));
  return all.tables.flatMap(({ table, rows }) =>
    rows.length > 0 && counts.get(table.id) === rows.length ? [table.id] : [],
  );
}

interface Refused {
  readonly applied: Applied;
  readonly error: ServerError;
}

/** The operation that the server refused for rows: SQLSTATE classes 22, data, and 23, integrity. */
function refusalOf(
  results: readonly ExactResult[],
  migrations: readonly ReplayedMigration[],
): Refused | undefined {
  for (const [at, { outcomes }] of results.entries()) {
    const index = outcomes.findIndex(({ word }) => word === 'failed');
    const error = outcomes[index]?.error;
    if (index < 0) continue;
    const applied = (migrations[at]?.steps[index]?.applied ?? []).filter(({ operation }) =>
      dependsOnRows(operation),
    );
    if (!error || !/^2[23]/.test(error.code)) return undefined;
    const named = applied.find((one) =>
      [one.objectName, ...one.columns].some(
        (name) => name !== undefined && error.message.includes(`"${name}"`),
      ),
    );
    const found = named ?? applied[0];
    return found && { applied: found, error };
  }
  return undefined;
}

/** An INSERT that meets a key of a made-up row says nothing: real tables need not have it. */
function riskOf({ applied, error }: Refused): Risk | undefined {
  const { operation, tableId } = applied;
  if (tableId === undefined) return undefined;
  if (operation.kind === 'write-rows' && operation.verb === 'insert' && error.code === '23505')
    return undefined;
  const on = stopsAtAnyRow(applied) ? 'any row' : 'some rows';
  return { span: operation.span, on, tableId, message: error.message };
}
