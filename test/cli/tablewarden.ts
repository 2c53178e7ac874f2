import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { bareEnvironment } from '../hook/repository.ts';

/** The command as it was built; `npm test` builds it first. */
export const CLI = resolve('dist/cli.js');

/** What a run of the command left. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command in a folder, without a terminal. */
export function tablewarden(
  directory: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: directory,
    encoding: 'utf8',
    input: options.input ?? '',
    env: { ...bareEnvironment(), ...options.env },
  });
  return { code: status, out: stdout, err: stderr };
}
