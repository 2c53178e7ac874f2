import type { ChangedFile } from '../../change/change-set.ts';
import type { Span } from '../../change/span.ts';
import type { Schema } from '../../schema/schema.ts';
import type { BoundQuery } from '../bind-uses.ts';
import type { Bases, NewUse } from './open-change.ts';

interface Sides {
  readonly base: readonly BoundQuery[];
  readonly head: readonly BoundQuery[];
}

/** What changed files use of tables and columns that were there before, and the same files did not use as often. */
export function newUses(queries: Sides, files: readonly ChangedFile[], bases: Bases): readonly NewUse[] {
  const formerPath = new Map(files.map(({ path, oldPath = path }) => [path, oldPath]));
  const former = new Map<string, number>();
  for (const use of queries.base.flatMap((query) => usesOf(query, bases))) {
    const key = keyOf(use, use.span.path);
    former.set(key, (former.get(key) ?? 0) + 1);
  }
  return queries.head
    .flatMap((query) => usesOf(query, bases))
    .filter((use) => {
      const path = formerPath.get(use.span.path);
      if (path === undefined) return false;
      const key = keyOf(use, path);
      const left = former.get(key) ?? 0;
      former.set(key, left - 1);
      return left <= 0;
    });
}

function keyOf({ chain, table, column }: NewUse, path: string): string {
  return JSON.stringify([path, chain, table.schema, table.name, column]);
}

/** What a loop reaches through calls is told by the query itself. */
function usesOf({ tables, columns, callPath }: BoundQuery, bases: Bases): readonly NewUse[] {
  if (callPath) return [];
  return [...tables, ...columns].flatMap(({ chain, tableId, span, ...use }): readonly NewUse[] => {
    const schema = chain === undefined ? undefined : bases.get(chain);
    const columnId = 'columnId' in use ? use.columnId : undefined;
    const named = schema && tableId !== undefined ? namesIn(schema, tableId, columnId) : undefined;
    if (chain === undefined || !named || ('column' in use && named.column === undefined)) return [];
    return [{ chain, ...named, span: plainSpan(span) }];
  });
}

function namesIn(
  { tables }: Schema,
  tableId: number,
  columnId: number | undefined,
): Pick<NewUse, 'table' | 'column'> | undefined {
  const table = tables.get(tableId);
  if (!table) return undefined;
  const column = table.columns.find(({ id }) => id === columnId);
  const name = { schema: table.schema, name: table.name };
  return column ? { table: name, column: column.name } : { table: name };
}

function plainSpan({ path, line, column, endLine, endColumn }: Span): Span {
  return { path, line, column, endLine, endColumn };
}
