import type { Hunk } from './change-set.ts';
import { matchLines } from './match-lines.ts';
import { lineStarts } from './span.ts';

/** The lines of `head` that differ from `base`; line ends do not count. Without a base all of them. */
export function hunksBetween(base: string | undefined, head: string): readonly Hunk[] {
  if (base === head) return [];
  const after = linesOf(head);
  if (base === undefined) return [{ line: 1, count: after.length }];
  const before = linesOf(base);
  const partners = matchLines(before, after);
  const hunks: Hunk[] = [];
  let a = 0;
  let b = 0;
  for (let i = 0; i <= before.length; i++) {
    const j = i === before.length ? after.length : (partners[i] ?? -1);
    if (j < 0) continue;
    if (j > b) hunks.push({ line: b + 1, count: j - b });
    else if (i > a) hunks.push({ line: b, count: 0 });
    a = i + 1;
    b = j + 1;
  }
  return hunks;
}

/** The lines without their ends, numbered as {@link lineStarts} does; a line end at the very end opens no further line. */
function linesOf(text: string): string[] {
  const starts = lineStarts(text);
  const lines = starts.map((start, i) => {
    let end = starts[i + 1] ?? text.length;
    if (i + 1 < starts.length) end -= text[end - 1] === '\n' && text[end - 2] === '\r' ? 2 : 1;
    return text.slice(start, Math.max(start, end));
  });
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
