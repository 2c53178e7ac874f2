import type { Tree } from '../change/change-set.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { UserError } from '../errors.ts';
import { commitsOverTime } from '../git/history.ts';
import { openRepository } from '../git/repository.ts';
import { usesInCode } from '../read/uses-in-code.ts';
import { type LegacyTable, legacyText } from '../report/legacy.ts';
import type { Request } from './arguments.ts';
import { openChange } from './open-change.ts';
import { writeResult } from './output.ts';
import { readSetup } from './read-setup.ts';
import { startProgress } from './terminal.ts';

/** Points in time at which the history is looked at. */
const POINTS = 24;

/** Counts the uses of legacy tables in code: in the revision that is asked about, and over the history before it. */
export async function legacyCommand(request: Request): Promise<number> {
  const [revision] = request.words;
  const { changeSet, setupTree, cache } = await openChange(request, revision, true);
  const { config } = await readSetup(setupTree, { configFile: request.options.config });
  const legacy = config.legacy.filter((one) => one.columns === undefined);
  if (legacy.length === 0)
    throw new UserError(
      'The configuration names no legacy tables.',
      'Name them under `legacy` in tablewarden.yml: `- { table: posts, use: documents, because: … }`.',
    );
  const progress = startProgress(request.switches.has('quiet'));
  const names = legacy.map(({ table }) => table);
  const count = (tree: Tree) => usesInCode(tree, names, cache, config.wrappers);
  progress.say('reading');
  const now = await count(changeSet.head);
  const repository = await openRepository(request.options.repo ?? '.');
  const history: { commit: string; date: string; uses: ReadonlyMap<string, number> }[] = [];
  for (const point of await commitsOverTime(repository, revision ?? 'HEAD', POINTS)) {
    progress.say(`reading ${point.date}`);
    const uses = await count(treeOfCommit(repository, point.commit));
    history.push({ ...point, uses: new Map([...uses].map(([name, places]) => [name, places.length])) });
  }
  progress.end();
  const tables = legacy.map(({ table, use, because, since }): LegacyTable => {
    const places = now.get(table) ?? [];
    return {
      table,
      ...(use === undefined ? {} : { use }),
      ...(because === undefined ? {} : { because }),
      ...(since === undefined ? {} : { since }),
      uses: places.length,
      places: places.map(({ path, line }) => ({ path, line })),
      history: history.map(({ commit, date, uses }) => ({ commit, date, uses: uses.get(table) ?? 0 })),
    };
  });
  const text =
    request.options.format === 'json'
      ? `${JSON.stringify({ at: changeSet.head.name, tables }, undefined, 2)}\n`
      : legacyText(tables);
  await writeResult(request.options, text);
  return 0;
}
