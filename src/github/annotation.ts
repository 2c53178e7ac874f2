import type { Finding } from '../finding/finding.ts';
import { plain, shortened } from '../report/escape.ts';
import { explanation } from '../report/evidence.ts';

/** A finding as a check run shows it beside its lines. GitHub shows its texts as they are, not as Markdown. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

const LONGEST = 16_000;
const LEVELS = { error: 'failure', warning: 'warning', note: 'notice' } as const;

/** Columns may stand only where a finding is on one line. */
export function toAnnotation(finding: Finding): Annotation {
  const { path, line, endLine, column, endColumn, rule, severity } = finding;
  return {
    path,
    start_line: line,
    end_line: endLine,
    ...(line === endLine ? { start_column: column, end_column: Math.max(column, endColumn) } : {}),
    annotation_level: LEVELS[severity],
    title: shortened(plain(rule), 255),
    message: shortened(explanation(finding), LONGEST),
  };
}

/** What tells one annotation from another, as GitHub gives it back. */
export function keyOf(one: {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: string | null;
  readonly title: string | null;
  readonly message: string | null;
}): string {
  return JSON.stringify([
    one.path,
    one.start_line,
    one.end_line,
    one.annotation_level,
    one.title?.trim(),
    one.message?.trim(),
  ]);
}

/** Which annotations a check run lacks, and whether it holds one that is not true any more. */
export function compareAnnotations(
  held: readonly string[],
  wanted: readonly Annotation[],
): { readonly missing: readonly Annotation[]; readonly isStale: boolean } {
  const left = [...held];
  const missing = wanted.filter((one) => {
    const found = left.indexOf(keyOf(one));
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
  return { missing, isStale: left.length > 0 };
}
