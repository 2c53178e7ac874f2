import { UserError } from '../errors.ts';
import { type Credential, fetchRefs } from '../git/fetch.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { findCommit, findMergeBase } from '../git/revision.ts';

/** What an event compares. */
export interface Sides {
  /** A commit, or a branch of the repository whose tip is meant. */
  readonly base: { readonly commit: string } | { readonly branch: string };
  readonly head: string;
  /** How many commits head is ahead, where the event tells. */
  readonly commits?: number;
}

/** The commits between which a change lies. */
export interface Range {
  /** Where head left its base. */
  readonly base: string;
  readonly head: string;
  /** The base's newest commit: where it holds a configuration that head's branch does not know yet, that counts. */
  readonly tip: string;
}

/** How what a checkout lacks is fetched. */
export interface FetchOptions {
  /** Tried where the checkout's own credentials are not enough. */
  readonly credential?: Credential;
  readonly say: (text: string) => void;
  /** A clone of ours without contents and credentials: branches are asked for anew, and history only as far as it is needed. */
  readonly isMirror?: boolean;
}

const REMOTE = 'origin';

/** Commits of history that are asked for, one after the other, until the place is found where the two sides parted. */
const DEPTHS = [50, 500, 5000];

/**
 * Finds the commits that an event names and where they parted. `actions/checkout` fetches one commit by default: what is
 * missing is fetched from the checkout's remote, a little history at first and all of it in the end.
 */
export async function openRange(
  repository: Repository,
  { base, head, commits = 0 }: Sides,
  options: FetchOptions,
): Promise<Range> {
  const wanted =
    'commit' in base ? base.commit : `+refs/heads/${base.branch}:refs/remotes/${REMOTE}/${base.branch}`;
  const name = 'commit' in base ? base.commit : `refs/remotes/${REMOTE}/${base.branch}`;
  const refs = [wanted, head];
  const find = async (): Promise<Range | undefined> => {
    const [from, to] = [await findCommit(repository, name), await findCommit(repository, head)];
    const parted = from && to ? await findMergeBase(repository, from, to) : undefined;
    return from && to && parted ? { base: parted, head: to, tip: from } : undefined;
  };
  const { isMirror = false } = options;
  const known = isMirror ? undefined : await find();
  if (known) return known;
  if (!repository.shallow && !isMirror) {
    await fetchMissing(repository, { refs }, options);
    return (await find()) ?? unrelated(name, head);
  }
  for (const depth of DEPTHS.map((least) => Math.max(least, commits + 1))) {
    if (!isMirror)
      options.say(`Fetching ${depth} commits of history: the checkout holds too few to compare.`);
    await fetchMissing(repository, { refs, depth }, options);
    const found = await find();
    if (found) return found;
  }
  if (!(await openRepository(repository.directory)).shallow) return unrelated(name, head);
  options.say(
    'Fetching the whole history: the two sides parted long ago. `fetch-depth: 0` in actions/checkout does it at once.',
  );
  await fetchMissing(repository, { refs, unshallow: true }, options);
  return (await find()) ?? unrelated(name, head);
}

async function fetchMissing(
  { directory }: Repository,
  wanted: { readonly refs: readonly string[]; readonly depth?: number; readonly unshallow?: boolean },
  { credential, isMirror }: FetchOptions,
): Promise<void> {
  const asked = { remote: REMOTE, withoutBlobs: isMirror, ...wanted };
  const first = isMirror ? await fetchRefs(directory, asked, credential) : await fetchRefs(directory, asked);
  if (first.code === 0) return;
  const second = credential && !isMirror ? await fetchRefs(directory, asked, credential) : first;
  if (second.code === 0) return;
  throw new UserError(
    `The history that the checkout lacks cannot be fetched: ${complaint(second.stderr)}`,
    isMirror
      ? 'The app needs to read contents: accept its permissions in the settings of the organization.'
      : 'Set `fetch-depth: 0` in actions/checkout, and give the job `permissions: contents: read`.',
  );
}

function complaint(stderr: string): string {
  const lines = stderr.split('\n');
  return (lines.find((line) => /^(fatal|error|remote): /.test(line)) ?? lines[0] ?? '').slice(0, 300);
}

function unrelated(base: string, head: string): never {
  throw new UserError(
    `${base.slice(0, 60)} and ${head.slice(0, 12)} have no common history.`,
    'Name other sides with the inputs `base` and `head`.',
  );
}
