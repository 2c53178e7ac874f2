import type { Repository } from './repository.ts';

/** A commit and its day. */
export interface DatedCommit {
  readonly commit: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** At most `count` commits of a revision's first-parent history, oldest first, as evenly spread over the time as it has them. */
export async function commitsOverTime(
  repository: Repository,
  revision: string,
  count: number,
  since?: string,
): Promise<readonly DatedCommit[]> {
  const after = since === undefined ? [] : [`--since=${since}`];
  const args = ['log', '--first-parent', '--format=%H %ct', ...after, '--end-of-options', revision];
  const all = (await repository.run(args))
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [commit, seconds] = line.split(' ');
      return commit && seconds ? [{ commit, time: Number(seconds) }] : [];
    })
    .sort((a, b) => a.time - b.time);
  const [first] = all;
  const last = all.at(-1);
  if (!first || !last) return [];
  const chosen = new Map<string, number>();
  for (let step = 0; step < count; step++) {
    const until = first.time + ((last.time - first.time) * step) / Math.max(count - 1, 1);
    const found = all.findLast((one) => one.time <= until) ?? first;
    chosen.set(found.commit, found.time);
  }
  return [...chosen].map(([commit, time]) => ({
    commit,
    date: new Date(time * 1000).toISOString().slice(0, 10),
  }));
}
