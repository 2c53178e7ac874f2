import type { ChangeSet, Tree } from '../change/change-set.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { UserError } from '../errors.ts';
import { diffPaths } from '../git/diff.ts';
import { type Credential, fetchObjects } from '../git/fetch.ts';
import { missingObjects, openMirror } from '../git/mirror.ts';
import type { Repository } from '../git/repository.ts';
import { listTree } from '../git/tree.ts';
import { openRange, type Range, type Sides } from './open-range.ts';

/** A change as it was fetched: every text of it is on the disk. */
export interface FetchedChange {
  readonly repository: Repository;
  readonly changeSet: ChangeSet;
  readonly range: Range;
  /** The base's newest commit, where configuration and rules are read. */
  readonly setupTree: Tree;
}

export interface FetchPlan {
  /** The bare repository that keeps what was fetched before. */
  readonly folder: string;
  readonly url: string;
  readonly sides: Sides;
  readonly credential?: Credential;
  readonly say: (text: string) => void;
}

/** Contents that no reader wants, and that make up most bytes of many repositories. */
const NO_TEXT =
  /\.(png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|ai|sketch|fig|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|webm|ogg|wav|flac|zip|t?gz|bz2|xz|zst|7z|rar|jar|war|pdf|docx?|xlsx?|pptx?|so|dylib|dll|exe|wasm|bin|parquet|sqlite3?|db)$/i;

/**
 * Fetches both sides of a change: the commits and their trees, then in one request the contents that are not there yet.
 * No limit of GitHub's API on files or patches is met, since none of it is asked.
 */
export async function fetchChange(plan: FetchPlan): Promise<FetchedChange> {
  const { folder, url, sides, credential, say } = plan;
  return oneAtATime(folder, async () => {
    const repository = await openMirror(folder, url);
    const range = await openRange(repository, sides, { credential, say, isMirror: true });
    await fetchContents(repository, range, credential);
    const changeSet = await changeOfCommits(repository, range.base, range.head);
    return {
      repository,
      changeSet,
      range,
      setupTree: treeOfCommit(repository, range.tip),
    };
  });
}

async function fetchContents(
  repository: Repository,
  { base, head, tip }: Range,
  credential: Credential | undefined,
): Promise<void> {
  const missing = await missingObjects(repository, [base, head, tip]);
  if (missing.size === 0) return;
  // which of them were renamed only their contents tell
  const changed = await diffPaths(repository, base, head);
  const wanted = new Set<string>();
  for (const commit of [base, head, tip])
    for (const { path, id } of await listTree(repository, commit))
      if (missing.has(id) && (changed.has(path) || !NO_TEXT.test(path))) wanted.add(id);
  if (wanted.size === 0) return;
  const { code, stderr } = await fetchObjects(repository.directory, 'origin', [...wanted], credential);
  if (code !== 0)
    throw new UserError(
      `The contents of the pull request cannot be fetched: ${stderr.split('\n')[0]?.slice(0, 300)}`,
      'The app needs to read contents: accept its permissions in the settings of the organization.',
    );
}

const running = new Map<string, Promise<unknown>>();

/** Two fetches into one repository would meet at git's own locks. */
async function oneAtATime<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = running.get(folder) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(work);
  running.set(folder, mine);
  try {
    return await mine;
  } finally {
    if (running.get(folder) === mine) running.delete(folder);
  }
}
