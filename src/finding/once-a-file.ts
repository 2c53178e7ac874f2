import { weightOf } from '../rule/load.ts';
import { plain } from '../rule/message.ts';
import type { Rule } from '../rule/rule.ts';
import type { Finding } from './finding.ts';

/** How many of the others are named. */
const NAMED = 5;

/**
 * What rules that say their things, or their notes, once a file have to say: of each file one finding, the one that costs most by a profile,
 * or the first that is proved, or else the first, which names what the others are about. Call it when trials and waivers have taken out what they take out: no finding goes with another's.
 */
export function onceAFile(findings: readonly Finding[], rules: readonly Rule[]): readonly Finding[] {
  const once = new Map(rules.map((rule) => [rule.id, rule.once]));
  const isGrouped = ({ rule, severity }: Finding) =>
    once.get(rule) === 'file' || (once.get(rule) === 'notes' && severity === 'note');
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (!isGrouped(finding)) continue;
    const key = keyOf(finding);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return findings.flatMap((finding) => {
    const group = (isGrouped(finding) && groups.get(keyOf(finding))) || [finding];
    const first = group.toSorted((a, b) => rankOf(b) - rankOf(a))[0];
    if (finding !== first) return [];
    const others = group.filter((one) => one !== first);
    if (others.length === 0) return [finding];
    const also = others.slice(0, NAMED).map(({ subject }) => subject);
    const named = also.map(subjectText);
    const more = others.length > NAMED ? `, and ${others.length - NAMED} more` : '';
    const where = first === group[0] ? 'further down' : 'elsewhere';
    const message = `${finding.message} The same goes for ${named.join(', ')}${more}, ${where} in this file.`;
    return [{ ...finding, message, also }];
  });
}

/** What a profile tells most of; else what is proved, and else the first. */
function rankOf({ load, evidence }: Finding): number {
  return weightOf(load) + (evidence.kind === 'proved' ? 1e-9 : 0);
}

function keyOf({ rule, path, severity, inSummary }: Finding): string {
  return JSON.stringify([rule, path, severity, inSummary]);
}

function subjectText({ table, columns = [], name }: Finding['subject']): string {
  const what = columns.length > 0 ? ` (${columns.join(', ')})` : '';
  return plain(table === undefined ? (name ?? what) : `${table}${what}`);
}
