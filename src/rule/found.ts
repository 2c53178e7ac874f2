import type { Outputs, Scope } from './read-expression.ts';
import type { Beside, Way } from './way.ts';

/** More ways than this are told as if any would do. */
const MOST_WAYS = 40;

/** A way as it is found, with what its part of the query returns and what names mean there. */
export interface Found extends Way {
  readonly outputs: Outputs;
  readonly scope: Scope;
}

/** Columns of which nothing is known. */
export const NO_OUTPUTS: Outputs = { columns: new Map(), certain: false };

/** A way that needs nothing. */
export const NOTHING = { rows: {}, conditions: [], lacks: [], grouped: [], beside: [], exact: true } as const;

/** Without what only served to find the needs. */
export function bare({ rows, conditions, lacks, grouped, beside, exact }: Found): Way {
  return { rows, conditions, lacks, grouped, beside, exact };
}

/**
 * What of the rows of ways, and beside them, may change what is made of them. Where they are `forbidden` only rows that went
 * do, unless those are counted.
 */
export function besidesOf(ways: readonly Way[], forbidden = false): readonly Beside[] {
  return ways.flatMap(({ rows, conditions, grouped, beside }) => [
    ...(Object.keys(rows).length > 0
      ? [{ rows, conditions, of: numbersOf(rows), isLost: forbidden && grouped.length === 0 }]
      : []),
    ...beside.map((one) => ({
      rows: { ...rows, ...one.rows },
      conditions: [...conditions, ...one.conditions],
      of: one.of,
      isLost: false,
    })),
  ]);
}

function numbersOf(rows: Way['rows']): readonly number[] {
  return Object.keys(rows).map(Number);
}

/** With further rows beside it. */
export function withBeside(way: Found, beside: readonly Beside[]): Found {
  return beside.length === 0 ? way : { ...way, beside: [...way.beside, ...beside] };
}

/** Of a group each row may change the whole: those that went, too. */
export function asGroup(way: Found): Found {
  return {
    ...way,
    exact: false,
    grouped: numbersOf(way.rows),
    beside: way.beside.map((one) => ({ ...one, isLost: false })),
  };
}

/** Two ways at once, where names mean what they mean to the other. */
export function both(one: Found, other: Found, exact = true): Found {
  return {
    ...other,
    rows: { ...one.rows, ...other.rows },
    conditions: [...one.conditions, ...other.conditions],
    lacks: [...one.lacks, ...other.lacks],
    grouped: [...one.grouped, ...other.grouped],
    beside: [...one.beside, ...other.beside],
    exact: exact && one.exact && other.exact,
  };
}

/** The ways, or one in place of too many. */
export function limited(ways: readonly Found[], instead: () => Found): readonly Found[] {
  return ways.length > MOST_WAYS ? [instead()] : ways;
}

/** Either of two lists of ways: of a union the columns have the names of its first part. */
export function either(
  left: readonly Found[],
  right: readonly Found[],
  instead: () => Found,
): readonly Found[] {
  const [first] = left;
  if (!first || left.length + right.length > MOST_WAYS) return [instead()];
  const names = [...first.outputs.columns.keys()];
  const renamed = right.map((way) => {
    const columns = [...way.outputs.columns.values()];
    const isPaired = first.outputs.certain && way.outputs.certain && names.length === columns.length;
    if (!isPaired) return { ...way, outputs: NO_OUTPUTS };
    return {
      ...way,
      outputs: { certain: true, columns: new Map(names.map((name, at) => [name, columns[at] ?? null])) },
    };
  });
  return [...left, ...renamed];
}
