import type { Dialect } from '../../schema/schema.ts';
import type { Filling, StoredColumn } from '../query.ts';
import { type Attribute, argumentOf, type Block, type Field, textIn, type Value } from './notation.ts';

/** The types that Prisma gives its own where none is said. https://www.prisma.io/docs/orm/reference/prisma-schema-reference#model-field-scalar-types */
const OWN: Readonly<Partial<Record<Dialect, Readonly<Record<string, string>>>>> = {
  postgres: {
    String: 'text',
    Boolean: 'boolean',
    Int: 'integer',
    BigInt: 'bigint',
    Float: 'double precision',
    Decimal: 'numeric(65,30)',
    DateTime: 'timestamp(3)',
    Json: 'jsonb',
    Bytes: 'bytea',
  },
  mysql: {
    String: 'varchar(191)',
    Boolean: 'tinyint(1)',
    Int: 'int',
    BigInt: 'bigint',
    Float: 'double',
    Decimal: 'decimal(65,30)',
    DateTime: 'datetime(3)',
    Json: 'json',
    Bytes: 'longblob',
  },
  sqlite: {
    String: 'text',
    Boolean: 'boolean',
    Int: 'integer',
    BigInt: 'bigint',
    Float: 'real',
    Decimal: 'decimal',
    DateTime: 'datetime',
    Json: 'jsonb',
    Bytes: 'blob',
  },
};

/** Native types whose name in SQL is another than theirs in lower case, and what they are without arguments. */
const NATIVE: Readonly<Partial<Record<Dialect, Readonly<Record<string, string>>>>> = {
  postgres: { DoublePrecision: 'double precision', Decimal: 'numeric', ByteA: 'bytea', JsonB: 'jsonb' },
  mysql: {
    UnsignedInt: 'int unsigned',
    UnsignedBigInt: 'bigint unsigned',
    UnsignedSmallInt: 'smallint unsigned',
    UnsignedTinyInt: 'tinyint unsigned',
    UnsignedMediumInt: 'mediumint unsigned',
  },
  sqlite: {},
};

/** Functions whose values Prisma's client makes: the database knows nothing of them. */
const OF_CLIENT = /^(uuid|cuid|nanoid|ulid|auto)$/;

/** The column that Prisma's migrations make of a field. */
export function storedColumn(
  field: Field,
  dialect: Dialect,
  enums: ReadonlyMap<string, Block>,
): StoredColumn {
  const ofEnum = enums.get(field.type);
  const type = ofEnum ? enumType(ofEnum, dialect) : scalarType(field, dialect);
  const list = field.isList && dialect === 'postgres' ? '[]' : '';
  const filling = fillingOf(field, dialect, ofEnum);
  return {
    ...(type === undefined ? {} : { type: type + list }),
    ...(ofEnum && dialect !== 'sqlite' ? { labels: ofEnum.fields.map(labelOf) } : {}),
    ...(filling ? { filling } : {}),
  };
}

function enumType(block: Block, dialect: Dialect): string | undefined {
  if (dialect === 'sqlite') return 'text';
  return dialect === 'mysql' ? 'enum' : `"${mapped(block.attributes) ?? block.name}"`;
}

function labelOf({ name, attributes }: Field): string {
  return mapped(attributes) ?? name;
}

function mapped(attributes: readonly Attribute[]): string | undefined {
  return textIn(
    argumentOf(
      attributes.find((one) => one.name === 'map'),
      'name',
    ),
  );
}

function scalarType({ type, attributes }: Field, dialect: Dialect): string | undefined {
  const unsupported = /^Unsupported\("(.*)"\)$/s.exec(type)?.[1];
  if (unsupported !== undefined) return unsupported;
  const native = attributes.find((one) => one.name.startsWith('db.'));
  const own = OWN[dialect]?.[type];
  if (!native) return own;
  const word = native.name.slice('db.'.length);
  const args = native.args.flatMap(({ value }) => (value.kind === 'word' ? value.word : []));
  if (/^Decimal$/.test(word) && args.length === 0) return own;
  const name = NATIVE[dialect]?.[word] ?? word.toLowerCase();
  return args.length > 0 ? `${name}(${args.join(',')})` : name;
}

function fillingOf(field: Field, dialect: Dialect, ofEnum: Block | undefined): Filling | undefined {
  const attribute = field.attributes.find((one) => one.name === 'default');
  if (!attribute) return { kind: 'nothing' };
  const value = argumentOf(attribute, 'value');
  if (dialect === 'mysql' && isOfClient(field, value)) return undefined;
  return value && fillingOfValue(value, field, dialect, ofEnum);
}

/** Defaults that MySQL does not take, and migrations of Prisma leave out: of JSON, and bytes that are written out. */
function isOfClient({ type }: Field, value: Value | undefined): boolean {
  const isMade = value?.kind === 'word' && value.word === 'dbgenerated';
  return type === 'Json' || (type === 'Bytes' && !isMade);
}

function fillingOfValue(
  value: Value,
  field: Field,
  dialect: Dialect,
  ofEnum: Block | undefined,
): Filling | undefined {
  if (value.kind === 'list') {
    const items = value.items.map((one) => literal(one, ofEnum));
    if (items.some((one) => one === undefined) || dialect !== 'postgres') return undefined;
    return { kind: 'value', sql: `ARRAY[${items.join(', ')}]` };
  }
  if (value.kind === 'word') {
    if (value.word === 'autoincrement') return { kind: 'counter' };
    if (value.word === 'now') return { kind: 'value', sql: 'CURRENT_TIMESTAMP' };
    if (OF_CLIENT.test(value.word)) return { kind: 'nothing' };
    if (value.word === 'dbgenerated' || value.word === 'sequence') {
      const sql = textIn(value.args[0]?.value);
      return sql === undefined || sql === '' ? undefined : { kind: 'value', sql };
    }
  }
  const sql = literal(value, ofEnum);
  // of Bytes the text is base64
  return sql === undefined || field.type === 'Bytes' ? undefined : { kind: 'value', sql };
}

function literal(value: Value, ofEnum: Block | undefined): string | undefined {
  if (value.kind === 'text') return `'${value.text.replaceAll("'", "''")}'`;
  if (value.kind !== 'word' || value.args.length > 0) return undefined;
  const label = ofEnum?.fields.find(({ name }) => name === value.word);
  if (label) return `'${labelOf(label).replaceAll("'", "''")}'`;
  return /^(true|false|-?[\d.]+)$/.test(value.word) ? value.word : undefined;
}
