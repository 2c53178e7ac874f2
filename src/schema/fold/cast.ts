import type { TypeName } from '../name.ts';
import type { Draft } from './draft.ts';
import { isBuiltIn, typeKey, underlying } from './type.ts';

/** What is said of types that casts treat alike. */
const KINDS: Readonly<Record<string, string>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  oid: 'oid',
  numeric: 'numeric',
  real: 'float',
  'double precision': 'float',
  money: 'money',
  text: 'text',
  varchar: 'text',
  char: 'text',
  name: 'text',
  uuid: 'uuid',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  time: 'time',
  timetz: 'timetz',
  interval: 'interval',
  bytea: 'bytea',
  json: 'json',
  jsonb: 'jsonb',
  inet: 'inet',
  cidr: 'cidr',
  xml: 'xml',
  bit: 'bit',
  varbit: 'bit',
};

/** Kinds to which a value goes by itself, without a word (pg_cast, castcontext i). */
const IMPLICIT: Readonly<Record<string, readonly string[]>> = {
  integer: ['numeric', 'float', 'oid'],
  numeric: ['float'],
  date: ['timestamp'],
  time: ['interval', 'timetz'],
  cidr: ['inet'],
  citext: ['text'],
};

/** Kinds to which a value goes when it is stored (castcontext a). */
const ON_STORING: Readonly<Record<string, readonly string[]>> = {
  integer: ['money'],
  numeric: ['integer', 'money'],
  float: ['integer', 'numeric'],
  money: ['numeric'],
  oid: ['integer'],
  timestamp: ['date', 'time', 'timetz'],
  timetz: ['time'],
  interval: ['time'],
  json: ['jsonb'],
  jsonb: ['json'],
  inet: ['cidr'],
  text: ['citext'],
};

/** How casts see a type: its kind, `enum …` for an enum, undefined where nothing is known of its casts. */
function kindOf(draft: Draft, type: TypeName): string | undefined {
  if (type.name === 'citext') return 'citext';
  if (isBuiltIn(type)) return KINDS[type.name];
  const key = typeKey(draft, type);
  return key !== undefined && draft.types.get(key)?.kind === 'enum' ? `enum ${key}` : undefined;
}

/** Whether a foreign key from a column of one type to one of the other is certainly refused for want of an operator. */
export function cannotReference(draft: Draft, from: TypeName, to: TypeName): boolean {
  const [fromType, toType] = [underlying(draft, from), underlying(draft, to)];
  const [a, b] = [kindOf(draft, fromType), kindOf(draft, toType)];
  if (fromType.dimensions > 0 !== toType.dimensions > 0) return a !== undefined && b !== undefined;
  if (a === undefined || b === undefined || a === b) return false;
  if (fromType.dimensions > 0) return true;
  const dates = (kind: string) => kind === 'date' || kind === 'timestamp';
  return !(dates(a) && dates(b)) && !IMPLICIT[a]?.includes(b);
}

/** Whether values of one type certainly cannot be stored as the other without USING. */
export function cannotStore(draft: Draft, from: TypeName, to: TypeName): boolean {
  const [fromType, toType] = [underlying(draft, from), underlying(draft, to)];
  const [a, b] = [kindOf(draft, fromType), kindOf(draft, toType)];
  if (b === 'text' && toType.dimensions === 0) return false;
  if (fromType.dimensions > 0 !== toType.dimensions > 0) return a !== undefined && b !== undefined;
  if (a === undefined || b === undefined || a === b) return false;
  if (b === 'text') return false;
  return !IMPLICIT[a]?.includes(b) && !ON_STORING[a]?.includes(b);
}
