import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serialize } from 'node:v8';
import { judgeChange } from '../action/judge-change.ts';
import { openCache } from '../cache/cache.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits } from '../change/from-git.ts';
import { UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import type { BesideOthers } from '../read/conflicts/beside-others.ts';
import type { JudgeAnswer, JudgeRequest } from './judge.ts';
import { openServed } from './served-change.ts';

/**
 * The process that judges for the App: it reads what was fetched or asks its parent for it, starts engines, and holds neither a secret nor a
 * connection. It ends with its parent, whose end of the pipe stays open as long as it lives.
 */
async function judge(request: JudgeRequest): Promise<JudgeAnswer> {
  const { range, pglite, others } = request;
  let beside: BesideOthers | undefined;
  try {
    const { changeSet, setupTree, cache } = await opened(request);
    const { report, setup, notes } = await judgeChange(changeSet, setupTree, {
      tip: range.tip,
      all: false,
      prove: { mode: 'full', make: true, ...(pglite ? { pglite } : {}) },
      failOn: 'error',
      cache: openCache(cache),
      others: {
        changes: async () => others,
        told: (what) => {
          beside = what;
        },
      },
    });
    const { own = { chains: [], uses: [] }, conflicts = [], notJudged = [] } = beside ?? {};
    return {
      report,
      own,
      collidesWith: [...new Set([...conflicts, ...notJudged].flatMap(({ pull }) => pull ?? []))],
      notes: [...notes.map((note) => note.text), ...notJudged.map(notCompared)],
      ownRules: setup.ownRules.map(({ id }) => ({ id })),
      fixed: setup.config.review.fixed,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { trouble: { message: error.message, remedy: error.remedy } };
  }
}

function notCompared({ name, reason }: BesideOthers['notJudged'][number]): string {
  return `Not compared with ${name}: ${reason}.`;
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

createInterface({ input: process.stdin })
  .once('line', (request) => {
    judge(JSON.parse(request) as JudgeRequest).then(
      (answer) => process.stdout.write(serialize(answer), () => process.exit(0)),
      (error: unknown) => {
        const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.stderr.write(words.slice(0, 4000), () => process.exit(3));
      },
    );
  })
  .once('close', () => process.exit(1));
