import { createHash } from 'node:crypto';

/** What makes a finding the same one in another run. */
export interface FingerprintParts {
  readonly rule: string;
  /** Chain, table, columns and object, by name. */
  readonly subject: readonly (string | undefined)[];
  readonly path: string;
  /** The source line that the finding stands on; empty where there is none. */
  readonly line: string;
}

/**
 * Fingerprints of findings in their order: a hash of rule, subject, path and the source line with white space collapsed,
 * and the ordinal among equals. No line number: it survives lines that are added above, and a rebase.
 */
export function fingerprints(findings: readonly FingerprintParts[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, subject, path, line }) => {
    const key = JSON.stringify([rule, subject, path, line.trim().replace(/\s+/g, ' ')]);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return createHash('sha256').update(`${key}\0${ordinal}`).digest('hex').slice(0, 20);
  });
}
