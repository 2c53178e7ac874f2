import { jsonOf } from '../language.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import {
  isOn,
  literal,
  need,
  needText,
  needTexts,
  notSaid,
  option,
  optionText,
  quoted,
  valueSql,
} from '../said.ts';
import { fieldOf, type Value, whyNotKnown } from '../value.ts';

/** A name, or `{ schema, name }`. */
export function nameParts(value: Value | undefined): {
  readonly name: PlacedSql;
  readonly schema?: PlacedSql;
} {
  const known = need(value, 'a name');
  if (known?.kind !== 'object') return { name: needText(known, 'a name') };
  const schema = optionText(known, 'schema');
  return { name: optionText(known, 'name') ?? notSaid('a name is not known'), ...(schema ? { schema } : {}) };
}

/** A name in quotes, with its schema. */
export function nameSql(value: Value | undefined): PlacedSql {
  const { name, schema } = nameParts(value);
  return schema ? sql`${quoted(schema, 'postgres')}.${quoted(name, 'postgres')}` : quoted(name, 'postgres');
}

/** Names in quotes, with commas between them. */
export function namesSql(values: readonly PlacedSql[]): PlacedSql {
  return joined(
    values.map((one) => quoted(one, 'postgres')),
    ', ',
  );
}

const ALIASES: Readonly<Record<string, string>> = {
  ...{ int: 'integer', string: 'text', float: 'real', double: 'double precision' },
  ...{ datetime: 'timestamp', bool: 'boolean' },
};

/** A column's options: a text is its type, `id` a key, and a migration's own shorthands are filled in. */
function columnOptions(value: Value, shorthands: Value | undefined, depth = 0): Value {
  const known = need(value, 'a column') ?? notSaid('a column is left out');
  const options: Value =
    known.kind === 'text' ? { kind: 'object', fields: new Map([['type', known]]) } : known;
  if (options.kind !== 'object' || options.open !== undefined)
    return notSaid(
      `a column is not known: ${options.kind === 'object' ? options.open : 'it is built by code'}`,
    );
  const type = option(options, 'type');
  const word = type?.kind === 'text' ? plainText(type.sql) : undefined;
  const short = word === undefined ? undefined : fieldOf(shorthands, word);
  const base: Value | undefined =
    short ??
    (word === 'id'
      ? {
          kind: 'object',
          fields: new Map<string, Value>([
            ['type', { kind: 'text', sql: [{ text: 'serial' }] }],
            ['primaryKey', { kind: 'plain', value: true }],
          ]),
        }
      : undefined);
  if (!base || depth > 5) return options;
  const filled = columnOptions(base, shorthands, depth + 1);
  if (filled.kind !== 'object') return options;
  const own = [...options.fields].filter(([key]) => key !== 'type');
  return { kind: 'object', fields: new Map([...filled.fields, ...own]) };
}

/** A table's columns as its definitions, and the key that several of them make. */
export function columnsSql(columns: Value | undefined, shorthands: Value | undefined) {
  const known = need(columns, 'the columns');
  if (known?.kind !== 'object' || known.open !== undefined)
    return notSaid(
      `the columns are not known: ${known?.kind === 'object' ? known.open : 'they are built by code'}`,
    );
  const list = [...known.fields].map(([key, value]) => ({
    name: [{ text: key }],
    options: columnOptions(value, shorthands),
  }));
  const keys = list.filter(({ options }) => isOn(options, 'primaryKey')).map(({ name }) => name);
  const definitions = list.map(({ name, options }) => columnSql(name, options, keys.length > 1));
  return { definitions, keys: keys.length > 1 ? keys : [] };
}

