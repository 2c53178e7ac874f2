import { UserError } from '../errors.ts';
import type { Repository } from './repository.ts';
import { findCommit, resolveCommit } from './revision.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A moment in seconds since 1970: a day (its end), or a day with a time. Without an offset it is UTC, so that the answer is the
 * same on every machine. Undefined for anything else.
 */
export function parseMoment(word: string): number | undefined {
  if (DAY.test(word)) return isDay(word) ? Date.parse(`${word}T23:59:59Z`) / 1000 : undefined;
  const [, day = '', time = '', zone = 'Z'] = TIME.exec(word) ?? [];
  if (!isDay(day)) return undefined;
  const offset = zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  const found = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(found) ? undefined : Math.floor(found / 1000);
}

/** Whether the calendar has such a day: `Date` takes February 30th for March 2nd. */
function isDay(word: string): boolean {
  const found = new Date(`${word}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().startsWith(word);
}

/**
 * The commit that a revision names, or that was current at a moment: `2025-03-01` on HEAD's first-parent history,
 * `main@2025-03-01` on that of another revision. A revision of such a name goes before the date.
 */
export async function resolveMoment(repository: Repository, word: string): Promise<string> {
  const [, revision = 'HEAD', date = ''] = /^(?:(.+)@)?([^@]+)$/.exec(word) ?? [];
  const time = parseMoment(date);
  if (time === undefined) return resolveCommit(repository, word);
  return (await findCommit(repository, word)) ?? commitAt(repository, revision, time);
}

async function commitAt(repository: Repository, revision: string, time: number): Promise<string> {
  const head = await resolveCommit(repository, revision);
  const output = await repository.run(['log', '--first-parent', '--format=%H %ct', head]);
  const commits = output
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .reverse();
  const times = withoutSkew(commits.map(([, seconds]) => Number(seconds)));
  const found = commits[times.findLastIndex((one) => one <= time)]?.[0];
  if (found) return found;
  const first = new Date((times[0] ?? 0) * 1000).toISOString();
  throw new UserError(
    `There was no commit yet: ${repository.shallow ? "the shallow clone's history" : 'the history'} begins at ${first}.`,
    repository.shallow
      ? 'Fetch more of it: `git fetch --unshallow`.'
      : 'Name a later moment, or a revision of another history.',
  );
}

/**
 * The times of a line of commits, oldest first, so that none is before the one that it follows. As many as possible keep their
 * own (the longest series that only rises); of a clock that went wrong, forwards or backwards, the neighbour's time is taken.
 */
export function withoutSkew(times: readonly number[]): readonly number[] {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [at, time] of times.entries()) {
    const place = firstAbove(tails, times, time);
    previous[at] = tails[place - 1];
    tails[place] = at;
  }
  const trusted = new Set<number>();
  for (let at = tails.at(-1); at !== undefined; at = previous[at]) trusted.add(at);
  let last = times[tails.length > 0 ? Math.min(...trusted) : 0] ?? 0;
  return times.map((time, at) => {
    if (trusted.has(at)) last = time;
    return last;
  });
}

/** The first of the rising series' ends that lies above `time`. */
function firstAbove(tails: readonly number[], times: readonly number[], time: number): number {
  let [low, high] = [0, tails.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[tails[middle] ?? 0] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
