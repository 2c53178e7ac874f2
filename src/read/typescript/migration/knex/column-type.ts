import type { Dialect } from '../../../../schema/schema.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import {
  at,
  isOn,
  literal,
  need,
  needText,
  needTexts,
  notSaid,
  option,
  optionText,
  quoted,
} from '../said.ts';
import { isNothing, textOfValue, type Value } from '../value.ts';
import type { ColumnSpec } from './table.ts';
import { wrap } from './wrap.ts';

/** What a column's type needs to know of its table. */
export interface Around {
  readonly dialect: Dialect;
  /** Whether a column may become the primary key by itself: the table names none. */
  readonly mayBeKey: boolean;
  /** Statements to send before the table's own: native enums. */
  readonly before: PlacedSql[];
}

/** A column's type as Knex writes it. https://github.com/knex/knex/tree/master/lib/dialects, `*-columncompiler.js` */
export function columnType(column: ColumnSpec, around: Around): PlacedSql {
  const { type, place } = column;
  const [, ...args] = column.args;
  const plain = (text: string) => at(place, text);
  switch (type) {
    case 'increments':
    case 'bigincrements':
      return plain(increments(type === 'bigincrements', args[0], around));
    case 'varchar':
      return plain(`varchar(${numberOf(args[0], 255)})`);
    case 'char':
      return plain(args[0] && !isNothing(args[0]) ? `char(${numberOf(args[0], 255)})` : 'char');
    case 'uuid':
      return plain(uuid(args[0], around));
    case 'enu':
    case 'enum':
      return enumeration(column, args, around);
    case 'specifictype':
      return needText(args[0], 'the type');
    case 'decimal':
      return plain(decimal(args, around.dialect));
    case 'datetime':
    case 'timestamp':
      return plain(time(type, args, around.dialect));
  }
  const named =
    NAMES[around.dialect][type] ?? (around.dialect === 'mysql' ? withLength(type, args) : undefined);
  return plain(named ?? COMMON[type] ?? type);
}

const COMMON: Readonly<Record<string, string>> = {
  bool: 'boolean',
  binary: 'blob',
  integer: 'integer',
  int: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  biginteger: 'bigint',
  json: 'text',
  bit: 'text',
};

const NAMES: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  postgres: {
    ...{
      binary: 'bytea',
      double: 'double precision',
      floating: 'real',
      smallint: 'smallint',
      tinyint: 'smallint',
    },
    ...{ json: 'json', jsonb: 'jsonb', bit: 'bit', mediumtext: 'text', longtext: 'text', tinytext: 'text' },
  },
  mysql: { json: 'json', jsonb: 'json', smallint: 'smallint', mediumint: 'mediumint' },
  sqlite: { json: 'json', jsonb: 'json', double: 'float', floating: 'float' },
  duckdb: { json: 'json', jsonb: 'json', floating: 'real' },
};

/** MySQL's types that take a length or a precision. */
function withLength(type: string, args: readonly Value[]): string | undefined {
  const first = args[0] && !isNothing(args[0]) ? args[0] : undefined;
  switch (type) {
    case 'integer':
    case 'int':
      return first ? `int(${numberOf(first, 11)})` : 'int';
    case 'tinyint':
      return first ? `tinyint(${numberOf(first, 1)})` : 'tinyint';
    case 'text': {
      const word = textOfValue(first) ?? '';
      return /^medium/.test(word) ? 'mediumtext' : /^long/.test(word) ? 'longtext' : 'text';
    }
    case 'floating':
      return `float(${numberOf(args[0], 8)}, ${numberOf(args[1], 2)})`;
    case 'double':
      return first ? `double(${numberOf(first, 8)}, ${numberOf(args[1], 2)})` : 'double';
    case 'binary':
      return first ? `varbinary(${numberOf(first, 255)})` : 'blob';
    case 'bit':
      return first ? `bit(${numberOf(first, 1)})` : 'bit';
    case 'time':
      return first ? `time(${numberOf(first, 0)})` : 'time';
    default:
      return undefined;
  }
}

