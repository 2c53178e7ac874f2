import type { TypeName } from '../name.ts';
import type { Draft } from './draft.ts';
import { findType } from './type.ts';

const OF_FUNCTION: Readonly<Record<string, string>> = {
  nextval: 'bigint',
  now: 'timestamptz',
  current_timestamp: 'timestamptz',
  gen_random_uuid: 'uuid',
  uuid_generate_v4: 'uuid',
  uuid_generate_v1: 'uuid',
};

/** The type that a default has by itself; `type`, its column's, where it is not known to have another. */
export function typeOfDefault(draft: Draft, text: string, type: TypeName): TypeName {
  const literal = typeOfLiteral(text.trim());
  if (literal !== undefined) return { name: literal, arguments: [], dimensions: 0 };
  const cast = castOf(draft, text);
  if (cast) return cast;
  const call = /^\(?(\w+)\s*(\(.*\)|\(\d+\))?\)?$/.exec(text.trim())?.[1]?.toLowerCase() ?? '';
  const name = Object.hasOwn(OF_FUNCTION, call) ? OF_FUNCTION[call] : undefined;
  return name === undefined ? type : { name, arguments: [], dimensions: 0 };
}

/** Numbers and truth values keep their own type in a default, whatever the column's. */
function typeOfLiteral(text: string): string | undefined {
  if (/^\(?-?\d+\)?$/.test(text)) return 'integer';
  if (/^\(?-?\d*\.\d*\)?$/.test(text)) return 'numeric';
  return /^(true|false)$/i.test(text) ? 'boolean' : undefined;
}

/** The enum that `'a'::mood` or `'a'::"app"."mood"` names. */
function castOf(draft: Draft, text: string): TypeName | undefined {
  const [, schema, name] = /^'(?:[^']|'')*'\s*::\s*(?:"?(\w+)"?\.)?"?(\w+)"?$/.exec(text.trim()) ?? [];
  const type =
    name === undefined ? undefined : findType(draft, schema === undefined ? { name } : { schema, name });
  return type?.kind === 'enum'
    ? { ...(schema === undefined ? {} : { schema }), name: type.name, arguments: [], dimensions: 0 }
    : undefined;
}
