/** How the catalog's names of types differ from the canonical ones. */
const TYPES: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'char',
  bpchar: 'char',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'bit varying': 'varbit',
};

/** A type as `format_type` writes it, in canonical words: `timestamp(3) without time zone` is `timestamp(3)`. */
export function catalogType(text: string): string {
  const match = /^(.*?)(\(.*?\))?( with(?:out)? time zone)?((?:\[\])*)$/.exec(text);
  const name = `${match?.[1] ?? text}${match?.[3] ?? ''}`;
  const known = Object.hasOwn(TYPES, name) ? TYPES[name] : name;
  return `${known}${match?.[2] ?? ''}${match?.[4] ?? ''}`.replaceAll('"', '');
}

const CAST =
  /::\s*(?:"[^"]+"|[a-z_][\w]*)(?:\s*\.\s*(?:"[^"]+"|\w+))?(?:\s+(?:varying|precision|with(?:out)? time zone))?(?:\s*\([\d, ]*\))?(?: with(?:out)? time zone)?(?:\s*\[\])*/gi;

/**
 * An expression without what the server adds or leaves out when it writes it: casts, brackets, schemas, case and space.
 * Literals count only where `exact` is true.
 */
export function plainExpression(text: string, exact: boolean): string {
  const strings: string[] = [];
  const held = text.replace(/(?:(?<!\w)e)?'(?:[^']|'')*'/gi, (string) => {
    strings.push(exact ? string.replace(/^e/i, '') : '?');
    return `\u0001${strings.length - 1}\u0001`;
  });
  const plain = held
    .replace(CAST, '')
    .replace(/"/g, '')
    .toLowerCase()
    .replace(/[\s()]|\b(?:pg_catalog|public)\./g, '')
    .replace(/^(?:current_timestamp|transaction_timestamp)$/, 'now')
    .replace(/\binterval(?=\u0001)/g, '');
  const whole = plain.replace(/\u0001(\d+)\u0001/g, (_, at) => strings[Number(at)] ?? '');
  return exact ? whole : whole.replace(/^(-?[\d.]+|true|false|\?)$/, '?');
}
