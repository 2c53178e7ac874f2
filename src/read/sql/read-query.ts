import { hasSqlDetails, parseSync } from 'libpg-query';
import type { Span } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { type QueryParts, queryParts } from './postgres/query-parts.ts';
import { understand } from './postgres/statement.ts';
import { readingOf } from './reading.ts';

/** What the SQL of a query says, or where (UTF-16 offset) the parser gave up. */
export type ReadQuery =
  | { readonly parts: QueryParts; readonly statements: number }
  | { readonly parts: undefined; readonly offset: number };

/** Reads the SQL text of one or more queries whose offsets `span` gives their places. */
export function readQuery(
  text: string,
  dialect: Dialect,
  whole: Span,
  span: (start: number, end: number) => Span,
): ReadQuery {
  const reading = readingOf(text, dialect, whole, span);
  try {
    const parsed = parseSync(text).stmts ?? [];
    const found = parsed.flatMap(({ stmt }): readonly QueryParts[] => {
      if (!stmt) return [];
      const parts = queryParts(reading, stmt);
      if (parts) return [parts];
      return [
        {
          tables: understand(reading, stmt).uses,
          columns: [],
          hasLimit: false,
          hasFilter: false,
          complete: true,
        },
      ];
    });
    const parts = {
      tables: found.flatMap((one) => one.tables),
      columns: found.flatMap((one) => one.columns),
      hasLimit: found.length === 1 && found[0]?.hasLimit === true,
      hasFilter: found.every((one) => one.hasFilter),
      complete: found.every((one) => one.complete),
    };
    return { parts, statements: found.length };
  } catch (error) {
    const at = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
    return { parts: undefined, offset: [...text].slice(0, at).join('').length };
  }
}
