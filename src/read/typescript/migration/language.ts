import { callValue } from './call.ts';
import { settle } from './evaluate.ts';
import { SET } from './list.ts';
import { requireValue } from './name-value.ts';
import { notKnown } from './run.ts';
import {
  type Host,
  hostOf,
  isTruthy,
  native,
  plainValue,
  type Site,
  textOfValue,
  textValue,
  UNDEFINED,
  unknown,
  type Value,
  whyNotKnown,
} from './value.ts';

/** What a name that no file declares stands for. */
export function globalValue(name: string): Value | undefined {
  globals ??= makeGlobals();
  return globals.get(name);
}

let globals: ReadonlyMap<string, Value> | undefined;

const ENVIRONMENT: Host = {
  kind: 'host',
  name: 'process.env',
  member: (name) => unknown(`it depends on the environment (${name})`),
};

/** Callbacks run some time; what they do is done in order here. */
const LATER = native('setTimeout', ([next], site) => (next ? callValue(next, [], site) : UNDEFINED));

function listOfPromises([list]: readonly Value[], site: Site): Value {
  if (list?.kind !== 'list')
    return unknown((list && whyNotKnown(list)) ?? 'it is not known what is waited for');
  return { kind: 'list', items: list.items.map((item) => settle(item, site)) };
}

/** `new Promise((resolve, reject) => …)`: the work is done, and what it gives on is not followed. */
const PROMISE: Host = {
  ...hostOf('Promise', {
    all: listOfPromises,
    allSettled: listOfPromises,
    resolve: ([value], site) => settle(value ?? UNDEFINED, site),
    reject: () => unknown('it fails'),
    race: listOfPromises,
  }),
  make: ([work], site) => {
    const result: { value?: Value } = {};
    const resolve = native('resolve', ([value]) => {
      result.value = value ?? UNDEFINED;
      return UNDEFINED;
    });
    if (work) callValue(work, [resolve, native('reject', () => UNDEFINED)], site);
    return result.value ?? unknown('a promise gives it');
  },
};

const OBJECT: Host = hostOf('Object', {
  keys: ([value]) => entriesOf(value, ([key]) => textValue(key)),
  values: ([value]) => entriesOf(value, ([, field]) => field),
  entries: ([value]) =>
    entriesOf(value, ([key, field]) => ({ kind: 'list', items: [textValue(key), field] })),
  freeze: ([value]) => value ?? UNDEFINED,
  assign: ([target, ...more]) => {
    if (target?.kind !== 'object') return unknown('it is put together when it runs');
    for (const one of more)
      if (one.kind === 'object') for (const [key, value] of one.fields) target.fields.set(key, value);
    const open = more.find(({ kind }) => kind === 'unknown');
    return open ? { ...target, open: whyNotKnown(open) ?? 'it is put together when it runs' } : target;
  },
  fromEntries: ([list]) => {
    if (list?.kind !== 'list') return unknown('it is put together when it runs');
    const fields = new Map<string, Value>();
    for (const pair of list.items) {
      const [key, value] = pair.kind === 'list' ? pair.items : [];
      const name = key && textOfValue(key);
      if (name === undefined || !value) return unknown('it is put together when it runs');
      fields.set(name, value);
    }
    return { kind: 'object', fields };
  },
});

function entriesOf(value: Value | undefined, make: (entry: readonly [string, Value]) => Value): Value {
  if (value?.kind !== 'object' || value.open !== undefined)
    return unknown((value && whyNotKnown(value)) ?? 'it is not known');
  return { kind: 'list', items: [...value.fields].map(make) };
}

/** A value as JSON; undefined where a part is not known. */
export function jsonOf(value: Value): unknown {
  switch (value.kind) {
    case 'text':
      return textOfValue(value);
    case 'plain':
      return typeof value.value === 'bigint' ? Number(value.value) : value.value;
    case 'list':
      return value.items.map(jsonOf);
    case 'object':
      return Object.fromEntries([...value.fields].map(([key, field]) => [key, jsonOf(field)]));
    default:
      return undefined;
  }
}

