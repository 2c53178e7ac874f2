import type { Cache } from './cache/cache.ts';
import type { ChangeSet } from './change/change-set.ts';
import { readTexts } from './change/read-texts.ts';
import type { Config } from './config.ts';
import { pathsOf } from './finding/paths-of.ts';
import { settle } from './finding/settle.ts';
import { toFindings } from './finding/to-findings.ts';
import { completeChains } from './prove/catalog/complete-chains.ts';
import { openChild } from './prove/child.ts';
import { type ProofOptions, proveChange } from './prove/prove-change.ts';
import { trialsIn } from './prove/try-trials.ts';
import type { CodeLevel } from './read/code-of-change.ts';
import { pathsWithFacts, readChange } from './read/read-change.ts';
import type { Report } from './report/report.ts';
import { type FailLevel, toReport } from './report/to-report.ts';
import { lineClaims } from './rule/line-claims.ts';
import { builtInRules } from './rule/pages.ts';
import type { Rule } from './rule/rule.ts';
import { runRules } from './rule/run.ts';
import { tryClaims } from './rule/try-claims.ts';

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

  const engine = openChild();
  try {
    progress('proving');
    const proofs = await proveChange(read.chains, changeSet, cache, options.prove, engine);
    const chains = completeChains(read.chains, proofs);
    clock.mark('prove');

    progress('judging');
    const rules = [...builtInRules(), ...options.ownRules];
    const hunks = await changeSet.hunks(pathsWithFacts(read));
    const facts = {
      ...{ ...read, chains, proofs },
      policy: config,
      hunks,
      notAnalysed: read.coverage.notAnalysed.map(({ reason, kind: _, ...span }) => ({ span, reason })),
    };
    const severities = config.rules;
    const judged = await runRules(rules, facts, engine.open, { all, severities, code });
    const said = lineClaims(rules, read, proofs, severities);
    const ask = trialsIn(changeSet, cache, options.prove, engine);
    const tried = await tryClaims(judged.claims, chains, proofs, ask);
    clock.mark('judge');

    const claims = [...tried.claims, ...said];
    const texts = await readTexts(changeSet, pathsOf([...claims, ...tried.dismissed], chains));
    const context = { rules, chains, hunks, texts, all };
    const settled = settle(claims, context, read.addressed, config.waivers.never, severities);
    const dismissed = toFindings(tried.dismissed, context);
    return toReport(
      changeSet,
      read,
      proofs,
      { ...settled, dismissed },
      judged.notJudged,
      options.failOn,
      clock.times(),
    );
  } finally {
    await engine.close();
  }
}

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
