import { claimOf, type Severities } from '../rule/claim.ts';
import type { Claim } from '../rule/rule.ts';
import { askedOnce } from './asked-once.ts';
import type { Finding, WaivedFinding } from './finding.ts';
import { onceAFile } from './once-a-file.ts';
import { type FindingContext, toFindings } from './to-findings.ts';
import { waive } from './waive.ts';
import { findWaivers } from './waiver.ts';

/** What a check says in the end. */
export interface Settled {
  readonly kept: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
}

/**
 * Turns claims into findings, sets aside those that a comment allows, and adds what is wrong with such comments. `addressed`
 * holds head's texts that speak to Tablewarden; `never` names the rules that nobody may waive.
 */
export function settle(
  claims: readonly Claim[],
  context: FindingContext,
  addressed: ReadonlyMap<string, string>,
  never: readonly string[],
  severities: Severities,
): Settled {
  const findings = toFindings(claims, context);
  const waivers = [...addressed].flatMap(([path, text]) => findWaivers(path, text));
  const once = (some: readonly Finding[]) => onceAFile(askedOnce(some, context.rules), context.rules);
  if (waivers.length === 0) return { kept: once(findings), waived: [] };
  const pages = new Map(context.rules.map((rule) => [rule.id, rule]));
  const { kept, waived, problems } = waive(findings, waivers, {
    today: new Date().toISOString().slice(0, 10),
    never,
    knownRules: pages.keys(),
    hunks: context.hunks,
  });
  const claimed = problems.flatMap((problem) => {
    const page = pages.get(problem.rule);
    return (page && claimOf(page, problem, severities)) ?? [];
  });
  return { kept: [...once(kept), ...toFindings(claimed, context)], waived };
}
