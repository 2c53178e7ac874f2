import type { Value } from '../prove/scratch.ts';

/** A column of a row that a query needs, by the number that the query's analysis gave that row. */
export interface ColumnOf {
  readonly row: number;
  readonly column: string;
}

/** A part of a query's conditions that can be computed from rows without an engine; null stands for what cannot. */
export type Expression =
  | ColumnOf
  | { readonly is: string | number | boolean }
  | { readonly call: string; readonly of: readonly Expression[] }
  | null;

/** The value of one row's column. */
export type Cells = (column: ColumnOf) => Value | undefined;

/** Text, number and truth; null is SQL's, and undefined what is not known. */
type Known = string | number | boolean | null | undefined;

/** False only where a condition cannot hold: what is not known may. */
export function mayHold(condition: Expression, cells: Cells): boolean {
  const found = computed(condition, cells);
  return found !== false && found !== null;
}

function computed(expression: Expression, cells: Cells): Known {
  if (expression === null) return undefined;
  if ('is' in expression) return expression.is;
  if ('row' in expression) {
    const cell = cells(expression);
    return typeof cell === 'object' && cell !== null ? undefined : cell;
  }
  const values = expression.of.map((one) => computed(one, cells));
  if (expression.call === 'and') return allOf(values);
  if (expression.call === 'or') return negated(allOf(values.map(negated)));
  if (expression.call === 'is null') return values[0] === undefined ? undefined : values[0] === null;
  if (expression.call === 'coalesce') return firstOf(values);
  if (values.includes(null)) return expression.call === 'in' && values[0] !== null ? undefined : null;
  return values.includes(undefined) ? undefined : CALLS[expression.call]?.(...(values as Given[]));
}

function allOf(values: readonly Known[]): Known {
  if (values.includes(false)) return false;
  if (values.includes(undefined)) return undefined;
  return values.includes(null) ? null : true;
}

function negated(value: Known): Known {
  return typeof value === 'boolean' ? !value : value;
}

function firstOf(values: readonly Known[]): Known {
  for (const value of values) if (value !== null) return value;
  return null;
}

type Given = string | number | boolean;

/** Calls whose result follows from arguments that are all known and none NULL; undefined where it is left to the engine. */
const CALLS: Readonly<Record<string, (...values: Given[]) => Known>> = {
  not: (value) => negated(value),
  '=': (left, right) => (typeof left === typeof right ? left === right : undefined),
  in: (value, ...list) =>
    list.every((one) => typeof one === typeof value) ? list.includes(value as Given) : undefined,
  lower: (text) => String(text).toLowerCase(),
  contains: (text, part) => String(text).includes(String(part)),
  starts_with: (text, part) => String(text).startsWith(String(part)),
  ends_with: (text, part) => String(text).endsWith(String(part)),
  split_part: (text, by, place) => {
    const parts = String(text).split(String(by));
    return typeof place === 'number' && place !== 0
      ? (parts.at(place > 0 ? place - 1 : place) ?? '')
      : undefined;
  },
  regexp_matches: (text, pattern) => regexOf(pattern)?.test(String(text)),
  regexp_replace: (text, pattern, by, flags = '') => {
    const regex = flags === '' || flags === 'g' ? regexOf(pattern, String(flags)) : undefined;
    return (
      regex &&
      String(text).replace(
        regex,
        String(by)
          .replaceAll('$', '$$$$')
          .replace(/\\(\d)/g, '$$$1'),
      )
    );
  },
};

/** How many arguments a call may have that is computed here; others are left to the engine. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  lower: [1, 1],
  contains: [2, 2],
  starts_with: [2, 2],
  ends_with: [2, 2],
  split_part: [3, 3],
  regexp_matches: [2, 2],
  regexp_replace: [3, 4],
};

/** Whether a function of the engine's is computed here with so many arguments. */
export function isComputed(name: string, count: number): boolean {
  const [least, most] = COUNTS[name] ?? [1, 0];
  return count >= least && count <= most;
}

const regexes = new Map<string, RegExp | undefined>();

/** A pattern of RE2's as JavaScript reads it; undefined where the two may differ: flags and names within, classes of text. */
function regexOf(pattern: Given, flags = ''): RegExp | undefined {
  const key = `${flags}/${pattern}`;
  if (!regexes.has(key))
    regexes.set(
      key,
      /\(\?[^:]|\[\[:|\\[pPQEAzC]/.test(String(pattern)) ? undefined : compiled(String(pattern), flags),
    );
  return regexes.get(key);
}

function compiled(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
