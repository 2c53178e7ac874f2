import { UserError } from '../errors.ts';
import type { Repository } from './repository.ts';

/** The full commit id of a revision; throws a UserError when the repository does not know it. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  const { code, stdout } = await repository.try([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  if (code === 0) return stdout.toString('utf8').trim();
  throw await unknown(repository, revision);
}

/** The same, or undefined where it is not known. */
export async function findCommit(repository: Repository, revision: string): Promise<string | undefined> {
  const { code, stdout } = await repository.try([
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

async function unknown(repository: Repository, revision: string): Promise<UserError> {
  if ((await findCommit(repository, 'HEAD')) === undefined)
    return new UserError(
      'The repository has no commit yet.',
      'Commit something first, or run `tablewarden check --all`.',
    );
  if (repository.shallow)
    return new UserError(
      `The shallow clone does not hold ${revision}.`,
      'Fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in actions/checkout.',
    );
  if (/[~^]/.test(revision))
    return new UserError(
      `There is no commit ${revision}: the history does not go back that far.`,
      'To check a first commit whole, run `tablewarden check --all`.',
    );
  return new UserError(
    `There is no commit ${revision}.`,
    'Check the spelling with `git log`, or fetch it first.',
  );
}

/** The commit where two histories parted; throws a UserError when they never met, or the clone is too shallow to tell. */
export async function mergeBase(repository: Repository, a: string, b: string): Promise<string> {
  const found = await findMergeBase(repository, a, b);
  if (found) return found;
  if (repository.shallow)
    throw new UserError(
      'The shallow clone does not hold the commit where the two sides parted.',
      'Fetch more history: `git fetch --unshallow`, or `fetch-depth: 0` in actions/checkout.',
    );
  throw new UserError(
    `${a.slice(0, 12)} and ${b.slice(0, 12)} have no common history.`,
    'Name a base that head grew from: `tablewarden check <base>..<head>`.',
  );
}

/** The same, or undefined. */
export async function findMergeBase(
  repository: Repository,
  a: string,
  b: string,
): Promise<string | undefined> {
  const { code, stdout } = await repository.try(['merge-base', a, b]);
  return code === 0 ? stdout.toString('utf8').trim().split('\n')[0] : undefined;
}

const USUAL_NAMES = ['main', 'master', 'develop', 'trunk'];

/** The ref that work is merged into: the remote's HEAD, else the first usual name, at the remote before here. */
export async function defaultBranch(repository: Repository, remote = 'origin'): Promise<string | undefined> {
  const head = await repository.try(['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`]);
  const named = head.code === 0 ? [head.stdout.toString('utf8').trim()] : [];
  const guesses = [
    ...USUAL_NAMES.map((name) => `refs/remotes/${remote}/${name}`),
    ...USUAL_NAMES.map((name) => `refs/heads/${name}`),
  ];
  for (const ref of [...named, ...guesses]) if (await findCommit(repository, ref)) return ref;
  return undefined;
}
