import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import type { ExactEngine } from '../../src/prove/exact.ts';
import { toExact } from '../../src/prove/exact-statement.ts';
import { openExact } from '../../src/prove/open-exact.ts';
import { proveOnRows, seedFor } from '../../src/prove/prove-on-rows.ts';
import { postgresRows } from '../../src/prove/seed/insert.ts';
import type { Chain } from '../../src/read/chain.ts';
import { foldSource, startingSchema } from '../../src/read/replay.ts';
import type { SqlSource } from '../../src/read/source.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { openFold } from '../../src/schema/fold.ts';
import type { Schema } from '../../src/schema/schema.ts';
import type { Change } from './changes.ts';

/** `applies`; `refused` whatever the rows are; `refused on rows` that the constraints allow; `unsure`: it says that it cannot tell. */
type Word = 'applies' | 'refused' | 'refused on rows' | 'unsure';

/** What each judge says of one change, and why. */
export interface Judgement extends Change {
  readonly fold: Word;
  readonly duckdb: Word;
  /** Where it was asked. */
  readonly pglite?: Word;
  /** The oracle. */
  readonly postgres: Word;
  readonly why: {
    readonly fold?: string;
    readonly duckdb?: string;
    readonly pglite?: string;
    readonly postgres?: string;
  };
}

/** A chain's schema, on which changes are judged. */
export interface Bench {
  readonly schema: Schema;
  judge(change: Change): Promise<Judgement>;
  close(): Promise<void>;
}

/** Folds a chain and runs it in PostgreSQL. Where the two differ, changes on either say little: the chain should apply. */
export async function openBench(
  texts: readonly string[],
  prelude = '',
  { pglite = false } = {},
): Promise<Bench> {
  await loadSqlReader('postgres');
  const chain: Chain = {
    id: 'migrations',
    tool: 'numbered',
    dialect: 'postgres',
    dialectReason: '',
    dialectGuessed: false,
    migrations: [],
    prelude,
    transactional: true,
    leftOut: [],
  };
  const sources = texts.map((text, i) => readSql(`migrations/${i + 1}.sql`, text, 'postgres'));
  const fold = openFold(startingSchema(chain));
  for (const source of sources) foldSource(fold, source);
  const schema = fold.snapshot();
  const before = toExact(readSql('(prelude)', prelude, 'postgres')).statements;
  const open = async (engine: 'postgres' | 'pglite') => {
    const opened = await openExact({ engine, keys: [], prelude: before, fromEmpty: true, make: true });
    await opened.build(sources.map((source) => toExact(source)));
    return opened;
  };
  const server = await open('postgres');
  const other = pglite ? await open('pglite') : undefined;
  return {
    schema,
    close: async () => {
      await server.close();
      await other?.close();
    },
    judge: async (change) => {
      const source = readSql('migrations/new.sql', change.sql, 'postgres');
      const [fold, duckdb, postgres] = [
        byFold(schema, source),
        await byDuckdb(chain, schema, source),
        await byPostgres(server, schema, source, change.kind),
      ];
      const said = other && (await byPostgres(other, schema, source, change.kind));
      return {
        ...change,
        fold: fold.word,
        duckdb: duckdb.word,
        ...(said && { pglite: said.word }),
        postgres: postgres.word,
        why: { fold: fold.why, duckdb: duckdb.why, pglite: said?.why, postgres: postgres.why },
      };
    },
  };
}

interface Said {
  readonly word: Word;
  readonly why?: string;
}

function byFold(schema: Schema, source: SqlSource): Said {
  const unread = source.statements.find((statement) => statement.unread);
  if (unread) return { word: 'refused', why: unread.unread?.message };
  const applied = foldSource(openFold(schema), source).flatMap((step) => step.applied);
  const refused = applied.find((one) => one.error);
  if (refused) return { word: refused.error?.tainted ? 'unsure' : 'refused', why: refused.error?.message };
  const missed = source.statements.find((statement) => statement.notModelled);
  return missed ? { word: 'unsure', why: missed.notModelled } : { word: 'applies' };
}

function migrationOf(source: SqlSource) {
  return { file: { name: 'new', path: source.path, id: 'new', order: 'new' }, source };
}

async function byDuckdb(chain: Chain, schema: Schema, source: SqlSource): Promise<Said> {
  const migrations = [migrationOf(source)];
  const seed = await seedFor(schema, migrations);
  const proof = await proveOnRows({ chain, schema, migrations, from: 'slice', seed }, () => openDuckdb());
  const [migration] = proof.migrations;
  if (migration?.error) return { word: 'refused', why: `${migration.error.by}: ${migration.error.message}` };
  const [risk] = migration?.risks ?? [];
  if (risk) return { word: 'refused on rows', why: risk.message };
  const unsure = migration?.statements.find(({ word }) => ['not-modelled', 'tainted'].includes(word));
  return unsure ? { word: 'unsure', why: unsure.reason } : { word: 'applies' };
}

async function byPostgres(
  server: ExactEngine,
  schema: Schema,
  source: SqlSource,
  kind: string,
): Promise<Said> {
  const exact = [toExact(source)];
  const failed = (results: Awaited<ReturnType<ExactEngine['attempt']>>) =>
    results.flatMap(({ outcomes }) =>
      outcomes.filter(({ word, error }) => word === 'failed' || error !== undefined),
    )[0];
  const refused = failed(await server.attempt(exact));
  if (refused && isAboutRows(refused.error?.code, kind))
    return { word: 'refused on rows', why: refused.reason };
  if (refused) return { word: 'refused', why: refused.reason };
  const seed = await seedFor(schema, [migrationOf(source)]);
  const onRows = seed && (await server.attemptOnRows(exact, postgresRows(seed, schema)));
  const stopped = onRows && failed(onRows);
  return stopped ? { word: 'refused on rows', why: stopped.reason } : { word: 'applies' };
}

/** The chain's own rows can be in the way too. A literal that is no value of its type (22P02) is, before any row is looked at. */
function isAboutRows(code: string | undefined, kind: string): boolean {
  return code !== undefined && (/^(23|22001|22003)/.test(code) || (kind === 'cast' && code.startsWith('22')));
}
