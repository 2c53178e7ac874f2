import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { resolveMoment } from '../git/moment.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { compareRevisions } from '../read/compare-revisions.ts';
import { diffJson } from '../report/history/diff-json.ts';
import { diffText } from '../report/history/diff-text.ts';
import { paintWith } from '../report/paint.ts';
import type { Request } from './arguments.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { treeOfSetup } from './setup-files.ts';
import { terminalOf } from './terminal.ts';

/** Writes what parts the schemas of two revisions, or of one and the working tree. */
export async function diffCommand(request: Request): Promise<number> {
  const { repo = '.', config: configFile, format, output } = request.options;
  const [one = '', other] = request.words.flatMap((word) => word.split(/\.{2,3}/));
  const repository = await openRepository(repo);
  const from = await resolveMoment(repository, one || 'HEAD');
  const changeSet = await changeBetween(repository, from, other);
  const setupTree = repository.top ? treeOfSetup(repository.top) : treeOfCommit(repository, from);
  const { config } = await readSetup(setupTree, { configFile });
  const cache = openCache(join(repository.commonDir, 'tablewarden'));
  const chains = await compareRevisions(changeSet, config.migrations, cache);
  const diff = { from, to: changeSet.head.name, chains };
  const { color } = terminalOf(process.stdout, output !== undefined);
  await writeResult(request.options, format === 'json' ? diffJson(diff) : diffText(diff, paintWith(color)));
  return 0;
}

async function changeBetween(repository: Repository, from: string, other: string | undefined) {
  if (other === undefined && repository.top) {
    const { changeOfWorkingTree } = await import('../change/working-tree.ts');
    return changeOfWorkingTree(repository, repository.top, from);
  }
  return changeOfCommits(repository, from, await resolveMoment(repository, other || 'HEAD'));
}
