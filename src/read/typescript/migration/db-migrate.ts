import type { Dialect } from '../../../schema/schema.ts';
import { callValue } from './call.ts';
import type { CodeTool } from './code-tool.ts';
import { joined, type PlacedSql, plainText, sql } from './placed-sql.ts';
import { sendRaw } from './raw-sql.ts';
import { insertSql } from './rows.ts';
import {
  at,
  isOn,
  need,
  needText,
  needTexts,
  notSaid,
  option,
  optionText,
  placeOf,
  quoted,
  saying,
  send,
  valueSql,
} from './said.ts';
import { fieldOf, type Host, native, type Site, UNDEFINED, unknown, type Value } from './value.ts';

/** db-migrate: `up(db, callback)` with `runSql` and a small builder. */
export const dbMigrateTool: CodeTool = {
  given: () => [database(), native('callback', () => UNDEFINED)],
  external: () => undefined,
};

type Build = (args: readonly Value[], site: Site) => undefined;

function database(): Host {
  return {
    kind: 'host',
    name: 'db',
    reaches: true,
    member: (name) => {
      if (name === 'runSql' || name === 'all')
        return withBind(name, (args, site) => {
          const result = sendRaw(site, args[0], args[1]?.kind === 'list' ? args[1] : undefined);
          return told(args, site, result);
        });
      const build = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined;
      if (!build) return undefined;
      return withBind(`db.${name}`, (args, site) => {
        saying(site, () => {
          build(args, site);
          return UNDEFINED;
        });
        return told(args, site, UNDEFINED);
      });
    },
  };
}

/** `db.runSql.bind(db, '…')` is called later, with a callback behind. */
function withBind(name: string, call: NonNullable<Host['call']>): Host {
  return {
    ...native(name, call),
    member: (key) =>
      key === 'bind'
        ? native(key, ([, ...first]) => native(name, (args, site) => call([...first, ...args], site)))
        : undefined,
  };
}

/** Tells of its end by the callback that is the last argument. */
function told(args: readonly Value[], site: Site, result: Value): Value {
  const last = args.at(-1);
  if (last?.kind === 'function' || (last?.kind === 'host' && last.call))
    callValue(last, [UNDEFINED, result.kind === 'unknown' ? result : unknown('a query gives it')], site);
  return result;
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ string: 'VARCHAR', int: 'INTEGER', bigint: 'BIGINT', smallint: 'SMALLINT', datetime: 'TIMESTAMP' },
  ...{ blob: 'BYTEA', bool: 'BOOLEAN' },
};

function alter(table: Value | undefined, site: Site, what: PlacedSql): undefined {
  return send(
    site,
    sql`${at(placeOf(site), 'ALTER TABLE ')}${quoted(needText(table, 'the table'), site.run.dialect)} ${what}`,
  );
}

/** https://github.com/db-migrate/pg/blob/master/index.js, createColumnDef and createColumnConstraint */
function columnSql(name: PlacedSql, value: Value, dialect: Dialect, hasOwnKey: boolean): PlacedSql {
  const known = need(value, 'a column') ?? notSaid('a column is left out');
  const options: Value =
    known.kind === 'object' ? known : { kind: 'object', fields: new Map([['type', known]]) };
  const type = optionText(options, 'type') ?? notSaid('the type of a column is not known');
  const word = plainText(type);
  const length = optionText(options, 'length');
  const isSerial = isOn(options, 'autoIncrement') && dialect === 'postgres';
  const made: PlacedSql = isSerial
    ? sql`${word === 'bigint' ? 'BIGSERIAL' : 'SERIAL'}`
    : dialect === 'postgres'
      ? [{ text: TYPES[word] ?? word.toUpperCase(), ...(type[0]?.place ? { place: type[0].place } : {}) }]
      : type;
  const parts: PlacedSql[] = [length && !isSerial ? sql`${made} (${length})` : made];
  if (isOn(options, 'primaryKey') && !hasOwnKey) parts.push(sql`PRIMARY KEY`);
  if (isOn(options, 'notNull')) parts.push(sql`NOT NULL`);
  if (isOn(options, 'unique')) parts.push(sql`UNIQUE`);
  const fallback = fieldOf(options, 'defaultValue');
  if (fallback) parts.push(sql`DEFAULT ${defaultSql(fallback, dialect)}`);
  const key = option(options, 'foreignKey');
  if (key) notSaid('a key of a column is not followed');
  return sql`${quoted(name, dialect)} ${joined(parts, ' ')}`;
}

function defaultSql(value: Value, dialect: Dialect): PlacedSql {
  const text = value.kind === 'text' ? plainText(value.sql) : undefined;
  if (value.kind === 'text' && text !== undefined && /^(now\(\)|CURRENT_TIMESTAMP)$/i.test(text))
    return sql`'${value.sql}'`;
  return valueSql(value, dialect) ?? notSaid('the default is not known');
}

