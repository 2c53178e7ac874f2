import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { EXIT } from '../errors.ts';
import { listBranches } from '../git/branches.ts';
import { openRepository } from '../git/repository.ts';
import { findMergeBase, resolveCommit } from '../git/revision.ts';
import { findConflicts } from '../read/conflicts/find-conflicts.ts';
import { type ReadOpenChange, readOpenChange, takesAway } from '../read/conflicts/read-open-change.ts';
import { type BranchConflicts, conflictsJson } from '../report/conflicts/conflicts-json.ts';
import { conflictsText } from '../report/conflicts/conflicts-text.ts';
import { paintWith } from '../report/paint.ts';
import type { Request } from './arguments.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { treeOfSetup } from './setup-files.ts';
import { startProgress, terminalOf } from './terminal.ts';

/** Compares the change of HEAD with those of other branches: by default of every remote one that HEAD does not hold. */
export async function conflictsCommand(request: Request): Promise<number> {
  const { repo = '.', config: configFile, format, output } = request.options;
  const repository = await openRepository(repo);
  const head = await resolveCommit(repository, 'HEAD');
  const setupTree = repository.top ? treeOfSetup(repository.top) : treeOfCommit(repository, head);
  const { config } = await readSetup(setupTree, { configFile });
  const cache = openCache(join(repository.commonDir, 'tablewarden'));
  const readFrom = async (base: string, to: string) =>
    readOpenChange(await changeOfCommits(repository, base, to), config.migrations, cache, config.wrappers);
  const ourChanges = new Map<string, Promise<ReadOpenChange>>();
  const progress = startProgress(request.switches.has('quiet'));
  const branches: BranchConflicts[] = [];
  for (const branch of request.words.length > 0 ? request.words : await listBranches(repository)) {
    progress.say(`comparing with ${branch}`);
    const other = await resolveCommit(repository, branch);
    const root = await findMergeBase(repository, head, other);
    if (root === undefined || root === other) continue;
    const ours = ourChanges.get(root) ?? readFrom(root, head);
    ourChanges.set(root, ours);
    branches.push({ branch, chains: await compared(await ours, await readFrom(root, other)) });
  }
  progress.end();
  const { color } = terminalOf(process.stdout, output !== undefined);
  const text = format === 'json' ? conflictsJson(head, branches) : conflictsText(branches, paintWith(color));
  await writeResult(request.options, text);
  const collides = branches.some(({ chains }) => chains.some(({ conflicts }) => conflicts.length > 0));
  return collides ? EXIT.findings : EXIT.clean;
}

/** Code is read only where the other side takes something away. */
async function compared(ours: ReadOpenChange, theirs: ReadOpenChange) {
  const usesOf = (one: ReadOpenChange, other: ReadOpenChange) => (takesAway(other) ? one.readUses() : []);
  return findConflicts(
    new Map([...theirs.bases, ...ours.bases]),
    { chains: ours.chains, uses: await usesOf(ours, theirs) },
    { chains: theirs.chains, uses: await usesOf(theirs, ours) },
  );
}
