import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { JobHelpers, Runner, WorkerEvents, WorkerUtils } from 'graphile-worker';
import { UserError } from '../errors.ts';
import { asks, listen, prepareSchema } from './graphile/database.ts';
import { openPool } from './graphile/pool.ts';
import {
  DEADLY,
  MOST_DEATHS,
  type Plain,
  type Queue,
  type Run,
  type StopReason,
  type Task,
  type TaskState,
  type Work,
} from './queue.ts';

export interface GraphileOptions {
  /** `postgres://…`: a database of our own, or one that others use too. */
  readonly url: string;
  /** Tasks that this process runs at a time. */
  readonly most: number;
  /** Tasks of one lane that run at a time, on all machines together. */
  readonly mostOfLane: number;
  /** Attempts at a task that throws; between two lie e, e², e³… seconds. */
  readonly attempts?: number;
  /** Milliseconds without a sign of life before what a process held is given to others. */
  readonly silence?: number;
  readonly told?: (task: Task, state: TaskState, error?: unknown) => void;
  /** Hears what goes wrong between the process and the database. */
  readonly warned?: (why: string) => void;
}

/** Whether a process still holds a job; `superseded`: and a newer one stands for it. */
type Standing = 'held' | 'superseded' | 'lost';

/** Milliseconds before the jobs of a lost database are asked for again. */
const AGAIN = 2000;
const TASK = 'task';

/**
 * The queue of several processes on one or more machines: graphile-worker's jobs in a PostgreSQL database, and beside them
 * the deliveries that are known, what runs left, and which processes live.
 */
