import type { Plain, Task, TaskState } from './queue.ts';

/** A record of the journal. */
export type Entry =
  | {
      readonly kind: 'add';
      readonly at: number;
      readonly delivery?: string;
      readonly posts: readonly { readonly id: number; readonly task: Task }[];
    }
  | {
      readonly kind: 'state';
      readonly at: number;
      readonly id: number;
      readonly state: TaskState;
      /** Attempts that threw. */
      readonly failures?: number;
      /** Not to be tried before this moment. */
      readonly after?: number;
    }
  | { readonly kind: 'note'; readonly key: string; readonly note?: Plain }
  | { readonly kind: 'ended'; readonly ended: Readonly<Record<TaskState, number>>; readonly lastId: number }
  | { readonly kind: 'open'; readonly posted: Posted };

/** A task that waits or runs. */
export interface Posted {
  readonly id: number;
  readonly task: Task;
  readonly at: number;
  state: 'pending' | 'processing';
  failures: number;
  /** Times that it was begun and the process ended. */
  deaths: number;
  after: number;
}

/** Milliseconds that a delivery is remembered: GitHub Enterprise Server sends one again for seven days. */
const REMEMBERED = 7 * 86_400_000;
/** Deliveries that are remembered at most. */
const MOST_REMEMBERED = 300_000;

/** What the journal says, in memory: the same entries make the same board. */
export function makeBoard() {
  const open = new Map<number, Posted>();
  const newest = new Map<string, Posted>();
  const deliveries = new Map<string, number>();
  const notes = new Map<string, Plain>();
  const ended = { pending: 0, processing: 0, completed: 0, failed: 0, superseded: 0 };
  /** Runs of this process: ids, keys and lanes. */
  const taken = new Map<number, Posted>();
  const served = new Map<string, number>();
  let turn = 0;
  let lastId = 0;
  let lastAt: number | undefined;

  const end = (posted: Posted, state: 'completed' | 'failed' | 'superseded') => {
    open.delete(posted.id);
    if (newest.get(posted.task.key) === posted) newest.delete(posted.task.key);
    ended[state] += 1;
  };

  const add = (entry: Extract<Entry, { kind: 'add' }>): readonly Posted[] => {
    if (entry.delivery !== undefined) remember(entry.delivery, entry.at);
    return entry.posts.flatMap(({ id, task }) => {
      const former = newest.get(task.key);
      const posted: Posted = { id, task, at: entry.at, state: 'pending', failures: 0, deaths: 0, after: 0 };
      lastId = Math.max(lastId, id);
      open.set(id, posted);
      newest.set(task.key, posted);
      if (!former) return [];
      // one that runs is superseded once it has stopped
      if (!taken.has(former.id)) end(former, 'superseded');
      return [former];
    });
  };

  const remember = (delivery: string, at: number) => {
    deliveries.set(delivery, at);
    for (const [oldest, then] of deliveries) {
      if (deliveries.size <= MOST_REMEMBERED && then > at - REMEMBERED) break;
      deliveries.delete(oldest);
    }
  };

  return {
    /** Gives back the tasks whose place newer ones took. */
    apply: (entry: Entry): readonly Posted[] => {
      if ('at' in entry) lastAt = Math.max(lastAt ?? 0, entry.at);
      switch (entry.kind) {
        case 'add':
          return add(entry);
        case 'state': {
          const posted = open.get(entry.id);
          if (!posted) return [];
          if (entry.state === 'completed' || entry.state === 'failed' || entry.state === 'superseded')
            end(posted, entry.state);
          else if (newest.get(posted.task.key) !== posted) end(posted, 'superseded');
          else {
            if (entry.state === 'processing') posted.deaths += 1;
            else posted.deaths = 0;
            posted.state = entry.state;
            posted.failures = entry.failures ?? posted.failures;
            posted.after = entry.after ?? posted.after;
          }
          return [];
        }
        case 'note':
          if (entry.note === undefined) notes.delete(entry.key);
          else notes.set(entry.key, entry.note);
          return [];
        case 'ended':
          Object.assign(ended, entry.ended);
          lastId = Math.max(lastId, entry.lastId);
          return [];
        case 'open': {
          const posted = { ...entry.posted };
          open.set(posted.id, posted);
          newest.set(posted.task.key, posted);
          return [];
        }
      }
    },
    /** Entries that make the same board. */
    snapshot: (): readonly Entry[] => [
      { kind: 'ended', ended: { ...ended }, lastId },
      ...[...deliveries].map(([delivery, at]): Entry => ({ kind: 'add', at, delivery, posts: [] })),
      ...[...open.values()].map((posted): Entry => ({ kind: 'open', posted: { ...posted } })),
      ...[...notes].map(([key, note]): Entry => ({ kind: 'note', key, note })),
    ],
    size: () => deliveries.size + open.size + notes.size + 1,
    newId: () => ++lastId,
    lastAt: () => lastAt,
    hasSeen: (delivery: string) => deliveries.has(delivery),
    hasOpen: (key: string) => newest.has(key),
    note: (key: string) => notes.get(key),
    /** Tasks that were begun and not ended. */
    begun: () => [...open.values()].filter(({ state }) => state === 'processing'),
    /** Puts a task back, behind the others of its lane. */
    hold: (posted: Posted, after: number) => {
      open.delete(posted.id);
      open.set(posted.id, Object.assign(posted, { state: 'pending' as const, after }));
    },
    /** The next that may run: of the lane that waited longest for its turn, its first. */
    next: (now: number, mostOfLane: number): Posted | undefined => {
      const busy = new Map<string, number>();
      const keys = new Set<string>();
      for (const { task } of taken.values()) {
        busy.set(task.lane, (busy.get(task.lane) ?? 0) + 1);
        keys.add(task.key);
      }
      let best: Posted | undefined;
      for (const posted of open.values()) {
        const { task, after, id } = posted;
        if (taken.has(id) || keys.has(task.key) || after > now) continue;
        if ((busy.get(task.lane) ?? 0) >= mostOfLane) continue;
        const isSooner = !best || (served.get(task.lane) ?? 0) < (served.get(best.task.lane) ?? 0);
        if (isSooner) best = posted;
      }
      return best;
    },
    /** The next moment for which some task waits. */
    soonest: (now: number): number | undefined => {
      const times = [...open.values()].filter(({ id, after }) => after > now && !taken.has(id));
      return times.length === 0 ? undefined : Math.min(...times.map(({ after }) => after));
    },
    take: (posted: Posted) => {
      taken.set(posted.id, posted);
      served.set(posted.task.lane, ++turn);
    },
    release: (posted: Posted) => {
      taken.delete(posted.id);
      if (![...open.values()].some(({ task }) => task.lane === posted.task.lane))
        served.delete(posted.task.lane);
    },
    counts: () => {
      const all = [...open.values()];
      const processing = all.filter(({ id }) => taken.has(id)).length;
      const waiting = all.filter(({ id }) => !taken.has(id)).map(({ at }) => at);
      return {
        ...ended,
        pending: waiting.length,
        processing,
        ...(waiting.length > 0 ? { oldest: Math.min(...waiting) } : {}),
      };
    },
  };
}
