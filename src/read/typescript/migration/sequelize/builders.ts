import { joined, mapText, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { at, isOn, need, needText, needTexts, notSaid, option, optionText, placeOf, send } from '../said.ts';
import type { Site, Value } from '../value.ts';
import {
  attributeSql,
  has,
  indexFields,
  quote,
  readAttribute,
  tableParts,
  tableSql,
  underscored,
} from './attribute.ts';
import { whereOf } from './where.ts';

type Build = (args: readonly Value[], site: Site) => undefined;

const IN_SQLITE = 'Sequelize makes the table anew in SQLite, which is not followed';

function alter(site: Site, table: PlacedSql, what: PlacedSql): undefined {
  send(site, sql`${at(placeOf(site), 'ALTER TABLE ')}${table} ${what}`);
}

/** Sequelize names the schema of a table whose columns it adds or drops. */
function homed(value: Value | undefined, { run: { dialect } }: Site): PlacedSql {
  const { schema } = tableParts(value);
  const own = tableSql(value, dialect);
  return schema || dialect !== 'postgres' ? own : sql`"public".${own}`;
}

function createTable([table, attributes, options]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  const known = need(attributes, 'the columns');
  if (known?.kind !== 'object' || known.open !== undefined)
    throw notSaid(
      `the columns are not known: ${known?.kind === 'object' ? known.open : 'they are left out'}`,
    );
  const given = need(options, 'the options');
  const keys: PlacedSql[] = [];
  const grouped = new Map<string, PlacedSql[]>();
  const parts = [...known.fields].map(([key, value]) => {
    const name = optionText(value.kind === 'object' ? value : undefined, 'field') ?? [{ text: key }];
    const attribute = readAttribute(table, name, value, dialect);
    if (attribute.made) send(site, attribute.made);
    const isInline = dialect === 'sqlite' && attribute.serial;
    if (attribute.isKey && !isInline) keys.push(quote(name, dialect));
    const unique = value.kind === 'object' ? option(value, 'unique') : undefined;
    const group =
      unique?.kind === 'object'
        ? optionText(unique, 'name')
        : unique?.kind === 'text'
          ? unique.sql
          : undefined;
    if (group)
      grouped.set(plainText(group), [...(grouped.get(plainText(group)) ?? []), quote(name, dialect)]);
    return sql`${quote(name, dialect)} ${attributeSql(attribute, dialect)}`;
  });
  const uniqueKeys = given && option(given, 'uniqueKeys');
  if (uniqueKeys?.kind === 'object')
    for (const one of uniqueKeys.fields.values()) {
      const fields = needTexts(option(one, 'fields'), 'a column').map((field) => quote(field, dialect));
      parts.push(sql`UNIQUE (${joined(fields, ', ')})`);
    }
  if (keys.length > 0) parts.push(sql`PRIMARY KEY (${joined(keys, ', ')})`);
  const schema = given && optionText(given, 'schema');
  const name = schema ? sql`${quote(schema, dialect)}.${tableSql(table, dialect)}` : tableSql(table, dialect);
  send(site, sql`${at(placeOf(site), 'CREATE TABLE IF NOT EXISTS ')}${name} (${joined(parts, ', ')})`);
}

function addColumn([table, key, value]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  const name = needText(key, 'the name of a column');
  const attribute = readAttribute(
    table,
    name,
    need(value, 'the column') ?? notSaid('the column is left out'),
    dialect,
  );
  if (attribute.made) send(site, attribute.made);
  const word = dialect === 'postgres' ? 'ADD COLUMN ' : 'ADD ';
  alter(site, homed(table, site), sql`${word}${quote(name, dialect)} ${attributeSql(attribute, dialect)}`);
}

function changeColumn([table, key, value]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  if (dialect === 'sqlite') notSaid(IN_SQLITE);
  const name = needText(key, 'the name of a column');
  const attribute = readAttribute(
    table,
    name,
    need(value, 'the column') ?? notSaid('the column is left out'),
    dialect,
  );
  const own = tableSql(table, dialect);
  const column = quote(name, dialect);
  const { notNull, fallback, references, isUnique, type, made } = attribute;
  if (dialect === 'mysql') {
    if (references) alter(site, own, sql`ADD FOREIGN KEY (${column}) ${references}`);
    else alter(site, own, sql`CHANGE ${column} ${column} ${attributeSql(attribute, dialect)}`);
    return;
  }
  const set = (what: PlacedSql) => alter(site, own, sql`ALTER COLUMN ${column} ${what}`);
  if (notNull) set(sql`SET NOT NULL`);
  else if (!references) set(sql`DROP NOT NULL`);
  if (fallback) set(sql`SET DEFAULT ${fallback}`);
  else if (!references) set(sql`DROP DEFAULT`);
  if (made) send(site, made);
  if (isUnique) alter(site, own, sql`ADD UNIQUE (${column})`);
  if (references) alter(site, own, sql`ADD FOREIGN KEY (${column}) ${references}`);
  else set(made ? sql`TYPE ${type} USING (${column}::${type})` : sql`TYPE ${type}`);
}

function addIndex([table, first, second]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  const isList = first?.kind === 'list';
  const options = need(isList ? second : first, 'the options');
  const fields = isList ? first : option(options, 'fields');
  if (fields?.kind !== 'list') throw notSaid('the columns of an index are not known');
  const columns = indexFields(fields.items, options && optionText(options, 'operator'), dialect);
  const text = (name: string) => (options ? optionText(options, name) : undefined);
  const made = columns.map(({ name }) => name ?? []);
  const name = text('name') ??
    text('indexName') ?? [{ text: underscored([tableParts(table).name, ...made]) }];
  const type = text('type');
  const isUnique = isOn(options, 'unique') || (type !== undefined && /^unique$/i.test(plainText(type)));
  const using = text('using');
  const where = options && has(options, 'where') ? whereOf(option(options, 'where'), site) : undefined;
  const own = tableSql(table, dialect);
  const listed = joined(
    columns.map((one) => one.sql),
    ', ',
  );
  const kind = isUnique ? 'UNIQUE ' : '';
  if (dialect === 'mysql')
    return alter(
      site,
      own,
      sql`ADD ${kind}INDEX ${quote(name, dialect)}${using ? sql` USING ${using}` : []} (${listed})`,
    );
  const alone = dialect === 'postgres' && isOn(options, 'concurrently') ? 'CONCURRENTLY ' : '';
  send(
    site,
    sql`${at(placeOf(site), `CREATE ${kind}INDEX ${alone}`)}${quote(name, dialect)} ON ${own}${using && dialect === 'postgres' ? sql` USING ${using}` : []} (${listed})${where ? sql` WHERE ${where}` : []}`,
  );
}

function removeIndex([table, target, options]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  const known = need(target, 'the index');
  const name =
    known?.kind === 'list'
      ? [
          {
            text: underscored([
              tableParts(table).name,
              ...known.items.map((one) => needText(one, 'a column')),
            ]),
          },
        ]
      : needText(known, 'the index');
  if (dialect === 'mysql')
    return send(
      site,
      sql`${at(placeOf(site), 'DROP INDEX ')}${quote(name, dialect)} ON ${tableSql(table, dialect)}`,
    );
  const alone = dialect === 'postgres' && isOn(options, 'concurrently') ? 'CONCURRENTLY ' : '';
  send(site, sql`${at(placeOf(site), `DROP INDEX ${alone}IF EXISTS `)}${quote(name, dialect)}`);
}

function addConstraint([table, first, second]: readonly Value[], site: Site): undefined {
  const { dialect } = site.run;
  if (dialect === 'sqlite') notSaid(IN_SQLITE);
  const isList = first?.kind === 'list';
  const options = need(isList ? second : first, 'the options') ?? notSaid('the options are left out');
  const fields = isList ? first : option(options, 'fields');
  const names = needTexts(fields, 'a column');
  const listed = joined(
    names.map((one) => quote(one, dialect)),
    ', ',
  );
  const own = plainText(tableParts(table).name);
  const type = plainText(optionText(options, 'type') ?? []).toUpperCase();
  const named = (end: string): PlacedSql =>
    optionText(options, 'name') ?? [{ text: [own, ...names.map(plainText), end].join('_') }];
  const constraint = (end: string, what: PlacedSql) =>
    alter(site, tableSql(table, dialect), sql`ADD CONSTRAINT ${quote(named(end), dialect)} ${what}`);
  if (type === 'UNIQUE') return constraint('uk', sql`UNIQUE (${listed})`);
  if (type === 'PRIMARY KEY') return constraint('pk', sql`PRIMARY KEY (${listed})`);
  if (type === 'CHECK') return constraint('ck', sql`CHECK (${whereOf(option(options, 'where'), site)})`);
  if (type !== 'FOREIGN KEY') throw notSaid('the kind of the constraint is not known');
  const references = option(options, 'references') ?? notSaid('what it references is not known');
  const to = option(references, 'table') ?? notSaid('the table that it references is not known');
  const keys = option(references, 'fields') ?? option(references, 'field');
  const action = (words: string, name: string) => {
    const text = optionText(options, name);
    return text ? sql` ${words} ${mapText(text, (one) => one.toUpperCase())}` : [];
  };
  const target = joined(
    needTexts(keys, 'a column').map((one) => quote(one, dialect)),
    ', ',
  );
  constraint(
    `${plainText(tableParts(to).name)}_fk`,
    sql`FOREIGN KEY (${listed}) REFERENCES ${tableSql(to, dialect)} (${target})${action('ON UPDATE', 'onUpdate')}${action('ON DELETE', 'onDelete')}`,
  );
}

/** The schema builder and the row methods of `queryInterface`. https://github.com/sequelize/sequelize/tree/v6/src/dialects */
export const BUILDERS: Readonly<Record<string, Build>> = {
  createTable,
  dropTable: ([table, options], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'DROP TABLE IF EXISTS ')}${tableSql(table, site.run.dialect)}${isOn(options, 'cascade') ? ' CASCADE' : ''}`,
    ),
  renameTable: ([from, to], site) =>
    alter(site, tableSql(from, site.run.dialect), sql`RENAME TO ${tableSql(to, site.run.dialect)}`),
  addColumn,
  removeColumn: ([table, column], site) => {
    const word = site.run.dialect === 'mysql' ? 'DROP ' : 'DROP COLUMN ';
    if (site.run.dialect === 'sqlite') notSaid(IN_SQLITE);
    alter(
      site,
      homed(table, site),
      sql`${word}${quote(needText(column, 'the name of a column'), site.run.dialect)}`,
    );
  },
  changeColumn,
  renameColumn: ([table, from, to], site) => {
    const { dialect } = site.run;
    const [before, after] = [needText(from, 'the name of a column'), needText(to, 'the new name')];
    alter(
      site,
      tableSql(table, dialect),
      sql`RENAME COLUMN ${quote(before, dialect)} TO ${quote(after, dialect)}`,
    );
  },
  addIndex,
  removeIndex,
  addConstraint,
  removeConstraint: ([table, name], site) => {
    if (site.run.dialect === 'sqlite') notSaid(IN_SQLITE);
    alter(
      site,
      tableSql(table, site.run.dialect),
      sql`DROP CONSTRAINT ${quote(needText(name, 'the name of a constraint'), site.run.dialect)}`,
    );
  },
  createSchema: ([name], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'CREATE SCHEMA IF NOT EXISTS ')}${quote(needText(name, 'the schema'), site.run.dialect)}`,
    ),
  dropSchema: ([name], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'DROP SCHEMA IF EXISTS ')}${quote(needText(name, 'the schema'), site.run.dialect)} CASCADE`,
    ),
};
