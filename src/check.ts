import type { Cache } from './cache/cache.ts';
import type { ChangeSet, Tree } from './change/change-set.ts';
import type { Config } from './config.ts';
import type { Judged } from './finding/judge.ts';
import type { ProofOptions } from './prove/prove-change.ts';
import type { CodeLevel } from './read/code-of-change.ts';
import type { BesideOthers, OtherChange, OtherConflict } from './read/conflicts/beside-others.ts';
import type { LostInMerge } from './read/merges/lost-in-merges.ts';
import type { Profile } from './read/profile/profile.ts';
import { isEmpty, maySpeakOfTables, type ReadChange, readChange } from './read/read-change.ts';
import type { Report } from './report/report.ts';
import { type FailLevel, toReport } from './report/to-report.ts';
import type { Rule } from './rule/rule.ts';

/** What every door says of how it wants a change judged. */
export interface CheckOptions {
  readonly config: Config;
  /** Pages of the user's own, read from a trusted side. */
  readonly ownRules: readonly Rule[];
  /** Judge head as a whole, as if nothing had been there before. */
  readonly all: boolean;
  readonly prove: ProofOptions;
  readonly failOn: FailLevel;
  readonly cache: Cache;
  /** Where the configuration was read, and so its profiles; without it they are not. */
  readonly setupTree?: Tree;
  /** How much code is read; by default what the change touches, or all of it with {@link all}. */
  readonly code?: CodeLevel;
  /** Other pull requests or branches that this one is to be compared with; `told` what came of it. */
  readonly others?: {
    readonly changes: (read: ReadChange) => Promise<readonly OtherChange[]>;
    readonly told?: (beside: BesideOthers) => void;
  };
  readonly progress?: (text: string) => void;
}

/** The whole line: reads both sides of a change, proves its migrations, runs the rules, and says what is new. */
export async function check(changeSet: ChangeSet, options: CheckOptions): Promise<Report> {
  const { config, all, cache, ownRules, failOn, progress = () => {} } = options;
  const clock = startClock();

  progress('reading');
  const code = options.code ?? (all ? 'all' : 'touched');
  const change = await readChange(
    changeSet,
    config.migrations,
    cache,
    code,
    config.wrappers,
    config.documents,
  );
  const lost = await lostOf(change, changeSet, options);
  const others = await conflictsOf(change, options);
  const read = { ...change, others, lost, profile: await profileOf(change, options) };
  clock.mark('read');

  const watch = { progress, mark: clock.mark };
  const judged =
    isEmpty(read) && ownRules.length === 0
      ? NOTHING
      : await (await import('./finding/judge.ts')).judge(read, changeSet, options, watch);
  return toReport(changeSet, read, judged, failOn, clock.times());
}

const NOTHING: Judged = { proofs: [], kept: [], waived: [], dismissed: [], notJudged: [] };

/** Conflicts with other pull requests or branches, where a door knows of some. */
async function conflictsOf(read: ReadChange, { others }: CheckOptions): Promise<readonly OtherConflict[]> {
  if (!others) return [];
  const changes = await others.changes(read);
  if (changes.length === 0 && !others.told) return [];
  const { besideOthers } = await import('./read/conflicts/beside-others.ts');
  const beside = await besideOthers(read, changes);
  others.told?.(beside);
  return beside.conflicts;
}

/** What merge commits dropped, where git tells of some; a change in which nothing may speak of tables asks no one. */
async function lostOf(
  { files }: ReadChange,
  changeSet: ChangeSet,
  { config, cache, all }: CheckOptions,
): Promise<readonly LostInMerge[]> {
  if (all || !changeSet.merges || !files.some(({ path }) => maySpeakOfTables(path))) return [];
  const { lostInMerges } = await import('./read/merges/lost-in-merges.ts');
  return lostInMerges(changeSet, config.migrations, cache);
}

/** What was measured of the tables of the change's chains, where the configuration names files that tell. */
export async function profileOf(
  { chains }: ReadChange,
  { config, setupTree }: Pick<CheckOptions, 'config' | 'setupTree'>,
): Promise<Profile | undefined> {
  if (config.profile.length === 0 || !setupTree || chains.length === 0) return undefined;
  const { readProfiles } = await import('./read/profile/read-profiles.ts');
  return readProfiles(config.profile, setupTree, chains);
}

/** Milliseconds by stage. */
function startClock() {
  const times: Record<string, number> = {};
  let last = process.uptime();
  return {
    mark: (stage: string) => {
      const now = process.uptime(); // `performance` is loaded when it is first used, which takes longer than some stages
      times[stage] = Math.round((now - last) * 10_000) / 10;
      last = now;
    },
    times: () => times,
  };
}
