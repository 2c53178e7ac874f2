import type { Expression } from './condition.ts';

/** What must hold, and the numbers of the rows that it speaks of. */
export interface Condition {
  readonly rows: readonly number[];
  readonly holds: Expression;
}

/** Tables of which a row is needed, by the number of that row. */
export type Rows = Readonly<Record<number, string>>;

/** A way in which a query may return a row, with all that it needs for that. */
export interface Way {
  readonly rows: Rows;
  readonly conditions: readonly Condition[];
  /** Of each NOT EXISTS the ways in which it would be refuted: none may be open. */
  readonly lacks: readonly Needs[];
  /** Rows that are looked at together with others: what went may change what is left. */
  readonly grouped: readonly number[];
  /** What else may change what is returned for these rows. */
  readonly beside: readonly Beside[];
  /** Whether nothing was left to the engine: where all holds, a row is returned. */
  readonly exact: boolean;
}

/** Rows that are read without being needed: for a LEFT JOIN, a subquery, or to be absent. */
export interface Beside {
  readonly rows: Rows;
  readonly conditions: readonly Condition[];
  /** Those of these rows of which a change matters. */
  readonly of: readonly number[];
  /** Only rows that went matter. */
  readonly isLost: boolean;
}

/** A query returns nothing where no way is open. */
export type Needs = readonly Way[];
