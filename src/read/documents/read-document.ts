import { lineStarts, type Span, toSpan } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { describedByDbml } from './dbml.ts';
import type { DescribedTable } from './document.ts';
import { describedByRows, startsTable } from './markdown-table.ts';
import { describedByMermaid } from './mermaid.ts';
import { describedBySql } from './sql.ts';

/** A stretch of a document, line by line. */
export interface Lines {
  readonly lines: readonly string[];
  /** The number of its first line. */
  readonly from: number;
  readonly dialect: Dialect;
  /** Where a part of one of its lines stands. */
  span(line: number, start?: number, end?: number): Span;
}

type Describe = (block: Lines) => readonly DescribedTable[];

const BLOCKS: Readonly<Record<string, Describe>> = {
  sql: describedBySql,
  postgresql: describedBySql,
  postgres: describedBySql,
  mysql: describedBySql,
  sqlite: describedBySql,
  mermaid: describedByMermaid,
  dbml: describedByDbml,
};

const FILES: Readonly<Record<string, Describe>> = {
  sql: describedBySql,
  mmd: describedByMermaid,
  mermaid: describedByMermaid,
  dbml: describedByDbml,
};

/** The tables that a document describes: in blocks of SQL, Mermaid and DBML, and in tables of Markdown under a table's name. */
export function readDocument(path: string, text: string, dialect: Dialect): readonly DescribedTable[] {
  const starts = lineStarts(text);
  const lines = text.split(/\r\n|\r|\n/);
  const part = (from: number, to: number): Lines => ({
    lines: lines.slice(from, to),
    from,
    dialect,
    span: (line, start = 0, end = lines[from + line]?.length ?? 0) => {
      const at = starts[from + line] ?? 0;
      return toSpan(path, starts, at + start, at + end);
    },
  });
  const own = FILES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
  return own ? own(part(0, lines.length)) : describedByMarkdown(lines, part);
}

const FENCE = /^\s*(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;

function describedByMarkdown(
  lines: readonly string[],
  part: (from: number, to: number) => Lines,
): readonly DescribedTable[] {
  const found: DescribedTable[] = [];
  let heading: { readonly text: string; readonly line: number } | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line);
    if (fence) {
      const [, mark = '', language = ''] = fence;
      const rest = lines
        .slice(at + 1)
        .findIndex((one) => one.trim().startsWith(mark) && /^[`~]+$/.test(one.trim()));
      const end = rest < 0 ? lines.length : at + 1 + rest;
      found.push(...(BLOCKS[language.toLowerCase()]?.(part(at + 1, end)) ?? []));
      at = end;
      continue;
    }
    const named = HEADING.exec(line);
    if (named) heading = { text: named[1] ?? '', line: at };
    else if (startsTable(line, lines[at + 1] ?? '')) {
      let end = at + 2;
      while (end < lines.length && /\|/.test(lines[end] ?? '') && !HEADING.test(lines[end] ?? '')) end++;
      const caption = lines.slice(heading?.line ?? 0, at).findLast((one) => one.trim() !== '');
      found.push(...describedByRows(part(at, end), heading?.text, caption));
      at = end - 1;
    }
  }
  return found;
}