export async function openGraphile(options: GraphileOptions): Promise<Queue> {
  const { url, most, mostOfLane, attempts = 5, silence = 60_000 } = options;
  const { told = () => {}, warned = () => {} } = options;
  const { Logger, makeWorkerUtils, run } = await loadGraphile();
  const logger = new Logger(() => () => {}); // its lines hold payloads
  const pgPool = openPool(url, most + 9, warned);
  const utils = await prepare(() => makeWorkerUtils({ pgPool, logger })).catch(async (error: unknown) => {
    await pgPool.end();
    throw error;
  });
  const ask = asks(utils.withPgClient);
  const [last] = await ask<{ at: number | null }>(
    'SELECT extract(epoch FROM max(beat_at))::float8 * 1000 AS at FROM tablewarden_queue.processes',
  );

  const runs = new Map<string, AbortController>();
  const unfinished: string[] = [];
  let pool = `starting-${process.pid}`;
  let opening: Promise<Runner> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const supersede = (id: string) => runs.get(id)?.abort('superseded' satisfies StopReason);
  const ears = listen(utils.withPgClient, supersede);
  const count = (state: 'completed' | 'failed' | 'superseded') =>
    ask('SELECT tablewarden_queue.count_ending($1, $2)', [pool, state]);

  const beat = async () => {
    const rows = await ask<{ id: string }>(
      "SELECT id::text FROM tablewarden_queue.beat($1, $2, $3 * interval '1 millisecond') AS id",
      [pool, [...runs.keys()], silence],
    );
    for (const { id } of rows) supersede(id);
  };

  /** What it resolves with is over for graphile-worker; what it throws is tried again. */
  const attempt = async (does: Work, task: Task, job: JobHelpers['job']): Promise<void> => {
    const { key } = task;
    const id = String(job.id);
    const stop = new AbortController();
    runs.set(id, stop);
    try {
      const deadly = await isDeadly(key);
      const state = deadly ? 'failed' : await does(await runOf(task, job, stop.signal));
      if ((await standingOf(job)) === 'lost') throw new Error('another process has it');
      await ask('DELETE FROM tablewarden_queue.deaths WHERE task_key = $1', [key]);
      await count(state);
      told(task, state, deadly ? DEADLY : undefined);
    } catch (error) {
      await endOf(task, job, stop.signal.reason as StopReason | undefined, error); // nobody else aborts it
    } finally {
      runs.delete(id);
    }
  };

  /** graphile-worker takes away a job that resolves, whoever holds it by then: one that is lost must not resolve. */
  const standingOf = async ({ id, locked_by: holder }: JobHelpers['job']): Promise<Standing> => {
    const [row] = await ask<{ standing: Standing }>('SELECT tablewarden_queue.standing($1, $2) AS standing', [
      id,
      holder,
    ]);
    return row?.standing ?? 'lost';
  };

  const isDeadly = async (key: string) => {
    const [found] = await ask<{ deaths: number }>(
      'SELECT deaths FROM tablewarden_queue.deaths WHERE task_key = $1',
      [key],
    );
    return (found?.deaths ?? 0) > MOST_DEATHS;
  };

  const endOf = async (
    task: Task,
    job: JobHelpers['job'],
    reason: StopReason | undefined,
    error: unknown,
  ) => {
    const standing = await standingOf(job);
    if (standing === 'superseded') return void (await count('superseded'));
    if (reason === 'stopping') unfinished.push(String(job.id));
    else if (standing === 'held') {
      const isLast = job.attempts >= job.max_attempts;
      if (isLast) await count('failed');
      told(task, isLast ? 'failed' : 'pending', error);
    }
    throw new Error('it did not end well'); // others may read the jobs: its own words are for our log
  };

  const runOf = async (task: Task, job: JobHelpers['job'], signal: AbortSignal): Promise<Run> => {
    const [found] = await ask<{ note: Plain }>(
      'SELECT note FROM tablewarden_queue.notes WHERE task_key = $1',
      [task.key],
    );
    return {
      ...{ task, signal, attempt: job.attempts, isLast: job.attempts >= job.max_attempts },
      note: found?.note,
      keep: async (note) => {
        if (note === undefined)
          await ask('DELETE FROM tablewarden_queue.notes WHERE task_key = $1', [task.key]);
        else
          await ask(
            `INSERT INTO tablewarden_queue.notes (task_key, note) VALUES ($1, $2)
             ON CONFLICT (task_key) DO UPDATE SET note = excluded.note`,
            [task.key, JSON.stringify(note)],
          );
      },
    };
  };

  const open = async (does: Work): Promise<void> => {
    const events = new EventEmitter() as WorkerEvents;
    events.on('pool:create', ({ workerPool }) => {
      pool = workerPool.id;
    });
    opening = run({
      // ends that are gathered are tried again and waited for; others break the process where the database is away
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      ...{ pgPool, logger, events, concurrency: most },
      ...{ noHandleSignals: true, pollInterval: 1000, parsedCronItems: [] },
      taskList: {
        [TASK]: (payload, { job }) => attempt(does, payload as Task, job), // as `add` wrote it
      },
    });
    const runner = await opening;
    if (stopped) return runner.stop();
    await beat().catch((error: unknown) => warned(wordsOf(error)));
    await runner.promise;
  };

  const keepOpen = async (does: Work): Promise<void> => {
    while (!stopped) {
      await open(does).catch((error: unknown) => warned(wordsOf(error)));
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, AGAIN).unref());
    }
  };

  const close = async () => {
    clearInterval(timer);
    for (const stop of runs.values()) stop.abort('stopping' satisfies StopReason);
    await opening?.then((runner) => runner.stop()).catch(() => {});
    const last = [
      ask('SELECT tablewarden_queue.give_back($1, $2)', [pool, unfinished]),
      ask('UPDATE tablewarden_queue.processes SET beat_at = now(), ended_at = now() WHERE pool = $1', [pool]),
    ];
    for (const done of await Promise.allSettled(last))
      if (done.status === 'rejected') warned(wordsOf(done.reason));
    await ears.close();
    await utils.release();
    void pgPool.end(); // what is still in use is closed as it comes back
  };

  return {
    lastAlive: last?.at ?? undefined,
    hasSeen: async (delivery) => {
      const rows = await ask('SELECT 1 FROM tablewarden_queue.deliveries WHERE delivery = $1', [delivery]);
      return rows.length > 0;
    },
    hasOpen: async (key) => {
      const rows = await ask(
        'SELECT 1 FROM graphile_worker.jobs WHERE key = $1 AND (attempts < max_attempts OR locked_at IS NOT NULL)',
        [key],
      );
      return rows.length > 0;
    },
    counts: async () => {
      const [ended, open] = await Promise.all([
        ask<{ state: TaskState; tasks: number }>(
          'SELECT state, sum(tasks)::float8 AS tasks FROM tablewarden_queue.endings GROUP BY state',
        ),
        ask<{ pending: number; processing: number; oldest: number | null }>(
          `SELECT count(*) FILTER (WHERE locked_at IS NULL)::float8 AS pending,
             count(*) FILTER (WHERE locked_at IS NOT NULL)::float8 AS processing,
             extract(epoch FROM min(created_at) FILTER (WHERE locked_at IS NULL))::float8 * 1000 AS oldest
           FROM graphile_worker.jobs WHERE attempts < max_attempts OR locked_at IS NOT NULL`,
        ),
      ]);
      const { pending = 0, processing = 0, oldest = null } = open[0] ?? {};
      return {
        ...{ completed: 0, failed: 0, superseded: 0 },
        ...Object.fromEntries(ended.map(({ state, tasks }) => [state, tasks])),
        ...{ pending, processing },
        ...(oldest === null ? {} : { oldest }),
      };
    },
    takeTurn: async (turn, every) => {
      const [row] = await ask<{ mine: boolean }>(
        "SELECT tablewarden_queue.take_turn($1, $2 * interval '1 millisecond') AS mine",
        [turn, every],
      );
      return row?.mine ?? false;
    },
    add: async (tasks, delivery) => {
      const given = new Map(tasks.map((task) => [task.key, task]));
      const sent = [...given.values()].map((task) => ({ ...task, queue: queueOf(task, mostOfLane) }));
      const rows = await ask<{ task_key: string | null; outdated: string | null; running: boolean }>(
        'SELECT task_key, outdated::text, running FROM tablewarden_queue.add_tasks($1, $2, $3, $4)',
        [pool, delivery ?? null, JSON.stringify(sent), attempts],
      );
      for (const { task_key, outdated } of rows) {
        const task = given.get(task_key ?? '');
        if (task && outdated !== null) told(task, 'superseded');
      }
      return rows.length > 0;
    },
    start: (does) => {
      timer ??= setInterval(() => void beat().catch((error) => warned(wordsOf(error))), silence / 6).unref();
      void keepOpen(does);
    },
    stop: () => {
      stopped ??= close();
      return stopped;
    },
  };
}

/** Tasks with one key are in one of their lane's queues, of which each runs one task at a time. */
function queueOf({ key, lane }: Task, mostOfLane: number): string {
  const hash = createHash('sha256').update(key).digest().readUInt32BE();
  return `${lane} ${hash % mostOfLane}`;
}

const WANTED = '0.17.3';

async function loadGraphile() {
  try {
    return await import('graphile-worker');
  } catch {
    throw new UserError(
      'QUEUE_DATABASE_URL is set, and graphile-worker is not installed.',
      `Install it beside Tablewarden: \`npm install graphile-worker@${WANTED}\`.`,
    );
  }
}

async function prepare(connect: () => Promise<WorkerUtils>): Promise<WorkerUtils> {
  let utils: WorkerUtils | undefined;
  try {
    utils = await connect();
    await utils.migrate();
    await prepareSchema(utils.withPgClient);
    return utils;
  } catch (error) {
    await utils?.release();
    throw new UserError(
      `The database of the queue cannot be used: ${wordsOf(error)}.`,
      'Check QUEUE_DATABASE_URL, and that its user may make schemas there.',
    );
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
