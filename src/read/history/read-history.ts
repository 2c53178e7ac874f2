import type { Cache } from '../../cache/cache.ts';
import type { Tree, TreeEntry } from '../../change/change-set.ts';
import { sortedEntries, treeOfCommit } from '../../change/commit-tree.ts';
import { toDifference } from '../../change/difference.ts';
import { openKeptTexts } from '../../change/kept-texts.ts';
import { listMainline, type MainlineCommit, readMainline } from '../../git/mainline.ts';
import type { Repository } from '../../git/repository.ts';
import type { NamedChain } from '../chain.ts';
import { isLikelyRead } from './concerns.ts';
import type { HistoryCommit } from './history.ts';
import { type KeptHistory, openKeptHistories } from './kept-history.ts';
import { pullRequestOf } from './pull-request.ts';
import { openWalk } from './walk.ts';

/** What a history is read of. */
export interface HistoryOptions {
  readonly named: readonly NamedChain[];
  readonly cache: Cache;
  /** What lies in the working tree on top of the commit. */
  readonly workingTree?: Tree;
  readonly progress?: (text: string) => void;
}

/** Commits whose migrations are read at once. */
const BATCH = 500;

/** After so many commits without a migration, where they led is kept too. */
const KEEP_AFTER = 300;

/**
 * How the schemas that a commit's first-parent history leads to came about, one commit after another, and those schemas. What
 * was read before is taken from the cache.
 */
export async function readHistory(
  repository: Repository,
  head: string,
  { named, cache, workingTree, progress = () => {} }: HistoryOptions,
): Promise<Omit<KeptHistory, 'commit'>> {
  const histories = openKeptHistories(cache, named);
  const kept = await histories.nearest(await listMainline(repository, head));
  const walk = openWalk(named);
  const known = kept && (await walk.resume(kept, treeOfCommit(repository, kept.commit))) ? kept : undefined;
  const texts = openKeptTexts(repository);
  let entries = new Map(known ? await treeOfCommit(repository, known.commit).entries() : []);
  let [passed, stepped] = [0, 0];
  for (const steps of inBatches(await readMainline(repository, head, known?.commit), BATCH)) {
    await texts.prepare(steps.flatMap(textsOf));
    for (const step of steps) {
      passed++;
      for (const { base, head: now } of step.files.map(toDifference)) {
        if (now) entries.set(now.path, now);
        else if (base) entries.delete(base.path);
      }
      if (!step.files.some(({ path }) => walk.concerns(path))) continue;
      stepped++;
      const date = new Date(step.commitTime * 1000).toISOString();
      progress(`reading ${date.slice(0, 10)}`);
      entries = new Map(sortedEntries([...entries.values()]));
      await walk.step(texts.treeOf(step.commit, new Map(entries)), toHistoryCommit(step, date));
    }
  }
  if (stepped > 0 || passed > KEEP_AFTER) await histories.put({ commit: head, ...walk.state() });
  if (workingTree) await walk.step(workingTree, { parents: [head], subject: 'not committed yet' });
  return walk.state();
}

function* inBatches<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** What a commit brought that is likely to be read. */
function textsOf({ files }: MainlineCommit): readonly TreeEntry[] {
  return files.filter(({ path }) => isLikelyRead(path)).flatMap((file) => toDifference(file).head ?? []);
}

function toHistoryCommit(step: MainlineCommit, commitDate: string): HistoryCommit {
  const { commit, parents, author, authorDate, message } = step;
  const pullRequest = pullRequestOf(message);
  const subject = message.split('\n')[0] ?? '';
  return {
    ...{ commit, parents, author, authorDate, commitDate, subject },
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}
