import { plainLines } from './escape.ts';

/** One line of source and the line that underlines a part of it. */
export interface Excerpt {
  readonly source: string;
  readonly underline: string;
}

const ELLIPSIS = '…';
const TAB = '  ';

/**
 * Cuts `line` down to `width` around columns `from` to `to` (1-based, end exclusive) and underlines them.
 * What is not shown (control characters) is taken out before columns are counted, so that the underline stays in place.
 */
export function excerptOf(line: string, from: number, to: number, width: number): Excerpt {
  const start = Math.max(0, from - 1);
  const before = shown(line.slice(Math.max(0, start - width * 2), start)).trimStart();
  const marked = shown(line.slice(start, Math.max(to - 1, start + 1)).slice(0, width * 2));
  const after = shown(line.slice(start + Math.max(to - from, 1), start + Math.max(to - from, 1) + width * 2));
  const room = Math.max(10, Math.min(Math.floor(width / 2), width - marked.length));
  const cut = start > width * 2 || before.length > room;
  const left = cut ? ELLIPSIS + before.slice(-(room - 1)) : before;
  const all = left + marked + after.trimEnd();
  const source = all.length > width ? all.slice(0, width - 1) + ELLIPSIS : all;
  const length = Math.max(1, Math.min(marked.trimEnd().length, source.length - left.length));
  return { source, underline: ' '.repeat(left.length) + '^'.repeat(length) };
}

function shown(text: string): string {
  return plainLines(text).replaceAll('\n', ' ').replaceAll('\t', TAB);
}
