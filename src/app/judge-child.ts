import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { serialize } from 'node:v8';
import { judgeChange } from '../action/judge-change.ts';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import type { JudgeAnswer, JudgeRequest } from './judge.ts';

/**
 * The process that judges for the App: it reads what was fetched, starts engines, and holds neither a secret nor a
 * connection. It ends with its parent, whose end of the pipe stays open as long as it lives.
 */
async function judge({ folder, range, pglite }: JudgeRequest): Promise<JudgeAnswer> {
  const { base, head, tip } = range;
  try {
    const repository = await openRepository(folder);
    const changeSet = await changeOfCommits(repository, base, head);
    const { report, setup, notes } = await judgeChange(changeSet, treeOfCommit(repository, tip), {
      tip,
      all: false,
      prove: { mode: 'full', make: true, ...(pglite ? { pglite } : {}) },
      failOn: 'error',
      cache: openCache(join(repository.commonDir, 'tablewarden')),
    });
    return {
      report,
      notes: notes.map((note) => note.text),
      ownRules: setup.ownRules.map(({ id }) => ({ id })),
      fixed: setup.config.review.fixed,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { trouble: { message: error.message, remedy: error.remedy } };
  }
}

const [, , request = '{}'] = process.argv;
text(process.stdin).then(
  () => process.exit(1),
  () => process.exit(1),
);
judge(JSON.parse(request) as JudgeRequest).then(
  (answer) => process.stdout.write(serialize(answer), () => process.exit(0)),
  (error: unknown) => {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(words.slice(0, 4000), () => process.exit(3));
  },
);
