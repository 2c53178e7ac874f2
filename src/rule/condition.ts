import type { Value } from '../prove/scratch.ts';
import { callOf } from './calls.ts';

/** A column of a row that a query needs, by the number that the query's analysis gave that row. */
export interface ColumnOf {
  readonly row: number;
  readonly column: string;
}

/** A part of a query's conditions that can be computed from rows without an engine; null stands for what cannot. */
export type Expression =
  | ColumnOf
  | { readonly is: string | number | boolean | null }
  | { readonly call: string; readonly of: readonly Expression[] }
  | null;

/** The value of one row's column. */
export type Cells = (column: ColumnOf) => Value | undefined;

/** A value, NULL among them, or undefined where it is not known. */
type Known = Value | undefined;

/** False only where a condition cannot hold: what is not known may. */
export function mayHold(condition: Expression, cells: Cells): boolean {
  const found = computed(condition, cells);
  return found !== false && found !== null;
}

/** True only where a condition holds whatever is not known. */
export function mustHold(condition: Expression, cells: Cells): boolean {
  return computed(condition, cells) === true;
}

function computed(expression: Expression, cells: Cells): Known {
  if (expression === null) return undefined;
  if ('is' in expression) return expression.is;
  if ('row' in expression) return cells(expression);
  const { call, of } = expression;
  if (call === 'case') return chosen(of, cells);
  if (call === '=' && of.some(isUnnested)) return oneOf(of, cells);
  if (call === 'unnest') return undefined;
  if (call === 'and' || call === 'or') return joined(of, call === 'or', cells);
  const values = of.map((one) => computed(one, cells));
  switch (call) {
    case 'is null':
      return values[0] === undefined ? undefined : values[0] === null;
    case 'coalesce':
      return values.every((value) => value === null) ? null : values.find((value) => value !== null);
    case 'distinct':
      return distinct(values);
    case 'list_value':
      return values.includes(undefined) ? undefined : (values as Value[]);
    default:
      return ofCall(call, values);
  }
}

function ofCall(call: string, values: readonly Known[]): Known {
  const known = callOf(call);
  if (values.includes(null)) {
    if (known?.nullIsUnknown || (call === 'in' && values[0] !== null)) return undefined;
    return null;
  }
  return values.includes(undefined) ? undefined : known?.compute(...(values as Value[]));
}

/** A row for each element: any of them may be the one. */
function oneOf(of: readonly Expression[], cells: Cells): Known {
  const [list, value] = of.map((one) =>
    isUnnested(one) ? computed(one.of[0] ?? null, cells) : computed(one, cells),
  );
  const [many, single] = Array.isArray(list) ? [list, value] : [value, list];
  if (!Array.isArray(many) || typeof single !== 'string') return undefined;
  return many.every((one) => typeof one === 'string' && one !== single) ? false : undefined;
}

function isUnnested(one: Expression): one is { readonly call: string; readonly of: readonly Expression[] } {
  return one !== null && 'call' in one && one.call === 'unnest';
}

/** Conditions and results in turn, the result where none holds last. */
function chosen(of: readonly Expression[], cells: Cells): Known {
  for (let at = 0; at + 1 < of.length; at += 2) {
    const when = computed(of[at] ?? null, cells);
    if (when === undefined) return undefined;
    if (when === true) return computed(of[at + 1] ?? null, cells);
  }
  return computed(of.at(-1) ?? null, cells);
}

/** AND, or OR: the first part that is false, or true, tells without the others. */
function joined(of: readonly Expression[], telling: boolean, cells: Cells): Known {
  let found: Known = !telling;
  for (const one of of) {
    const value = computed(one, cells);
    if (value === telling) return telling;
    if (value === !telling || found === undefined) continue;
    found = value === null ? null : undefined;
  }
  return found;
}

function distinct([left, right]: readonly Known[]): Known {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return left !== right;
  return typeof left === typeof right ? JSON.stringify(left) !== JSON.stringify(right) : undefined;
}
