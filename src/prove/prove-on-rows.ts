import type { Applied } from '../schema/applied.ts';
import { tableName } from '../schema/lookup.ts';
import type { Schema } from '../schema/schema.ts';
import { type Hindrance, type ProofRequest, prove } from './prove.ts';
import type { Scratch } from './scratch.ts';
import { tablesAtRisk } from './seed/at-risk.ts';
import type { Seed } from './seed.ts';
import type { Proof, ProofRows, Risk } from './verdict.ts';

/** After so many refusals for made-up rows a change is run without any. */
export const MOST_RISKS = 12;

/**
 * Proves migrations on a slice whose tables hold made-up rows. Where rows are in the way, that is noted as a risk and the
 * migrations are run again without those rows: the verdict is always that of a run which no row of ours hindered.
 */
export async function proveOnRows(
  request: ProofRequest,
  openScratch: () => Promise<Scratch>,
): Promise<Proof> {
  const rows = request.seed;
  const risks: Risk[] = [];
  let seed = rows;
  for (;;) {
    const scratch = await openScratch();
    try {
      const { proof, hindrance } = await prove({ ...request, seed }, scratch);
      if (!hindrance)
        return { ...withRisks(proof, risks), ...(rows && { on: countOf(rows, request.schema) }) };
      const risk = riskOf(hindrance);
      if (risk) risks.push(risk);
      seed = seed && risks.length < MOST_RISKS ? await without(seed, hindrance) : undefined;
    } finally {
      await scratch.close();
    }
  }
}

/** Rows for the tables of `schema` on which migrations depend; undefined where they depend on none. */
export async function seedFor(
  schema: Schema,
  migrations: ProofRequest['migrations'],
): Promise<Seed | undefined> {
  if (schema.dialect === 'duckdb') return undefined;
  const wanted = tablesAtRisk(
    schema,
    migrations.map((migration) => migration.source),
  );
  if (wanted.length === 0) return undefined;
  const { makeSeed } = await import('./seed.ts');
  const seed = makeSeed(schema, wanted);
  return seed.tables.length > 0 ? seed : undefined;
}

async function without(seed: Seed, { operation, constraint }: Hindrance): Promise<Seed | undefined> {
  const { thin } = await import('./seed/thin.ts');
  return thin(seed, operation, constraint);
}

/** What a refusal says about tables that hold rows. DuckDB's own words on INSERT and UPDATE are its own, and say nothing. */
function riskOf({ operation, span, message, refused }: Hindrance): Risk | undefined {
  if (!refused || operation.tableId === undefined || operation.operation.kind === 'write-rows')
    return undefined;
  return {
    span,
    on: stopsAtAnyRow(operation) ? 'any row' : 'some rows',
    tableId: operation.tableId,
    message,
  };
}

/** A column that is added NOT NULL and without a value stops at the first row, whatever that holds. */
export function stopsAtAnyRow({ operation }: Applied): boolean {
  return (
    operation.kind === 'add-column' && operation.column.notNull && operation.column.default === undefined
  );
}

/** The risks at the migrations that they were met in; a statement that fails without rows too is refuted and no risk. */
export function withRisks(proof: Proof, risks: readonly Risk[]): Proof {
  if (risks.length === 0) return proof;
  return {
    ...proof,
    migrations: proof.migrations.map((migration) => {
      const own = risks.filter(
        ({ span }) =>
          span.path === migration.path && (!migration.error || span.line < migration.error.span.line),
      );
      return own.length > 0 ? { ...migration, risks: own } : migration;
    }),
  };
}

export function countOf(seed: Seed, schema: Schema): ProofRows {
  return {
    tables: seed.tables.length,
    rows: seed.tables.reduce((sum, { rows }) => sum + rows.length, 0),
    without: [...seed.unseeded].map(([id, reason]) => {
      const table = schema.tables.get(id);
      return { table: table ? tableName(table) : '', reason };
    }),
  };
}
