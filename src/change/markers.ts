import { lineStarts, type Span, toSpan } from './span.ts';

/** A line that looks left over from a merge. */
export interface Marker {
  readonly span: Span;
  readonly kind: 'ours' | 'base' | 'separator' | 'theirs';
}

const LINE = /^[ \t]*(<{7}|>{7}|\|{7}|={7})(?:[ \t]+(\S.*?))?[ \t\r]*$/;
const KIND = { '<': 'ours', '>': 'theirs', '|': 'base', '=': 'separator' } as const;

/**
 * Conflict markers left in a text, whatever its language. An opener or closer counts by its label (`<<<<<<< HEAD`), which
 * neither a Markdown underline nor a mail quote has; a separator counts only after an opener or before a closer, within the
 * lines between them, so that nested and unbalanced conflicts are found and `=======` under a heading is not.
 */
export function findMarkers(path: string, text: string): readonly Marker[] {
  if (!text.includes('<<<<<<< ') && !text.includes('>>>>>>> ')) return [];
  const starts = lineStarts(text);
  const candidates = starts.flatMap((start, index) => {
    const line = text.slice(start, (starts[index + 1] ?? text.length + 1) - 1).replace(/\r$/, '');
    const match = LINE.exec(line);
    const sign = match?.[1]?.[0] as keyof typeof KIND | undefined; // the pattern allows only these four
    if (!match || !sign) return [];
    const kind = KIND[sign];
    if ((kind === 'ours' || kind === 'theirs') && !match[2]) return [];
    if (kind === 'separator' && match[2]) return [];
    const indent = line.length - line.trimStart().length;
    return [{ kind, span: toSpan(path, starts, start + indent, start + line.trimEnd().length) }];
  });
  const first = candidates.findIndex((marker) => marker.kind === 'ours' || marker.kind === 'theirs');
  if (first < 0) return [];
  const last = candidates.findLastIndex((marker) => marker.kind === 'ours' || marker.kind === 'theirs');
  const from = candidates[first]?.kind === 'theirs' ? 0 : first;
  const to = candidates[last]?.kind === 'ours' ? candidates.length - 1 : last;
  return candidates.slice(from, to + 1);
}
