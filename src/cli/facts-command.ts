import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { profileOf } from '../check.ts';
import { UserError } from '../errors.ts';
import { factRows } from '../facts/fact-rows.ts';
import { loadFacts } from '../facts/load.ts';
import { vocabulary } from '../facts/vocabulary.ts';
import { completeChains } from '../prove/catalog/complete-chains.ts';
import { type EngineChild, openChild } from '../prove/child.ts';
import { proveChange } from '../prove/prove-change.ts';
import { type Row, type Scratch, ScratchError } from '../prove/scratch.ts';
import { pathsWithFacts, readChange } from '../read/read-change.ts';
import type { Request } from './arguments.ts';
import { openChange } from './open-change.ts';
import { proofOf } from './options-of.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { rowsText } from './rows-text.ts';
import { startProgress } from './terminal.ts';

/** Rows that one query may print. */
const MOST_ROWS = 100_000;

/** Answers a query over everything that was read, or writes all of it as Parquet: of a revision as a whole, or of a change. */
export async function factsCommand(request: Request): Promise<number> {
  const folder = request.options.export;
  const [sql, range] = folder === undefined ? request.words : [undefined, ...request.words];
  if ((sql === undefined) === (folder === undefined))
    throw new UserError(
      'facts needs a query or a folder.',
      'Write `tablewarden facts "SELECT * FROM head.tables"`, or `tablewarden facts --export DIR`.',
    );
  const engine = openChild();
  try {
    if (folder !== undefined) await mkdir(folder, { recursive: true }).catch(noFolder(folder));
    const scratch = await openFacts(request, range, engine, folder);
    if (sql === undefined) await exportTables(scratch, resolve(folder!));
    else await writeResult(request.options, render(request, await ask(scratch, sql)));
    return 0;
  } finally {
    await engine.close();
  }
}

/** A whole revision is read without its proof, which may take long; `--prove` adds it. */
async function openFacts(
  request: Request,
  range: string | undefined,
  engine: EngineChild,
  folder: string | undefined,
): Promise<Scratch> {
  const progress = startProgress(request.switches.has('quiet'));
  const whole = !range?.includes('..') && request.options.from === undefined;
  const { changeSet, setupTree, cache } = await openChange(request, range, whole);
  const { config } = await readSetup(setupTree, { configFile: request.options.config });
  progress.say('reading');
  const read = await readChange(
    changeSet,
    config.migrations,
    cache,
    whole ? 'all' : 'touched',
    config.wrappers,
    config.documents,
  );
  progress.say('proving');
  const options = { ...config.postgres, mode: proofOf(request, whole ? 'off' : 'fast'), make: true };
  const proofs = await proveChange(read.chains, changeSet, cache, options, engine);
  const facts = {
    ...{ ...read, chains: completeChains(read.chains, proofs), proofs },
    policy: config,
    profile: await profileOf(read, { config, setupTree }),
    hunks: await changeSet.hunks(pathsWithFacts(read)),
    notAnalysed: read.coverage.notAnalysed.map((span) => ({ span, reason: span.reason })),
  };
  const scratch = await engine.open(folder === undefined ? undefined : resolve(folder));
  await loadFacts(scratch, factRows(facts, { all: whole, pruned: false }));
  progress.end();
  return scratch;
}

/** As a rule's query does, it may name the tables of `head` without their schema. */
async function ask(scratch: Scratch, sql: string): Promise<readonly Row[]> {
  try {
    await scratch.run(["SET search_path = 'head'"]);
    return await scratch.query(sql.trim().replace(/;+$/, ''), MOST_ROWS);
  } catch (error) {
    if (!(error instanceof ScratchError)) throw error;
    const [said = ''] = error.message.split(/\n\s*LINE \d+:/); // what follows shows our own text around the query
    throw new UserError(
      `The query failed: ${said}`,
      'Write one SELECT. `SELECT table_schema, table_name, column_name FROM information_schema.columns` lists what there is; src/facts/facts.sql explains it.',
    );
  }
}

function render(request: Request, rows: readonly Row[]): string {
  if (request.options.format === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  return rowsText(rows);
}

async function exportTables(scratch: Scratch, folder: string): Promise<void> {
  const copies = [...vocabulary().tables.keys()].map(
    (name) =>
      `COPY (FROM ${name}) TO '${`${folder}/${name}.parquet`.replaceAll("'", "''")}' (FORMAT parquet)`,
  );
  const { failed } = await scratch.run(copies);
  if (failed)
    throw new UserError(
      `The facts cannot be written to ${folder}: ${failed.message}`,
      'Name another folder.',
    );
}

function noFolder(folder: string) {
  return (error: Error) => {
    throw new UserError(`${folder} cannot be made: ${error.message}.`, 'Name another folder with --export.');
  };
}
