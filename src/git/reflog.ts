import type { Repository } from './repository.ts';

/** Where a ref pointed from a moment on. */
export interface RefMove {
  /** Seconds since 1970. */
  readonly time: number;
  readonly commit: string;
}

/** What the reflog of HEAD tells, oldest first: of this working tree alone, for as long as git keeps it. */
export async function readReflog(repository: Repository): Promise<readonly RefMove[]> {
  const args = ['reflog', 'show', '--date=unix', '--format=%H %gd', 'HEAD', '--'];
  const { code, stdout } = await repository.try(args);
  if (code !== 0) return [];
  const moves = stdout.toString('utf8').split('\n').reverse();
  return moves.flatMap((line) => {
    const [, commit, time] = /^([0-9a-f]+) .*@\{(\d+)\}$/.exec(line) ?? [];
    return commit === undefined ? [] : [{ commit, time: Number(time) }];
  });
}

/** The full name of the branch that HEAD stands on; `HEAD` where it stands on none. */
export async function headRef(repository: Repository): Promise<string> {
  const { code, stdout } = await repository.try(['symbolic-ref', '--quiet', 'HEAD']);
  return code === 0 ? stdout.toString('utf8').trim() : 'HEAD';
}
