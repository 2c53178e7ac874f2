import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, makeBoard, type Posted } from './board.ts';
import { openJournal } from './journal.ts';
import { lockFolder } from './lock.ts';
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

export interface EmbeddedOptions {
  /** Where the journal lies; one process at a time. */
  readonly folder: string;
  /** Tasks that run at a time, and of one lane. */
  readonly most: number;
  readonly mostOfLane: number;
  /** Attempts at a task that throws. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; each later one waits twice as long. */
  readonly patience?: number;
  /**
   * Milliseconds before a task is taken up that a former process was at: what that process sent last may still be on its
   * way.
   */
  readonly settling?: number;
  readonly told?: (task: Task, state: TaskState, error?: unknown) => void;
}

/** Records that a journal may hold beyond those that count. */
const SLACK = 2000;

/** The queue of a single process: in memory, and in a journal that is written before anything is acknowledged. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Queue> {
  const { folder, most, mostOfLane, attempts = 5, patience = 10_000, settling = 3000 } = options;
  const { told = () => {} } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  const { journal, records } = await openJournal(join(folder, 'queue.journal')).catch(async (error) => {
    await unlock();
    throw error;
  });
  const board = makeBoard();
  for (const record of records) board.apply(record as unknown as Entry); // as `write` wrote it
  const lastAlive = board.lastAt();
  for (const posted of board.begun()) board.hold(posted, Date.now() + settling);

  const arriving = new Map<string, Promise<void>>();
  const stops = new Map<number, AbortController>();
  const running = new Set<Promise<void>>();
  let work: Work | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;
  let tidyAt = 2 * board.size() + SLACK;

  const write = async (entry: Entry): Promise<void> => {
    await journal.append(entry as unknown as Plain); // plain by construction
    for (const { task, id } of board.apply(entry)) {
      told(task, 'superseded');
      stops.get(id)?.abort('superseded' satisfies StopReason);
    }
    if (journal.length >= tidyAt) tidy();
  };

  const tidy = () => {
    tidyAt = Number.POSITIVE_INFINITY;
    const next = () => {
      tidyAt = 2 * Math.max(board.size(), journal.length) + SLACK;
    };
    journal.replace(() => board.snapshot() as unknown as readonly Plain[]).then(next, next);
  };

  const move = async (posted: Posted, state: TaskState, more: Partial<Entry> = {}) =>
    write({ kind: 'state', at: Date.now(), id: posted.id, state, ...more } as Entry);

  /** Takes what may run, one lane after the other, until nothing more may. */
  const takeMore = (): void => {
    clearTimeout(timer);
    if (!work) return;
    while (running.size < most) {
      const posted = board.next(Date.now(), mostOfLane);
      if (!posted) break;
      const run = attempt(posted, work).finally(() => {
        running.delete(run);
        takeMore();
      });
      running.add(run);
    }
    const soonest = board.soonest(Date.now());
    if (soonest !== undefined && running.size < most)
      timer = setTimeout(takeMore, Math.max(5, Math.min(soonest - Date.now(), 60_000))).unref();
  };

  const attempt = async (posted: Posted, does: Work): Promise<void> => {
    const { id, task } = posted;
    const stop = new AbortController();
    stops.set(id, stop);
    board.take(posted);
    try {
      await move(posted, 'processing');
      const state = posted.deaths > MOST_DEATHS ? 'failed' : await does(runOf(posted, stop.signal));
      await move(posted, state);
      told(task, state, posted.deaths > MOST_DEATHS ? DEADLY : undefined);
    } catch (error) {
      await endOf(posted, stop.signal.reason as StopReason | undefined, error); // nobody else aborts it
    } finally {
      stops.delete(id);
      board.release(posted);
    }
  };

  const runOf = ({ task, failures }: Posted, signal: AbortSignal): Run => ({
    task,
    attempt: failures + 1,
    isLast: failures + 1 >= attempts,
    signal,
    note: board.note(task.key),
    keep: (note) => write({ kind: 'note', key: task.key, ...(note === undefined ? {} : { note }) }),
  });

  /** What cannot be written down, as on a full disk, waits all the same, and is done again by the next process. */
  const endOf = async (posted: Posted, reason: StopReason | undefined, error: unknown): Promise<void> => {
    if (reason === 'stopping') return;
    if (reason === 'superseded') return move(posted, 'superseded').catch(() => {});
    const failures = posted.failures + 1;
    const state = failures < attempts ? 'pending' : 'failed';
    const after = Date.now() + patience * 2 ** (failures - 1);
    await move(posted, state, { failures, after }).catch(() => board.hold(posted, after));
    told(posted.task, state, error);
  };

  const stop = async () => {
    work = undefined;
    clearTimeout(timer);
    for (const one of stops.values()) one.abort('stopping' satisfies StopReason);
    await Promise.allSettled(running);
    await journal.close();
    await unlock();
  };

  return {
    lastAlive,
    hasSeen: async (delivery) => board.hasSeen(delivery),
    hasOpen: async (key) => board.hasOpen(key),
    counts: async () => board.counts(),
    takeTurn: async () => true,
    add: async (tasks, delivery) => {
      if (delivery !== undefined) {
        const other = arriving.get(delivery);
        if (other) await other;
        if (board.hasSeen(delivery)) return false;
      }
      const at = Date.now();
      const posts = tasks.map((task) => ({ id: board.newId(), task }));
      const stored = write({ kind: 'add', at, ...(delivery === undefined ? {} : { delivery }), posts });
      if (delivery !== undefined) arriving.set(delivery, stored);
      try {
        await stored;
      } finally {
        if (delivery !== undefined) arriving.delete(delivery);
      }
      takeMore();
      return true;
    },
    start: (does) => {
      work = does;
      takeMore();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
