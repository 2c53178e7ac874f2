import { listMainline, type MainlineCommit, readMainline } from '../../git/mainline.ts';
import { withoutSkew } from '../../git/moment.ts';
import { headRef, type RefMove, readReflog } from '../../git/reflog.ts';
import type { Repository } from '../../git/repository.ts';
import { resolveCommit } from '../../git/revision.ts';
import { pullRequestOf } from '../../read/history/pull-request.ts';
import type { StorageManager, Transaction } from '../storage-manager.ts';
import { shaOf, textOf, timeOf } from '../values.ts';
import { addPaths } from './paths.ts';

/** What an update of the store found to do. */
export interface GitUpdate {
  /** The ref that was followed: the branch of HEAD. */
  readonly ref: string;
  /** Commits that were read, and those that the ref no longer has: it was rebased or reset. */
  readonly added: number;
  readonly gone: number;
  readonly paths: number;
}

/** Commits that are written at once. */
const BATCH = 2000;

/** Brings the history of HEAD's branch up to date: only commits that came since are read. */
export async function updateGitHistory(storage: StorageManager, repository: Repository): Promise<GitUpdate> {
  const [ref, head] = [await headRef(repository), await resolveCommit(repository, 'HEAD')];
  const ids = await listMainline(repository, head);
  const moves = await readReflog(repository);
  return storage.write(async (store) => {
    const line = `FROM git_lines JOIN git_commits USING (commit_id) WHERE ref_name = ${textOf(ref)}`;
    const known = await store.query(`SELECT commit_sha, commit_id ${line} ORDER BY place`);
    let kept = 0;
    while (kept < ids.length && ids[kept] === known[kept]?.commit_sha) kept++;
    if (kept < known.length)
      await store.run(`DELETE FROM git_lines WHERE ref_name = ${textOf(ref)} AND place >= ${kept}`);
    let paths = 0;
    const fresh = ids.length > kept ? await readMainline(repository, head, ids[kept - 1]) : [];
    for (const commits of inBatches(fresh)) {
      await addCommits(store, commits);
      paths += await addPaths(store, commits);
    }
    await addLine(store, ref, ids, kept);
    await noteRefs(store, head, moves);
    return { ref, added: ids.length - kept, gone: known.length - kept, paths };
  });
}

/** Takes out all that git can tell again; what was seen of refs at updates stays. */
export async function forget(storage: StorageManager): Promise<void> {
  // DuckDB counts a row that the same transaction deletes as one that still refers to its parent
  await storage.write(({ run }) => run('DELETE FROM git_lines; DELETE FROM git_path_changes'));
  await storage.write(({ run }) => run('DELETE FROM git_commits'));
}

function* inBatches<T>(all: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const one of all) {
    batch.push(one);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function addCommits(store: Transaction, commits: readonly MainlineCommit[]): Promise<void> {
  await store.run(
    'CREATE OR REPLACE TEMP TABLE staged_commits (seq INTEGER, sha VARCHAR, author VARCHAR, author_time VARCHAR, commit_time BIGINT, subject VARCHAR, pull_request INTEGER)',
  );
  const rows = commits.map(({ commit, author, authorDate, commitTime, message }, seq) => [
    ...[seq, commit, author, authorDate, commitTime, message.split('\n')[0] ?? ''],
    pullRequestOf(message) ?? null,
  ]);
  await store.load('staged_commits', rows);
  await store.run(`
    INSERT INTO git_commits
    SELECT (SELECT coalesce(max(commit_id), 0) FROM git_commits) + row_number() OVER (ORDER BY seq),
      sha, author, coalesce(try_cast(author_time AS TIMESTAMPTZ), to_timestamp(commit_time)), to_timestamp(commit_time),
      subject, pull_request, true, current_date
    FROM staged_commits WHERE sha NOT IN (SELECT commit_sha FROM git_commits)`);
}

/** Puts the line's new commits behind those that it has; a new commit may show that an older one's clock was wrong. */
async function addLine(store: Transaction, ref: string, ids: readonly string[], kept: number): Promise<void> {
  await store.run(
    'CREATE OR REPLACE TEMP TABLE staged_line (place INTEGER, sha VARCHAR, current_from BIGINT)',
  );
  await store.load(
    'staged_line',
    ids.map((id, place) => [place, id, 0]),
  );
  const times = await store.query(
    'SELECT epoch(commit_time)::BIGINT AS time FROM staged_line JOIN git_commits ON sha = commit_sha ORDER BY place',
  );
  const corrected = withoutSkew(times.map(({ time }) => Number(time)));
  await store.run('DELETE FROM staged_line');
  await store.load(
    'staged_line',
    ids.map((id, place) => [place, id, corrected[place] ?? 0]),
  );
  await store.run(`
    UPDATE git_lines SET current_from = to_timestamp(s.current_from) FROM staged_line s
    WHERE ref_name = ${textOf(ref)} AND git_lines.place = s.place AND git_lines.current_from <> to_timestamp(s.current_from)`);
  await store.run(`
    INSERT INTO git_lines
    SELECT ${textOf(ref)}, place, commit_id, to_timestamp(current_from)
    FROM staged_line JOIN git_commits ON sha = commit_sha WHERE place >= ${kept}`);
}

async function noteRefs(store: Transaction, head: string, moves: readonly RefMove[]): Promise<void> {
  for (const { time, commit } of new Map(moves.map((move) => [move.time, move])).values())
    await store.run(
      `INSERT INTO git_refs VALUES ('HEAD', ${timeOf(time)}, ${shaOf(commit)}, 'reflog') ON CONFLICT DO NOTHING`,
    );
  const [last] = await store.query(
    "SELECT commit_sha FROM git_refs WHERE ref_name = 'HEAD' ORDER BY seen_at DESC LIMIT 1",
  );
  if (last?.commit_sha !== head)
    await store.run(
      `INSERT INTO git_refs VALUES ('HEAD', date_trunc('second', now()), ${shaOf(head)}, 'update') ON CONFLICT DO NOTHING`,
    );
}
