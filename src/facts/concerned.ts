import type { BoundUse } from '../read/bind-uses.ts';
import type { ChainChange } from '../read/chain-change.ts';
import type { Schema, Table } from '../schema/schema.ts';
import { skippedOf } from './skipped.ts';

/**
 * Tables of a chain that a change concerns: those that it alters or uses, and, one step along foreign keys, partitioning
 * and columns named after another table (`user_id` after `users`), in both directions and on both sides, their neighbours.
 *
 * Leaving the others out cannot change what a state rule reports. What is reported is the difference between its claims
 * on head and on base. A rule joins by identity: a claim about a table is made from that table, its uses, and its neighbours. For a table that is left out all of these are the same on both sides (otherwise it would be altered,
 * used, or a neighbour of one that is), so that its claims would have been the same on both sides and cancelled each
 * other. Rules that look further must be run on everything: pages of users always are.
 */
export function concernedTables(
  chain: ChainChange,
  uses: readonly Pick<BoundUse, 'tableId' | 'op'>[],
): ReadonlySet<number> {
  const centre = new Set<number>();
  const concerned = new Set<number>();
  for (const { tableId } of chain.operations) if (tableId !== undefined) centre.add(tableId);
  for (const id of differing(chain)) centre.add(id);
  for (const { table } of skippedOf(chain)) if (table) centre.add(table.id);
  for (const use of uses) {
    if (use.tableId === undefined) continue;
    if (use.op === 'ddl') concerned.add(use.tableId);
    else centre.add(use.tableId);
  }
  for (const id of centre) concerned.add(id);
  const words: Words = new Map();
  for (const schema of new Set([chain.baseSchema, chain.headSchema]))
    addNeighbours(schema, centre, concerned, words);
  return concerned;
}

/** What tables may be called that columns are named after, by the names of columns: most of them are those of others too. */
type Words = Map<string, readonly string[]>;

function addNeighbours(
  schema: Schema,
  centre: ReadonlySet<number>,
  concerned: Set<number>,
  words: Words,
): void {
  const named = tablesByWord(schema);
  for (const table of schema.tables.values())
    for (const other of [...linkedFrom(table), ...namedBy(table, named, words)]) {
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

/** Tables by what a column that refers to them may be called: `orders` is `orders` and `order`. */
function tablesByWord(schema: Schema): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { id, name } of schema.tables.values()) {
    const word = name.replaceAll('_', '').toLowerCase();
    for (const form of new Set([
      word,
      word.replace(/s$/, ''),
      word.replace(/ies$/, 'y'),
      word.replace(/es$/, ''),
    ]))
      found.set(form, [...(found.get(form) ?? []), id]);
  }
  return found;
}

/** Tables that columns are named after, with words before it or none: `author_user_id` after `users`. */
function namedBy(
  table: Table,
  named: ReadonlyMap<string, readonly number[]>,
  words: Words,
): readonly number[] {
  return table.columns.flatMap(({ name }) => {
    const known = words.get(name) ?? wordsIn(name);
    words.set(name, known);
    return known.flatMap((word) => named.get(word) ?? []);
  });
}

function wordsIn(column: string): readonly string[] {
  const [, stem] = /^(.+?)_?(?:id|uid|uuid)$/i.exec(column) ?? [];
  const parts =
    stem
      ?.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .split('_') ?? [];
  return parts.map((_, from) => parts.slice(from).join(''));
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
