import { existsSync } from 'node:fs';
import type { ShownLines } from '../git/hunks.ts';
import type { Api } from '../github/api.ts';
import type { PullRequest } from '../github/pull-request.ts';
import { NeedsGit, readByApi } from '../github/read-by-api.ts';
import { shownLines } from '../github/shown-lines.ts';
import { isForbidden } from '../github/trouble.ts';
import type { Run } from '../queue/queue.ts';
import type { OtherChange } from '../read/conflicts/beside-others.ts';
import type { App } from './app.ts';
import { fetchSides, mirrorOf } from './fetch.ts';
import { type Judgement, judgeApart } from './judge.ts';
import type { Place } from './task.ts';

/** A pull request that was judged, and what GitHub shows of it. */
export interface JudgedPull {
  readonly judged: Judgement;
  readonly hunksOf: (path: string) => Promise<readonly ShownLines[]>;
}

/**
 * Judges a pull request beside others. A small one of a repository that was never fetched is read through the API while it is judged, so
 * that nobody waits for a whole repository because of one file. Where that turns out to be too little, and everywhere else,
 * git fetches it.
 */
export async function judgePull(
  app: App,
  api: Api,
  place: Place,
  run: Run,
  pull: PullRequest,
  others: readonly OtherChange[],
): Promise<JudgedPull> {
  const { pglite } = app.sandbox;
  if (run.attempt === 1 && !existsSync(mirrorOf(app, place)))
    try {
      const change = await readByApi(api, pull);
      const judged = await judgeApart({ kind: 'served', change, pglite, others }, run.signal);
      return { judged, hunksOf: change.hunksOf };
    } catch (error) {
      // what else may be wrong git says in its own words
      if (!(error instanceof NeedsGit) && !isForbidden(error)) throw error;
    }
  const { changeSet, range, repository } = await fetchSides(app, place, run, {
    url: pull.cloneUrl,
    sides: { base: { branch: pull.base.branch }, head: pull.head, commits: pull.commits },
  });
  const folder = repository.directory;
  const judged = await judgeApart({ kind: 'fetched', folder, range, pglite, others }, run.signal);
  return { judged, hunksOf: shownLines(repository, changeSet) };
}
