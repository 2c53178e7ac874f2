import { balancedBlocks } from './prose-blocks.ts';
import { lineStarts, type Span, toSpan } from './span.ts';

/** A line that looks left over from a merge. */
export interface Marker {
  readonly span: Span;
  readonly kind: 'ours' | 'base' | 'separator' | 'theirs';
}

/** A line that is a marker if it belongs to a conflict. */
interface Candidate {
  readonly kind: Marker['kind'];
  readonly label: string;
  /** Index of the line. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly indent: string;
}

const KINDS = new Map<string, Marker['kind']>([
  ['<', 'ours'],
  ['|', 'base'],
  ['=', 'separator'],
  ['>', 'theirs'],
]);

/**
 * Conflict markers left in a text, whatever its language. An opener or closer counts by its label (`<<<<<<< HEAD`), alone
 * too; indented it needs its counterpart. A separator or base line counts only within a conflict, so that `=======` under a
 * heading does not. A whole conflict inside one code block of a document is an illustration; a closer among mail
 * quotations is one of them.
 */
export function findMarkers(path: string, text: string): readonly Marker[] {
  if (!text.includes('<<<<<<< ') && !text.includes('>>>>>>> ')) return [];
  const starts = lineStarts(text);
  const all = findCandidates(text, starts, /\.[ct]sv$/i.test(path));
  if (!all.some(isEdge)) return [];
  const shown = balancedBlocks(path, text, starts, all);
  const candidates = all.filter(({ line }) => !shown(line));
  const byIndent = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = byIndent.get(candidate.indent);
    if (group) group.push(candidate);
    else byIndent.set(candidate.indent, [candidate]);
  }
  return [...byIndent.values()]
    .flatMap((group) => ofConflicts(group, text, starts))
    .sort((a, b) => a.start - b.start)
    .map(({ kind, start, end }) => ({ kind, span: toSpan(path, starts, start, end) }));
}

function isEdge({ kind }: Candidate): boolean {
  return kind === 'ours' || kind === 'theirs';
}

function findCandidates(text: string, starts: readonly number[], isTable: boolean): Candidate[] {
  const found: Candidate[] = [];
  for (const [line, from] of starts.entries()) {
    let start = from;
    while (text[start] === ' ' || text[start] === '\t') start++;
    const signs = isTable && text[start] === '"' ? start + 1 : start;
    const sign = text[signs] ?? '';
    const kind = KINDS.get(sign);
    if (!kind || !text.startsWith(sign.repeat(7), signs) || text[signs + 7] === sign) continue;
    let end = starts[line + 1] ?? text.length;
    while (end > signs + 7 && isPadding(text[end - 1] ?? '', isTable)) end--;
    const rest = text.slice(signs + 7, end);
    const label = rest.trim();
    if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') continue;
    if (kind === 'separator' ? label !== '' : kind !== 'base' && !isLabel(label)) continue;
    found.push({ kind, label, line, start, end, indent: text.slice(from, start) });
  }
  return found;
}

/** A spreadsheet that saved the file has filled the line with empty cells. */
function isPadding(unit: string, isTable: boolean): boolean {
  return ' \t\r\n'.includes(unit) || (isTable && '",;'.includes(unit));
}

/** `<<<<<<< title >>>>>>>` is a banner. */
function isLabel(label: string): boolean {
  return label !== '' && !label.endsWith('>>>') && !label.endsWith('<<<');
}

/** The candidates of one indentation that belong to a conflict; nested and unbalanced ones lose no edge. */
function ofConflicts(group: readonly Candidate[], text: string, starts: readonly number[]): Candidate[] {
  const accepted = new Set<Candidate>();
  const open: Candidate[] = [];
  const inner: Candidate[] = []; // separators and base lines that no conflict has taken yet
  const hasOurs = group.some(({ kind }) => kind === 'ours');
  for (const candidate of group) {
    if (candidate.kind === 'ours') open.push(candidate);
    else if (candidate.kind !== 'theirs') inner.push(candidate);
    else {
      const opener = open.pop();
      if (opener) {
        accepted.add(opener).add(candidate);
        while ((inner.at(-1)?.line ?? -1) > opener.line) accepted.add(inner.pop() ?? opener);
      } else if (
        candidate.indent === '' &&
        isLeftAlone(candidate, hasOurs || inner.length > 0, text, starts)
      ) {
        accepted.add(candidate);
        for (const one of nearest(inner.reverse())) accepted.add(one);
      }
      if (open.length === 0) inner.length = 0;
    }
  }
  for (const opener of open.filter(({ indent }) => indent === '')) {
    accepted.add(opener);
    for (const one of nearest(inner.filter(({ line }) => line > opener.line))) accepted.add(one);
  }
  return [...accepted];
}

/** One separator and one base line, those next to a lone edge: farther ones may underline a heading. */
function nearest(inner: readonly Candidate[]): Candidate[] {
  const found = ['separator', 'base'].map((kind) => inner.find((one) => one.kind === kind));
  return found.filter((one) => one !== undefined);
}

/** A closer without an opener: not a line of a mail that was quoted seven times. */
function isLeftAlone(
  { line, label }: Candidate,
  amongOthers: boolean,
  text: string,
  starts: readonly number[],
): boolean {
  const isQuotation = (at: number) => {
    const from = starts[at];
    return from !== undefined && text.startsWith('>>>>>', from) && !text.startsWith('>>>>>>> ', from);
  };
  if (isQuotation(line - 1) || isQuotation(line + 1)) return false;
  return amongOthers || /^\S+$|^[0-9a-f]{7,64}\b|^parent of |^Stashed changes$|^\S+:/.test(label);
}
