import type { Finding } from '../finding/finding.ts';
import type { ShownLines } from '../git/hunks.ts';
import { weightOf } from '../rule/load.ts';
import { commentText, digestOf, isSuggestible } from './comment-text.ts';

/** A comment that should stand on a line of the pull request. */
export interface Wanted {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  /** The first line of a comment on several. */
  readonly startLine?: number;
  readonly body: string;
  readonly digest: string;
}

export interface WantedOptions {
  /** The hunks in which GitHub shows a file of the change. */
  readonly hunksOf: (path: string) => Promise<readonly ShownLines[]>;
  readonly ruleLink: (rule: string) => string | undefined;
  /** Whether somebody listens to `/tablewarden allow …`. */
  readonly takesCommands?: boolean;
}

/** Findings of one rule that get a comment of their own; more of them are one line of the summary. */
const PER_RULE = 5;
/** Findings whose places are looked up. */
const MOST = 200;

/**
 * The comments that findings deserve, the worst and of equals the costliest first: each on lines within one hunk, as GitHub demands. What is on no line
 * of the change stays in the summary.
 */
export async function wantedComments(
  findings: readonly Finding[],
  { hunksOf, ruleLink, takesCommands }: WantedOptions,
): Promise<readonly Wanted[]> {
  const counts = new Map<string, number>();
  const wanted: Wanted[] = [];
  const ranked = (['error', 'warning', 'note'] as const).flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity && !finding.inSummary)
      .toSorted((a, b) => weightOf(b.load) - weightOf(a.load)),
  );
  for (const finding of ranked.slice(0, MOST)) {
    const count = counts.get(finding.rule) ?? 0;
    if (count >= PER_RULE) continue;
    const lines = linesFor(finding, await hunksOf(finding.path));
    if (!lines) continue;
    counts.set(finding.rule, count + 1);
    const body = commentText(finding, lines.suggests, ruleLink, takesCommands);
    const { fingerprint, rule, path } = finding;
    wanted.push({
      fingerprint,
      rule,
      path,
      line: lines.to,
      ...(lines.from < lines.to ? { startLine: lines.from } : {}),
      body,
      digest: digestOf(body),
    });
  }
  return wanted;
}

/** Where a comment can stand: on the lines of its suggestion, on the finding's own, or on the first of them. */
function linesFor(
  { line, endLine, edit }: Finding,
  hunks: readonly ShownLines[],
): (ShownLines & { readonly suggests: boolean }) | undefined {
  const within = (from: number, to: number) => hunks.some((hunk) => from >= hunk.from && to <= hunk.to);
  if (edit && isSuggestible(edit.text) && within(edit.line, edit.endLine))
    return { from: edit.line, to: edit.endLine, suggests: true };
  if (within(line, endLine)) return { from: line, to: endLine, suggests: false };
  return within(line, line) ? { from: line, to: line, suggests: false } : undefined;
}
