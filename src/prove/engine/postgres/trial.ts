import type { ExactTrial, ExactTried, IndexTrial } from '../../exact.ts';
import { comparePlans } from './plan.ts';
import { judgeRefusal } from './refusal.ts';
import type { Runner } from './run.ts';
import { watchTables } from './watch.ts';

/** Tries statements in the open transaction, each by itself; null where a statement's outcome says nothing of the claim. */
export async function tryEach(
  runner: Runner,
  trials: readonly ExactTrial[],
): Promise<readonly (ExactTried | null)[]> {
  const tried: (ExactTried | null)[] = [];
  for (const trial of trials) {
    const onRows = trial.expect === 'index' ? isMeasured(trial) : await hasRows(runner, trial);
    const said = await inSavepoint(runner, () => sayOf(runner, trial));
    const vacuous = trial.expect === 'succeeds' && !onRows;
    tried.push(said && !vacuous ? { ...said, onRows } : null);
  }
  return tried;
}

function sayOf(runner: Runner, trial: ExactTrial): Promise<Said> {
  if (trial.expect === 'index') return comparePlans(runner, trial);
  return trial.expect === 'scans' ? scans(runner, trial) : run(runner, trial);
}

/** Where the whole table is read, also what an index would save, as far as that can be told. */
async function scans(runner: Runner, trial: ExactTrial): Promise<Said> {
  const said = await inSavepoint(runner, () => plan(runner, trial));
  if (!said?.holds || !trial.plan) return said;
  const compared = await comparePlans(runner, trial);
  return compared?.holds ? compared : said;
}

async function inSavepoint<T>(runner: Runner, act: () => Promise<T>): Promise<T> {
  await runner.send('SAVEPOINT tablewarden_trial');
  const result = await act();
  await runner.send('ROLLBACK TO SAVEPOINT tablewarden_trial');
  return result;
}

function isMeasured({ table, plan: { sizes } }: IndexTrial): boolean {
  return sizes.some((size) => size.name === table.name && size.isMeasured);
}

type Said = Omit<ExactTried, 'onRows'> | null;

async function run(runner: Runner, { text, expect, table }: ExactTrial): Promise<Said> {
  const watch = expect === 'rewrites' ? await watchTables(runner.session) : undefined;
  const { error } = await runner.send(text);
  if (error) {
    const refusal = judgeRefusal({ text }, error, runner.doubtful);
    const refused = typeof refusal === 'object' && 'word' in refusal && refusal.word === 'failed';
    if (!refused || error.code === '42601') return null;
    if (expect === 'fails') return { holds: true, said: error.message };
    return expect === 'succeeds' && error.code.startsWith('23')
      ? { holds: false, said: error.message }
      : null;
  }
  if (!watch) return { holds: expect === 'succeeds', said: 'it goes through' };
  const { locks = [] } = await watch.look();
  const named = locks.find((lock) => lock.schema === table.schema && lock.table === table.name);
  const holds = named?.rewritten === true;
  return { holds, said: holds ? 'the table is written anew' : 'the table is not written anew' };
}

async function hasRows(runner: Runner, { table }: ExactTrial): Promise<boolean> {
  await runner.send('SAVEPOINT tablewarden_rows');
  const { rows } = await runner.session.send(
    `SELECT 1 FROM ${quoted(table.schema)}.${quoted(table.name)} LIMIT 1`,
    {
      rows: true,
    },
  );
  await runner.send('ROLLBACK TO SAVEPOINT tablewarden_rows');
  return rows.length > 0;
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/**
 * Whether the best plan still reads the whole table when a plan that does is the last resort: a few rows would always be read
 * that way. An index that is entered by another key than its first is read whole as well.
 */
async function plan(runner: Runner, { text, table }: ExactTrial): Promise<Said> {
  const { session } = runner;
  await runner.send('SET LOCAL enable_seqscan = off');
  const { rows, error } = await session.send(`EXPLAIN (FORMAT JSON, COSTS OFF) ${text}`, { rows: true });
  if (error) return null;
  const [{ Plan: root }] = JSON.parse(rows[0]?.[0] ?? '[{}]') as [{ Plan?: Plan }]; // EXPLAIN's own document
  const reads = root ? [...nodesOf(root)].filter((node) => node['Relation Name'] === table.name) : [];
  if (reads.length === 0) return null;
  for (const node of reads) {
    const entries = [...nodesOf(node)].filter((one) => one['Index Name'] !== undefined);
    const isEntered = await Promise.all(entries.map((one) => entersByFirstKey(runner, one, table.schema)));
    if (entries.length === 0 || isEntered.includes(false))
      return { holds: true, said: `its plan reads the whole table (${node['Node Type']})` };
  }
  const names = reads.flatMap((node) => [...nodesOf(node)].flatMap((one) => one['Index Name'] ?? []));
  return { holds: false, said: `its plan finds them by ${[...new Set(names)].join(', ')}` };
}

function* nodesOf(node: Plan): Generator<Plan> {
  yield node;
  for (const part of node.Plans ?? []) yield* nodesOf(part);
}

async function entersByFirstKey({ session }: Runner, node: Plan, schema: string): Promise<boolean> {
  const name = `${quoted(schema)}.${quoted(node['Index Name'] ?? '')}`;
  const { rows } = await session.send(
    `SELECT pg_catalog.pg_get_indexdef('${name.replaceAll("'", "''")}'::pg_catalog.regclass, 1, true)`,
    { rows: true },
  );
  const first = rows[0]?.[0];
  const words: readonly string[] = node['Index Cond']?.match(/"(?:[^"]|"")+"|\w+/g) ?? [];
  return Boolean(first && words.includes(first));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
