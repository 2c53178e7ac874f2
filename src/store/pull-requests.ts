import type { OpenChange } from '../read/conflicts/open-change.ts';
import { READER_VERSION } from '../read/reader-version.ts';
import type { StorageManager, Transaction } from './storage-manager.ts';
import { shaOf, textOf } from './values.ts';

/** A pull request as it was judged last. */
export interface KeptPull {
  readonly number: number;
  readonly base: string;
  readonly head: string;
  /** The commit that it was merged with; undefined where it is open. */
  readonly mergedAs?: string;
  readonly change: OpenChange;
  /** Whether those whose conflicts this head makes or ends were asked to be judged again. */
  readonly isTold: boolean;
  /** Those that its check run names. */
  readonly collidesWith: readonly number[];
}

/** Days after which one that was merged is forgotten: what is open for longer was told of it. */
const KEPT = 30;
/** Days after which one that nobody touched is forgotten. */
const LONGEST = 180;

/** The pull requests of a repository that change a database; those that were read by another version are not told. */
export function readPulls(storage: StorageManager, repository: string): Promise<readonly KeptPull[]> {
  return storage.read((store) => pullsOf(store, repository));
}

async function pullsOf({ query }: Pick<Transaction, 'query'>, repository: string) {
  const rows = await query(
    `SELECT * FROM pull_requests WHERE repository = ${textOf(repository)} AND reader_version = ${textOf(READER_VERSION)} ORDER BY number`,
  );
  return rows.map((row): KeptPull => {
    const { change, merged_as: mergedAs, collides_with: collides } = row;
    return {
      ...{ number: Number(row.number), base: String(row.base_branch), head: String(row.head) },
      ...(typeof mergedAs === 'string' ? { mergedAs } : {}),
      change: JSON.parse(typeof change === 'string' ? change : JSON.stringify(change)) as OpenChange, // as `keepPull` wrote it
      isTold: row.is_told === true,
      collidesWith: Array.isArray(collides) ? collides.map(Number) : [],
    };
  });
}

/** Keeps a pull request in the place of what was kept of it; gives back all of the repository's, as they are then. */
export async function keepPull(
  storage: StorageManager,
  repository: string,
  { number, base, head, mergedAs, change, isTold, collidesWith }: KeptPull,
): Promise<readonly KeptPull[]> {
  const values = [
    ...[textOf(repository), String(Math.trunc(number)), textOf(base), shaOf(head)],
    ...[mergedAs === undefined ? 'NULL' : shaOf(mergedAs), textOf(JSON.stringify(change))],
    textOf(READER_VERSION),
    ...[String(isTold), `[${collidesWith.map(Math.trunc).join(', ')}]::INTEGER[]`, 'now()'],
  ];
  return storage.write(async (store) => {
    await store.run(
      `DELETE FROM pull_requests WHERE judged_at < now() - INTERVAL ${LONGEST} DAY
         OR (merged_as IS NOT NULL AND judged_at < now() - INTERVAL ${KEPT} DAY)`,
    );
    await store.run(`INSERT OR REPLACE INTO pull_requests VALUES (${values.join(', ')})`);
    return pullsOf(store, repository);
  });
}

/** Notes that others were asked because of a head, where that is still the newest and open. */
export function markTold(
  storage: StorageManager,
  repository: string,
  { number, head }: Pick<KeptPull, 'number' | 'head'>,
): Promise<void> {
  return storage.write(({ run }) =>
    run(
      `UPDATE pull_requests SET is_told = true WHERE repository = ${textOf(repository)}
         AND number = ${Math.trunc(number)} AND head = ${shaOf(head)} AND merged_as IS NULL`,
    ),
  );
}

/** Forgets a pull request. */
export function forgetPull(storage: StorageManager, repository: string, number: number): Promise<void> {
  return storage.write(({ run }) =>
    run(
      `DELETE FROM pull_requests WHERE repository = ${textOf(repository)} AND number = ${Math.trunc(number)}`,
    ),
  );
}
