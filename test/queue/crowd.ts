import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger, makeWorkerUtils, type WorkerUtils } from 'graphile-worker';
import { openEmbedded } from '../../src/queue/embedded.ts';
import { openGraphile } from '../../src/queue/graphile.ts';
import type { Task } from '../../src/queue/queue.ts';
import { removeFolders, temporaryFolder } from '../hook/repository.ts';
import { randomFrom } from '../random.ts';
import { startDatabase } from './database.ts';

export { removeFolders };

/** How much happens. */
export interface CrowdOptions {
  readonly deliveries: number;
  readonly keys: number;
  readonly processes: number;
  readonly kills: number;
  readonly seed: number;
  /** This module as a file that Node runs. */
  readonly module: string;
}

const SILENT = new Logger(() => () => {});

/** Heads that move, and what was checked of them: what a queue is there for. */
const WORLD = `
CREATE TABLE heads (key text PRIMARY KEY, version integer NOT NULL);
CREATE TABLE checks (key text, version integer, times integer NOT NULL DEFAULT 1, PRIMARY KEY (key, version));
`;

const keyOf = (at: number): Task => ({ key: `pull ${at}`, lane: `lane ${at % 7}`, payload: { at } });

/**
 * Several processes on one database, deliveries of which every fifth comes twice, and processes that are killed and begun
 * again: in the end each newest head was checked once.
 */
export async function crowd({ deliveries, keys, processes, kills, seed, module }: CrowdOptions) {
  const random = randomFrom(seed);
  const database = await startDatabase();
  const url = await database.make('crowd');
  const utils = await makeWorkerUtils({ connectionString: url, logger: SILENT });
  await utils.withPgClient((client) => client.query(WORLD));
  const queue = await openGraphile({ url, most: 1, mostOfLane: 2, silence: 3000 });
  const begin = () => {
    const run = 'import(process.argv[1]).then(({ workOff }) => workOff(process.argv[2]))';
    const program = ['--input-type=module', '-e', run, module, url];
    return spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const workers: ChildProcess[] = Array.from({ length: processes }, begin);
  const started = performance.now();
  let twice = 0;
  let known = 0;
  let killed = 0;
  const send = async (at: number) => {
    const key = keyOf(Math.floor(random() * keys));
    await utils.withPgClient((client) =>
      client.query(
        'INSERT INTO heads AS h VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET version = h.version + 1',
        [key.key],
      ),
    );
    const both = random() < 0.2 ? [0, 1] : [0];
    twice += both.length - 1;
    const stored = await Promise.all(both.map(() => queue.add([key], `guid ${at}`)));
    known += stored.filter((isNew) => !isNew).length;
  };
  for (let at = 0; at < deliveries; at += 10) {
    await Promise.all(Array.from({ length: Math.min(10, deliveries - at) }, (_, more) => send(at + more)));
    if (killed < kills && at >= ((killed + 0.5) * deliveries) / kills) {
      const which = Math.floor(random() * processes);
      const one = workers[which];
      const ended = one && once(one, 'exit');
      one?.kill('SIGKILL');
      await ended;
      workers[which] = begin();
      killed += 1;
    }
  }
  const sent = performance.now();
  for (;;) {
    const { pending, processing } = await queue.counts();
    if (pending + processing === 0) break;
    await wait(50);
  }
  const done = performance.now();
  const wrong = await troubles(utils);
  const counts = await queue.counts();
  for (const one of workers) one.kill('SIGTERM');
  await Promise.all(workers.map((one) => one.exitCode ?? one.signalCode ?? once(one, 'exit')));
  await queue.stop();
  await utils.release();
  await database.close();
  const seconds = (from: number, to: number) => Math.round((to - from) / 100) / 10;
  return {
    wrong,
    figures: {
      ...{
        deliveries,
        'deliveries that came twice': twice,
        'of them known': known,
        'processes killed': killed,
      },
      ...{ completed: counts.completed, superseded: counts.superseded, failed: counts.failed },
      ...{
        'seconds to take them in': seconds(started, sent),
        'seconds until all was done': seconds(started, done),
      },
    },
  };
}

/** The same deliveries through the queue of a single process. */
export async function alone({ deliveries, keys, seed }: CrowdOptions) {
  const random = randomFrom(seed);
  const queue = await openEmbedded({ folder: temporaryFolder(), most: 8, mostOfLane: 2 });
  queue.start(async () => {
    await wait(5);
    return 'completed';
  });
  const started = performance.now();
  for (let at = 0; at < deliveries; at += 10)
    await Promise.all(
      Array.from({ length: Math.min(10, deliveries - at) }, (_, more) =>
        queue.add([keyOf(Math.floor(random() * keys))], `guid ${at + more}`),
      ),
    );
  for (let open = 1; open > 0; await wait(20)) {
    const { pending, processing } = await queue.counts();
    open = pending + processing;
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  await queue.stop();
  return seconds;
}

/** What each process of the crowd does until it is told to stop. */
export async function workOff(url: string): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url, logger: SILENT });
  const rows = (sql: string, values: readonly unknown[]) =>
    utils.withPgClient(async (client) => (await client.query(sql, [...values])).rows);
  const queue = await openGraphile({ url, most: 2, mostOfLane: 2, silence: 3000 });
  queue.start(async ({ task: { key }, signal }) => {
    const [head] = await rows('SELECT version FROM heads WHERE key = $1', [key]);
    const known = await rows('SELECT 1 FROM checks WHERE key = $1 AND version = $2', [key, head.version]);
    if (known.length > 0) return 'completed';
    await wait(5);
    signal.throwIfAborted();
    await rows(
      'INSERT INTO checks AS c VALUES ($1, $2) ON CONFLICT (key, version) DO UPDATE SET times = c.times + 1',
      [key, head.version],
    );
    return 'completed';
  });
  process.once('SIGTERM', async () => {
    await queue.stop();
    await utils.release();
    process.exit(0);
  });
}

async function troubles(utils: WorkerUtils): Promise<readonly string[]> {
  const { rows } = await utils.withPgClient((client) =>
    client.query(`
      SELECT h.key || ' was not checked at its newest head' AS trouble FROM heads h
        WHERE NOT EXISTS (SELECT 1 FROM checks c WHERE c.key = h.key AND c.version = h.version)
      UNION ALL SELECT key || ' was checked ' || times || ' times at one head' FROM checks WHERE times > 1
      UNION ALL SELECT 'a job is left: ' || coalesce(key, '?') FROM graphile_worker.jobs`),
  );
  return rows.map(({ trouble }) => String(trouble));
}
