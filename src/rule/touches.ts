import type { Hunk } from '../change/change-set.ts';
import type { Span } from '../change/span.ts';

/** Whether a span lies, in part, on lines that the change added or altered. */
export function touches(hunks: readonly Hunk[] | undefined, { line, endLine }: Span): boolean {
  return hunks?.some((hunk) => line < hunk.line + hunk.count && endLine >= hunk.line) ?? false;
}
