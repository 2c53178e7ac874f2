import { hasSqlDetails, parseSync } from 'libpg-query';
import type { Span } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { temporaryMade } from '../without-temporary.ts';
import { useOf } from './postgres/query.ts';
import { queryParts } from './postgres/query-parts.ts';
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
      const parts = queryParts(reading, stmt);
      if (parts) return [parts];
      return [
        {
          tables: [...understand(reading, stmt).uses, ...tableMadeBy(reading, stmt)],
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
function tableMadeBy(reading: Reading, statement: object): QueryParts['tables'] {
  const { CreateStmt: made, CreateTableAsStmt: from } = statement as Readonly<
    Record<string, Made | undefined>
  >;
  const table = made?.relation ?? from?.into?.rel;
  if (table?.relname === undefined) return [];
  const name = { ...(table.schemaname ? { schema: table.schemaname } : {}), name: table.relname };
  const use = useOf(reading, name, table.location ?? 0, 'ddl');
  return [table.relpersistence === 't' ? temporaryMade(name, use.span) : use];
}

interface Relation {
  readonly relname?: string;
  readonly schemaname?: string;
  readonly relpersistence?: string;
  readonly location?: number;
}

interface Made {
  readonly relation?: Relation;
  readonly into?: { readonly rel?: Relation };
}
