import type { Cache } from '../cache/cache.ts';
import type { ChangeSet, Tree } from '../change/change-set.ts';
import { type CheckOptions, check } from '../check.ts';
import { readSetup, type Setup } from '../cli/read-setup.ts';
import { isOwnPage } from '../cli/setup-files.ts';
import { CONFIG_PATHS } from '../config.ts';
import { UserError } from '../errors.ts';
import type { ProofOptions } from '../prove/prove-change.ts';
import type { Report } from '../report/report.ts';
import type { FailLevel } from '../report/to-report.ts';

/** A sentence about a run, and how loud it is said. */
export interface Note {
  readonly kind: 'notice' | 'warning';
  readonly text: string;
}

export interface JudgeOptions {
  /** The base's newest commit, where a change is judged and not everything that is there. */
  readonly tip?: string;
  readonly all: boolean;
  readonly prove: ProofOptions;
  readonly failOn: FailLevel;
  readonly cache: Cache;
  readonly others?: CheckOptions['others'];
}

/** Judges a change by configuration and rules of a tree that it cannot alter: the base's. */
export async function judgeChange(
  changeSet: ChangeSet,
  setupTree: Tree,
  { tip, all, prove, failOn, cache, others }: JudgeOptions,
): Promise<{ readonly report: Report; readonly setup: Setup; readonly notes: readonly Note[] }> {
  const leftOut: string[] = [];
  const setup = await readSetup(setupTree, { leaveOut: (trouble) => leftOut.push(trouble) }).catch(
    (error: unknown) => {
      if (!(error instanceof UserError) || tip === undefined) throw error;
      throw new UserError(error.message, `${error.remedy} It is read from the base, ${tip.slice(0, 12)}.`);
    },
  );
  const { config, ownRules } = setup;
  const proof = { ...config.postgres, ...prove };
  const report = await check(changeSet, {
    ...{ config, ownRules, all, prove: proof, failOn, cache, setupTree },
    ...(others ? { others } : {}),
  });
  const notes = [
    ...leftOut.map(
      (trouble): Note => ({ kind: 'warning', text: `A rule of this repository is left out: ${trouble}` }),
    ),
    ...(tip !== undefined && !all ? setupNotes(changeSet) : []),
  ];
  return { report, setup, notes };
}

function setupNotes({ files }: ChangeSet): readonly Note[] {
  const changed = files
    .map(({ path }) => path)
    .filter((path) => CONFIG_PATHS.includes(path) || isOwnPage(path));
  if (changed.length === 0) return [];
  const counts = changed.length === 1 ? 'counts' : 'count';
  const text = `${changed.join(', ')} of this change ${counts} once merged: configuration and rules are those of the base.`;
  return [{ kind: 'notice', text }];
}
