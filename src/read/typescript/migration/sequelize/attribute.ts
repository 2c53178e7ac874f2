import type { Dialect } from '../../../../schema/schema.ts';
import { jsonOf } from '../language.ts';
import { joined, mapText, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { isOn, literal, need, needText, notSaid, option, optionText, quoted } from '../said.ts';
import { fieldOf, isNothing, type Value, whyNotKnown } from '../value.ts';
import { defaultSql, enumValues, isArray, isType, typeSql } from './data-types.ts';

/** A table by its name, or `{ tableName, schema }`. */
export function tableParts(value: Value | undefined): {
  readonly name: PlacedSql;
  readonly schema?: PlacedSql;
} {
  const known = need(value, 'the name of the table');
  if (known?.kind !== 'object') return { name: needText(known, 'the name of the table') };
  const schema = optionText(known, 'schema');
  return {
    name: optionText(known, 'tableName') ?? notSaid('the name of the table is not known'),
    ...(schema ? { schema } : {}),
  };
}

/** A table in quotes. */
export function tableSql(value: Value | undefined, dialect: Dialect): PlacedSql {
  const { name, schema } = tableParts(value);
  return schema ? sql`${quote(schema, dialect)}.${quote(name, dialect)}` : quote(name, dialect);
}

/** A name in Sequelize's quotes: back ticks but for Postgres. */
export function quote(name: PlacedSql | string, dialect: Dialect): PlacedSql {
  return quoted(name, dialect, dialect === 'postgres' ? '"' : '`');
}

/** A column of the table builder, taken apart. */
export interface Attribute {
  readonly type: PlacedSql;
  /** Of an ENUM in Postgres: the type that Sequelize makes. */
  readonly made?: PlacedSql;
  readonly notNull: boolean;
  readonly serial: boolean;
  readonly fallback?: PlacedSql;
  readonly isUnique: boolean;
  readonly isKey: boolean;
  readonly references?: PlacedSql;
}

/** What an attribute says. https://github.com/sequelize/sequelize/blob/v6/src/dialects/postgres/query-generator.js, attributeToSQL */
export function readAttribute(
  table: Value | undefined,
  name: PlacedSql,
  value: Value,
  dialect: Dialect,
): Attribute {
  const options = isType(value) ? undefined : need(value, 'a column');
  const type = options ? option(options, 'type') : value;
  const own = { ...typeFor(table, name, type, options, dialect) };
  const given = options && fieldOf(options, 'defaultValue');
  const fallback = given && (jsonDefault(given, type, dialect) ?? defaultSql(given, type, dialect));
  const allowNull = options && fieldOf(options, 'allowNull');
  if (allowNull?.kind === 'unknown') notSaid(`allowNull is not known: ${allowNull.why}`);
  const unique = options && option(options, 'unique');
  const references = options && referencesSql(options, dialect);
  return {
    ...own,
    notNull: allowNull?.kind === 'plain' && allowNull.value === false,
    serial: isOn(options, 'autoIncrement'),
    ...(fallback ? { fallback } : {}),
    isUnique: unique?.kind === 'plain' && unique.value === true,
    isKey: isOn(options, 'primaryKey'),
    ...(references ? { references } : {}),
  };
}

function jsonDefault(value: Value, type: Value | undefined, dialect: Dialect): PlacedSql | undefined {
  const isJson = type?.kind === 'host' && /^JSONB?$/.test(type.name);
  if (value.kind !== 'object' && !(value.kind === 'list' && isJson)) return undefined;
  const why = whyNotKnown(value);
  return why === undefined
    ? literal(JSON.stringify(jsonOf(value)), dialect)
    : notSaid(`the default is not known: ${why}`);
}

function typeFor(
  table: Value | undefined,
  name: PlacedSql,
  type: Value | undefined,
  options: Value | undefined,
  dialect: Dialect,
): { readonly type: PlacedSql; readonly made?: PlacedSql } {
  const given = options && option(options, 'values');
  const own = enumValues(type);
  if (!own) return { type: typeSql(type, dialect) };
  const texts =
    own.length > 0
      ? own
      : given?.kind === 'list'
        ? given.items.map((one) => needText(one, 'a value'))
        : notSaid('the values of an enum are left out');
  const values = joined(
    texts.map((one) => literal(one, dialect)),
    ', ',
  );
  if (dialect === 'mysql') return { type: sql`ENUM(${values})` };
  if (dialect === 'sqlite') return { type: sql`TEXT` };
  const { name: own_, schema } = tableParts(table);
  const enumName = sql`${quote(schema ?? 'public', dialect)}.${quote(`enum_${plainText(own_)}_${plainText(name)}`, dialect)}`;
  const inner = mapText(values, (text) => text.replaceAll("'", "''"));
  const made = sql`DO 'BEGIN CREATE TYPE ${enumName} AS ENUM(${inner}); EXCEPTION WHEN duplicate_object THEN null; END'`;
  return { type: isArray(type) ? sql`${enumName}[]` : enumName, made };
}

function referencesSql(options: Value, dialect: Dialect): PlacedSql | undefined {
  const references = option(options, 'references');
  if (!references) return undefined;
  const isObject = references.kind === 'object';
  const model = isObject
    ? (option(references, 'model') ??
      option(references, 'table') ??
      notSaid('the table that it references is not known'))
    : references;
  const key = (isObject ? optionText(references, 'key') : optionText(options, 'referencesKey')) ?? [
    { text: 'id' },
  ];
  const action = (words: string, name: string) => {
    const text = optionText(options, name);
    return text ? sql` ${words} ${mapText(text, (one) => one.toUpperCase())}` : [];
  };
  return sql`REFERENCES ${tableSql(model, dialect)} (${quote(key, dialect)})${action('ON DELETE', 'onDelete')}${action('ON UPDATE', 'onUpdate')}`;
}

/** An attribute as a column's definition, the key left to the table. */
export function attributeSql(attribute: Attribute, dialect: Dialect): PlacedSql {
  const { serial, notNull, fallback, isUnique, references } = attribute;
  const type = plainText(attribute.type);
  const parts: PlacedSql[] = [];
  if (serial && dialect === 'postgres') {
    parts.push([
      { text: /BIGINT/.test(type) ? 'BIGSERIAL' : /SMALLINT/.test(type) ? 'SMALLSERIAL' : 'SERIAL' },
    ]);
  } else {
    parts.push(attribute.type);
    if (serial && dialect === 'sqlite') parts.push([{ text: 'PRIMARY KEY AUTOINCREMENT' }]);
    else if (notNull) parts.push([{ text: 'NOT NULL' }]);
    if (serial && dialect === 'mysql') parts.push([{ text: 'auto_increment' }]);
  }
  if (fallback && !(dialect === 'mysql' && /TEXT|BLOB|JSON/.test(type))) parts.push(sql`DEFAULT ${fallback}`);
  if (isUnique) parts.push([{ text: 'UNIQUE' }]);
  if (references) parts.push(references);
  return joined(parts, ' ');
}

/** The name of an index or constraint without one: `orders_team_id`. */
export function underscored(parts: readonly (PlacedSql | string)[]): string {
  const text = parts.map((one) => (typeof one === 'string' ? one : plainText(one))).join('_');
  return text
    .replace(/([A-Z])/g, '_$1')
    .replace(/^_/, '')
    .toLowerCase();
}

/** Columns of an index: names, or objects with a name, an order and an operator class. */
export function indexFields(fields: readonly Value[], operator: PlacedSql | undefined, dialect: Dialect) {
  return fields.map((field) => {
    const known = need(field, 'a column') ?? notSaid('a column is left out');
    if (known.kind === 'host')
      return { name: undefined, sql: known.expression ?? notSaid('a column is not known') };
    if (known.kind === 'text')
      return {
        name: known.sql,
        sql: operator ? sql`${quote(known.sql, dialect)} ${operator}` : quote(known.sql, dialect),
      };
    const name =
      optionText(known, 'name') ?? optionText(known, 'attribute') ?? notSaid('a column is not known');
    const own = optionText(known, 'operator') ?? operator;
    const [order, collate] = [optionText(known, 'order'), optionText(known, 'collate')];
    const text = sql`${quote(name, dialect)}${collate && dialect === 'postgres' ? sql` COLLATE ${quote(collate, dialect)}` : []}${own ? sql` ${own}` : []}${order ? sql` ${order}` : []}`;
    return { name, sql: text };
  });
}

/** Whether an option names something. */
export function has(options: Value | undefined, name: string): boolean {
  return !isNothing(fieldOf(options, name));
}
