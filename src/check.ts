import type { Cache } from './cache/cache.ts';
import type { ChangeSet } from './change/change-set.ts';
import { readTexts } from './change/read-texts.ts';
import type { Config } from './config.ts';
import { pathsOf } from './finding/paths-of.ts';
import { settle } from './finding/settle.ts';
import { toFindings } from './finding/to-findings.ts';
import type { ProofOptions } from './prove/prove-change.ts';
import type { CodeLevel } from './read/code-of-change.ts';
import { pathsWithFacts, type ReadChange, readChange } from './read/read-change.ts';
import type { Report } from './report/report.ts';
import { type FailLevel, toReport } from './report/to-report.ts';
import { lineClaims } from './rule/line-claims.ts';
import { builtInRules } from './rule/pages.ts';
import { severitiesOf } from './rule/preset.ts';
import type { Judged } from './rule/prove-and-judge.ts';
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
  /** How much code is read; by default what the change touches, or all of it with {@link all}. */
  readonly code?: CodeLevel;
  readonly progress?: (text: string) => void;
}

/** The whole line: reads both sides of a change, proves its migrations, runs the rules, and says what is new. */
export async function check(changeSet: ChangeSet, options: CheckOptions): Promise<Report> {
  const { config, all, cache, progress = () => {} } = options;
  const clock = startClock();

  progress('reading');
  const code = options.code ?? (all ? 'all' : 'touched');
  const read = await readChange(changeSet, config.migrations, cache, code, config.wrappers);
  clock.mark('read');

  const rules = [...builtInRules(), ...options.ownRules];
  const hunks = await changeSet.hunks(pathsWithFacts(read));
  const severities = severitiesOf(rules, config);
  const judged =
    saysNothing(read) && options.ownRules.length === 0
      ? NOTHING
      : await (await import('./rule/prove-and-judge.ts')).proveAndJudge(
          read,
          changeSet,
          rules,
          hunks,
          options,
          {
            progress,
            mark: clock.mark,
          },
        );
  const { chains, proofs, notJudged } = judged;
  const claims = [...judged.claims, ...lineClaims(rules, read, proofs, severities, judged.claims)];
  const texts = await readTexts(changeSet, pathsOf([...claims, ...judged.dismissed], chains));
  const context = { rules, chains, hunks, texts, all };
  const settled = settle(claims, context, read.addressed, config.waivers.never, severities);
  const dismissed = toFindings(judged.dismissed, context);
  return toReport(
    changeSet,
    read,
    proofs,
    { ...settled, dismissed },
    notJudged,
    options.failOn,
    clock.times(),
  );
}

/** Whether a change touches nothing that a rule of Tablewarden's own asks for: they all ask for more than changed files. */
function saysNothing({ chains, markers, ...read }: ReadChange): boolean {
  const sides = [read.uses, read.queries, read.models, read.connections].flatMap(({ base, head }) => [
    base,
    head,
  ]);
  return chains.length === 0 && [markers, ...sides].every(({ length }) => length === 0);
}

const NOTHING: Judged = { chains: [], proofs: [], claims: [], dismissed: [], notJudged: [] };

/** Milliseconds by stage. */
function startClock() {
  const times: Record<string, number> = {};
  let last = performance.now();
  return {
    mark: (stage: string) => {
      const now = performance.now();
      times[stage] = Math.round((now - last) * 10) / 10;
      last = now;
    },
    times: () => times,
  };
}
