import type { Dialect } from '../../../../schema/schema.ts';
import { slice } from '../bindings.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { isOn, literal, need, needText, needTexts, notSaid, option, optionText, quoted } from '../said.ts';
import { isNothing, type Value } from '../value.ts';
import { hashedName } from './names.ts';

/** A name as TypeORM writes it: `schema.table` in two pairs of quotes. */
export function path(name: PlacedSql, dialect: Dialect): PlacedSql {
  let at = 0;
  const parts = plainText(name)
    .split('.')
    .map((part) => {
      const own = slice(name, at, at + part.length);
      at += part.length + 1;
      return quoted(own, dialect);
    });
  return joined(parts, '.');
}

/** What a list of options holds; nothing where it is left out. */
export function listed(options: Value, name: string): readonly Value[] {
  const value = option(options, name);
  if (value === undefined) return [];
  return value.kind === 'list'
    ? value.items.map((item) => need(item, name) ?? notSaid(`${name} is not known`))
    : [value];
}

/** Columns in quotes, with commas between them. */
function columnList(columns: readonly PlacedSql[], dialect: Dialect): PlacedSql {
  return joined(
    columns.map((one) => quoted(one, dialect)),
    ', ',
  );
}

/** A column in CREATE TABLE or ADD, as `buildCreateColumnSql` of the dialect's query runner makes it. */
export function columnSql(table: PlacedSql, column: Value, dialect: Dialect): PlacedSql {
  const name = optionText(column, 'name') ?? notSaid('the name of a column is not known');
  const type = typeSql(table, name, column, dialect);
  const text = (key: string) => optionText(column, key);
  const strategy = plainText(text('generationStrategy') ?? []);
  const isGenerated = isOn(column, 'isGenerated');
  const parts: PlacedSql[] = [type];
  const expression = text('asExpression');
  if (expression)
    parts.push(
      sql`GENERATED ALWAYS AS (${expression}) ${text('generatedType') ?? (dialect === 'postgres' ? 'STORED' : 'VIRTUAL')}`,
    );
  const charset = text('charset');
  if (charset && dialect === 'mysql') parts.push(sql`CHARACTER SET ${literal(charset, dialect)}`);
  const collation = text('collation');
  if (collation) parts.push(sql`COLLATE ${quoted(collation, dialect)}`);
  if (dialect === 'mysql') parts.push([{ text: isOn(column, 'isNullable') ? 'NULL' : 'NOT NULL' }]);
  else if (!isOn(column, 'isNullable')) parts.push([{ text: 'NOT NULL' }]);
  if (dialect === 'mysql' && isGenerated && strategy === 'increment')
    parts.push([{ text: 'AUTO_INCREMENT' }]);
  const given = text('default');
  if (given) parts.push(dialect === 'sqlite' ? sql`DEFAULT (${given})` : sql`DEFAULT ${given}`);
  else if (isGenerated && strategy === 'uuid' && dialect === 'postgres')
    parts.push([{ text: 'DEFAULT uuid_generate_v4()' }]);
  const onUpdate = text('onUpdate');
  if (onUpdate && dialect === 'mysql') parts.push(sql`ON UPDATE ${onUpdate}`);
  return sql`${quoted(name, dialect)} ${joined(parts, ' ')}`;
}

function typeSql(table: PlacedSql, name: PlacedSql, column: Value, dialect: Dialect): PlacedSql {
  const type = optionText(column, 'type') ?? notSaid('the type of a column is not known');
  const word = plainText(type).toLowerCase();
  const strategy = plainText(optionText(column, 'generationStrategy') ?? []);
  if (isOn(column, 'isGenerated') && strategy !== 'uuid' && dialect === 'postgres') {
    if (strategy === 'identity')
      return sql`${type} GENERATED ${optionText(column, 'generatedIdentity') ?? 'BY DEFAULT'} AS IDENTITY`;
    const serial = /^(int2|smallint)$/.test(word)
      ? 'SMALLSERIAL'
      : /^(int8|bigint)$/.test(word)
        ? 'BIGSERIAL'
        : 'SERIAL';
    return [{ text: serial, ...(type[0]?.place ? { place: type[0].place } : {}) }];
  }
  if (isOn(column, 'isGenerated') && strategy === 'increment' && dialect === 'sqlite')
    return sql`${type} PRIMARY KEY AUTOINCREMENT`;
  if (/^(simple-)?enum$/.test(word)) return enumType(table, name, column, dialect);
  return fullType(type, word, column);
}