function columnSql(name: PlacedSql, options: Value, hasOwnKey: boolean): PlacedSql {
  const given = option(options, 'type');
  const word = given?.kind === 'text' ? ALIASES[plainText(given.sql)] : undefined;
  const type: PlacedSql =
    given?.kind === 'object'
      ? nameSql(given)
      : word !== undefined
        ? [
            {
              text: word,
              ...(given?.kind === 'text' && given.sql[0]?.place ? { place: given.sql[0].place } : {}),
            },
          ]
        : needText(given, 'the type of a column');
  const parts: PlacedSql[] = [type];
  const text = (key: string) => optionText(options, key);
  const [collation, check] = [text('collation'), text('check')];
  if (collation) parts.push(sql`COLLATE ${collation}`);
  const fallback = defaultSql(fieldOf(options, 'default') ?? (nullIn(options, 'default') ? NULL : undefined));
  if (fallback) parts.push(sql`DEFAULT ${fallback}`);
  if (isOn(options, 'unique')) parts.push([{ text: 'UNIQUE' }]);
  if (isOn(options, 'primaryKey') && !hasOwnKey) parts.push([{ text: 'PRIMARY KEY' }]);
  if (isOn(options, 'notNull')) parts.push([{ text: 'NOT NULL' }]);
  if (check) parts.push(sql`CHECK (${check})`);
  if (option(options, 'references')) {
    const constraint = text('referencesConstraintName');
    parts.push(
      sql`${constraint ? sql`CONSTRAINT ${quoted(constraint, 'postgres')} ` : []}${referencesSql(options)}`,
    );
  }
  if (isOn(options, 'deferrable')) parts.push(deferral(options));
  const generated = option(options, 'sequenceGenerated') ?? option(options, 'generated');
  if (generated)
    parts.push(sql`GENERATED ${optionText(generated, 'precedence') ?? 'BY DEFAULT'} AS IDENTITY`);
  const expression = text('expressionGenerated');
  if (expression) parts.push(sql`GENERATED ALWAYS AS (${expression}) STORED`);
  return sql`${quoted(name, 'postgres')} ${joined(parts, ' ')}`;
}

const NULL: Value = { kind: 'plain', value: null };

function nullIn(options: Value, name: string): boolean {
  const value = options.kind === 'object' ? options.fields.get(name) : undefined;
  return value?.kind === 'plain' && value.value === null;
}

/** A default as SQL; undefined where none is given. */
export function defaultSql(value: Value | undefined): PlacedSql | undefined {
  if (!value) return undefined;
  const why = whyNotKnown(value);
  if (why !== undefined) return notSaid(`the default is not known: ${why}`);
  if (value.kind === 'list') {
    if (value.items.length === 0) return [{ text: "'{}'" }];
    return sql`ARRAY[${joined(
      value.items.map((item) => defaultSql(item) ?? notSaid('the default is not known')),
      ',',
    )}]`;
  }
  if (value.kind === 'object') return literal(JSON.stringify(jsonOf(value)), 'postgres');
  return valueSql(value, 'postgres') ?? notSaid('the default is built by code');
}

function deferral(options: Value): PlacedSql {
  return [{ text: `DEFERRABLE INITIALLY ${isOn(options, 'deferred') ? 'DEFERRED' : 'IMMEDIATE'}` }];
}

function referencesSql(options: Value): PlacedSql {
  const target = option(options, 'references');
  const text = target?.kind === 'text' ? plainText(target.sql) : '';
  const to =
    target?.kind === 'text' && (text.startsWith('"') || text.endsWith(')')) ? target.sql : nameSql(target);
  const [match, onDelete, onUpdate] = ['match', 'onDelete', 'onUpdate'].map((key) =>
    optionText(options, key),
  );
  return sql`REFERENCES ${to}${match ? sql` MATCH ${match}` : []}${onDelete ? sql` ON DELETE ${onDelete}` : []}${onUpdate ? sql` ON UPDATE ${onUpdate}` : []}`;
}

function listOf(value: Value | undefined): readonly Value[] {
  const known = need(value, 'a constraint');
  if (known?.kind === 'list') return known.items;
  return known ? [known] : [];
}

