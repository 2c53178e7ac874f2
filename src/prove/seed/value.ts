import type { TypeName } from '../../schema/name.ts';
import type { Column, Schema, UserType } from '../../schema/schema.ts';

/**
 * A value of a seeded row, the same for every engine: the text by which PostgreSQL reads it, of `bytea` its bytes in
 * hexadecimal, a list of values for an array.
 */
export type SeedValue = string | null | readonly SeedValue[];

/** How the values of a column are compared with literals. */
export type Sort = 'number' | 'boolean' | 'text' | 'label' | 'bytes' | 'other';

/** What a column may hold. */
export interface Domain {
  readonly sort: Sort;
  /** A value like any other. */
  readonly ordinary: SeedValue;
  /** Values at the edges of the type, which real tables hold too. */
  readonly awkward: readonly SeedValue[];
  /** The i-th of as many different values as are wanted; undefined where the type has no more. */
  distinct(i: number): SeedValue | undefined;
}

/** Longest text that every index takes: an entry of a B-tree has at most 2,704 bytes. */
const LONG = 600;

/** Keys start here: rows that a migration writes itself count from 1. */
const FIRST_KEY = 1001;

/** Values of types that have few that matter, the ordinary one first. */
export const FEW: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false'],
  date: ['2024-02-29', '0001-01-01', '9999-12-31'],
  timestamp: ['2024-02-29 23:59:59.999999', '0001-01-01 00:00:00', '9999-12-31 23:59:59'],
  timestamptz: ['2024-02-29 23:59:59.999999+00', '0001-01-01 00:00:00+00', '9999-12-31 23:59:59+00'],
  time: ['12:30:00', '00:00:00', '23:59:59.999999'],
  timetz: ['12:30:00+00', '00:00:00+00', '23:59:59.999999+00'],
  interval: ['1 day', '00:00:00', '-1 day', '100 years'],
  json: ['{"a": 1}', '{}', '[]', 'null', '"O\'Brien"'],
  jsonb: ['{"a": 1}', '{}', '[]', 'null', '"O\'Brien"'],
  inet: ['192.0.2.1', '2001:db8::1'],
  cidr: ['192.0.2.0/24', '2001:db8::/32'],
  macaddr: ['08:00:2b:01:02:03'],
  macaddr8: ['08:00:2b:01:02:03:04:05'],
  tsvector: ["'cat' 'fat'", ''],
  tsquery: ["'fat' & 'cat'"],
  xml: ['<a/>'],
  point: ['(1,2)'],
  line: ['{1,2,3}'],
  lseg: ['[(1,2),(3,4)]'],
  box: ['(3,4),(1,2)'],
  path: ['((1,2),(3,4))'],
  polygon: ['((1,2),(3,4),(5,0))'],
  circle: ['<(1,2),3>'],
  int4range: ['[1,10)', 'empty'],
  int8range: ['[1,10)', 'empty'],
  numrange: ['[1.5,10)', 'empty'],
  daterange: ['[2024-02-29,2024-03-01)', 'empty'],
  tsrange: ['["2024-02-29 00:00:00","2024-03-01 00:00:00")', 'empty'],
  tstzrange: ['["2024-02-29 00:00:00+00","2024-03-01 00:00:00+00")', 'empty'],
  pg_lsn: ['0/16B3748'],
  hstore: ['"a"=>"1"', ''],
  ltree: ['top.science', 'top'],
  regclass: ['pg_class'],
  regtype: ['integer'],
  regproc: ['now'],
};

const INTEGERS: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  oid: ['1', '4294967295'],
};

/** What a column may hold by its type and name, apart from constraints; undefined where nothing is known of its type. */
export function domainOf(column: Pick<Column, 'name' | 'type'>, schema: Schema): Domain | undefined {
  const { type } = column;
  if (type.dimensions > 0) {
    const element = domainOf({ ...column, type: { ...type, dimensions: 0 } }, schema);
    return element && listOf(element);
  }
  const own = userType(type, schema);
  if (own?.kind === 'enum') return own.labels.length > 0 ? among('label', own.labels) : undefined;
  if (own?.baseType) return domainOf({ ...column, type: own.baseType }, schema);
  const bounds = Object.hasOwn(INTEGERS, type.name) ? INTEGERS[type.name] : undefined;
  if (bounds) return integers(bounds);
  const few = Object.hasOwn(FEW, type.name) ? FEW[type.name] : undefined;
  if (few) return { ...among(type.name === 'boolean' ? 'boolean' : 'other', few), ...counted(type.name) };
  switch (type.name) {
    case 'text':
    case 'citext':
    case 'varchar':
    case 'char':
    case 'bpchar':
    case 'name':
      return texts(column.name, lengthOf(type));
    case 'uuid':
      return each('other', uuid, []);
    case 'numeric':
      return numerics(type.arguments.map(Number));
    case 'money':
      return each('number', (i) => `${i + 1}.00`, ['0.00', '-1.00']);
    case 'real':
      return each('number', (i) => `${i + 1}.5`, ['0', '-1', '3.4e38']);
    case 'double precision':
      return each('number', (i) => `${i + 1}.5`, ['0', '-1', '1.7e308']);
    case 'bytea':
      return each('bytes', (i) => `ff00${hex(i, 4)}`, ['']);
    case 'bit':
      return bits(Number(type.arguments[0] ?? 1));
    case 'varbit':
      return among('other', ['101', '']);
    case 'vector':
    case 'halfvec':
      return among('other', [`[${Array(Number(type.arguments[0] ?? 3)).fill('0.5')}]`]);
    default:
      return undefined;
  }
}

