import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { type GitOutput, runGit } from './run.ts';

/** A repository on this machine; every command runs in its `directory`. */
export interface Repository {
  readonly directory: string;
  /** Top of the working tree; undefined in a bare repository. */
  readonly top?: string;
  /** The folder that all worktrees share. */
  readonly commonDir: string;
  readonly shallow: boolean;
  /** A git command that may fail: its code is the caller's to judge. */
  try(args: readonly string[], input?: string): Promise<GitOutput>;
  /** A git command that must succeed; throws git's own message. */
  run(args: readonly string[], input?: string): Promise<Buffer>;
}

/** Opens the repository that `directory` lies in. Throws a UserError when there is none, or git refuses it. */
export async function openRepository(directory: string): Promise<Repository> {
  const folder = resolve(directory);
  const asked = [
    'rev-parse',
    '--is-bare-repository',
    '--is-shallow-repository',
    '--git-common-dir',
    '--show-toplevel',
  ];
  const output = await runGit(folder, asked);
  const [bare, shallow, commonDir, top] = output.stdout.toString('utf8').split('\n');
  if (output.code !== 0 && bare !== 'true') throw refusal(output.stderr, folder);
  const attempt = (args: readonly string[], input?: string) => runGit(folder, args, input);
  return {
    directory: folder,
    top: bare === 'true' ? undefined : top,
    commonDir: resolve(folder, commonDir ?? '.git'),
    shallow: shallow === 'true',
    try: attempt,
    run: async (args, input) => {
      const { code, stdout, stderr } = await attempt(args, input);
      if (code !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
      return stdout;
    },
  };
}

function refusal(message: string, folder: string): UserError {
  if (/dubious ownership/.test(message))
    return new UserError(
      `git refuses the repository in ${folder}: it belongs to another user.`,
      `If you trust it: git config --global --add safe.directory ${folder}`,
    );
  if (/not a git repository/.test(message))
    return new UserError(
      `${folder} is not a git repository.`,
      'Run tablewarden inside one, or name it with --repo DIR.',
    );
  return new UserError(
    `git cannot open ${folder}: ${message.split('\n')[0]}`,
    'Check that `git status` works there.',
  );
}
