import type { Tree } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';
import type { Chain, MigrationFile } from '../read/chain.ts';
import { prefixHashes, readMigrations, readPrelude } from '../read/replay.ts';
import type { ServerVersion } from '../read/server-version.ts';
import type { SqlSource, Statement } from '../read/source.ts';
import type { Schema } from '../schema/schema.ts';
import type { Catalog } from './catalog/catalog.ts';
import { compareCatalog } from './catalog/compare.ts';
import type { ExactEngine, ExactOptions, ExactOutcome, ExactResult } from './exact.ts';
import { attemptOnRows, type OnRows, tryOnRows } from './exact-on-rows.ts';
import { toExact } from './exact-statement.ts';
import { countOf, withRisks } from './prove-on-rows.ts';
import { ScratchError } from './scratch.ts';
import { conclude, type MigrationVerdict, type Proof, type StatementVerdict } from './verdict.ts';

/** What to prove on an exact engine: new migrations behind those that a database holds or is given first. */
export interface ExactRequest {
  readonly engine: ExactOptions['engine'];
  readonly chain: Chain;
  /** The chain that new migrations come on top of, and its tree; undefined: they start from empty. */
  readonly base?: { readonly chain: Chain; readonly tree: Tree };
  readonly migrations: readonly { readonly file: MigrationFile; readonly source: SqlSource }[];
  /** Make the database of the base where there is none; otherwise the proof is only tried on one that is there. */
  readonly make: boolean;
  readonly folder: string | undefined;
  readonly version: ServerVersion | undefined;
  /** How many of the migrations are older ones, where the whole chain runs from empty. */
  readonly older?: number;
  /**
   * The schema that the fold made of the whole chain: with it the server's catalog is compared where it ran from empty. Where
   * the effect of some statement is not known, the catalog tells what it left.
   */
  readonly headSchema?: Schema;
  /** Extensions that the chain creates. */
  readonly extensions?: readonly string[];
  /** New migrations with what the fold made of them, and rows for the tables before them. */
  readonly onRows?: OnRows;
}

/** Without a database that may be made, so many older migrations are run in the transaction of the new ones. */
const FEW = 20;

/** How many migrations go to the engine in one message. */
const BATCH = 100;

/** Proves migrations on an exact engine; where there is none here, that is the reason why they are not tried. */
export async function proveExact(
  request: ExactRequest,
  open: (options: ExactOptions) => Promise<ExactEngine>,
): Promise<Proof> {
  const { engine: kind, chain, base, folder, version, make } = request;
  const keys = base ? prefixHashes(base.chain) : prefixHashes({ ...chain, migrations: [] });
  const prelude = toExact(await readPrelude(chain)).statements;
  if (!base && !make && request.migrations.length > FEW) return untried(request, NAMES[kind], WHOLE, false);
  let engine: ExactEngine | undefined;
  try {
    engine = await open({
      engine: kind,
      folder,
      version: version?.major,
      extensions: request.extensions,
      keys,
      prelude,
      fromEmpty: !base,
      make,
    });
    const before = await bring(engine, request, keys);
    const proof =
      typeof before === 'string'
        ? untried(request, engine.engine, before, false)
        : await attempt(request, engine, before);
    return engine.note === undefined ? proof : { ...proof, note: engine.note };
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    return untried(request, engine?.engine ?? NAMES[kind], error.message, error.kind !== 'unavailable');
  } finally {
    await engine?.close().catch(() => {});
  }
}

const NAMES = { postgres: 'PostgreSQL', pglite: 'PGlite', sqlite: 'SQLite' } as const;

type Migrations = ExactRequest['migrations'];

