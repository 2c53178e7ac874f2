import { hasSqlDetails, type Node, parseSync, type RangeVar } from 'libpg-query';
import type { Span } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { temporaryMade } from '../without-temporary.ts';
import { useOf } from './postgres/query.ts';
import { queryParts } from './postgres/query-parts.ts';
import { selectInto } from './postgres/select-into.ts';
import { understand } from './postgres/statement.ts';
import { partsTogether, type QueryParts, type ReadQuery } from './query-parts.ts';
import { type Reading, readingOf } from './reading.ts';

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
      const made = 'SelectStmt' in stmt ? selectInto(reading, stmt.SelectStmt) : undefined;
      const parts = queryParts(reading, made?.query ?? stmt);
      if (parts)
        return [made ? { ...parts, tables: [...parts.tables, ...useOfMade(reading, made.into.rel)] } : parts];
      return [
        {
          tables: [...understand(reading, stmt).uses, ...useOfMade(reading, tableMadeBy(stmt))],
          columns: [],
          hasLimit: false,
          complete: true,
        },
      ];
    });
    return { parts: partsTogether(found), statements: found.length };
  } catch (error) {
    const at = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0;
    return { parts: undefined, offset: [...text].slice(0, at).join('').length };
  }
}

/** The table that CREATE TABLE makes. */
function tableMadeBy(statement: Node): RangeVar | undefined {
  if ('CreateStmt' in statement) return statement.CreateStmt.relation;
  return 'CreateTableAsStmt' in statement ? statement.CreateTableAsStmt.into?.rel : undefined;
}

function useOfMade(reading: Reading, table: RangeVar | undefined): QueryParts['tables'] {
  if (table?.relname === undefined) return [];
  const name = { ...(table.schemaname ? { schema: table.schemaname } : {}), name: table.relname };
  const use = useOf(reading, name, table.location ?? 0, 'ddl');
  return [table.relpersistence === 't' ? temporaryMade(name, use.span) : use];
}