/** The constraints of `{ check, unique, primaryKey, foreignKeys, exclude }`. https://github.com/salsita/node-pg-migrate, operations/tables/shared.ts */
export function constraintsSql(
  table: Value | undefined,
  options: Value,
  given: PlacedSql | undefined,
): readonly PlacedSql[] {
  const own = plainText(nameParts(table).name);
  const named = (otherwise: string) => sql`CONSTRAINT ${quoted(given ?? otherwise, 'postgres')}`;
  const parts: PlacedSql[] = [];
  const check = option(options, 'check');
  for (const [index, one] of listOf(check).entries())
    parts.push(
      sql`${named(check?.kind === 'list' ? `${own}_chck_${index + 1}` : `${own}_chck`)} CHECK (${needText(one, 'a check')})`,
    );
  const unique = listOf(option(options, 'unique'));
  const sets = unique.some(({ kind }) => kind === 'list')
    ? unique.map(listOf)
    : unique.length > 0
      ? [unique]
      : [];
  for (const set of sets) {
    const columns = set.map((one) => needText(one, 'a column'));
    parts.push(
      sql`${named(`${own}_uniq_${columns.map(plainText).join('_')}`)} UNIQUE (${namesSql(columns)})`,
    );
  }
  const key = option(options, 'primaryKey');
  if (key) parts.push(sql`${named(`${own}_pkey`)} PRIMARY KEY (${namesSql(needTexts(key, 'a column'))})`);
  for (const one of listOf(option(options, 'foreignKeys'))) {
    const columns = needTexts(option(one, 'columns'), 'a column');
    const name = optionText(one, 'referencesConstraintName');
    const start = name
      ? sql`CONSTRAINT ${quoted(name, 'postgres')}`
      : named(`${own}_fk_${columns.map(plainText).join('_')}`);
    parts.push(sql`${start} FOREIGN KEY (${namesSql(columns)}) ${referencesSql(one)}`);
  }
  const exclude = optionText(options, 'exclude');
  if (exclude) parts.push(sql`${named(`${own}_excl`)} EXCLUDE ${exclude}`);
  const last = isOn(options, 'deferrable') ? sql` ${deferral(options)}` : [];
  return parts.map((part) => sql`${part}${last}`);
}

/** A column of an index: quoted, unless it is an expression, with its operator class and order. */
function keySql(value: Value): { readonly name: PlacedSql; readonly sql: PlacedSql } {
  const known = need(value, 'a column') ?? notSaid('a column is left out');
  const isObject = known.kind === 'object';
  const name = isObject
    ? (optionText(known, 'name') ?? notSaid('a column is not known'))
    : needText(known, 'a column');
  const text = /[ ().]/.test(plainText(name)) ? name : quoted(name, 'postgres');
  if (!isObject) return { name, sql: text };
  const opclass = option(known, 'opclass');
  const sort = optionText(known, 'sort');
  return { name, sql: sql`${text}${opclass ? sql` ${nameSql(opclass)}` : []}${sort ? sql` ${sort}` : []}` };
}

/** Columns of an index, and the name that it gets where none is given. */
export function indexSql(table: Value | undefined, columns: Value | undefined, options: Value | undefined) {
  const keys = listOf(columns).map(keySql);
  const opclass = options && option(options, 'opclass');
  const listed = keys.map((key, index) =>
    opclass && index === keys.length - 1 ? sql`${key.sql} ${nameSql(opclass)}` : key.sql,
  );
  const given = options && optionText(options, 'name');
  const own = `${plainText(nameParts(table).name)}_${keys.map(({ name }) => plainText(name)).join('_')}${isOn(options, 'unique') ? '_unique' : ''}_index`;
  const { schema } = nameParts(table);
  const name = quoted(given ?? own, 'postgres');
  return { columns: joined(listed, ', '), name, home: schema ? sql`${quoted(schema, 'postgres')}.` : [] };
}
