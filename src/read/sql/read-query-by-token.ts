import type { Span } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { Statement, TableUse } from '../source.ts';
import { temporaryMade } from '../without-temporary.ts';
import { partsTogether, type QueryParts, type ReadQuery } from './query-parts.ts';
import { readByToken } from './read-by-token.ts';
import { type Reading, readingOf } from './reading.ts';
import { split } from './split.ts';
import { Cursor, NotUnderstood } from './token/cursor.ts';
import { queryParts } from './token/query-parts.ts';

/** Reads the text of one or more queries of SQLite or MySQL whose offsets `span` gives their places. */
export function readQueryByToken(
  text: string,
  dialect: Dialect,
  whole: Span,
  span: (start: number, end: number) => Span,
): ReadQuery {
  const found: QueryParts[] = [];
  for (const { start, end, openAt } of split(text, dialect)) {
    if (openAt !== undefined) return { parts: undefined, offset: openAt };
    const place = (from: number, to: number) => span(start + from, start + to);
    const reading = readingOf(text.slice(start, end), dialect, whole, place);
    try {
      const parts = queryParts(reading);
      if (parts) {
        found.push(parts);
        continue;
      }
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      return { parts: undefined, offset: start + error.at };
    }
    const statement = readByToken(reading);
    // what stands for an unknown value is no name of a table
    const isFilled = statement.uses.some(({ table }) => /^(true|null)$/i.test(table.name));
    if (statement.unread || statement.unparsed || isFilled) return { parts: undefined, offset: start };
    const tables = [...statement.uses, ...tablesMade(statement, reading)];
    found.push({ tables, columns: [], hasLimit: false, complete: true });
  }
  return { parts: partsTogether(found), statements: found.length };
}

/** The table that CREATE TABLE makes. */
function tablesMade({ operations }: Statement, reading: Reading): readonly TableUse[] {
  const made = operations.find((operation) => operation.kind === 'create-table');
  if (made?.kind !== 'create-table') return [];
  const cursor = new Cursor(reading);
  while (!cursor.done && !cursor.is('table')) cursor.at++;
  cursor.at++;
  cursor.take('if', 'not', 'exists');
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  const span = cursor.spanFrom(start);
  return [made.temporary ? temporaryMade(table, span) : { table, op: 'ddl', span }];
}
