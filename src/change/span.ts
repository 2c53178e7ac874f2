/** A stretch of one file: 1-based lines and columns, columns in UTF-16 units, end exclusive; path relative with `/`. */
export interface Span {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The place of a file as a whole. */
export function startOfFile(path: string): Span {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** Where the lines of a text start, in UTF-16 offsets; `\n`, `\r\n` and a lone `\r` each end a line. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/** The span of `text.slice(start, end)`, given that text's own {@link lineStarts}. */
export function toSpan(path: string, starts: readonly number[], start: number, end: number): Span {
  const from = toLineAndColumn(starts, start);
  const to = toLineAndColumn(starts, end);
  return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function toLineAndColumn(starts: readonly number[], offset: number): { line: number; column: number } {
  const at = startedAt(starts, offset);
  return { line: at + 1, column: offset - (starts[at] ?? 0) + 1 };
}

/** Which of several stretches, by where each starts, an offset lies in. */
export function startedAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
