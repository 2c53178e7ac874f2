import { structuredPatch } from 'diff';
import type { Hunk } from './change-set.ts';

/** Beyond this many differing lines a file counts as changed from its first differing line on. */
const MAX_EDITS = 4_000;

/** The lines of `head` that differ from `base`. */
export function hunksBetween(base: string | undefined, head: string): readonly Hunk[] {
  const all = { line: 1, count: countLines(head) };
  if (base === undefined) return [all];
  if (base === head) return [];
  const options = { context: 0, maxEditLength: MAX_EDITS, stripTrailingCr: true };
  const patch = structuredPatch('', '', base, head, undefined, undefined, options);
  if (!patch) return [all];
  return patch.hunks.map((hunk) => ({ line: hunk.newStart, count: hunk.newLines }));
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.endsWith('\n') && lines > 1 ? lines - 1 : lines;
}

/** Whether a change touched any line of the stretch. */
export function touches(hunks: readonly Hunk[], line: number, endLine: number): boolean {
  return hunks.some((hunk) => hunk.count > 0 && hunk.line <= endLine && line < hunk.line + hunk.count);
}