function fullType(type: PlacedSql, word: string, column: Value): PlacedSql {
  const [length, precision, scale] = ['length', 'precision', 'scale'].map((key) => optionText(column, key));
  const digits = precision ? sql`(${precision})` : [];
  const time = /^(time|timestamp) (with|without) time zone$/.exec(word);
  const base: PlacedSql = time
    ? sql`${(time[1] ?? '').toUpperCase()}${digits}${time[2] === 'with' ? ' WITH TIME ZONE' : ''}`
    : length && plainText(length) !== ''
      ? sql`${type}(${length})`
      : precision && scale
        ? sql`${type}(${precision},${scale})`
        : sql`${type}${digits}`;
  return isOn(column, 'isArray')
    ? sql`${base} array`
    : isOn(column, 'unsigned')
      ? sql`${base} UNSIGNED`
      : base;
}

function enumType(table: PlacedSql, name: PlacedSql, column: Value, dialect: Dialect): PlacedSql {
  const values = () =>
    joined(
      needTexts(option(column, 'enum'), 'a value').map((one) => literal(one, dialect)),
      ', ',
    );
  if (dialect === 'mysql') return sql`enum (${values()})`;
  if (dialect === 'sqlite') return sql`varchar CHECK( ${quoted(name, dialect)} IN (${values()}) )`;
  const made = enumName(table, column);
  return isOn(column, 'isArray') ? sql`${made} array` : made;
}

/** The type that TypeORM makes for a column of an enum in Postgres. */
function enumName(table: PlacedSql, column: Value): PlacedSql {
  const given = optionText(column, 'enumName');
  if (given) return path(given, 'postgres');
  const name = optionText(column, 'name') ?? [];
  const parts = plainText(table).split('.');
  const own = `${parts.pop() ?? ''}_${plainText(name).toLowerCase()}_enum`;
  return path([{ text: [...parts, own].join('.') }], 'postgres');
}

/** CREATE TYPE for the columns of an enum in Postgres. */
export function enumsOf(table: PlacedSql, columns: readonly Value[], dialect: Dialect): readonly PlacedSql[] {
  if (dialect !== 'postgres') return [];
  const made = new Set<string>();
  return columns.flatMap((column) => {
    if (!/^(simple-)?enum$/i.test(plainText(optionText(column, 'type') ?? []))) return [];
    const name = enumName(table, column);
    if (made.has(plainText(name))) return [];
    made.add(plainText(name));
    const values = needTexts(option(column, 'enum'), 'a value').map((one) => literal(one, dialect));
    return [sql`CREATE TYPE ${name} AS ENUM(${joined(values, ', ')})`];
  });
}

/** FOREIGN KEY with its name. */
export function foreignKeySql(table: PlacedSql, key: Value, dialect: Dialect): PlacedSql {
  const columns = needTexts(option(key, 'columnNames'), 'a column');
  const name = optionText(key, 'name') ?? [{ text: hashedName('FK', table, columns) }];
  const to = optionText(key, 'referencedTableName') ?? notSaid('the table that it references is not known');
  const schema = optionText(key, 'referencedSchema');
  const home = schema ? sql`${quoted(schema, dialect)}.` : [];
  const action = (words: string, value: PlacedSql | undefined) => (value ? sql` ${words} ${value}` : []);
  return sql`CONSTRAINT ${quoted(name, dialect)} FOREIGN KEY (${columnList(columns, dialect)}) REFERENCES ${home}${path(to, dialect)} (${columnList(needTexts(option(key, 'referencedColumnNames'), 'a column'), dialect)})${action('ON DELETE', optionText(key, 'onDelete'))}${action('ON UPDATE', optionText(key, 'onUpdate'))}${dialect === 'postgres' ? action('DEFERRABLE', optionText(key, 'deferrable')) : []}`;
}

/** UNIQUE with its name. */
export function uniqueSql(table: PlacedSql, unique: Value, dialect: Dialect): PlacedSql {
  const columns = needTexts(option(unique, 'columnNames'), 'a column');
  const name = optionText(unique, 'name') ?? [{ text: hashedName('UQ', table, columns) }];
  if (dialect === 'mysql')
    return sql`UNIQUE INDEX ${quoted(name, dialect)} (${columnList(columns, dialect)})`;
  return sql`CONSTRAINT ${quoted(name, dialect)} UNIQUE (${columnList(columns, dialect)})`;
}

