import type { StorageManager } from '../storage-manager.ts';

/** What the store may keep. */
export interface Limits {
  /** Bytes that are in use in the file, above which what was longest not asked for goes until three quarters are left. */
  readonly bytes: number;
  /** Days after which commits go that no branch has any more and nobody asked for. */
  readonly days: number;
}

const LIMITS: Limits = { bytes: 256 * 1024 * 1024, days: 90 };

/** Takes out what git can tell again; how many commits lost their paths, and how many went whole. */
export async function evict(
  storage: StorageManager,
  { bytes, days }: Limits = LIMITS,
): Promise<{ readonly paths: number; readonly commits: number }> {
  const lost = `SELECT commit_id FROM git_commits c WHERE last_accessed < current_date - INTERVAL ${Math.trunc(days)} DAY
    AND NOT EXISTS (SELECT 1 FROM git_lines l WHERE l.commit_id = c.commit_id)`;
  // DuckDB counts a row that the same transaction deletes as one that still refers to its parent
  await storage.write(({ run }) => run(`DELETE FROM git_path_changes WHERE commit_id IN (${lost})`));
  const commits = await storage.write(async ({ run, query }) => {
    const gone = await query(lost);
    if (gone.length > 0) await run(`DELETE FROM git_commits WHERE commit_id IN (${lost})`);
    return gone.length;
  });
  const used = await usedBytes(storage);
  if (used <= bytes) return { paths: 0, commits };
  const share = (bytes * 0.75) / used;
  const paths = await storage.write(async ({ run, query }) => {
    const [all] = await query('SELECT count(*) AS rows FROM git_path_changes');
    const keep = Math.floor(Number(all?.rows ?? 0) * share);
    await run(`CREATE OR REPLACE TEMP TABLE evicted AS
      SELECT commit_id FROM (
        SELECT commit_id, sum(rows) OVER (ORDER BY last_accessed DESC, commit_id DESC) AS rows_until FROM (
          SELECT commit_id, last_accessed, (SELECT count(*) FROM git_path_changes p WHERE p.commit_id = c.commit_id) AS rows
          FROM git_commits c WHERE has_paths)) WHERE rows_until > ${keep}`);
    await run('DELETE FROM git_path_changes WHERE commit_id IN (SELECT commit_id FROM evicted)');
    await run('UPDATE git_commits SET has_paths = false WHERE commit_id IN (SELECT commit_id FROM evicted)');
    const [evicted] = await query('SELECT count(*) AS commits FROM evicted');
    return Number(evicted?.commits ?? 0);
  });
  return { paths, commits };
}

/** Bytes of the blocks that hold something: the file itself keeps its length and fills again. */
export async function usedBytes(storage: StorageManager): Promise<number> {
  const [size] = await storage.read(({ query }) =>
    query('SELECT used_blocks * block_size AS bytes FROM pragma_database_size()'),
  );
  return Number(size?.bytes ?? 0);
}
