/** What can be written down and read again. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Something to do. It says where to look and not what was seen there, so that the newest one stands for all before it. */
export interface Task {
  /** What it is about: of tasks with one key the newest counts, and no two run at a time. */
  readonly key: string;
  /** Whose it is: lanes take turns, however much waits in one of them. */
  readonly lane: string;
  readonly payload: Plain;
}

/** `superseded`: a newer task with the same key took its place, before it ran or while it did. */
export type TaskState = 'pending' | 'processing' | 'completed' | 'failed' | 'superseded';

/** Why a run is to stop: a newer task with its key is there, or the process ends. */
export type StopReason = 'superseded' | 'stopping';

/** One attempt at a task. */
export interface Run {
  readonly task: Task;
  /** No attempt follows where this one throws. */
  readonly isLast: boolean;
  readonly attempt: number;
  /** Aborted with a {@link StopReason}. */
  readonly signal: AbortSignal;
  /** What an earlier run with this key left to remember. */
  readonly note: Plain | undefined;
  /** Leaves something for the next run with this key, also where this one dies; stored once it resolves. */
  readonly keep: (note: Plain | undefined) => Promise<void>;
}

/** Does a task. What it throws is tried again later, unless it was told to stop; `failed` is final. */
export type Work = (run: Run) => Promise<'completed' | 'failed'>;

type Counts = Readonly<Record<TaskState, number>> & { readonly oldest?: number };

/** Times that a task is begun and never ended, because the process died each time, before it is taken for the cause. */
export const MOST_DEATHS = 20;
export const DEADLY = new Error('the process ended each time that it was tried');

/** The App's tasks. What was added is done, whatever happens to the process meanwhile. */
export interface Queue {
  /**
   * Stores tasks, and with them the delivery that asked for them; resolves once they are on the disk. False, with nothing
   * stored, where that delivery is known.
   */
  add(tasks: readonly Task[], delivery?: string): Promise<boolean>;
  hasSeen(delivery: string): Promise<boolean>;
  /** Whether a task with this key waits or runs. */
  hasOpen(key: string): Promise<boolean>;
  /** How many tasks came to each state, so far as they are remembered, and since when (milliseconds since 1970) the oldest waits. */
  counts(): Promise<Counts>;
  /** Whether it is this process that does what one of them does every so many milliseconds. */
  takeTurn(turn: string, every: number): Promise<boolean>;
  /** When something was last written down before this process; undefined: never. In milliseconds since 1970. */
  readonly lastAlive: number | undefined;
  start(work: Work): void;
  /** Takes no more tasks and stops those that run; they are done by the next process. */
  stop(): Promise<void>;
}
