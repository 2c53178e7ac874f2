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
