import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { environment } from './environment.ts';
import { openRepository, type Repository } from './repository.ts';
import { runGit } from './run.ts';

/** Opens a bare repository that follows a remote one, and makes it where there is none; nothing is fetched. */
export async function openMirror(directory: string, url: string): Promise<Repository> {
  if (!existsSync(join(directory, 'HEAD'))) {
    mkdirSync(directory, { recursive: true });
    const { code, stderr } = await runGit(directory, ['init', '--quiet', '--bare', '--template='], {
      env: environment(),
    });
    if (code !== 0)
      throw new UserError(
        `${directory} cannot be made: ${stderr.slice(0, 300)}`,
        'Make room, or name another folder.',
      );
  }
  const repository = await openRepository(directory);
  await repository.run(['config', 'remote.origin.url', url]);
  return repository;
}

/** Ids of the objects that commits need and a partial clone lacks; nothing is fetched to find out. */
export async function missingObjects(
  repository: Repository,
  commits: readonly string[],
): Promise<ReadonlySet<string>> {
  const output = await repository.run(
    ['rev-list', '--objects', '--no-walk', '--missing=print', '--stdin'],
    `${commits.join('\n')}\n`,
  );
  const missing = new Set<string>();
  for (const [, id = ''] of output.toString('latin1').matchAll(/^\?([0-9a-f]+)$/gm)) missing.add(id);
  return missing;
}
