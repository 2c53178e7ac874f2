import type { FoundClaim } from './claim.ts';
import type { Rule } from './rule.ts';

const LOUDNESS = ['note', 'warning', 'error'];

/** Of claims of several rules that ask for the same thing for a column of a table, the loudest; of equals that of the first rule. */
export function askedOnce(found: ReadonlyMap<Rule, readonly FoundClaim[]>): Map<Rule, readonly FoundClaim[]> {
  const kept = new Map<Rule, readonly FoundClaim[]>();
  for (const [rule, claims] of found) {
    const rivals = [...found].filter(
      ([other]) => rule.asks !== undefined && other !== rule && other.asks === rule.asks,
    );
    kept.set(
      rule,
      claims.filter(
        (claim) => !rivals.some(([other, all]) => all.some((one) => isLouder(one, other, claim, rule))),
      ),
    );
  }
  return kept;
}

function isLouder(one: FoundClaim, other: Rule, claim: FoundClaim, rule: Rule): boolean {
  if (one.factId === undefined || one.factId !== claim.factId) return false;
  const columns = claim.claim.columns ?? [];
  if (!one.claim.columns?.some((name) => columns.includes(name))) return false;
  const [its, own] = [one, claim].map(({ claim: { severity } }) => LOUDNESS.indexOf(severity));
  return its === own ? other.id < rule.id : Number(its) > Number(own);
}
