import { pageError } from './page-error.ts';

/** A part of a page: a heading, a fenced block, or a line of prose; `line` is 1-based. */
export type Part =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly line: number }
  | {
      readonly kind: 'block';
      readonly info: readonly string[];
      readonly lines: readonly string[];
      readonly line: number;
    }
  | { readonly kind: 'prose'; readonly text: string; readonly line: number };

/** Splits the lines of a page, from index `from`, into headings, fenced blocks and prose (empty lines included). */
export function partsOf(path: string, lines: readonly string[], from: number): readonly Part[] {
  const parts: Part[] = [];
  for (let index = from; index < lines.length; index++) {
    const text = lines[index] ?? '';
    const line = index + 1;
    const [, fence, info] = /^(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? [];
    if (fence !== undefined && info !== undefined) {
      const close = new RegExp(`^\\${fence[0]}{${fence.length},}\\s*$`);
      const end = lines.findIndex((other, at) => at > index && close.test(other));
      if (end < 0) throw pageError(path, line, 'the block has no end', `Close it with a line \`${fence}\`.`);
      parts.push({ kind: 'block', info: info.trim().split(/\s+/), lines: lines.slice(index + 1, end), line });
      index = end;
      continue;
    }
    const [, hashes, title] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(text) ?? [];
    if (hashes !== undefined && title !== undefined)
      parts.push({ kind: 'heading', level: hashes.length, text: title, line });
    else parts.push({ kind: 'prose', text, line });
  }
  return parts;
}

/** Paragraphs of prose, each on one line. */
export function paragraphs(parts: readonly Part[]): readonly string[] {
  const text = parts.map((part) => (part.kind === 'prose' ? part.text : '')).join('\n');
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, ' '))
    .filter((paragraph) => paragraph !== '');
}