/** Brings the database to where the new migrations start; returns older ones that are to run with them, or why not. */
async function bring(
  engine: ExactEngine,
  { base, make }: ExactRequest,
  keys: readonly string[],
): Promise<Migrations | string> {
  if (!base) return engine.held === undefined ? NO_DATABASE : [];
  const wanted = base.chain.migrations;
  if (engine.held === undefined) return NO_DATABASE;
  const missing = wanted.slice(engine.held);
  if (!make && missing.length > FEW) return NO_DATABASE;
  if (!make) return readMigrations(base.chain, missing, base.tree);
  if (missing.length === 0) return [];
  const results = await build(engine, base.chain, missing, (files) =>
    readMigrations(base.chain, files, base.tree),
  );
  const died = results.findIndex((result) => result.died !== undefined);
  if (died >= 0) throw new ScratchError('died', `${missing[died]?.path}: ${results[died]?.died}`);
  await engine.keep(keys.at(-1) ?? '');
  return [];
}

/** Runs migrations for good, a batch at a time, up to the first at which the engine dies. */
async function build<T>(
  engine: ExactEngine,
  chain: Chain,
  all: readonly T[],
  read: (batch: readonly T[]) => Promise<Migrations>,
): Promise<readonly ExactResult[]> {
  const results: ExactResult[] = [];
  for (let at = 0; at < all.length; at += BATCH) {
    const sources = await read(all.slice(at, at + BATCH));
    results.push(...(await engine.build(sources.map((one) => toExactOf(chain, one)))));
    if (results.at(-1)?.died !== undefined) break;
  }
  return results;
}

const WHOLE = 'the whole chain would have to run; `tablewarden check` runs it';
const NO_DATABASE = 'no database holds this chain yet; `tablewarden check` makes it';

/** A run of the migrations: what the server knew before the new ones, and what rows did to them. */
interface Run {
  readonly results: readonly ExactResult[];
  readonly former?: Catalog;
  readonly rows?: Omit<Awaited<ReturnType<typeof tryOnRows>>, 'results'>;
}

async function run(
  request: ExactRequest,
  engine: ExactEngine,
  before: Migrations,
  opaque: boolean,
): Promise<Run> {
  const { base, chain, migrations, onRows } = request;
  if (!base) return make(request, engine, opaque);
  if (before.length > 0) return { results: await attemptBehind(engine, chain, before, migrations) };
  const former = opaque ? await engine.catalog() : undefined;
  if (!onRows) return { results: await attemptBehind(engine, chain, before, migrations), former };
  const { results, ...rows } = await attemptOnRows(engine, onRows);
  return { results, former, rows };
}

async function attempt(request: ExactRequest, engine: ExactEngine, before: Migrations): Promise<Proof> {
  const { base, chain, migrations, onRows, headSchema } = request;
  const imperfect = engine.imperfect;
  const opaque = (headSchema?.opaque.length ?? 0) > 0;
  const { results, former, rows } = await run(request, engine, before, opaque);
  const { older = 0 } = request;
  const asked = (!base || opaque) && results.length >= older && results.slice(older).every(isWhole);
  const catalog = asked ? await engine.catalog() : undefined;
  const all = imperfect === 0 && results.every(isWhole);
  const isNew = !base && older === 0;
  const told = opaque && (former || isNew) && catalog && { base: former, head: catalog, certain: all };
  const proof = {
    engine: engine.engine,
    chain: chain.id,
    lowered: false,
    from: base ? ('base' as const) : ('empty' as const),
    ...(imperfect > 0 ? { imperfect } : {}),
    ...(!base && all && catalog && headSchema ? { catalog: compareCatalog(headSchema, catalog) } : {}),
    ...(told ? { told } : {}),
    ...(onRows && rows?.onRows ? { on: { ...countOf(onRows.seed, onRows.schema), held: rows.held } } : {}),
    ...otherVersion(request, engine.engine),
    migrations: migrations.map(({ source }, index) => toVerdict(source, results[index])),
  };
  return withRisks(proof, rows?.risks ?? []);
}

async function attemptBehind(engine: ExactEngine, chain: Chain, before: Migrations, migrations: Migrations) {
  const all = await engine.attempt([...before, ...migrations].map((one) => toExactOf(chain, one)));
  return all.slice(before.length);
}

