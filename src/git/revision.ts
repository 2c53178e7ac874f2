import { UserError } from '../errors.ts';
import type { Repository } from './repository.ts';

const FETCH_MORE =
  'Fetch more history: `git fetch --deepen=100` or `git fetch --unshallow`; in actions/checkout `fetch-depth: 0`.';

/** The full commit id of a revision; throws a UserError when the repository does not know it, or it is ambiguous. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  const [commit] = await resolveCommits(repository, [revision]);
  return commit ?? '';
}

/** The same for several at once, in their order. */
export async function resolveCommits(
  repository: Repository,
  revisions: readonly string[],
): Promise<string[]> {
  const { found, complaints } = await lookUp(repository, revisions);
  const commits: string[] = [];
  for (const [i, revision] of revisions.entries()) {
    const answer = found[i];
    if (answer === 'ambiguous' || complaints.includes(`refname '${revision}' is ambiguous`))
      throw ambiguous(revision);
    if (answer === undefined) throw await unknown(repository, revision);
    commits.push(answer);
  }
  return commits;
}

/** The full commit id of a revision, or undefined where it is not known. */
export async function findCommit(repository: Repository, revision: string): Promise<string | undefined> {
  const { found } = await lookUp(repository, [revision]);
  return found[0] === 'ambiguous' ? undefined : found[0];
}

/** Standard input takes revisions for what they are: none of them can be an option. */
async function lookUp(repository: Repository, revisions: readonly string[]) {
  const asked = revisions.map((revision) => (/[\0\n]/.test(revision) ? '' : `${revision}^{commit}`));
  const { stdout, stderr } = await repository.try(['cat-file', '--batch-check'], `${asked.join('\n')}\n`);
  const answers = stdout.toString('utf8').split('\n');
  const found = revisions.map((_, i) => {
    const answer = answers[i] ?? '';
    if (answer.endsWith(' ambiguous')) return 'ambiguous' as const;
    return /^([0-9a-f]{40,64}) commit \d+$/.exec(answer)?.[1];
  });
  return { found, complaints: stderr };
}

function ambiguous(revision: string): UserError {
  if (/^[0-9a-f]+$/.test(revision))
    return new UserError(`${revision} is the start of several commit ids.`, 'Write more digits of it.');
  return new UserError(
    `${revision} names more than one ref.`,
    `Write it out: \`refs/heads/${revision}\` for the branch, \`refs/tags/${revision}\` for the tag.`,
  );
}

async function unknown(repository: Repository, revision: string): Promise<UserError> {
  if ((await findCommit(repository, 'HEAD')) === undefined)
    return new UserError(
      'The repository has no commit yet.',
      'Commit something first, or run `tablewarden check --all`.',
    );
  if (repository.shallow) return new UserError(`The shallow clone does not hold ${revision}.`, FETCH_MORE);
  if (/^0{40,64}$/.test(revision))
    return new UserError(
      `${revision} is git's word for no commit, as for a branch that is new.`,
      'Name the branch that it left, or leave the range out.',
    );
  if (/[~^]/.test(revision))
    return new UserError(
      `There is no commit ${revision}: the history does not go back that far.`,
      'To check a first commit whole, run `tablewarden check --all`.',
    );
  if (await findCommit(repository, `refs/remotes/origin/${revision}`))
    return new UserError(
      `There is no commit ${revision} here; the remote has a branch of that name.`,
      `Write \`origin/${revision}\`.`,
    );
  return new UserError(
    `There is no commit ${revision}.`,
    'Check the spelling with `git log`, or fetch it first.',
  );
}

/** The commit where two histories parted; throws a UserError when they never met, or the clone is too shallow to tell. */
export async function mergeBase(repository: Repository, a: string, b: string): Promise<string> {
  const found = a === b ? a : await findMergeBase(repository, a, b);
  if (found) return found;
  if (repository.shallow)
    throw new UserError('The shallow clone does not hold the commit where the two sides parted.', FETCH_MORE);
  throw new UserError(
    `${a.slice(0, 12)} and ${b.slice(0, 12)} have no common history.`,
    'Name a base that head grew from: `tablewarden check <base>..<head>`.',
  );
}

/** The same, or undefined. Of several (criss-cross merges) the first, as git's own `...` does. */
export async function findMergeBase(
  repository: Repository,
  a: string,
  b: string,
): Promise<string | undefined> {
  const { code, stdout } = await repository.try(['merge-base', a, b]);
  return code === 0 ? stdout.toString('utf8').trim().split('\n')[0] : undefined;
}

/** Whether a commit is another, or one that it grew from; false where the repository lacks one of them. */
export async function isAncestor(repository: Repository, commit: string, of: string): Promise<boolean> {
  return (await repository.try(['merge-base', '--is-ancestor', commit, of])).code === 0;
}

const USUAL_NAMES = ['main', 'master', 'develop', 'trunk'];

/** The ref that work is merged into: the remote's HEAD, else the first usual name, at the remote before here. */
export async function defaultBranch(repository: Repository, remote = 'origin'): Promise<string | undefined> {
  return (await readDefaultBranch(repository, remote))?.ref;
}

/** A default branch; `upstream` is what it follows, told only where it is checked out. */
export interface DefaultBranch {
  readonly ref: string;
  readonly upstream?: string;
}

/** The default branch and, where that is the one at hand, its upstream; one git call. */
export async function readDefaultBranch(
  repository: Repository,
  remote = 'origin',
): Promise<DefaultBranch | undefined> {
  const names = [`refs/remotes/${remote}/`, 'refs/heads/'].flatMap((folder) =>
    USUAL_NAMES.map((name) => `${folder}${name}`),
  );
  names.unshift(`refs/remotes/${remote}/HEAD`);
  const format = '--format=%(refname)%00%(symref)%00%(HEAD)%00%(upstream)';
  const { stdout } = await repository.try(['for-each-ref', format, ...names]);
  const refs = new Map<string, DefaultBranch>();
  for (const line of stdout.toString('utf8').split('\n').filter(Boolean)) {
    const [name = '', target, head, upstream] = line.split('\0');
    refs.set(name, { ref: target || name, upstream: head === '*' && upstream ? upstream : undefined });
  }
  const first = names.find((name) => refs.has(name));
  return first === undefined ? undefined : refs.get(first);
}

/** Whether there is one branch and no remote: nothing else could be the default. */
export async function hasOneBranch(repository: Repository): Promise<boolean> {
  const { stdout } = await repository.try(['for-each-ref', '--count=2', 'refs/heads', 'refs/remotes']);
  return stdout.toString('utf8').trimEnd().split('\n').length === 1 && stdout.length > 0;
}
