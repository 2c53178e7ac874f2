import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { environment, repositoryOfHook, storesOfHook } from './environment.ts';
import { type GitOptions, type GitOutput, runGit } from './run.ts';

/** A repository on this machine; every command runs in its `directory`. */
export interface Repository {
  /** The top of the working tree, or the folder of a bare repository. */
  readonly directory: string;
  /** Top of the working tree; undefined in a bare repository. */
  readonly top?: string;
  /** The folder that all worktrees share. */
  readonly commonDir: string;
  readonly shallow: boolean;
  readonly objectFormat: 'sha1' | 'sha256';
  /** A git command that may fail: its code is the caller's to judge. */
  try(args: readonly string[], input?: string): Promise<GitOutput>;
  /** A git command that must succeed; throws a UserError with git's own words. */
  run(args: readonly string[], input?: string, take?: GitOptions['take']): Promise<Buffer>;
}

const ASKED = [
  '--is-bare-repository',
  '--is-shallow-repository',
  '--show-object-format',
  '--git-common-dir',
  '--absolute-git-dir',
  '--show-toplevel',
];

/**
 * Opens the repository that `directory` lies in. A hook's `GIT_DIR` counts only where the folder itself lies in none, as
 * with a working tree whose repository is elsewhere. Throws a UserError when there is none, or git refuses it. `waits`: this
 * process may stand still while git runs.
 */
export async function openRepository(directory: string, how?: 'waits'): Promise<Repository> {
  const waits = how === 'waits';
  const folder = resolve(directory);
  const here = folder === process.cwd();
  let env = environment();
  let answer = await runGit(folder, ['rev-parse', ...ASKED], { env, waits });
  if (here && process.env.GIT_DIR && /not a git repository/.test(answer.stderr)) {
    env = environment(repositoryOfHook());
    answer = await runGit(folder, ['rev-parse', ...ASKED], { env, waits });
  }
  const [bare, shallow, format, commonDir = '', gitDir = '', top, ...rest] = linesOf(answer);
  if (answer.code !== 0 && (gitDir === '' || !/must be run in a work tree/.test(answer.stderr)))
    throw refusal(answer.stderr, folder);
  if (shallow !== 'true' && shallow !== 'false')
    throw new UserError('This git is too old: it cannot tell a shallow clone.', 'Install git 2.25 or newer.');
  if (rest.length > 0) throw new UserError(`The name of ${folder} holds a line break.`, 'Rename the folder.');
  if (isOfHook(gitDir, here)) env = { ...env, ...storesOfHook() };
  return repositoryAt(
    top ?? folder,
    { env, waits },
    {
      top: bare === 'true' ? undefined : top,
      commonDir: resolve(folder, commonDir),
      shallow: shallow === 'true',
      objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    },
  );
}

function repositoryAt(
  directory: string,
  how: Pick<GitOptions, 'env' | 'waits'>,
  facts: Pick<Repository, 'top' | 'commonDir' | 'shallow' | 'objectFormat'>,
): Repository {
  return {
    ...facts,
    directory,
    try: (args, input) => runGit(directory, args, { ...how, input }),
    run: async (args, input, take) => {
      const { code, stdout, stderr } = await runGit(directory, args, { ...how, input, take });
      if (code !== 0) throw failure(args, stderr);
      return stdout;
    },
  };
}

function linesOf({ stdout }: GitOutput): string[] {
  const text = stdout.toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Whether a hook's variables speak of the repository that was opened. */
function isOfHook(gitDir: string, here: boolean): boolean {
  const named = process.env.GIT_DIR;
  if (!named) return here;
  try {
    return realpathSync(named) === realpathSync(gitDir);
  } catch {
    return false;
  }
}

function refusal(message: string, folder: string): UserError {
  const owned = /dubious ownership in repository at '(.*)'/.exec(message);
  if (owned)
    return new UserError(
      `git refuses the repository in ${owned[1]}: it belongs to another user.`,
      `If you trust it: git config --global --add safe.directory '${owned[1]}'`,
    );
  if (/not a git repository/.test(message))
    return new UserError(
      `${folder} is not a git repository.`,
      'Run tablewarden inside one, or name it with --repo DIR; `--from DIR --to DIR` compares two folders without git.',
    );
  return new UserError(
    `git cannot open ${folder}: ${complaint(message)}`,
    'Check that `git status` works there.',
  );
}

function failure(args: readonly string[], stderr: string): UserError {
  if (/promisor|transport '.*' not allowed|lazy fetch/.test(stderr))
    return new UserError(
      'This partial clone lacks contents of the change, and nothing is fetched behind your back.',
      'Fetch them first: `git fetch --refetch --no-filter`, or clone without `--filter`.',
    );
  return new UserError(
    `git cannot read the repository (\`git ${args[0]}\`): ${complaint(stderr)}`,
    'Check it with `git fsck`.',
  );
}

function complaint(stderr: string): string {
  const lines = stderr.split('\n');
  return (lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '').replace(
    /^(fatal|error): /,
    '',
  );
}