function increments(isBig: boolean, options: Value | undefined, { dialect, mayBeKey }: Around): string {
  const key = isNothing(options) || isOn(options, 'primaryKey') ? mayBeKey : false;
  if (dialect === 'sqlite') return 'integer not null primary key autoincrement';
  if (dialect === 'mysql')
    return `${isBig ? 'bigint' : 'int'} unsigned not null${key ? ' auto_increment primary key' : ''}`;
  return `${isBig ? 'bigserial' : 'serial'}${key ? ' primary key' : ''}`;
}

function uuid(options: Value | undefined, { dialect, mayBeKey }: Around): string {
  const known = need(options, 'an argument');
  if (dialect === 'postgres' || dialect === 'duckdb')
    return `uuid${known?.kind === 'object' && isOn(known, 'primaryKey') && mayBeKey ? ' primary key' : ''}`;
  return known?.kind === 'object' && isOn(known, 'useBinaryUuid') ? 'binary(16)' : 'char(36)';
}

function decimal([precision, scale]: readonly Value[], dialect: Dialect): string {
  if (dialect === 'sqlite') return 'float';
  if (precision?.kind === 'plain' && precision.value === null) return 'decimal';
  return `decimal(${numberOf(precision, 8)}, ${numberOf(scale, 2)})`;
}

function time(type: string, [first, second]: readonly Value[], dialect: Dialect): string {
  const options = need(first, 'an argument');
  const precision =
    options?.kind === 'object'
      ? option(options, 'precision')
      : dialect === 'mysql'
        ? options
        : need(second, 'the precision');
  const digits =
    precision?.kind === 'plain' && typeof precision.value === 'number' ? `(${precision.value})` : '';
  if (dialect === 'sqlite') return 'datetime';
  if (dialect === 'mysql') return `${type}${digits}`;
  const useTz = options?.kind === 'object' ? option(options, 'useTz') : undefined;
  const withoutTz =
    options?.kind === 'object'
      ? useTz?.kind === 'plain' && useTz.value === false
      : options?.kind === 'plain' && Boolean(options.value);
  return `${withoutTz ? 'timestamp' : 'timestamptz'}${digits}`;
}

function enumeration(column: ColumnSpec, [allowed, options]: readonly Value[], around: Around): PlacedSql {
  const { dialect, before } = around;
  const known = need(options, 'an argument');
  const isNative = known?.kind === 'object' && isOn(known, 'useNative');
  const exists = isNative && isOn(known, 'existingType');
  const values = exists
    ? []
    : joined(
        needList(allowed).map((one) => literal(one, dialect)),
        ', ',
      );
  if (dialect === 'mysql') return sql`${at(column.place, 'enum')}(${values})`;
  if (isNative) {
    const schema = optionText(known, 'schemaName');
    const name = quoted(
      optionText(known, 'enumName') ?? notSaid('the name of the enum is not known'),
      dialect,
    );
    const full = schema ? sql`${quoted(schema, dialect)}.${name}` : name;
    if (!exists) before.push(sql`${at(column.place, 'create type ')}${full} as enum (${values})`);
    return full;
  }
  const name = wrap(needText(column.args[0], 'the name of a column'), dialect);
  return sql`${at(column.place, 'text')} check (${name} in (${values}))`;
}

function needList(value: Value | undefined): readonly PlacedSql[] {
  const known = need(value, 'the list of values');
  return known ? needTexts(known, 'one of the values') : notSaid('the list of values is left out');
}

/** What is no number counts for nothing. https://github.com/knex/knex/blob/master/lib/util/helpers.js, toNumber */
function numberOf(value: Value | undefined, otherwise: number): string {
  const known = need(value, 'a length');
  return known && known.kind !== 'list' && known.kind !== 'object'
    ? plainText(needText(known, 'a length'))
    : String(otherwise);
}
