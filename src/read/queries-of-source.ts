import { lineStarts, toSpan } from '../change/span.ts';
import type { Query } from './query.ts';
import type { SqlSource } from './source.ts';
import { queryReader } from './sql/read-sql.ts';
import { withoutTemporary } from './without-temporary.ts';

/** The statements of a SQL file outside migrations that read or write rows, as queries with their columns. */
export function queriesOfSource(source: SqlSource, text: string): readonly Query[] {
  const starts = lineStarts(text);
  const queries = source.statements.flatMap((statement): readonly Query[] => {
    if (statement.unread || statement.uses.length === 0) return [];
    const { span } = statement;
    const whole = {
      family: 'sql',
      span,
      tables: statement.uses.map((use) => ({ ...use, resolvedBy: 'literal' as const })),
      columns: [],
      columnsComplete: false,
      hasLimit: false,
    };
    const offset = (starts[span.line - 1] ?? 0) + span.column - 1;
    const read = queryReader(source.dialect)(statement.text, source.dialect, span, (start, end) =>
      toSpan(source.path, starts, offset + start, offset + end),
    );
    if (!read.parts || read.statements === 0) return [whole];
    const { columns, complete, hasLimit, hasFilter } = read.parts;
    return [{ ...whole, columns, columnsComplete: complete, hasLimit, hasFilter }];
  });
  return withoutTemporary(queries, source.statements);
}
