import type { Severities } from './claim.ts';
import type { Claim, Rule } from './rule.ts';

/**
 * How much is said: `recommended` what the pages say; `strict` also what is off by default, as notes, and notes as warnings;
 * `quiet` no notes.
 */
export const PRESETS = ['recommended', 'strict', 'quiet'] as const;

export type Preset = (typeof PRESETS)[number];

/** What the configuration says of severities. */
interface Wanted {
  readonly rules: Severities;
  readonly preset?: Preset;
}

/** The severity of each rule that the configuration or its preset gives another one than its page. */
export function severitiesOf(rules: readonly Rule[], { rules: named, preset }: Wanted): Severities {
  if (preset === undefined || preset === 'recommended') return named;
  const instead: Severities = preset === 'strict' ? { off: 'note', note: 'warning' } : { note: 'off' };
  const given = rules.map(({ id, severity }) => [id, instead[severity] ?? severity] as const);
  return { ...Object.fromEntries(given), ...named };
}

/** Notes that pages of another severity make of single findings, as the preset wants them; rules that are named stay. */
export function withPreset(
  claims: readonly Claim[],
  rules: readonly Rule[],
  { rules: named, preset }: Wanted,
): readonly Claim[] {
  if (preset === undefined || preset === 'recommended') return claims;
  const offByDefault = new Set(rules.flatMap(({ id, severity }) => (severity === 'off' ? id : [])));
  const isMeant = ({ rule, severity }: Claim) =>
    severity === 'note' && !Object.hasOwn(named, rule) && !offByDefault.has(rule);
  if (preset === 'quiet') return claims.filter((claim) => !isMeant(claim));
  return claims.map((claim) => (isMeant(claim) ? { ...claim, severity: 'warning' } : claim));
}
