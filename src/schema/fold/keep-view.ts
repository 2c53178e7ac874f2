import type { Operation } from '../operation.ts';
import type { View } from '../schema.ts';
import { type Draft, keyOf, setView } from './draft.ts';
import { findTableIn, findView } from './find.ts';

/** Puts a view in the schema with what of it is there. */
export function keepView(
  draft: Draft,
  schema: string,
  { view: { name }, query, span }: Extract<Operation, { kind: 'create-view' }>,
): View {
  const view: View = {
    ...{ schema, name, materialized: false, query: query.text, span, indexes: [], dependsOnColumns: [] },
    dependsOn: [...new Set(query.relations.flatMap((one) => findTableIn(draft, one)?.id ?? []))],
    dependsOnViews: [...new Set(query.relations.flatMap((one) => findView(draft, one)?.key ?? []))],
  };
  setView(draft, keyOf(draft, schema, name), view);
  return view;
}
