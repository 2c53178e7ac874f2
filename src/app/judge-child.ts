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
import { openServed } from './served-change.ts';

/**
 * The process that judges for the App: it reads what was fetched or asks its parent for it, starts engines, and holds neither a secret nor a
 * connection. It ends with its parent, whose end of the pipe stays open as long as it lives.
 */
async function judge(request: JudgeRequest): Promise<JudgeAnswer> {
  const { range, pglite } = request;
  try {
    const { changeSet, setupTree, cache } = await opened(request);
    const { report, setup, notes } = await judgeChange(changeSet, setupTree, {
      tip: range.tip,
      all: false,
      prove: { mode: 'full', make: true, ...(pglite ? { pglite } : {}) },
      failOn: 'error',
      cache: openCache(cache),
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

async function opened(request: JudgeRequest) {
  if (request.kind === 'served') return { ...openServed(request), cache: undefined };
  const { base, head, tip } = request.range;
  const repository = await openRepository(request.folder);
  return {
    changeSet: await changeOfCommits(repository, base, head),
    setupTree: treeOfCommit(repository, tip),
    cache: join(repository.commonDir, 'tablewarden'),
  };
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
