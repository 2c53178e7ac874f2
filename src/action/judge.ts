import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import type { ChangeSet, Tree } from '../change/change-set.ts';
import { treeOfCommit } from '../change/commit-tree.ts';
import { changeOfCommits, changeOfWhole } from '../change/from-git.ts';
import type { Setup } from '../cli/read-setup.ts';
import { UserError } from '../errors.ts';
import type { Credential } from '../git/fetch.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { resolveCommits } from '../git/revision.ts';
import { openRange, type Range } from '../github/open-range.ts';
import type { Report } from '../report/report.ts';
import type { RunEvent } from './event.ts';
import type { Inputs } from './inputs.ts';
import { judgeChange, type Note } from './judge-change.ts';

/** A change that was judged. */
export interface Judged {
  readonly report: Report;
  readonly changeSet: ChangeSet;
  readonly setup: Setup;
  /** Where configuration and rules were read: the base, so that a pull request cannot switch off its own guard. */
  readonly setupTree: Tree;
  readonly repository: Repository;
  /** Undefined where everything that is there was judged. */
  readonly range?: Range;
  /** What the reader should know about this run. */
  readonly notes: readonly Note[];
}

/** Judges what the inputs or the event compare, or with `all` everything that is there. */
export async function judge(
  inputs: Inputs,
  event: RunEvent,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<Judged> {
  const repository = await openRepository(inputs.path);
  const range = await rangeOf(repository, inputs, event, { credential: credentialOf(inputs, env), say });
  const whole = inputs.all || !range;
  const changeSet = whole
    ? await changeOfWhole(repository, range?.head ?? 'HEAD')
    : await changeOfCommits(repository, range.base, range.head);
  const setupTree = range ? treeOfCommit(repository, range.tip) : changeSet.head;
  const { report, setup, notes } = await judgeChange(changeSet, setupTree, {
    tip: range?.tip,
    all: whole,
    prove: { mode: inputs.prove, make: true },
    failOn: inputs.failOn,
    cache: openCache(join(repository.commonDir, 'tablewarden')),
  });
  return {
    ...{ report, changeSet, setup, setupTree, repository },
    notes: [...notesOf(event), ...notes],
    ...(whole ? {} : { range }),
  };
}

async function rangeOf(
  repository: Repository,
  inputs: Inputs,
  event: RunEvent,
  options: Parameters<typeof openRange>[2],
): Promise<Range | undefined> {
  if (inputs.base !== undefined && inputs.head !== undefined) {
    const [base = '', head = ''] = await resolveCommits(repository, [inputs.base, inputs.head]);
    return openRange(repository, { base: { commit: base }, head }, options);
  }
  if (event.sides) return openRange(repository, event.sides, options);
  if (inputs.all) return undefined;
  throw new UserError(
    `The event ${event.name || 'of this run'} compares nothing.`,
    'Set `all: true` to judge everything that is there, or name both sides with `base` and `head`.',
  );
}

/** GitHub takes the token as a password (https://docs.github.com/apps, `x-access-token`). */
function credentialOf({ token }: Inputs, env: NodeJS.ProcessEnv): Credential | undefined {
  if (token === undefined) return undefined;
  const url = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { url, header: `AUTHORIZATION: basic ${basic}` };
}

function notesOf(event: RunEvent): readonly Note[] {
  if (event.name !== 'pull_request_target') return [];
  return [{ kind: 'warning', text: TARGET }];
}

const TARGET =
  'This workflow runs on pull_request_target, with a token that may write and with secrets in reach. Tablewarden only ' +
  'reads the files of the pull request; no other step of the job may run them. For Tablewarden pull_request is enough.';