/** The user's own type of a column, if it is one. */
export function userType(type: TypeName, schema: Schema): UserType | undefined {
  for (const home of type.schema === undefined ? ['public', ...schema.searchPath] : [type.schema]) {
    const found = schema.types.get(`${home}.${type.name}`);
    if (found) return found;
  }
  return undefined;
}

/** A domain of a few values. */
export function among(sort: Sort, values: readonly string[]): Domain {
  const [ordinary = '', ...awkward] = values;
  return { sort, ordinary, awkward, distinct: (i) => values[i] };
}

/** A domain of as many values as are wanted. */
export function each(sort: Sort, distinct: (i: number) => string, awkward: readonly string[]): Domain {
  return { sort, ordinary: distinct(0), awkward, distinct };
}

/** Moments and the like have no end of different values, but for those that have. */
function counted(type: string): Partial<Domain> {
  const day = (i: number) => `${String(2000 + (i % 999)).padStart(4, '0')}-01-01`;
  switch (type) {
    case 'date':
      return { distinct: day };
    case 'timestamp':
      return { distinct: (i) => `${day(i)} 00:00:00` };
    case 'timestamptz':
      return { distinct: (i) => `${day(i)} 00:00:00+00` };
    case 'json':
    case 'jsonb':
      return { distinct: (i) => `{"a": ${i}}` };
    case 'inet':
      return { distinct: (i) => `192.0.2.${i % 256}` };
    case 'ltree':
      return { distinct: (i) => `top.a${i}` };
    case 'int4range':
    case 'int8range':
    case 'numrange':
      return { distinct: (i) => `[${i * 10},${i * 10 + 5})` };
    default:
      return {};
  }
}

function integers([least, most]: readonly [string, string]): Domain {
  return each(
    'number',
    (i) => String(FIRST_KEY + i),
    ['0', '-1', least, most].filter((one) => one >= '-'),
  );
}

/** Numbers of a precision and scale. */
export function numerics([precision, scale = 0]: readonly number[]): Domain {
  if (precision === undefined)
    return each('number', (i) => String(FIRST_KEY + i), ['0', '-1', '0.000000001', '123456789012345678.5']);
  const whole = Math.max(precision - scale, 0);
  const most = `${'9'.repeat(whole) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  const distinct = (i: number) => (whole >= 4 ? String(FIRST_KEY + i) : numberOf(i, whole, scale));
  return each('number', distinct, ['0', most, `-${most}`]);
}

/** The i-th number of few digits. */
function numberOf(i: number, whole: number, scale: number): string {
  const places = Math.min(scale, 4);
  return whole > 0 ? String(i % 10 ** whole) : (i / 10 ** places).toFixed(places);
}

function lengthOf(type: TypeName): number | undefined {
  if (type.name === 'name') return 63;
  const [length] = type.arguments;
  return length === undefined ? (type.name === 'char' ? 1 : undefined) : Number(length);
}

/** Texts up to a length, alike what a column's name asks for. */
export function texts(name: string, length: number | undefined): Domain {
  const fits = (text: string) => (length === undefined ? text : [...text].slice(0, length).join(''));
  const distinct = (i: number) => {
    if (length !== undefined && length < 6)
      return i < 36 ** length ? i.toString(36).padStart(length, '0') : '';
    return fits(likeName(name, i));
  };
  const awkward = [
    '',
    fits('O\'Brien "ß" 漢字 \\ %'),
    'x'.repeat(Math.min(length ?? LONG, LONG)),
    fits(' 1 '),
  ];
  return each('text', distinct, [...new Set(awkward)]);
}

/** Text that looks like what the column's name asks for. */
function likeName(name: string, i: number): string {
  if (/e?mail/i.test(name)) return `name${i + 1}@example.com`;
  if (/ur[il]$|link|website/i.test(name)) return `https://example.com/${i + 1}`;
  return `value${i + 1}`;
}

function uuid(i: number): string {
  return `00000000-0000-4000-8000-${hex(FIRST_KEY + i, 12)}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

function bits(length: number): Domain {
  const distinct = (i: number) => (i < 2 ** Math.min(length, 30) ? i.toString(2).padStart(length, '0') : '');
  return each('other', distinct, ['1'.repeat(length)]);
}

function listOf(element: Domain): Domain {
  return {
    sort: 'other',
    ordinary: [element.ordinary],
    awkward: [[], [element.ordinary, element.ordinary], [null]],
    distinct: (i) => {
      const one = element.distinct(i);
      return one === undefined ? undefined : [one];
    },
  };
}