/** CREATE INDEX. */
export function indexSql(table: PlacedSql, index: Value, dialect: Dialect): PlacedSql {
  const columns = needTexts(option(index, 'columnNames'), 'a column');
  const where = optionText(index, 'where');
  const name = optionText(index, 'name') ?? [
    { text: hashedName('IDX', table, columns, where && plainText(where)) },
  ];
  const kind = isOn(index, 'isUnique')
    ? 'UNIQUE '
    : isOn(index, 'isFulltext') && dialect === 'mysql'
      ? 'FULLTEXT '
      : '';
  const using = isOn(index, 'isSpatial') && dialect === 'postgres' ? ' USING GiST' : '';
  const alone = isOn(index, 'isConcurrent') && dialect === 'postgres' ? 'CONCURRENTLY ' : '';
  return sql`CREATE ${kind}INDEX ${alone}${quoted(name, dialect)} ON ${path(table, dialect)}${using} (${columnList(columns, dialect)})${where && dialect !== 'mysql' ? sql` WHERE ${where}` : []}`;
}

/** CHECK with its name. */
export function checkSql(table: PlacedSql, check: Value, dialect: Dialect): PlacedSql {
  const expression = needText(option(check, 'expression'), 'a check');
  const name = optionText(check, 'name') ?? [{ text: hashedName('CHK', table, [expression]) }];
  return sql`CONSTRAINT ${quoted(name, dialect)} CHECK (${expression})`;
}

/** PRIMARY KEY over some columns, with the name that is given to one of them. */
export function primaryKeySql(
  table: PlacedSql,
  columns: readonly PlacedSql[],
  name: PlacedSql | undefined,
  dialect: Dialect,
): PlacedSql {
  const key = sql`PRIMARY KEY (${columnList(columns, dialect)})`;
  if (dialect === 'mysql') return key;
  return sql`CONSTRAINT ${quoted(name ?? hashedName('PK', table, columns), dialect)} ${key}`;
}

/** CREATE TABLE of `new Table({…})`. */
export function tableSql(
  table: PlacedSql,
  options: Value,
  withForeignKeys: boolean,
  dialect: Dialect,
): PlacedSql {
  const columns = listed(options, 'columns');
  const parts = columns.map((column) => columnSql(table, column, dialect));
  const names = (list: readonly Value[]) => list.map((one) => optionText(one, 'name') ?? []);
  const uniques = listed(options, 'uniques');
  const alone = names(columns.filter((column) => isOn(column, 'isUnique'))).filter(
    (name) =>
      !uniques.some(
        (one) => needTexts(option(one, 'columnNames'), 'a column').map(plainText).join() === plainText(name),
      ),
  );
  for (const unique of uniques) parts.push(uniqueSql(table, unique, dialect));
  for (const name of alone) {
    const made: Value = {
      kind: 'object',
      fields: new Map([['columnNames', { kind: 'list', items: [{ kind: 'text', sql: name }] }]]),
    };
    parts.push(uniqueSql(table, made, dialect));
  }
  for (const check of listed(options, 'checks')) parts.push(checkSql(table, check, dialect));
  if (withForeignKeys)
    for (const key of listed(options, 'foreignKeys')) parts.push(foreignKeySql(table, key, dialect));
  const primary = columns.filter((column) => isOn(column, 'isPrimary'));
  const isInline =
    dialect === 'sqlite' &&
    primary.some(
      (one) =>
        isOn(one, 'isGenerated') && plainText(optionText(one, 'generationStrategy') ?? []) === 'increment',
    );
  if (primary.length > 0 && !isInline) {
    const named = primary
      .map((one) => optionText(one, 'primaryKeyConstraintName'))
      .find((one) => one !== undefined);
    parts.push(primaryKeySql(table, names(primary), named, dialect));
  }
  const engine = dialect === 'mysql' ? optionText(options, 'engine') : undefined;
  return sql`CREATE TABLE ${path(table, dialect)} (${joined(parts, ', ')})${engine ? sql` ENGINE=${engine}` : []}`;
}

/** Whether a second argument of a call switches something off: `createTable(table, true, false)`. */
export function isOff(value: Value | undefined): boolean {
  return !isNothing(value) && value?.kind === 'plain' && value.value === false;
}
