import type { DescribedColumn, DescribedTable } from './document.ts';
import type { Lines } from './read-document.ts';

/** Whether two lines are the head of a table of Markdown. */
export function startsTable(head: string, rule: string): boolean {
  return /\|/.test(head) && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rule) && /\|/.test(rule);
}

const COLUMN = /^(columns?|fields?|attributes?|propert(y|ies))( names?)?$|^names?$/i;
const TYPE = /^((data|sql|column|db) ?)?types?$/i;

/** The table that the rows of a table of Markdown describe, one a column, under a heading or a line that names it. */
export function describedByRows(
  block: Lines,
  heading: string | undefined,
  caption: string | undefined,
): readonly DescribedTable[] {
  const [head = '', , ...rows] = block.lines;
  const titles = cellsOf(head).map(({ text }) => plain(text));
  const at = titles.findIndex((title) => COLUMN.test(title));
  const name = tableNamed(caption, true) ?? tableNamed(heading, false);
  if (at < 0 || name === undefined) return [];
  const type = titles.findIndex((title) => TYPE.test(title));
  const columns: DescribedColumn[] = [];
  rows.forEach((row, index) => {
    const cells = cellsOf(row);
    const cell = cells[at];
    if (!cell) return;
    const written = type < 0 ? '' : plain(cells[type]?.text ?? '');
    for (const column of namesIn(cell.text))
      columns.push({
        name: column,
        ...(written === '' ? {} : { type: written }),
        span: block.span(index + 2, cell.start, cell.end),
      });
  });
  if (columns.length === 0) return [];
  return [{ name, columns, span: block.span(0) }];
}

/** The name of a table in code, or the one word that a heading is beside `table`. */
function tableNamed(text: string | undefined, inCode: boolean): DescribedTable['name'] | undefined {
  if (text === undefined) return undefined;
  const [code, more] = [...text.matchAll(/`([^`]+)`/g)].map(([, one]) => one ?? '');
  const word = plain(text)
    .replace(/^[\d.]+\s+|\b(the|tables?)\b|:$/gi, '')
    .trim();
  const name = code !== undefined ? (more === undefined ? code : undefined) : inCode ? undefined : word;
  if (name === undefined || !/^[\p{L}_][\p{L}\p{N}_$]*(\.[\p{L}_][\p{L}\p{N}_$]*)?$/u.test(name))
    return undefined;
  const [schema, own] = name.split('.');
  return own === undefined ? { name } : { schema, name: own };
}

/** The columns that a cell names: those in code, or its first word. */
function namesIn(cell: string): readonly string[] {
  const codes = [...cell.matchAll(/`([^`]+)`/g)].map(([, one]) => one ?? '');
  const words = codes.length > 0 ? codes : [/^[\p{L}\p{N}_$]+/u.exec(plain(cell))?.[0] ?? ''];
  return words.filter((word) => /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(word));
}

interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  const body = /^\s*\|?/.exec(line)?.[0].length ?? 0;
  for (let start = body, at = body; at <= line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '|' || at === line.length) {
      const text = line.slice(start, at);
      if (at < line.length || text.trim() !== '') {
        const from = start + (/^\s*/.exec(text)?.[0].length ?? 0);
        cells.push({ text: text.trim(), start: from, end: from + text.trim().length });
      }
      start = at + 1;
    }
  }
  return cells;
}

/** A cell's text without what formats it. */
function plain(text: string): string {
  return text
    .replace(/<\/?code>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/[`*~]|\\(?=[|_])/g, '')
    .trim();
}
