import type { MainlineCommit } from '../../git/mainline.ts';
import type { Transaction } from '../storage-manager.ts';

/** Writes which paths the commits changed; how many. */
export async function addPaths(store: Transaction, commits: readonly MainlineCommit[]): Promise<number> {
  const rows = commits.flatMap(({ commit, files }) =>
    files.map(({ path, status, id }) => [
      ...[commit, path, status],
      status === 'deleted' ? null : (id ?? null),
    ]),
  );
  await store.run(
    'CREATE OR REPLACE TEMP TABLE staged_paths (sha VARCHAR, path VARCHAR, change_type VARCHAR, content_id VARCHAR)',
  );
  await store.load('staged_paths', rows);
  await store.run(`
    INSERT INTO git_path_changes
    SELECT commit_id, path, change_type, content_id FROM staged_paths JOIN git_commits ON sha = commit_sha
    ON CONFLICT DO NOTHING`);
  return rows.length;
}
