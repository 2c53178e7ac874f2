import type { Rule } from '../rule/rule.ts';
import type { Finding } from './finding.ts';

const LOUDNESS = ['note', 'warning', 'error'];

/**
 * Of findings of several rules that ask for the same thing for a column of a table, the loudest; of equals that of the first
 * rule. Call it when trials and waivers have taken out what they take out: no finding goes with another's.
 */
export function askedOnce(findings: readonly Finding[], rules: readonly Rule[]): readonly Finding[] {
  const asks = new Map(rules.flatMap(({ id, asks: what }) => (what === undefined ? [] : [[id, what]])));
  const rivals = new Map<string, Finding[]>();
  const keyOf = ({ rule, chain, subject }: Finding) => JSON.stringify([asks.get(rule), chain, subject.table]);
  for (const one of findings) {
    if (!asks.has(one.rule)) continue;
    const known = rivals.get(keyOf(one));
    if (known) known.push(one);
    else rivals.set(keyOf(one), [one]);
  }
  return findings.filter(
    (one) =>
      !asks.has(one.rule) ||
      !rivals.get(keyOf(one))?.some((other) => other.rule !== one.rule && isLouder(other, one)),
  );
}

function isLouder(one: Finding, than: Finding): boolean {
  const { table, columns = [] } = than.subject;
  if (table === undefined || one.subject.table !== table || one.chain !== than.chain) return false;
  if (!one.subject.columns?.some((name) => columns.includes(name))) return false;
  const [its = 0, own = 0] = [one, than].map(({ severity }) => LOUDNESS.indexOf(severity));
  return its === own ? one.rule < than.rule : its > own;
}
