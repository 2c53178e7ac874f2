import { spawn } from 'node:child_process';
import { UserError } from '../errors.ts';

/** Settings under which nothing that a repository holds can make git run a program or reach the network. */
const GUARDS = [
  '--no-pager',
  '--no-replace-objects',
  '--literal-pathspecs',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=false', 'core.pager=cat'].flatMap(
    setting,
  ),
  ...[
    'diff.external=',
    'protocol.allow=never',
    'submodule.recurse=false',
    'diff.ignoreSubmodules=none',
  ].flatMap(setting),
];

function setting(pair: string): string[] {
  return ['-c', pair];
}

/** What a finished git process left: its output as bytes. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs one git command in `directory` and waits for its end. Rejects with a UserError only when git itself cannot be started. */
export function runGit(directory: string, args: readonly string[], input?: string): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...GUARDS, ...args], {
      cwd: directory,
      env: environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {});
    child.on('error', (error: NodeJS.ErrnoException) => reject(cannotStart(error, directory)));
    child.on('close', (code) =>
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString('utf8').trim(),
      }),
    );
    child.stdin.end(input ?? '');
  });
}

function cannotStart(error: NodeJS.ErrnoException, directory: string): Error {
  if (error.code !== 'ENOENT') return error;
  return new UserError(
    `git could not be started in ${directory}.`,
    'Install git 2.30 or newer, and check that the folder exists.',
  );
}

/** Variables that git sets for a running hook point at the hook's repository, which need not be the one that is asked for. */
const OF_A_RUNNING_HOOK = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
];

function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of OF_A_RUNNING_HOOK) delete env[name];
  for (const name of Object.keys(env))
    if (/^GIT_(EXTERNAL_DIFF|CONFIG|TRACE|SSH|ASKPASS|PAGER|EDITOR)/.test(name)) delete env[name];
  return {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ATTR_NOSYSTEM: '1',
  };
}
