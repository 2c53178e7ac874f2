import { lineStarts, type Span } from '../../../src/change/span.ts';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import type { ShownSchema } from '../../../src/report/schema/shown-schema.ts';
import { emptySchema, openFold } from '../../../src/schema/fold.ts';
import type { Dialect } from '../../../src/schema/schema.ts';

/** The schema that a text of SQL builds; anything that is refused or not read fails the test. */
export async function shown(sql: string, dialect: Dialect = 'postgres'): Promise<ShownSchema> {
  await loadSqlReader(dialect);
  const fold = openFold(emptySchema('migrations', dialect));
  for (const { operations, unread } of readSql('1.sql', sql, dialect).statements) {
    if (unread) throw new Error(unread.message);
    for (const { error } of operations.map((operation) => fold.apply(operation)))
      if (error) throw new Error(error.message);
  }
  const starts = lineStarts(sql);
  const offset = (line: number, column: number) => (starts[line - 1] ?? 0) + column - 1;
  const textOf = (span: Span) =>
    sql.slice(offset(span.line, span.column), offset(span.endLine, span.endColumn));
  return { at: 'working tree', tool: 'numbered', schema: fold.snapshot(), textOf };
}
