import { lineStarts, type Span, toSpan } from '../change/span.ts';
import { readSql } from '../read/sql/read-sql.ts';
import { split } from '../read/sql/split.ts';
import type { Fold } from '../schema/applied.ts';
import type { Dialect } from '../schema/schema.ts';
import type { Finding } from './finding.ts';

/** Tools that write their migrations themselves, from models: what is pasted into one is undone by the next. */
const GENERATING = new Set(['prisma', 'drizzle', 'schema-file']);

/**
 * The lines from a finding to the end of its statement, with the safe way after them. Undefined where it cannot be put
 * there: another statement follows on the same line, a tool writes the file, or `fold`, which stands on the schema with what
 * was suggested before, refuses it (a column of that name is there).
 */
export function appendAfter(
  span: Span,
  text: string,
  { language, text: added }: { readonly language: string; readonly text: string },
  { dialect, fold, tool }: { readonly dialect: Dialect; readonly fold: () => Fold; readonly tool?: string },
): Finding['edit'] {
  if (language !== 'sql' || !/\.sql$/i.test(span.path)) return undefined;
  if (tool !== undefined && GENERATING.has(tool)) return undefined;
  const starts = lineStarts(text);
  const from = (starts[span.line - 1] ?? 0) + span.column - 1;
  const pieces = split(text, dialect);
  const at = pieces.findIndex((piece) => piece.start <= from && from < piece.end && !piece.notSql);
  const piece = pieces[at];
  if (!piece || text.slice(piece.end).trimStart()[0] !== ';') return undefined;
  const end = text.indexOf(';', piece.end) + 1;
  const { endLine } = toSpan(span.path, starts, end - 1, end);
  const next = pieces[at + 1];
  if (next && toSpan(span.path, starts, next.start, next.start).line === endLine) return undefined;
  if (!applies(added, dialect, fold())) return undefined;
  const lineEnd = starts[endLine] ?? text.length;
  const kept = text.slice(starts[span.line - 1], lineEnd).replace(/(\r\n|\r|\n)$/, '');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return {
    line: span.line,
    endLine,
    text: [kept, ...added.trimEnd().split('\n')].join(newline),
  };
}

/** Whether a schema takes statements without a word of doubt; it takes them. */
function applies(sql: string, dialect: Dialect, fold: Fold): boolean {
  return readSql('suggestion.sql', sql, dialect).statements.every(
    ({ operations, unread, notModelled }) =>
      operations.length > 0 &&
      !unread &&
      notModelled === undefined &&
      operations.every((operation) => !fold.apply(operation).error),
  );
}
