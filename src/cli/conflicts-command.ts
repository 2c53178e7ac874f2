import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { EXIT } from '../errors.ts';
import { listBranches } from '../git/branches.ts';
import { openRepository } from '../git/repository.ts';
import { findMergeBase, resolveCommit } from '../git/revision.ts';
import { findConflicts } from '../read/conflicts.ts';
import { type BranchConflicts, conflictsText } from '../report/conflicts-text.ts';
import { paintWith } from '../report/paint.ts';
import type { Request } from './arguments.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { treeOfSetup } from './setup-files.ts';
import { startProgress, terminalOf } from './terminal.ts';

/** Compares the migrations of HEAD with those of other branches: by default of every remote one that HEAD does not hold. */
export async function conflictsCommand(request: Request): Promise<number> {
  const { repo = '.', config: configFile, format, output } = request.options;
  const repository = await openRepository(repo);
  const head = await resolveCommit(repository, 'HEAD');
  const ours = treeOfCommit(repository, head);
  const { config } = await readSetup(repository.top ? treeOfSetup(repository.top) : ours, { configFile });
  const cache = openCache(join(repository.commonDir, 'tablewarden'));
  const progress = startProgress(request.switches.has('quiet'));
  const branches: BranchConflicts[] = [];
  for (const branch of request.words.length > 0 ? request.words : await listBranches(repository)) {
    progress.say(`comparing with ${branch}`);
    const other = await resolveCommit(repository, branch);
    const root = await findMergeBase(repository, head, other);
    if (root === undefined || root === other) continue;
    const sides = { base: treeOfCommit(repository, root), ours, theirs: treeOfCommit(repository, other) };
    branches.push({ branch, chains: await findConflicts(sides, config.migrations, cache) });
  }
  progress.end();
  const { color } = terminalOf(process.stdout, output !== undefined);
  const text =
    format === 'json'
      ? `${JSON.stringify({ head, branches }, undefined, 2)}\n`
      : conflictsText(branches, paintWith(color));
  await writeResult(request.options, text);
  const collides = branches.some(({ chains }) => chains.some(({ conflicts }) => conflicts.length > 0));
  return collides ? EXIT.findings : EXIT.clean;
}
