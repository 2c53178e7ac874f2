import type { ReviewComment } from './state.ts';

/** What GitHub's button does: the lines of the comment become those of its block. Throws where GitHub shows no button. */
export function applySuggestion(text: string, comment: ReviewComment): string {
  const { body, line, startLine, side } = comment;
  if (side === 'LEFT') throw new Error('a suggestion stands on no deleted line');
  if (line === undefined) throw new Error('the suggestion is outdated');
  const blocks = [...body.matchAll(/^(`{3,}|~{3,})suggestion[^\n]*\n([\s\S]*?)^\1[ \t]*$/gm)];
  const [block] = blocks;
  if (!block || blocks.length > 1) throw new Error(`a comment with ${blocks.length} suggestions`);
  const ends = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  const wanted = block[2] === '' ? [] : block[2]!.replace(/\r?\n$/, '').split(/\r?\n/);
  const from = (startLine ?? line) - 1;
  if (lines.slice(from, line).join('\n') === wanted.join('\n')) throw new Error('no change is made');
  return [...lines.slice(0, from), ...wanted, ...lines.slice(line)].join(ends);
}
