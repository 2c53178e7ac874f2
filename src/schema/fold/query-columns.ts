import type { Span } from '../../change/span.ts';
import type { TypeName } from '../name.ts';
import type { OutputDefinition, QueryDefinition } from '../operation.ts';
import type { Column } from '../schema.ts';
import type { Draft } from './draft.ts';
import { findColumn, findTableIn } from './find.ts';
import { resolveType } from './type.ts';

/** Columns that a query gives to the table that it makes, where their names are certain; undefined where not. */
export function columnsOfQuery(
  draft: Draft,
  query: QueryDefinition,
  span: Span,
): readonly Column[] | undefined {
  const star =
    /^\(?\s*(select\s+\*\s+from|table)\s+[\w."`[\]]+\s*(where\b|with\b|limit\b|order\b|\)|;|$)/i.test(
      query.text,
    );
  const [only, another] = query.relations;
  const all = star && only && !another ? findTableIn(draft, only)?.columns : undefined;
  const outputs = query.outputs ?? all?.map(({ name, type }) => ({ name, type }));
  const unknown = { name: draft.dialect === 'postgres' ? 'unknown' : '', arguments: [], dimensions: 0 };
  return outputs?.map((output) => {
    const type = typeOf(draft, output) ?? unknown;
    return { id: draft.nextColumnId++, name: output.name, type, nullable: true, span };
  });
}

/** The type of a query's column; undefined where it is not certain. */
function typeOf(draft: Draft, { type, column }: OutputDefinition): TypeName | undefined {
  if (type) return resolveType(draft, type);
  const owners = (column?.relations ?? []).flatMap((relation) => {
    const table = findTableIn(draft, relation);
    return (table && findColumn(draft, table, column?.column ?? '')) ?? [];
  });
  return owners.length === 1 ? owners[0]?.type : undefined;
}
