import { callValue } from './call.ts';
import { settle } from './evaluate.ts';
import { joined } from './placed-sql.ts';
import {
  type Host,
  isTruthy,
  native,
  placedText,
  plainValue,
  type Site,
  textOfValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

type List = Extract<Value, { kind: 'list' }>;
type Method = (list: List, args: readonly Value[], site: Site) => Value;

/** A member of a list. */
export function listMember(list: List, name: string): Value | undefined {
  if (name === 'length') return plainValue(list.items.length);
  if (/^\d+$/.test(name)) return list.items[Number(name)];
  const method = METHODS.get(name);
  return method && native(name, (args, site) => method(list, args, site));
}

function each(list: List, next: Value | undefined, site: Site): Value[] {
  return list.items.map((item, index) =>
    next ? callValue(next, [item, plainValue(index), list], site) : UNDEFINED,
  );
}

/** The first index whose item passes, -1 for none; undefined where it cannot be told. */
function firstWhere(list: List, test: Value | undefined, site: Site): number | undefined {
  for (const [index, item] of list.items.entries()) {
    const passes = test && isTruthy(callValue(test, [item, plainValue(index), list], site));
    if (passes === undefined) return undefined;
    if (passes) return index;
  }
  return -1;
}

const UNSURE = unknown('a condition over a list is not known');

const METHODS = new Map<string, Method>([
  [
    'forEach',
    (list, [next], site) => {
      each(list, next, site);
      return UNDEFINED;
    },
  ],
  ['map', (list, [next], site) => ({ kind: 'list', items: each(list, next, site) })],
  [
    'flatMap',
    (list, [next], site) => ({
      kind: 'list',
      items: each(list, next, site).flatMap((one) => (one.kind === 'list' ? one.items : [one])),
    }),
  ],
  [
    'flat',
    (list) => ({
      kind: 'list',
      items: list.items.flatMap((one) => (one.kind === 'list' ? one.items : [one])),
    }),
  ],
  [
    'filter',
    (list, [test], site) => {
      const items: Value[] = [];
      for (const [index, item] of list.items.entries()) {
        const passes = test && isTruthy(callValue(test, [item, plainValue(index), list], site));
        if (passes === undefined) return UNSURE;
        if (passes) items.push(item);
      }
      return { kind: 'list', items };
    },
  ],
  [
    'find',
    (list, [test], site) => {
      const at = firstWhere(list, test, site);
      return at === undefined ? UNSURE : (list.items[at] ?? UNDEFINED);
    },
  ],
  ['findIndex', (list, [test], site) => indexValue(firstWhere(list, test, site))],
  [
    'some',
    (list, [test], site) => {
      const at = firstWhere(list, test, site);
      return at === undefined ? UNSURE : plainValue(at >= 0);
    },
  ],
  [
    'every',
    (list, [test], site) => {
      const all = each(list, test, site).map(isTruthy);
      if (all.includes(false)) return plainValue(false);
      return all.includes(undefined) ? UNSURE : plainValue(true);
    },
  ],
  [
    'reduce',
    (list, [next, first], site) => {
      const items = first ? list.items : list.items.slice(1);
      let value = first ?? list.items[0] ?? UNDEFINED;
      for (const [index, item] of items.entries())
        value = next ? settle(callValue(next, [value, item, plainValue(index), list], site), site) : value;
      return value;
    },
  ],
  [
    'join',
    (list, [separator]) => {
      const texts = list.items.map(placedText);
      const between = separator ? textOfValue(separator) : ',';
      return texts.every((one) => one !== undefined) && between !== undefined
        ? { kind: 'text', sql: joined(texts, between) }
        : unknown(whyNotKnown(list) ?? 'it is put together at run time');
    },
  ],
  ['includes', (list, [wanted]) => includes(list, wanted)],
  [
    'indexOf',
    (list, [wanted]) => {
      const text = wanted && textOfValue(wanted);
      const texts = list.items.map(textOfValue);
      return text === undefined || texts.includes(undefined) ? UNSURE : plainValue(texts.indexOf(text));
    },
  ],
  [
    'concat',
    (list, more) =>
      more.some(({ kind }) => kind === 'unknown')
        ? unknown('it is joined with a list that is not known')
        : {
            kind: 'list',
            items: [...list.items, ...more.flatMap((one) => (one.kind === 'list' ? one.items : [one]))],
          },
  ],
  [
    'slice',
    (list, [from, to]) => ({ kind: 'list', items: list.items.slice(numberOf(from) ?? 0, numberOf(to)) }),
  ],
  ['push', (list, more) => plainValue(list.items.push(...more))],
  ['unshift', (list, more) => plainValue(list.items.unshift(...more))],
  ['pop', (list) => list.items.pop() ?? UNDEFINED],
  ['shift', (list) => list.items.shift() ?? UNDEFINED],
  [
    'reverse',
    (list) => {
      list.items.reverse();
      return list;
    },
  ],
  [
    'entries',
    (list) => ({
      kind: 'list',
      items: list.items.map((item, index) => ({ kind: 'list', items: [plainValue(index), item] })),
    }),
  ],
  ['values', (list) => list],
  ['keys', (list) => ({ kind: 'list', items: list.items.map((_, index) => plainValue(index)) })],
  ['sort', () => unknown('it is sorted when it runs')],
]);

function indexValue(at: number | undefined): Value {
  return at === undefined ? UNSURE : plainValue(at);
}

function includes(list: List, wanted: Value | undefined): Value {
  const text = wanted && textOfValue(wanted);
  if (text === undefined) return UNSURE;
  const texts = list.items.map(textOfValue);
  if (texts.includes(text)) return plainValue(true);
  return texts.includes(undefined) ? UNSURE : plainValue(false);
}

function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === 'plain' && typeof value.value === 'number' ? value.value : undefined;
}

/** `new Set([…])` as the list of its items. */
export const SET: Host = {
  kind: 'host',
  name: 'Set',
  make: ([items]) => {
    const list: List = { kind: 'list', items: [] };
    if (items?.kind === 'unknown') return items;
    const seen = new Set<string>();
    for (const item of items?.kind === 'list' ? items.items : []) {
      const text = textOfValue(item);
      if (text !== undefined && seen.has(text)) continue;
      if (text !== undefined) seen.add(text);
      list.items.push(item);
    }
    return {
      kind: 'host',
      name: 'Set',
      member: (name) =>
        name === 'has'
          ? native('has', ([wanted]) => includes(list, wanted))
          : name === 'size'
            ? plainValue(list.items.length)
            : name === 'add'
              ? native('add', ([item]) => plainValue(item ? list.items.push(item) : 0))
              : listMember(list, name),
    };
  },
};
