import type { Dialect } from '../../../../schema/schema.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { literal, need, needText, needTexts, notSaid, option, placeOf } from '../said.ts';
import {
  type Host,
  hostOf,
  isNothing,
  native,
  type Site,
  textValue,
  UNDEFINED,
  type Value,
} from '../value.ts';

/** A type as code names it: `STRING(40)` is its name and arguments. */
interface DataType {
  readonly name: string;
  readonly args: readonly Value[];
  readonly isUnsigned: boolean;
  readonly place?: ReturnType<typeof placeOf>;
}

const known = new WeakMap<Host, DataType>();

/** `Sequelize` and `DataTypes`: types, literals, functions and operators. */
export function sequelizeHost(): Host {
  const host: Host = {
    kind: 'host',
    name: 'Sequelize',
    member: (name) => {
      if (name === 'DataTypes' || name === 'Sequelize' || name === 'default') return host;
      if (name === 'literal')
        return native(name, ([text]) => ({ kind: 'host', name, expression: needText(text, 'a literal') }));
      if (name === 'fn' || name === 'col')
        return native(name, (args, { run }) => called(name, args, run.dialect));
      if (name === 'Op') return { kind: 'host', name, member: (operator) => textValue(`$${operator}`) };
      if (name === 'QueryTypes') return { kind: 'host', name, member: () => UNDEFINED };
      if (name === 'Deferrable') return hostOf('Deferrable', {});
      return /^[A-Z][A-Z\d]+$/.test(name) ? typeHost({ name, args: [], isUnsigned: false }) : undefined;
    },
  };
  return host;
}

function typeHost(type: DataType): Host {
  const host: Host = {
    kind: 'host',
    name: type.name,
    call: (args, site: Site) => typeHost({ ...type, args, place: placeOf(site) }),
    make: (args, site: Site) => typeHost({ ...type, args, place: placeOf(site) }),
    member: (name) => {
      if (name === 'UNSIGNED') return typeHost({ ...type, isUnsigned: true });
      return /^(BINARY|ZEROFILL)$/.test(name) ? host : undefined;
    },
  };
  known.set(host, type);
  return host;
}

function called(name: string, [first, ...rest]: readonly Value[], dialect: Dialect): Host {
  const text = needText(first, 'a function');
  if (name === 'col') return { kind: 'host', name, expression: text };
  const args = rest.map((one) => defaultSql(one, undefined, dialect) ?? notSaid('an argument is not known'));
  return { kind: 'host', name, expression: sql`${text}(${joined(args, ', ')})` };
}

/** The type that a value stands for; a text is a type by itself. */
function typeOf(value: Value | undefined): DataType | { readonly text: PlacedSql } {
  if (value?.kind === 'host') return known.get(value) ?? notSaid('the type is not known');
  return { text: needText(value, 'the type') };
}

const POSTGRES: Readonly<Record<string, string>> = {
  ...{ DATE: 'TIMESTAMP WITH TIME ZONE', DATEONLY: 'DATE', BLOB: 'BYTEA', DOUBLE: 'DOUBLE PRECISION' },
  ...{ TINYINT: 'SMALLINT', MEDIUMINT: 'INTEGER', NUMBER: 'INTEGER', TEXT: 'TEXT' },
};
const OTHERS: Readonly<Record<string, string>> = {
  ...{ DATE: 'DATETIME', DATEONLY: 'DATE', BOOLEAN: 'TINYINT(1)', DOUBLE: 'DOUBLE PRECISION', JSONB: 'JSON' },
};

/** A type as the dialect writes it. https://github.com/sequelize/sequelize/blob/v6/src/data-types.js */
export function typeSql(value: Value | undefined, dialect: Dialect): PlacedSql {
  const type = typeOf(value);
  if ('text' in type) return type.text;
  const text = nameSql(type, dialect);
  return typeof text === 'string' ? [{ text, ...(type.place ? { place: type.place } : {}) }] : text;
}