const JSON_HOST: Host = hostOf('JSON', {
  stringify: ([value]) => {
    const why = value && whyNotKnown(value);
    return !value || why !== undefined
      ? unknown(why ?? 'it is not known')
      : textValue(JSON.stringify(jsonOf(value)) ?? '');
  },
});

/** Something of a package that only passes on what it is given; undefined for any other. */
export function packageValue(source: string, path: readonly string[]): Value | undefined {
  const [first, second] = path;
  if (source !== 'async') return undefined;
  return first === undefined || (first === 'default' && second === undefined) ? ASYNC : undefined;
}

/** The library of callbacks: `async.series([(done) => …, …], done)`. */
const ASYNC: Host = hostOf('async', { series: inSeries, parallel: inSeries, waterfall: inSeries });

function inSeries([tasks, done]: readonly Value[], site: Site): Value {
  const list =
    tasks?.kind === 'object' ? [...tasks.fields.values()] : tasks?.kind === 'list' ? tasks.items : undefined;
  if (!list) {
    notKnown(site, 'what it runs in series is not known');
    return UNDEFINED;
  }
  for (const task of list) settle(callValue(task, [native('done', () => UNDEFINED)], site), site);
  if (done) callValue(done, [UNDEFINED], site);
  return UNDEFINED;
}

function numberHost(): Host {
  return {
    ...hostOf('Number', {
      isInteger: ([value]) =>
        value?.kind === 'plain' ? plainValue(Number.isInteger(value.value)) : unknown('it is not known'),
      parseInt: ([value]) => numberOf(value),
    }),
    call: ([value]) => numberOf(value),
  };
}

/** The number that a text or number says. */
function numberOf(value: Value | undefined): Value {
  const text = value && textOfValue(value);
  return text === undefined
    ? unknown((value && whyNotKnown(value)) ?? 'it is not known')
    : plainValue(Number(text));
}

function makeGlobals(): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['undefined', UNDEFINED],
    ['NaN', plainValue(Number.NaN)],
    ['Infinity', plainValue(Number.POSITIVE_INFINITY)],
    ['process', hostOf('process', { env: ENVIRONMENT })],
    ['console', { kind: 'host', name: 'console', member: () => native('console', () => UNDEFINED) }],
    ['Promise', PROMISE],
    ['Object', OBJECT],
    ['JSON', JSON_HOST],
    [
      'Array',
      hostOf('Array', {
        isArray: ([value]) => (value?.kind === 'unknown' ? value : plainValue(value?.kind === 'list')),
        from: ([value], site) => {
          const spread = value?.kind === 'host' ? value.member?.('values', site) : undefined;
          return value?.kind === 'list'
            ? value
            : spread
              ? callValue(spread, [], site)
              : unknown('it is put together when it runs');
        },
      }),
    ],
    [
      'String',
      native('String', ([value]) =>
        value && textOfValue(value) !== undefined
          ? textValue(textOfValue(value) ?? '')
          : unknown('it is not known'),
      ),
    ],
    [
      'Boolean',
      native('Boolean', ([value]) => {
        const truth = value && isTruthy(value);
        return truth === undefined ? unknown('it is not known') : plainValue(truth);
      }),
    ],
    ['Set', SET],
    ['setTimeout', LATER],
    ['setImmediate', LATER],
    [
      'require',
      native('require', ([source], { run, module }) => {
        const text = source && textOfValue(source);
        return text === undefined
          ? unknown('it is required by a computed name')
          : requireValue(run, module, text);
      }),
    ],
    ['Number', numberHost()],
    ['parseInt', native('parseInt', ([value]) => numberOf(value))],
    ['Error', { kind: 'host', name: 'Error', make: () => UNDEFINED, call: () => UNDEFINED }],
  ]);
}
