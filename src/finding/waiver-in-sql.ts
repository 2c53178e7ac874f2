import { toSpan } from '../change/span.ts';
import { nextToken } from '../read/sql/lex.ts';
import { type Piece, split } from '../read/sql/split.ts';
import type { Waiver, WaiverComment } from './waiver.ts';

/** Lines by their starts; see `lineStarts`. */
type Starts = readonly number[];

/**
 * Covers, in SQL: behind code, the line, and where that line ends a statement all of the statement; within a statement, the
 * next line of it that holds code; between statements, the whole of the next one.
 */
export function statementTarget(text: string, starts: Starts) {
  const pieces = split(text, 'postgres').filter((piece) => piece.notSql === undefined);
  return (comment: WaiverComment, line: number): Waiver['target'] => {
    const from = starts[line - 1] ?? 0;
    const at = lastBefore(pieces, comment.open);
    const around = pieces[at];
    const within = around !== undefined && comment.open < around.end;
    const behindCode = around !== undefined && around.end > from && hasCode(text, from, comment.open);
    if (behindCode)
      return within ? { from: line, to: line } : { from: lineAt(starts, around.start), to: line };
    if (within) {
      const next = nextToken(text, endOfComment(text, comment), 'postgres');
      const covered = next ? lineAt(starts, next.start) : line;
      return { from: covered, to: covered };
    }
    const next = pieces[at + 1];
    return next
      ? { from: lineAt(starts, next.start), to: lineAt(starts, Math.max(next.start, next.end - 1)) }
      : { from: line, to: line };
  };
}

/** Whether an offset lies in a comment, and not in a string or a quoted body. To be asked in ascending order. */
export function commentTest(text: string): (offset: number) => boolean {
  let token = nextToken(text, 0, 'postgres');
  return (offset) => {
    while (token && token.end <= offset) token = nextToken(text, token.end, 'postgres');
    return !token || token.start > offset || (token.kind === 'open' && text.startsWith('/*', token.start));
  };
}

function hasCode(text: string, from: number, to: number): boolean {
  return text.slice(from, to).trim() !== '';
}

function endOfComment(text: string, comment: WaiverComment): number {
  const block = text.startsWith('/*', comment.open);
  const end = text.indexOf(block ? '*/' : '\n', comment.start);
  return end < 0 ? text.length : end + (block ? 2 : 1);
}

/** The index of the last piece that starts before the offset; -1 if none does. */
function lastBefore(pieces: readonly Piece[], offset: number): number {
  let low = -1;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.start ?? 0) < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lineAt(starts: Starts, offset: number): number {
  return toSpan('', starts, offset, offset).line;
}
