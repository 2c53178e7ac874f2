import type { Applied, Rebuilt } from './applied.ts';
import { compareObjects } from './compare/object.ts';
import { compareTable, compareTables } from './compare/table.ts';
import type { Schema } from './schema.ts';

/** What leads from one schema to another. */
export interface Differences {
  /** What base has and head has not, as operations that take it away. Their spans are base's. */
  readonly lost: readonly Applied[];
  /** What head has and base has not, or has otherwise, as operations that make it. Their spans are head's. */
  readonly made: readonly Applied[];
}

/**
 * The operations that lead from base to head, for chains that were edited, squashed or reordered; `head` has base's
 * identities. Positions, the order of columns, and how an expression is written (case, space, casts of literals) do not count.
 */
export function compare(base: Schema, head: Schema): Differences {
  const lost: Applied[] = [];
  const made: Applied[] = [];
  compareTables(base, head, lost, made);
  compareObjects(base, head, lost, made);
  return { lost, made };
}

/**
 * What a table that was made anew under its own name has otherwise: on the new definition's own lines, as the columns and
 * constraints that are gone stand in none of them. `schema` names the tables that it refers to; `filled`: the copy does not take every row as it is.
 */
export function rebuildOperations(
  { before, after, given }: Rebuilt,
  schema: Schema,
  filled: boolean,
): readonly Applied[] {
  const lost: Applied[] = [];
  const made: Applied[] = [];
  compareTable(schema, before, after, lost, made);
  const placed = lost.map((one) => ({ ...one, operation: { ...one.operation, span: after.span } }));
  const noted = made.map((one) => {
    const { operation } = one;
    const isFilled =
      operation.kind === 'add-column'
        ? given.includes(operation.column.name)
        : filled && operation.kind === 'set-not-null';
    return isFilled ? { ...one, operation: { ...operation, filled: true } } : one;
  });
  return [...placed, ...noted];
}
