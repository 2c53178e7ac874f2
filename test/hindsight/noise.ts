import type { Judged } from './replay.ts';

/** How loud a history would have been: migrations with a word of each severity, findings, and the rules that said them. */
export interface Noise {
  readonly migrations: number;
  readonly withError: number;
  /** With a warning or an error. */
  readonly loud: number;
  readonly withNote: number;
  readonly warnings: number;
  readonly notes: number;
  /** Findings by `severity rule`, the commonest first. */
  readonly byRule: readonly (readonly [string, number])[];
}

/** Counts what was said over one history or several. */
export function noiseOf(all: readonly Judged[]): Noise {
  const having = (...severities: readonly string[]) =>
    all.filter(({ findings }) => findings.some((finding) => severities.includes(finding.severity))).length;
  const findings = all.flatMap((one) => one.findings);
  const byRule = new Map<string, number>();
  for (const { severity, rule } of findings)
    byRule.set(`${severity} ${rule}`, (byRule.get(`${severity} ${rule}`) ?? 0) + 1);
  return {
    migrations: all.length,
    withError: having('error'),
    loud: having('warning', 'error'),
    withNote: having('note'),
    warnings: findings.filter(({ severity }) => severity !== 'note').length,
    notes: findings.filter(({ severity }) => severity === 'note').length,
    byRule: [...byRule].sort(([, a], [, b]) => b - a),
  };
}
