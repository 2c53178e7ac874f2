import { type TypeName, typeText } from '../../schema/name.ts';
import type { Dialect, Schema } from '../../schema/schema.ts';

/** Other spellings of one type, by dialect. */
const ALIASES: Readonly<Partial<Record<Dialect, Readonly<Record<string, string>>>>> = {
  postgres: {
    int: 'integer',
    int2: 'smallint',
    int4: 'integer',
    int8: 'bigint',
    float: 'double precision',
    float4: 'real',
    float8: 'double precision',
    double: 'double precision',
    bool: 'boolean',
    decimal: 'numeric',
    bpchar: 'char',
    character: 'char',
    'character varying': 'varchar',
    'bit varying': 'varbit',
    'timestamp without time zone': 'timestamp',
    'timestamp with time zone': 'timestamptz',
    'time without time zone': 'time',
    'time with time zone': 'timetz',
    serial: 'integer',
    smallserial: 'smallint',
    bigserial: 'bigint',
  },
  mysql: {
    integer: 'int',
    numeric: 'decimal',
    'double precision': 'double',
    real: 'double',
    'character varying': 'varchar',
    character: 'char',
    bool: 'tinyint',
    boolean: 'tinyint',
  },
};

/** Whether a declared type is the one that the migrations made; undefined where that cannot be told. */
export function isSameType(declared: string, made: TypeName, schema: Schema): boolean | undefined {
  if (made.name === 'unknown' || made.name === '') return undefined;
  const { dialect } = schema;
  const own = [...schema.types.values()].find(
    (one) => one.name === made.name && (made.schema === undefined || one.schema === made.schema),
  );
  // a domain stands for the type under it, and an ORM knows only the one or the other
  if (own && own.kind !== 'enum') return undefined;
  if (made.name === 'enum' || made.name === 'set') return declared === made.name;
  // a declaration that gives its enum no name leaves it to the tool
  if (declared === 'enum') return dialect === 'sqlite' ? undefined : own !== undefined;
  const type = comparable(typeText({ ...made, schema: undefined }), dialect, true);
  return comparable(declared, dialect, false) === type;
}

function comparable(text: string, dialect: Dialect, isMade: boolean): string {
  const parts = /^("(?:[^"]|"")+"|[^"([]+)\s*(\(([^)]*)\))?([^[]*)((?:\[\d*\])*)$/.exec(text.trim());
  if (!parts) return text.trim().toLowerCase();
  const [, spelt = '', , inner, rest = '', array = ''] = parts;
  const written = spelt.trim();
  const isQuoted = written.startsWith('"');
  const bare = isQuoted
    ? written.slice(1, -1).replaceAll('""', '"')
    : isMade
      ? written
      : written.toLowerCase();
  const last = bare.includes('.') && !isQuoted ? bare.slice(bare.lastIndexOf('.') + 1) : bare;
  const whole = [last, rest.trim().toLowerCase()].filter((word) => word !== '').join(' ');
  const aliases = ALIASES[dialect] ?? {};
  const name = !isQuoted && Object.hasOwn(aliases, whole) ? (aliases[whole] ?? whole) : whole;
  const args = (inner ?? '').split(',').map((one) => one.trim());
  return name + sizeOf(name, inner === undefined ? [] : args, dialect) + array.replace(/\d/g, '');
}

/** The arguments of a type without what is its own anyhow. */
function sizeOf(name: string, args: readonly string[], dialect: Dialect): string {
  const [first, second] = args;
  if (dialect === 'postgres') {
    if (/^(timestamp|timestamptz|time|timetz)$/.test(name) && first === '6') return '';
    if (name === 'interval') return '';
    if (name === 'char' && first === '1') return '';
    if (name === 'numeric' && second === '0') return `(${first})`;
  }
  if (dialect === 'mysql') {
    // the width of a number is only how it is shown
    if (/^(tinyint|smallint|mediumint|int|bigint)( unsigned)?$/.test(name)) return '';
    if (/^(datetime|timestamp|time)$/.test(name) && first === '0') return '';
    if (name === 'decimal') return `(${first ?? '10'},${second ?? '0'})`;
    if (name === 'char' && first === '1') return '';
    if (name === 'varchar') return `(${first ?? '255'})`;
  }
  // SQLite passes over every size
  if (dialect === 'sqlite') return '';
  return args.length > 0 ? `(${args.join(',')})` : '';
}