const BUILDERS: Readonly<Record<string, Build>> = {
  createTable: ([table, given], site) => {
    const { dialect } = site.run;
    const options = need(given, 'the columns') ?? notSaid('the columns are left out');
    const columns = option(options, 'columns') ?? options;
    if (columns.kind !== 'object' || columns.open !== undefined) throw notSaid('the columns are not known');
    const keys = [...columns.fields].filter(([, one]) =>
      isOn(one.kind === 'object' ? one : undefined, 'primaryKey'),
    );
    const parts = [...columns.fields].map(([text, one]) =>
      columnSql([{ text }], one, dialect, keys.length > 1),
    );
    if (keys.length > 1)
      parts.push(
        sql`PRIMARY KEY (${joined(
          keys.map(([text]) => quoted(text, dialect)),
          ', ',
        )})`,
      );
    const exists = isOn(options, 'ifNotExists') ? 'IF NOT EXISTS ' : '';
    return send(
      site,
      sql`${at(placeOf(site), `CREATE TABLE ${exists}`)}${quoted(needText(table, 'the table'), dialect)} (${joined(parts, ', ')})`,
    );
  },
  dropTable: ([table, options], site) => {
    const exists = options?.kind === 'object' && isOn(options, 'ifExists') ? 'IF EXISTS ' : '';
    return send(
      site,
      sql`${at(placeOf(site), `DROP TABLE ${exists}`)}${quoted(needText(table, 'the table'), site.run.dialect)}`,
    );
  },
  renameTable: ([from, to], site) =>
    alter(from, site, sql`RENAME TO ${quoted(needText(to, 'the new name'), site.run.dialect)}`),
  addColumn: ([table, column, spec], site) =>
    alter(
      table,
      site,
      sql`ADD COLUMN ${columnSql(needText(column, 'a column'), spec ?? UNDEFINED, site.run.dialect, false)}`,
    ),
  removeColumn: ([table, column], site) =>
    alter(table, site, sql`DROP COLUMN ${quoted(needText(column, 'a column'), site.run.dialect)}`),
  renameColumn: ([table, from, to], site) =>
    alter(
      table,
      site,
      sql`RENAME COLUMN ${quoted(needText(from, 'a column'), site.run.dialect)} TO ${quoted(needText(to, 'the new name'), site.run.dialect)}`,
    ),
  changeColumn: () => notSaid('what changes in the column is not followed'),
  addIndex: ([table, name, columns, unique], site) => {
    const { dialect } = site.run;
    const listed = joined(
      needTexts(columns, 'a column').map((one) => quoted(one, dialect)),
      ', ',
    );
    const kind = unique?.kind === 'plain' && unique.value === true ? 'UNIQUE ' : '';
    return send(
      site,
      sql`${at(placeOf(site), `CREATE ${kind}INDEX `)}${quoted(needText(name, 'the name of an index'), dialect)} ON ${quoted(needText(table, 'the table'), dialect)} (${listed})`,
    );
  },
  removeIndex: ([first, second], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'DROP INDEX ')}${quoted(needText(second?.kind === 'text' ? second : first, 'the index'), site.run.dialect)}`,
    ),
  addForeignKey: ([table, to, name, mapping, rules], site) => {
    const { dialect } = site.run;
    const known = need(mapping, 'the columns');
    if (known?.kind !== 'object' || known.open !== undefined)
      throw notSaid('the columns of a key are not known');
    const columns = joined(
      [...known.fields.keys()].map((text) => quoted(text, dialect)),
      ', ',
    );
    const keys = joined(
      [...known.fields.values()].map((one) => quoted(needText(one, 'a column'), dialect)),
      ', ',
    );
    const options = rules?.kind === 'object' ? rules : undefined;
    const [onDelete, onUpdate] = ['onDelete', 'onUpdate'].map((key) => options && optionText(options, key));
    return alter(
      table,
      site,
      sql`ADD CONSTRAINT ${quoted(needText(name, 'the name of a key'), dialect)} FOREIGN KEY (${columns}) REFERENCES ${quoted(needText(to, 'the table that it references'), dialect)} (${keys})${onDelete ? sql` ON DELETE ${onDelete}` : []}${onUpdate ? sql` ON UPDATE ${onUpdate}` : []}`,
    );
  },
  removeForeignKey: ([table, name], site) =>
    alter(
      table,
      site,
      sql`${site.run.dialect === 'mysql' ? 'DROP FOREIGN KEY' : 'DROP CONSTRAINT'} ${quoted(needText(name, 'the name of a key'), site.run.dialect)}`,
    ),
  insert: ([table, columns, values], site) => {
    const { dialect } = site.run;
    const names = needTexts(columns, 'a column');
    if (values?.kind !== 'list') throw notSaid('the rows are not known');
    const row: Value = {
      kind: 'object',
      fields: new Map(names.map((name, index) => [plainText(name), values.items[index] ?? UNDEFINED])),
    };
    return send(
      site,
      insertSql(quoted(needText(table, 'the table'), dialect), row, dialect, (one) => quoted(one, dialect)),
    );
  },
};
