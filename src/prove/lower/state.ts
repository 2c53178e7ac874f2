import type { Schema, Table, TableId } from '../../schema/schema.ts';
import type { Scratch } from '../scratch.ts';
import { firstLine, isAboutRows, type Outcome } from './outcome.ts';
import { type Probe, probesOf } from './probe.ts';
import { createTableSql, defaultSql, isPlain } from './table.ts';
import { duckdbType } from './type.ts';

/** A scratch database that follows a schema, and what of the schema it could not follow. */
export interface Lowering {
  readonly scratch: Scratch;
  /** Live: the fold's. */
  readonly schema: Schema;
  /** The schema in which the scratch database looks for names without one. */
  home: string | undefined;
  /** Tables that it lacks, and why. */
  readonly absent: Map<TableId, string>;
  /** Tables whose rows may not be what PostgreSQL would hold, and why. */
  readonly stale: Map<TableId, string>;
  /** Tables that rows were written to. */
  readonly filled: Set<TableId>;
  /** Tables of a slice: older migrations may have written rows to them that are not here. */
  readonly sliced: Set<TableId>;
  /** Probes that DuckDB cannot run, by `table.name`. */
  readonly dumb: Set<string>;
}

/** Runs statements: undefined when all went well, else how it stands. A limit of DuckDB's is never a failure. */
export async function attempt(
  lowering: Lowering,
  table: Table | undefined,
  statements: readonly string[],
): Promise<Outcome | undefined> {
  const { failed } = await lowering.scratch.run(statements);
  return failed ? judge(lowering, table, failed.message) : undefined;
}

/** What DuckDB's refusal means. */
export function judge(lowering: Lowering, table: Table | undefined, message: string): Outcome {
  const reason = firstLine(message);
  if (!isAboutRows(message, lowering.schema.dialect))
    return { word: 'not-modelled', reason: `DuckDB: ${reason}` };
  const stale = table && lowering.stale.get(table.id);
  if (stale) return { word: 'tainted', reason: `${reason} (${stale})`, by: 'engine' };
  return { word: 'failed', reason, by: 'engine' };
}

/** Creates a table; what DuckDB cannot hold of it is left out and told. */
export async function create(lowering: Lowering, table: Table): Promise<Outcome> {
  const { scratch, schema } = lowering;
  const first = await scratch.run(createTableSql(table, schema));
  const generated = table.columns.find((column) => column.generated !== undefined);
  if (!first.failed && generated)
    return { word: 'partial', reason: `column "${generated.name}" is not generated` };
  if (!first.failed) return { word: table.constraints.length > 0 ? 'emulated' : 'executed' };
  const without = new Set<string>();
  for (const column of table.columns) {
    const value = defaultSql(column, schema.dialect);
    if (value === undefined || isPlain(value) || value.startsWith('nextval(')) continue;
    const test = await scratch.run([`SELECT CAST((${value}) AS ${duckdbType(column.type, schema)})`]);
    if (test.failed) without.add(column.name);
  }
  const second = await scratch.run(createTableSql(table, schema, without));
  if (second.failed) {
    const reason = `DuckDB: ${firstLine(second.failed.message)}`;
    lowering.absent.set(table.id, reason);
    return { word: 'modelled', reason };
  }
  return { word: 'partial', reason: `DuckDB does not run the default of ${[...without].join(', ')}` };
}

/** Looks for rows that break what must hold of a table; undefined where there are none. */
export async function probe(
  lowering: Lowering,
  table: Table,
  probes: readonly Probe[],
): Promise<Outcome | undefined> {
  const filled = lowering.filled.has(table.id);
  const runnable = probes.filter((one) => (filled || !one.plain) && !lowering.dumb.has(keyOf(table, one)));
  if (runnable.length === 0) return undefined;
  const parts = runnable.map((one, i) => `SELECT ${i} AS i WHERE EXISTS (${one.sql})`);
  try {
    const [hit] = await lowering.scratch.query(parts.join(' UNION ALL '), 1);
    const found = hit && runnable[Number(hit.i)];
    if (!found) return undefined;
    const stale = lowering.stale.get(table.id);
    return stale
      ? { word: 'tainted', reason: `${found.message} (${stale})`, by: 'engine' }
      : { word: 'failed', reason: found.message, by: 'engine' };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return probeOneByOne(lowering, table, runnable);
  }
}

async function probeOneByOne(
  lowering: Lowering,
  table: Table,
  probes: readonly Probe[],
): Promise<Outcome | undefined> {
  if (probes.length > 1) {
    for (const one of probes) {
      const outcome = await probe(lowering, table, [one]);
      if (outcome && outcome.word !== 'modelled') return outcome;
    }
    return undefined;
  }
  const [only] = probes;
  if (only) lowering.dumb.add(keyOf(table, only));
  return { word: 'modelled', reason: `DuckDB cannot judge ${only?.name}` };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'error';
}

function keyOf(table: Table, one: Probe): string {
  return `${table.id}.${one.name}`;
}

/** Looks whether everything that must hold of a table's rows still does. */
export function probeAll(lowering: Lowering, table: Table): Promise<Outcome | undefined> {
  return probe(lowering, table, probesOf(table, lowering.schema));
}
