import { plainLines } from '../report/escape.ts';
import { type Paint, paintWith, type Style } from '../report/paint.ts';
import { wrap } from '../report/wrap.ts';

/** What a page's fences and headings mean to the reader of a terminal. */
interface Block {
  readonly info: readonly string[];
  readonly lines: readonly string[];
}

/** A rule's page as a terminal shows it: prose wrapped, headings plain, and every example under the paths of its files. */
export function pageText(id: string, severity: string, page: string, color: boolean, width: number): string {
  const paint = paintWith(color);
  const lines = plainLines(page)
    .replace(/^\ufeff?---\r?\n[\s\S]*?\n---\r?\n/, '')
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const style: Style =
    severity === 'error' || severity === 'warning' || severity === 'note' ? severity : 'dim';
  const out = [`${paint(id, 'bold')}  ${paint(severity, style)}`, ''];
  let prose: string[] = [];
  const flush = () => {
    if (prose.length > 0) out.push(...paragraph(prose, width), '');
    prose = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const fence = /^(`{3,})(.*)$/.exec(line);
    const heading = /^#{1,4} +(.*)$/.exec(line);
    if (fence || heading || line === '') flush();
    if (fence) {
      const end = lines.findIndex((other, index) => index > at && other === fence[1]);
      const last = end < 0 ? lines.length : end;
      out.push(
        ...blockText({ info: fence[2]!.trim().split(/\s+/), lines: lines.slice(at + 1, last) }, paint),
        '',
      );
      at = last;
    } else if (heading) out.push(paint(heading[1]!, 'bold'), '');
    else if (line !== '') prose.push(line);
  }
  flush();
  return `${out.join('\n').trimEnd()}\n`;
}

/** Lines of a list or a table stand as they are; everything else is one paragraph. */
function paragraph(lines: readonly string[], width: number): readonly string[] {
  if (lines.some((line) => /^\s*([-*] |\||\d+\. )/.test(line))) return lines;
  return wrap(lines.join(' ').replaceAll('**', ''), Math.min(width, 100));
}

function blockText({ info, lines }: Block, paint: Paint): readonly string[] {
  const title = blockTitle(info);
  return [
    ...(title ? [paint(`  ${title}`, 'dim')] : []),
    ...lines.map((line) => (line ? `    ${line}` : '')),
  ];
}

/** `sql base migrations/1.sql` → `migrations/1.sql (before the change)`; `prisma instead` → `The safe way (prisma)`. */
function blockTitle([language = '', ...words]: readonly string[]): string | undefined {
  if (words[0] === 'instead') return `The safe way (${words[1] ?? language})`;
  const side = words[0] === 'base' || words[0] === 'head' ? words[0] : undefined;
  const [path, ...rest] = side ? words.slice(1) : words;
  if (path === undefined) return undefined;
  const when = side === 'base' ? ' (before the change)' : side === 'head' ? ' (after the change)' : '';
  return `${path}${when}${rest.length > 0 ? `, ${rest.join(' ')}` : ''}`;
}
