import { readCommits } from '../../git/mainline.ts';
import type { Repository } from '../../git/repository.ts';
import type { StorageManager } from '../storage-manager.ts';
import { textOf, timeOf } from '../values.ts';
import { addPaths } from './paths.ts';

/** A commit that is the answer to a question about a time. */
export interface CommitThen {
  readonly commit: string;
  /** Since when, ISO 8601 in UTC. */
  readonly since: string;
  readonly subject?: string;
  readonly pullRequest?: number;
}

/** What a path was at a time: the commit that last changed it until then, and its content; undefined content: it was gone. */
export interface PathThen extends CommitThen {
  readonly content?: string;
}

/** Where HEAD of this clone pointed at a time, as far as its reflog and the store's updates know. */
export async function headThen(storage: StorageManager, time: number): Promise<CommitThen | undefined> {
  const [row] = await storage.read(({ query }) =>
    query(`
      SELECT r.commit_sha, epoch(r.seen_at)::BIGINT AS since, c.subject, c.pull_request
      FROM git_refs r LEFT JOIN git_commits c USING (commit_sha)
      WHERE r.ref_name = 'HEAD' AND r.seen_at <= ${timeOf(time)} ORDER BY r.seen_at DESC LIMIT 1`),
  );
  return row && toCommit(row);
}

/** The commit of a branch's first-parent history that was current at a time. */
export async function tipThen(
  storage: StorageManager,
  ref: string,
  time: number,
): Promise<CommitThen | undefined> {
  const [row] = await storage.read(({ query }) =>
    query(`
      SELECT c.commit_sha, epoch(l.current_from)::BIGINT AS since, c.subject, c.pull_request
      FROM git_lines l JOIN git_commits c USING (commit_id)
      WHERE l.ref_name = ${textOf(ref)} AND l.current_from <= ${timeOf(time)} ORDER BY l.place DESC LIMIT 1`),
  );
  return row && toCommit(row);
}

/** Which commit of a path was current at a time; undefined where the path had not been there until then. */
export async function pathThen(
  storage: StorageManager,
  repository: Repository,
  ref: string,
  path: string,
  time: number,
): Promise<PathThen | undefined> {
  const until = `l.ref_name = ${textOf(ref)} AND l.current_from <= ${timeOf(time)}`;
  const ask = () =>
    storage.read(async ({ query }) => {
      const [found] = await query(`
        SELECT c.commit_sha, epoch(l.current_from)::BIGINT AS since, c.subject, c.pull_request, p.content_id, l.place
        FROM git_path_changes p JOIN git_lines l USING (commit_id) JOIN git_commits c USING (commit_id)
        WHERE ${until} AND p.path = ${textOf(path)} ORDER BY l.place DESC LIMIT 1`);
      const unknown = await query(`
        SELECT c.commit_sha FROM git_lines l JOIN git_commits c USING (commit_id)
        WHERE ${until} AND NOT c.has_paths AND l.place > ${Number(found?.place ?? -1)}`);
      return { found, unknown: unknown.map(({ commit_sha: sha }) => String(sha)) };
    });
  let { found, unknown } = await ask();
  if (unknown.length > 0) {
    await fillPaths(storage, repository, unknown);
    ({ found } = await ask());
  }
  if (!found) return undefined;
  await touch(storage, String(found.commit_sha));
  const content = found.content_id;
  return { ...toCommit(found), ...(typeof content === 'string' ? { content } : {}) };
}

/** Reads again what was evicted. */
async function fillPaths(
  storage: StorageManager,
  repository: Repository,
  commits: readonly string[],
): Promise<void> {
  const read = [...(await readCommits(repository, commits))];
  await storage.write(async (store) => {
    await addPaths(store, read);
    const list = commits.map(textOf).join(', ');
    await store.run(
      `UPDATE git_commits SET has_paths = true, last_accessed = current_date WHERE commit_sha IN (${list})`,
    );
  });
}

/** Notes at most once a day that a commit was asked for: a question writes nothing else. */
async function touch(storage: StorageManager, commit: string): Promise<void> {
  const isOld = `commit_sha = ${textOf(commit)} AND last_accessed < current_date`;
  const old = await storage.read(({ query }) => query(`SELECT 1 AS one FROM git_commits WHERE ${isOld}`));
  if (old.length > 0)
    await storage.write(({ run }) =>
      run(`UPDATE git_commits SET last_accessed = current_date WHERE ${isOld}`),
    );
}

function toCommit(row: Readonly<Record<string, unknown>>): CommitThen {
  const { commit_sha: commit, since, subject, pull_request: request } = row;
  return {
    commit: String(commit),
    since: new Date(Number(since) * 1000).toISOString(),
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof request === 'number' ? { pullRequest: request } : {}),
  };
}
