import { spawn, spawnSync } from 'node:child_process';
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
  /** This process has nothing else to do, and stands still meanwhile: that saves the streams between the two. */
  readonly waits?: boolean;
}

/** Standard error beyond this many bytes is dropped: a damaged repository can complain about every object. */
const MAX_COMPLAINT = 64_000;

/** Of a git that is waited for, bytes of output; one that says more is run again, and its output taken as it comes. */
const MAX_WAITED = 32_000_000;

/** Milliseconds that a git is waited for. */
const TIME_LIMIT = 60_000;

/** Runs one git command in `directory` and waits for its end. Rejects with a UserError only when git itself cannot be started. */
export async function runGit(
  directory: string,
  args: readonly string[],
  options: GitOptions,
): Promise<GitOutput> {
  return (options.waits && (await waitFor(directory, args, options))) || follow(directory, args, options);
}

async function waitFor(
  directory: string,
  args: readonly string[],
  { env, input, take }: GitOptions,
): Promise<GitOutput | undefined> {
  const { error, status, signal, stdout, stderr } = spawnSync('git', [...GUARDS, ...args], {
    ...{ cwd: directory, env, input, windowsHide: true },
    ...{ maxBuffer: MAX_WAITED, timeout: TIME_LIMIT },
  });
  const trouble = error && 'code' in error ? error.code : undefined;
  if (trouble === 'ENOBUFS') return undefined;
  if (trouble === 'ETIMEDOUT')
    throw new UserError(`git ${args[0]} took longer than a minute.`, 'Run it by itself to see why.');
  if (error) throw cannotStart(error, directory);
  if (signal) await new Promise(setImmediate); // what ended git may have been for this process too, which hears of it now
  const stopped = take?.(stdout) === 'stop';
  return {
    code: stopped ? 0 : (status ?? 128),
    stdout: take ? Buffer.alloc(0) : stdout,
    stderr: stderr.subarray(0, MAX_COMPLAINT).toString('utf8').trim(),
  };
}

function follow(
  directory: string,
  args: readonly string[],
  { env, input, take }: GitOptions,
): Promise<GitOutput> {
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