function nameSql({ name, args, isUnsigned }: DataType, dialect: Dialect): string | PlacedSql {
  const [first, second] = args;
  const options = need(first, 'an argument');
  const length =
    options?.kind === 'object' ? (option(options, 'length') ?? option(options, 'precision')) : options;
  const isGiven = length?.kind === 'text' || length?.kind === 'plain';
  const digits = isGiven ? plainText(needText(length, 'a length')) : undefined;
  const isPostgres = dialect === 'postgres' || dialect === 'duckdb';
  const unsigned = isUnsigned && dialect === 'mysql' ? ' UNSIGNED' : '';
  switch (name) {
    case 'STRING':
      return `VARCHAR(${digits ?? 255})`;
    case 'CHAR':
      return `CHAR(${digits ?? 255})`;
    case 'TEXT':
      return isPostgres || digits === undefined ? 'TEXT' : `${digits.toUpperCase()}TEXT`;
    case 'UUID':
      return dialect === 'mysql' ? 'CHAR(36) BINARY' : 'UUID';
    case 'DECIMAL':
    case 'FLOAT': {
      const scale = need(second, 'a scale');
      if (digits === undefined) return name + unsigned;
      return name === 'FLOAT' && isPostgres
        ? name
        : `${name}(${digits}${scale ? `,${plainText(needText(scale, 'a scale'))}` : ''})`;
    }
    case 'ARRAY':
      return sql`${typeSql(options?.kind === 'object' ? option(options, 'type') : first, dialect)}[]`;
    case 'RANGE':
      return (
        { INTEGER: 'int4range', BIGINT: 'int8range', DATEONLY: 'daterange' }[
          options?.kind === 'host' ? options.name : ''
        ] ?? 'tstzrange'
      );
    case 'DATE':
      if (digits !== undefined) return isPostgres ? 'TIMESTAMP WITH TIME ZONE' : `DATETIME(${digits})`;
  }
  return (
    ((isPostgres ? POSTGRES : OTHERS)[name] ?? name) +
    (/^(INTEGER|BIGINT|SMALLINT|TINYINT)$/.test(name) ? unsigned : '')
  );
}

/** The values of an ENUM, or of an array of one; undefined for any other type. */
export function enumValues(value: Value | undefined): readonly PlacedSql[] | undefined {
  if (value?.kind !== 'host') return undefined;
  const type = known.get(value);
  if (type?.name === 'ARRAY') return enumValues(type.args[0]);
  if (type?.name !== 'ENUM') return undefined;
  const [first] = type.args;
  const options = need(first, 'the values of an enum');
  if (options?.kind === 'object') return needTexts(option(options, 'values'), 'a value');
  if (options?.kind === 'list') return needTexts(options, 'a value');
  return type.args.map((one) => needText(one, 'a value'));
}

/** Whether a type is an array. */
export function isArray(value: Value | undefined): boolean {
  return value?.kind === 'host' && known.get(value)?.name === 'ARRAY';
}

/** A default as SQL; undefined where Sequelize leaves it to itself (`NOW`, `UUIDV4`), or none is given. */
export function defaultSql(
  value: Value | undefined,
  type: Value | undefined,
  dialect: Dialect,
): PlacedSql | undefined {
  if (!value || (value.kind === 'plain' && value.value === undefined)) return undefined;
  if (value.kind === 'host')
    return value.expression ?? (known.has(value) ? undefined : notSaid('the default is not known'));
  if (value.kind === 'function') return undefined;
  if (value.kind === 'unknown') return notSaid(`the default is not known: ${value.why}`);
  if (isNothing(value)) return [{ text: 'NULL' }];
  if (value.kind === 'plain') {
    const place = value.place ? { place: value.place } : {};
    if (typeof value.value !== 'boolean') return [{ text: String(value.value), ...place }];
    return [{ text: dialect === 'postgres' ? String(value.value) : String(Number(value.value)), ...place }];
  }
  if (value.kind === 'list' && isArray(type) && dialect === 'postgres') {
    const items = value.items.map(
      (item) => defaultSql(item, undefined, dialect) ?? notSaid('the default is not known'),
    );
    return sql`ARRAY[${joined(items, ',')}]::${typeSql(type, dialect)}`;
  }
  if (value.kind === 'text') return literal(value.sql, dialect);
  return undefined;
}

/** Whether a value is a type by itself, and no object of options. */
export function isType(value: Value | undefined): boolean {
  return value?.kind === 'text' || (value?.kind === 'host' && known.has(value));
}
