import type { Span } from '../../change/span.ts';
import type { QueryDefinition } from '../operation.ts';
import type { Column } from '../schema.ts';
import type { Draft } from './draft.ts';
import { findColumn, findTableIn } from './find.ts';

/** Columns that a query gives to the table that it makes, where their names are certain; undefined where not. */
export function columnsOfQuery(
  draft: Draft,
  query: QueryDefinition,
  span: Span,
): readonly Column[] | undefined {
  const sources = query.relations.map((relation) => findTableIn(draft, relation));
  const star = /^\(?\s*select\s+\*\s+from\s+[\w."`[\]]+\s*(where\b|limit\b|order\b|\)|;|$)/i.test(query.text);
  const names =
    query.outputs ??
    (star && sources.length === 1 ? sources[0]?.columns.map((column) => column.name) : undefined);
  return names?.map((name) => {
    const owners = sources.flatMap((table) => (table && findColumn(draft, table, name)) ?? []);
    const type = owners.length === 1 ? owners[0]?.type : undefined;
    const unknown = { name: '', arguments: [], dimensions: 0 };
    return { id: draft.nextColumnId++, name, type: type ?? unknown, nullable: true, span };
  });
}
