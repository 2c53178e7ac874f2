import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfWhole } from '../change/from-git.ts';
import { resolveMoment } from '../git/moment.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import type { History } from '../read/history/history.ts';
import { readHistory } from '../read/history/read-history.ts';
import type { Schema } from '../schema/schema.ts';
import type { Request } from './arguments.ts';
import { readSetup } from './read-setup.ts';
import { treeOfSetup } from './setup-files.ts';
import { startProgress } from './terminal.ts';

/** The history that a command line points at. */
export interface OpenedHistory {
  readonly repository: Repository;
  /** A full commit id, or `working tree`. */
  readonly at: string;
  readonly history: History;
  readonly schemas: ReadonlyMap<number, Schema>;
}

/** Reads the history up to `--at`, else up to the working tree. */
export async function openHistory(request: Request): Promise<OpenedHistory> {
  const { repo = '.', at, config: configFile } = request.options;
  const repository = await openRepository(repo);
  const head = await resolveMoment(repository, at ?? 'HEAD');
  const setupTree = repository.top ? treeOfSetup(repository.top) : treeOfCommit(repository, head);
  const { config } = await readSetup(setupTree, { configFile });
  const progress = startProgress(request.switches.has('quiet'));
  const workingTree = at === undefined && repository.top ? (await changeOfWhole(repository)).head : undefined;
  const { history, schemas } = await readHistory(repository, head, {
    named: config.migrations,
    cache: openCache(join(repository.commonDir, 'tablewarden')),
    ...(workingTree ? { workingTree } : {}),
    progress: progress.say,
  });
  progress.end();
  return { repository, at: workingTree?.name ?? head, history, schemas };
}
