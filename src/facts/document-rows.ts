import type { DocumentDifference } from '../read/documents/document.ts';
import type { Facts } from './facts.ts';
import type { Identities } from './identity.ts';
import { pathKeys } from './paths.ts';
import { type AddRow, position } from './schema-rows.ts';

/** Rows of what documents say otherwise than the schema, on both sides. With `all` there is no before: everything is new. */
export function addDocumentRows(facts: Facts, all: boolean, ids: Identities, add: AddRow): void {
  const { documents } = facts;
  if (!documents) return;
  const pathKey = pathKeys(facts);
  const keyOf = ({ document, chain, tableId, table, says }: DocumentDifference, side: 'base' | 'head') =>
    JSON.stringify([pathKey(document, side), ids.chainOf(chain)?.id, tableId ?? table, says]);
  const before = new Set(all ? [] : documents.base.map((one) => keyOf(one, 'base')));
  for (const side of ['base', 'head'] as const)
    for (const one of documents[side]) {
      const chain = ids.chainOf(one.chain);
      add(`${side}.document_differences`, [
        one.document,
        chain?.id ?? null,
        chain ? ids.toFact(chain, one.tableId) : null,
        one.table,
        one.columns,
        one.says,
        one.command ?? null,
        side === 'head' && !before.has(keyOf(one, side)),
        ...position(one.span),
      ]);
    }
}
