import type { Repository } from './repository.ts';

/** Branches that HEAD does not hold: the remotes', or in a repository without any the local ones. */
export async function listBranches(repository: Repository): Promise<readonly string[]> {
  for (const folder of ['refs/remotes', 'refs/heads']) {
    const args = ['for-each-ref', '--no-merged=HEAD', '--format=%(refname)%00%(symref)', folder];
    const lines = (await repository.run(args)).toString('utf8').split('\n').filter(Boolean);
    const names = lines.flatMap((line) => {
      const [name = '', symref] = line.split('\0');
      return symref ? [] : [name];
    });
    if (names.length > 0) return names;
  }
  return [];
}

/** A branch of a remote, as it was fetched last. */
export interface RemoteBranch {
  readonly ref: string;
  readonly commit: string;
  /** When its last commit was made, in seconds since 1970. */
  readonly time: number;
}

/** The branches of a remote that a commit does not hold, those that moved last first. */
export async function listRemoteBranches(
  repository: Repository,
  remote: string,
  commit: string,
): Promise<readonly RemoteBranch[]> {
  const format = '--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(symref)';
  const args = ['for-each-ref', `--no-merged=${commit}`, '--sort=-committerdate', format];
  const { code, stdout } = await repository.try([...args, `refs/remotes/${remote}/`]);
  if (code !== 0) return [];
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const [ref = '', commit = '', time, symref] = line.split('\0');
    return symref ? [] : [{ ref, commit, time: Number(time) }];
  });
}

/** When a commit was made, in seconds since 1970, by its committer's clock. */
export async function timeOf(repository: Repository, commit: string): Promise<number> {
  return Number((await repository.run(['show', '-s', '--format=%ct', commit, '--'])).toString('latin1'));
}
