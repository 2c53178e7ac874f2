import { hasTable, look } from '../guard.ts';
import { type PlacedSql, plainText, sql } from '../placed-sql.ts';
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
  send,
} from '../said.ts';
import { fieldOf, isNothing, type Site, type Value } from '../value.ts';
import {
  checkSql,
  columnSql,
  enumsOf,
  foreignKeySql,
  indexSql,
  isOff,
  listed,
  path,
  primaryKeySql,
  tableSql,
  uniqueSql,
} from './definition.ts';
import { hashedName } from './names.ts';

type Build = (args: readonly Value[], site: Site) => void;

/** What a call names: a text, or the `name` of an object. */
function nameOf(value: Value | undefined, what: string): PlacedSql {
  const known = need(value, what);
  return needText(known?.kind === 'object' ? fieldOf(known, 'name') : known, what);
}

const tableOf = (value: Value | undefined) => nameOf(value, 'the name of the table');

function alter(site: Site, table: PlacedSql, what: PlacedSql): void {
  const { dialect } = site.run;
  if (dialect === 'sqlite' && !/^(ADD "|ADD `|RENAME)/.test(plainText(what)))
    notSaid('TypeORM makes the table anew in SQLite, which is not followed');
  send(site, sql`${at(placeOf(site), 'ALTER TABLE ')}${path(table, dialect)} ${what}`);
}

/** A call for each of a list. */
function each(build: (first: Value | undefined, one: Value, site: Site) => void): Build {
  return ([first, list], site) => {
    const known = need(list, 'the list');
    for (const one of known?.kind === 'list' ? known.items : known ? [known] : []) build(first, one, site);
  };
}

function createTable(
  [options, ifNotExist, withForeignKeys, withIndexes]: readonly Value[],
  site: Site,
): void {
  const { dialect } = site.run;
  const known = need(options, 'the table') ?? notSaid('the table is left out');
  const table = tableOf(known);
  const schema = optionText(known, 'schema');
  const full: PlacedSql = schema ? sql`${schema}.${table}` : table;
  if (ifNotExist?.kind === 'plain' && ifNotExist.value === true) {
    const there = hasTable(site, full);
    if (there.kind !== 'plain') notSaid('whether the table is there is not known');
    else if (there.value) return;
  }
  for (const made of enumsOf(full, listed(known, 'columns'), dialect)) send(site, made);
  send(site, [...at(placeOf(site), ''), ...tableSql(full, known, !isOff(withForeignKeys), dialect)]);
  if (!isOff(withIndexes))
    for (const index of listed(known, 'indices')) send(site, indexSql(full, index, dialect));
}

function addColumn(table: Value | undefined, column: Value, site: Site): void {
  const { dialect } = site.run;
  const name = tableOf(table);
  for (const made of enumsOf(name, [column], dialect)) send(site, made);
  alter(site, name, sql`ADD ${columnSql(name, column, dialect)}`);
  const own = nameOf(column, 'the column');
  if (isOn(column, 'isPrimary'))
    alter(site, name, sql`ADD ${primaryKeySql(name, [own], undefined, dialect)}`);
  if (isOn(column, 'isUnique'))
    alter(
      site,
      name,
      sql`ADD CONSTRAINT ${quoted(hashedName('UQ', name, [own]), dialect)} UNIQUE (${quoted(own, dialect)})`,
    );
}

function dropColumn(table: Value | undefined, column: Value, site: Site): void {
  alter(site, tableOf(table), sql`DROP COLUMN ${quoted(nameOf(column, 'the column'), site.run.dialect)}`);
}

/** The named object, or the one that a name stands for on the table as it is now. */
function dropNamed(words: string, kind: 'FK' | 'UQ' | 'CHK' | 'PK'): Build {
  return ([table, target], site) => {
    const { dialect } = site.run;
    const name = tableOf(table);
    const known = need(target, 'what it drops');
    const given =
      known?.kind === 'object' ? optionText(known, 'name') : known && needText(known, 'what it drops');
    const columns = known?.kind === 'object' ? option(known, 'columnNames') : undefined;
    const own =
      given ??
      (columns
        ? [{ text: hashedName(kind, name, needTexts(columns, 'a column')) }]
        : notSaid('its name is not known'));
    alter(
      site,
      name,
      sql`${dialect === 'mysql' && kind === 'FK' ? 'DROP FOREIGN KEY' : words} ${quoted(own, dialect)}`,
    );
  };
}

function dropIndex([table, index]: readonly Value[], site: Site): void {
  const { dialect } = site.run;
  const name = tableOf(table);
  const known = need(index, 'the index');
  const columns = known?.kind === 'object' ? option(known, 'columnNames') : undefined;
  const given = known?.kind === 'object' ? optionText(known, 'name') : known && needText(known, 'the index');
  const own =
    given ??
    (columns
      ? [{ text: hashedName('IDX', name, needTexts(columns, 'a column')) }]
      : notSaid('its name is not known'));
  const on = dialect === 'mysql' ? sql` ON ${path(name, dialect)}` : [];
  send(site, sql`${at(placeOf(site), 'DROP INDEX ')}${quoted(own, dialect)}${on}`);
}

/** Renames keep the type; anything else of a column that TypeORM changes it finds by comparing with the database. */
function changeColumn([table, from, to]: readonly Value[], site: Site): void {
  const { dialect } = site.run;
  if (dialect !== 'postgres') notSaid('what changes in the column is not followed');
  const name = tableOf(table);
  const before = nameOf(from, 'the column');
  const next = need(to, 'the new column') ?? notSaid('the new column is left out');
  const found = look(site, name);
  if ('why' in found) notSaid(found.why);
  const old = found.table?.columns.find((one) => one.name === plainText(before));
  if (!old) throw notSaid('the column that it changes is not known');
  const own = nameOf(next, 'the column');
  const type = plainText(optionText(next, 'type') ?? []);
  const definition = plainText(columnSql(name, next, dialect)).slice(
    plainText(quoted(own, dialect)).length + 1,
  );
  if (plainText(own) !== plainText(before))
    alter(site, name, sql`RENAME COLUMN ${quoted(before, dialect)} TO ${quoted(own, dialect)}`);
  const column = quoted(own, dialect);
  const wanted = /^(.*?)( NOT NULL)?( DEFAULT .*)?$/.exec(definition)?.[1] ?? type;
  const canonical = (text: string) =>
    text
      .toLowerCase()
      .replace(/\s/g, '')
      .replace('charactervarying', 'varchar')
      .replace(/^int4$|^int$/, 'integer');
  const current = `${old.type.name}${old.type.arguments.length > 0 ? `(${old.type.arguments.join(',')})` : ''}`;
  if (canonical(wanted) !== canonical(current))
    notSaid('TypeORM drops the column and adds it anew where its type or length changes: not followed');
  if (isOn(next, 'isNullable') !== old.nullable)
    alter(site, name, sql`ALTER COLUMN ${column} ${old.nullable ? 'SET NOT NULL' : 'DROP NOT NULL'}`);
  const given = optionText(next, 'default');
  if (given && plainText(given) !== old.default)
    alter(site, name, sql`ALTER COLUMN ${column} SET DEFAULT ${given}`);
  else if (!given && old.default !== undefined && !/^nextval/i.test(old.default))
    alter(site, name, sql`ALTER COLUMN ${column} DROP DEFAULT`);
}

/** The schema builder of `queryRunner`. https://github.com/typeorm/typeorm, `PostgresQueryRunner.ts` */
export const BUILDERS: Readonly<Record<string, Build>> = {
  createTable,
  dropTable: ([table, ifExist], site) => {
    const exists = ifExist?.kind === 'plain' && ifExist.value === true ? 'IF EXISTS ' : '';
    send(site, sql`${at(placeOf(site), 'DROP TABLE ')}${exists}${path(tableOf(table), site.run.dialect)}`);
  },
  renameTable: ([table, to], site) =>
    alter(site, tableOf(table), sql`RENAME TO ${quoted(needText(to, 'the new name'), site.run.dialect)}`),
  addColumn: ([table, column], site) =>
    addColumn(table, need(column, 'the column') ?? notSaid('the column is left out'), site),
  addColumns: each(addColumn),
  dropColumn: ([table, column], site) =>
    dropColumn(table, need(column, 'the column') ?? notSaid('the column is left out'), site),
  dropColumns: each(dropColumn),
  changeColumn,
  renameColumn: ([table, from, to], site) => {
    if (need(to, 'the new column')?.kind === 'object')
      return changeColumn(
        [table, from, to].flatMap((one) => one ?? []),
        site,
      );
    const { dialect } = site.run;
    const [before, next] = [nameOf(from, 'the column'), nameOf(to, 'the new name')];
    alter(site, tableOf(table), sql`RENAME COLUMN ${quoted(before, dialect)} TO ${quoted(next, dialect)}`);
  },
  createIndex: ([table, index], site) =>
    send(site, [
      ...at(placeOf(site), ''),
      ...indexSql(
        tableOf(table),
        need(index, 'the index') ?? notSaid('the index is left out'),
        site.run.dialect,
      ),
    ]),
  createIndices: each((table, index, site) => send(site, indexSql(tableOf(table), index, site.run.dialect))),
  dropIndex,
  createForeignKey: ([table, key], site) =>
    addForeignKey(table, need(key, 'the key') ?? notSaid('the key is left out'), site),
  createForeignKeys: each(addForeignKey),
  dropForeignKey: dropNamed('DROP CONSTRAINT', 'FK'),
  createUniqueConstraint: ([table, unique], site) =>
    alter(
      site,
      tableOf(table),
      sql`ADD ${uniqueSql(tableOf(table), need(unique, 'the constraint') ?? notSaid('the constraint is left out'), site.run.dialect)}`,
    ),
  dropUniqueConstraint: dropNamed('DROP CONSTRAINT', 'UQ'),
  createCheckConstraint: ([table, check], site) =>
    alter(
      site,
      tableOf(table),
      sql`ADD ${checkSql(tableOf(table), need(check, 'the check') ?? notSaid('the check is left out'), site.run.dialect)}`,
    ),
  dropCheckConstraint: dropNamed('DROP CONSTRAINT', 'CHK'),
  createPrimaryKey: ([table, columns, name], site) => {
    const given = isNothing(name) ? undefined : needText(name, 'the name of the key');
    alter(
      site,
      tableOf(table),
      sql`ADD ${primaryKeySql(tableOf(table), needTexts(columns, 'a column'), given, site.run.dialect)}`,
    );
  },
  createSchema: ([schema, ifNotExist], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'CREATE SCHEMA ')}${isTrue(ifNotExist) ? 'IF NOT EXISTS ' : ''}${quoted(needText(schema, 'the schema'), site.run.dialect)}`,
    ),
  dropSchema: ([schema, ifExist, isCascade], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'DROP SCHEMA ')}${isTrue(ifExist) ? 'IF EXISTS ' : ''}${quoted(needText(schema, 'the schema'), site.run.dialect)}${isTrue(isCascade) ? ' CASCADE' : ''}`,
    ),
};

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'plain' && value.value === true;
}

function addForeignKey(table: Value | undefined, key: Value, site: Site): void {
  alter(site, tableOf(table), sql`ADD ${foreignKeySql(tableOf(table), key, site.run.dialect)}`);
}
