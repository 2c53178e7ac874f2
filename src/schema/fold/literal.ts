import type { TypeName } from '../name.ts';
import type { Draft } from './draft.ts';
import { Refusal } from './refusal.ts';
import { typeKey, underlying } from './type.ts';

const WORDS_OF_TIME = /^(now|today|tomorrow|yesterday|epoch|[-+]?infinity|allballs)$/i;

/** What PostgreSQL reads as a value of a type; the types that are not listed take more than can be told here. */
const READABLE: Readonly<Record<string, (text: string) => boolean>> = {
  boolean: (text) => /^(t|tr|tru|true|y|ye|yes|on|1|f|fa|fal|fals|false|n|no|of|off|0)$/i.test(text),
  smallint: isInteger,
  integer: isInteger,
  bigint: isInteger,
  numeric: isNumber,
  real: isNumber,
  'double precision': isNumber,
  uuid: (text) => /^\{?[\da-f]{4}(-?[\da-f]{4}){7}\}?$/i.test(text),
  json: isJson,
  jsonb: isJson,
  date: isMoment,
  timestamp: isMoment,
  timestamptz: isMoment,
};

/** Bits of the integer types. */
const BITS: Readonly<Record<string, number>> = { smallint: 16, integer: 32, bigint: 64 };

function isInteger(text: string): boolean {
  return /^[-+]?(\d+(_\d+)*|0x[\da-f_]+|0o[0-7_]+|0b[01_]+)$/i.test(text);
}

function isNumber(text: string): boolean {
  return /^[-+]?((\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?|nan|inf(inity)?|0[xob][\da-f_]+)$/i.test(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Without a figure it must be one of a few words; punctuation is passed over: `'now()'`. */
function isMoment(text: string): boolean {
  return /\d/.test(text) || WORDS_OF_TIME.test(text.replace(/[(),]/g, ''));
}

/** Refuses a text that is certainly no value of a type: a label that its enum lacks, letters for a number. */
export function checkLiteral(draft: Draft, given: TypeName, text: string): void {
  if (draft.dialect !== 'postgres' || given.dimensions > 0) return;
  const type = underlying(draft, given);
  if (type.dimensions > 0) return;
  const key = typeKey(draft, type);
  const user = key === undefined ? undefined : draft.types.get(key);
  if (user?.kind === 'enum' && !user.labels.includes(text))
    throw new Refusal('no such label', `invalid input value for enum ${user.name}: "${text}"`, [user.name]);
  if (key !== undefined) return;
  const plain = text.trim();
  const read = Object.hasOwn(READABLE, type.name) ? READABLE[type.name] : undefined;
  const shown = type.name === 'timestamptz' ? 'timestamp with time zone' : type.name;
  if (read && !read(plain))
    throw new Refusal('invalid definition', `invalid input syntax for type ${shown}: "${text}"`, []);
  const bits = BITS[type.name];
  if (
    bits !== undefined &&
    /^[-+]?\d{1,40}$/.test(plain) &&
    BigInt.asIntN(bits, BigInt(plain)) !== BigInt(plain)
  )
    throw new Refusal('invalid definition', `value "${text}" is out of range for type ${shown}`, []);
}
