import type { Value } from '../prove/scratch.ts';

/** An operator or a function of the engine's, or a macro of the vocabulary, that is computed here too. */
interface Call {
  readonly least: number;
  readonly most: number;
  /** What it makes of NULL is left to the engine; of others it makes NULL. */
  readonly nullIsUnknown?: true;
  /** Undefined where it is left to the engine. */
  readonly compute: (...values: readonly Value[]) => Value | undefined;
}

type Text = (...values: readonly string[]) => Value | undefined;

/** Of texts alone. */
function texts(least: number, most: number, compute: Text): Call {
  const isText = (value: Value) => typeof value === 'string';
  return {
    least,
    most,
    compute: (...values) => (values.every(isText) ? compute(...(values as string[])) : undefined), // just asked
  };
}

/** Of two numbers: texts the engine orders by their bytes. */
function order(compute: (left: number, right: number) => boolean): Call {
  return {
    least: 2,
    most: 2,
    compute: (left, right) =>
      typeof left === 'number' && typeof right === 'number' ? compute(left, right) : undefined,
  };
}

/** Of lists without NULL; what stands in the place of a list may be an element. */
function lists(compute: (list: readonly Value[], other: readonly Value[]) => Value): Call {
  return {
    least: 2,
    most: 2,
    nullIsUnknown: true,
    compute: (list, other = null) => {
      const others = Array.isArray(other) ? other : [other];
      if (!Array.isArray(list) || others.some((one) => typeof one !== 'string')) return undefined;
      return list.every((one) => one === null || typeof one === 'string') ? compute(list, others) : undefined;
    },
  };
}

const hasAll = (list: readonly Value[], all: readonly Value[]) => all.every((one) => list.includes(one));
const hasAny = (list: readonly Value[], some: readonly Value[]) => some.some((one) => list.includes(one));

const CALLS: ReadonlyMap<string, Call> = new Map([
  ['not', { least: 1, most: 1, compute: (value) => (typeof value === 'boolean' ? !value : undefined) }],
  ['=', { least: 2, most: 2, compute: (left = null, right = null) => areEqual(left, right) }],
  ['<', order((left, right) => left < right)],
  ['<=', order((left, right) => left <= right)],
  ['in', { least: 1, most: 1_000, compute: (value = null, ...list) => isIn(value, list) }],
  ['->>', { least: 2, most: 2, compute: (json = null, path = null) => partOf(json, path) }],
  ['array_extract', { least: 2, most: 2, nullIsUnknown: true, compute: elementAt }],
  ['len', { least: 1, most: 1, compute: (value = null) => lengthOf(value) }],
  ['length', { least: 1, most: 1, compute: (value = null) => lengthOf(value) }],
  ['||', texts(2, 2, (left, right) => `${left}${right}`)],
  ['lower', texts(1, 1, (text = '') => text.toLowerCase())],
  ['contains', texts(2, 2, (text = '', part = '') => text.includes(part))],
  ['starts_with', texts(2, 2, (text = '', part = '') => text.startsWith(part))],
  ['ends_with', texts(2, 2, (text = '', part = '') => text.endsWith(part))],
  ['string_split', texts(2, 2, (text = '', by = '') => (by === '' ? undefined : text.split(by)))],
  [
    'split_part',
    { least: 3, most: 3, compute: (text, by, place) => partAt(String(text), String(by), place) },
  ],
  ['regexp_matches', texts(2, 2, (text = '', pattern = '') => regexOf(pattern)?.test(text))],
  ['regexp_replace', texts(3, 4, replaced)],
  ['list_contains', lists(hasAll)],
  ['list_has_all', lists(hasAll)],
  ['list_has_any', lists(hasAny)],
  // macros of facts.sql
  [
    'leads_any_order',
    lists(
      (index, columns) => index.length >= columns.length && hasAll(index.slice(0, columns.length), columns),
    ),
  ],
  ['leads_in_order', lists((index, columns) => columns.every((column, at) => index[at] === column))],
]);

/** A call that is computed here; undefined for one that is left to the engine. */
export function callOf(name: string): Call | undefined {
  return CALLS.get(name);
}

/** Whether a function of the engine's is computed here with so many arguments. */
export function isComputed(name: string, count: number): boolean {
  const { least, most } = CALLS.get(name) ?? { least: 1, most: 0 };
  return count >= least && count <= most;
}

function areEqual(left: Value, right: Value): boolean | undefined {
  if (typeof left !== typeof right) return undefined;
  if (typeof left !== 'object' || left === null) return left === right;
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  return [...left, ...right].every((one) => typeof one === 'string')
    ? JSON.stringify(left) === JSON.stringify(right)
    : undefined;
}

function isIn(value: Value, list: readonly Value[]): boolean | undefined {
  return typeof value !== 'object' && list.every((one) => typeof one === typeof value)
    ? list.includes(value)
    : undefined;
}

/** As text; what is not there is NULL. */
function partOf(json: Value, path: Value): Value | undefined {
  if (typeof json !== 'object' || typeof path !== 'string' || !/^\$(\.\w+)+$/.test(path)) return undefined;
  let found: Value | undefined = json;
  for (const name of path.slice(2).split('.')) {
    if (found === undefined) return null;
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = (found as { readonly [key: string]: Value | undefined })[name];
  }
  if (found === undefined) return null;
  if (found === null) return undefined;
  return typeof found === 'string' ? found : JSON.stringify(found);
}

function elementAt(list: Value = null, place: Value = null): Value | undefined {
  if (!Array.isArray(list) || typeof place !== 'number' || place < 1) return undefined;
  return list[place - 1] ?? null;
}

function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : undefined;
}

function partAt(text: string, by: string, place: Value | undefined): string | undefined {
  if (typeof place !== 'number' || place === 0) return undefined;
  return text.split(by).at(place > 0 ? place - 1 : place) ?? '';
}

function replaced(text = '', pattern = '', by = '', flags = ''): string | undefined {
  const regex = flags === '' || flags === 'g' ? regexOf(pattern, flags) : undefined;
  return regex && text.replace(regex, by.replaceAll('$', '$$$$').replace(/\\(\d)/g, '$$$1'));
}

const regexes = new Map<string, RegExp | undefined>();

/** A pattern of RE2's as JavaScript reads it; undefined where the two may differ: flags and names within, classes of text. */
function regexOf(pattern: string, flags = ''): RegExp | undefined {
  const key = `${flags}/${pattern}`;
  if (!regexes.has(key))
    regexes.set(key, /\(\?[^:]|\[\[:|\\[pPQEAzC]/.test(pattern) ? undefined : compiled(pattern, flags));
  return regexes.get(key);
}

function compiled(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