/** Runs the whole chain for good, and keeps what it made; the new migrations also on rows, where older ones come before. */
async function make(
  { chain, migrations, older = 0, onRows }: ExactRequest,
  engine: ExactEngine,
  opaque: boolean,
): Promise<Run> {
  const buildAll = (part: Migrations) => build(engine, chain, part, async (batch) => batch);
  const first = await buildAll(migrations.slice(0, older));
  if (first.at(-1)?.died !== undefined) return { results: first };
  const former = opaque && older > 0 ? await engine.catalog() : undefined;
  const rows = onRows && older > 0 ? await tryOnRows(engine, onRows) : undefined;
  const results = [...first, ...(await buildAll(migrations.slice(older)))];
  if (results.length === chain.migrations.length && results.every((one) => one.died === undefined))
    await engine.keep(prefixHashes(chain).at(-1) ?? '');
  return { results, former, rows };
}

/** Whether the server made everything of a migration that the fold did: else the two must differ. */
function isWhole({ outcomes, died }: ExactResult): boolean {
  return (
    died === undefined && outcomes.every(({ word }) => !['failed', 'tainted', 'not-modelled'].includes(word))
  );
}

function toExactOf(chain: Chain, { file, source }: Migrations[number]) {
  return toExact(source, file.transactional ?? chain.transactional);
}

/** Majors differ in what they accept: PostgreSQL 17 resolves names in materialized views that 16 did not. */
function otherVersion({ version }: ExactRequest, engine: string): Pick<Proof, 'instead'> {
  const runs = Number(/PostgreSQL (\d+)/.exec(engine)?.[1]);
  return version && version.major !== runs ? { instead: version } : {};
}

function untried(
  { chain, base, migrations }: ExactRequest,
  engine: string,
  reason: string,
  died: boolean,
): Proof {
  return {
    engine,
    chain: chain.id,
    lowered: false,
    from: base ? 'base' : 'empty',
    trouble: reason,
    migrations: migrations.map(({ file }) => notTried(file.path, reason, died)),
  };
}

function notTried(path: string, reason: string, died: boolean): MigrationVerdict {
  return { path, verdict: 'not tried', statements: [], reason, ...(died ? { died } : {}) };
}

function toVerdict(source: SqlSource, result: ExactResult | undefined): MigrationVerdict {
  if (!result) return notTried(source.path, 'the engine ended at a migration before it', true);
  if (result.died !== undefined) return notTried(source.path, result.died, true);
  let error: MigrationVerdict['error'];
  const statements = source.statements.map((statement, index): StatementVerdict => {
    const outcome = result.outcomes[index] ?? { word: 'tainted' as const, reason: 'it was not reached' };
    if (outcome.word === 'failed') error ??= toError(statement, outcome);
    const { word, reason, locks } = outcome;
    const why = reason === undefined ? {} : { reason };
    return { span: statement.span, word, ...why, ...(locks ? { locks } : {}) };
  });
  return { path: source.path, ...conclude(statements, error), statements };
}

function toError(
  statement: Statement,
  { reason = 'it failed', error }: ExactOutcome,
): MigrationVerdict['error'] {
  if (statement.unread) return { message: reason, span: statement.unread.span, by: 'parser' };
  const { code, detail, hint, where, position } = error ?? {};
  const span = position === undefined ? statement.span : spanAt(statement, position);
  const said = {
    ...(code ? { code } : {}),
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
    ...(where ? { where } : {}),
  };
  return { message: error?.message ?? reason, span, by: 'engine', ...said };
}

/** The word at a position that the server names, counted in characters from 1. */
function spanAt({ text, span, place }: Statement, position: number): Span {
  const before = [...text].slice(0, position - 1).join('');
  const lines = before.split('\n');
  const line = span.line + lines.length - 1;
  const column = (lines.length === 1 ? span.column : 1) + (lines.at(-1)?.length ?? 0);
  const [word = ''] = /^("[^"\n]*"|'[^'\n]*'|\w+|.)?/.exec(text.slice(before.length)) ?? [];
  if (place) return place(before.length, before.length + word.length);
  return { path: span.path, line, column, endLine: line, endColumn: column + word.length };
}
