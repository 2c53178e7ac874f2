import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';

/**
 * Settings under which nothing that a repository holds or configures can make git run a program or reach the network.
 * Clean filters have no switch of their own: see `filterGuards`.
 */
const GUARDS = [
  '--no-pager',
  '--no-replace-objects',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.warnAmbiguousRefs=true',
    'diff.external=',
    'protocol.allow=never',
    'submodule.recurse=false',
  ].flatMap((pair) => ['-c', pair]),
];

/** What a finished git process left: its output as bytes. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How one git process is run. */
export interface GitOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Takes the output as it comes, in place of `stdout`; `stop` ends the process. */
  readonly take?: (chunk: Buffer) => 'go on' | 'stop';
}

/** Standard error beyond this many bytes is dropped: a damaged repository can complain about every object. */
const MAX_COMPLAINT = 64_000;

/** Runs one git command in `directory` and waits for its end. Rejects with a UserError only when git itself cannot be started. */
export function runGit(directory: string, args: readonly string[], options: GitOptions): Promise<GitOutput> {
  const { env, input, take } = options;
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...GUARDS, ...args], {
      cwd: directory,
      env,
      stdio: 'pipe',
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let complained = 0;
    let stopped = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (stopped) return;
      if (!take) out.push(chunk);
      else if (take(chunk) === 'stop') stopped = child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complained < MAX_COMPLAINT) err.push(chunk);
      complained += chunk.length;
    });
    child.stdin.on('error', () => {}); // a process that ended early has said why
    child.on('error', (error: NodeJS.ErrnoException) => reject(cannotStart(error, directory)));
    child.on('close', (code) =>
      resolve({
        code: stopped ? 0 : (code ?? 128),
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString('utf8').trim(),
      }),
    );
    child.stdin.end(input ?? '');
  });
}

function cannotStart(error: NodeJS.ErrnoException, directory: string): Error {
  if (!existsSync(directory) || error.code === 'ENOTDIR')
    return new UserError(`There is no folder ${directory}.`, 'Check the spelling of --repo.');
  if (error.code === 'ENOENT')
    return new UserError(
      'git was not found on this machine.',
      'Install git 2.25 or newer and put it on the PATH.',
    );
  return new UserError(
    `git could not be started: ${error.message}.`,
    'Check that `git --version` works here.',
  );
}
