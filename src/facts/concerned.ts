import type { BoundUse } from '../read/bind-uses.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { Schema, Table } from '../schema/schema.ts';

/**
 * Tables of a chain that a change concerns: those that it alters or uses, and, one step along foreign keys and
 * partitioning in both directions and on both sides, their neighbours.
 *
 * Leaving the others out cannot change what a state rule reports. What is reported is the difference between its claims
 * on head and on base. A rule joins by identity: a claim about a table is made from that table, its uses, and tables one
 * foreign key away. For a table that is left out all of these are the same on both sides (otherwise it would be altered,
 * used, or a neighbour of one that is), so that its claims would have been the same on both sides and cancelled each
 * other. Rules that look further, by name or over all tables, must be run on everything: pages of users always are.
 */
export function concernedTables(
  chain: ChainChange,
  uses: readonly Pick<BoundUse, 'tableId' | 'op'>[],
): ReadonlySet<number> {
  const centre = new Set<number>();
  const concerned = new Set<number>();
  for (const { tableId } of chain.operations) if (tableId !== undefined) centre.add(tableId);
  for (const id of differing(chain)) centre.add(id);
  for (const use of uses) {
    if (use.tableId === undefined) continue;
    if (use.op === 'ddl') concerned.add(use.tableId);
    else centre.add(use.tableId);
  }
  for (const id of centre) concerned.add(id);
  for (const schema of new Set([chain.baseSchema, chain.headSchema]))
    addNeighbours(schema, centre, concerned);
  return concerned;
}

function addNeighbours(schema: Schema, centre: ReadonlySet<number>, concerned: Set<number>): void {
  for (const table of schema.tables.values())
    for (const other of linkedFrom(table)) {
      if (centre.has(table.id)) concerned.add(other);
      if (centre.has(other)) concerned.add(table.id);
    }
}

function linkedFrom(table: Table): readonly number[] {
  const parents = table.constraints.flatMap((constraint) =>
    constraint.kind === 'foreign key' ? [constraint.refTableId] : [],
  );
  return table.parentId === undefined ? parents : [...parents, table.parentId];
}

/** Tables that are not the very same object on both sides; read anew after a rewrite, they are compared by content. */
function differing(chain: ChainChange): readonly number[] {
  const { baseSchema: base, headSchema: head } = chain;
  if (base === head) return [];
  const ids = new Set([...base.tables.keys(), ...head.tables.keys()]);
  return [...ids].filter((id) => {
    const [before, after] = [base.tables.get(id), head.tables.get(id)];
    return before !== after && (!before || !after || contentOf(before) !== contentOf(after));
  });
}

function contentOf(table: Table): string {
  return JSON.stringify(table, (key, value) => (key === 'span' ? undefined : value));
}
