import { joined, type PlacedSql, sql } from '../placed-sql.ts';
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
  placeOf,
  quoted,
  send,
} from '../said.ts';
import { fieldOf, isNothing, type Site, type Value } from '../value.ts';
import {
  columnsSql,
  constraintsSql,
  defaultSql,
  indexSql,
  nameParts,
  nameSql,
  namesSql,
} from './definition.ts';

type Build = (args: readonly Value[], site: Site, shorthands: Value | undefined) => undefined;

function alter(site: Site, table: Value | undefined, actions: readonly PlacedSql[]): undefined {
  if (actions.length === 0) return undefined;
  return send(site, sql`${at(placeOf(site), 'ALTER TABLE ')}${nameSql(table)} ${joined(actions, ', ')}`);
}

const ifOn = (options: Value | undefined, name: string, words: string) => (isOn(options, name) ? words : '');

function createTable(
  [table, columns, given]: readonly Value[],
  site: Site,
  shorthands: Value | undefined,
): undefined {
  const options = need(given, 'the options');
  const { definitions, keys } = columnsSql(columns, shorthands);
  const parts = [...definitions];
  const constraints = options && option(options, 'constraints');
  if (constraints) parts.push(...constraintsSql(table, constraints, undefined));
  if (keys.length > 0)
    parts.push(
      sql`CONSTRAINT ${quoted(sql`${nameParts(table).name}_pkey`, 'postgres')} PRIMARY KEY (${namesSql(keys)})`,
    );
  const like = options && option(options, 'like');
  if (like) parts.push(sql`LIKE ${nameSql(like.kind === 'object' ? (option(like, 'table') ?? like) : like)}`);
  const inherits = options && option(options, 'inherits');
  const words = `CREATE ${ifOn(options, 'temporary', 'TEMPORARY ')}${ifOn(options, 'unlogged', 'UNLOGGED ')}TABLE ${ifOn(options, 'ifNotExists', 'IF NOT EXISTS ')}`;
  return send(
    site,
    sql`${at(placeOf(site), words)}${nameSql(table)} (${joined(parts, ', ')})${inherits ? sql` INHERITS (${nameSql(inherits)})` : []}`,
  );
}

function alterColumn([table, column, given]: readonly Value[], site: Site): undefined {
  const options = need(given, 'the options') ?? notSaid('the options are left out');
  const name = quoted(needText(column, 'a column'), 'postgres');
  const actions: PlacedSql[] = [];
  const fallback = options.kind === 'object' ? options.fields.get('default') : undefined;
  if (fallback?.kind === 'plain' && fallback.value === null) actions.push(sql`DROP DEFAULT`);
  else if (fallback && !isNothing(fallback)) actions.push(sql`SET DEFAULT ${defaultSql(fallback) ?? []}`);
  const [type, collation, using] = ['type', 'collation', 'using'].map((key) => optionText(options, key));
  if (type)
    actions.push(
      sql`SET DATA TYPE ${type}${collation ? sql` COLLATE ${collation}` : []}${using ? sql` USING ${using}` : []}`,
    );
  const notNull = need(fieldOf(options, 'notNull'), 'notNull');
  if (isOn(options, 'notNull')) actions.push(sql`SET NOT NULL`);
  else if ((notNull?.kind === 'plain' && notNull.value === false) || isOn(options, 'allowNull'))
    actions.push(sql`DROP NOT NULL`);
  return alter(
    site,
    table,
    actions.map((action) => sql`ALTER ${name} ${action}`),
  );
}

function addConstraint([table, name, expression]: readonly Value[], site: Site): undefined {
  const known = need(expression, 'the constraint') ?? notSaid('the constraint is left out');
  const given = isNothing(name) ? undefined : needText(name, 'the name of a constraint');
  if (known.kind === 'object')
    return alter(
      site,
      table,
      constraintsSql(table, known, given).map((one) => sql`ADD ${one}`),
    );
  return alter(site, table, [
    sql`ADD${given ? sql` CONSTRAINT ${quoted(given, 'postgres')}` : []} ${needText(known, 'the constraint')}`,
  ]);
}

function createIndex([table, columns, given]: readonly Value[], site: Site): undefined {
  const options = need(given, 'the options');
  const index = indexSql(table, columns, options);
  const [method, where] = ['method', 'where'].map((key) => options && optionText(options, key));
  const include = options && option(options, 'include');
  const words = `CREATE ${ifOn(options, 'unique', 'UNIQUE ')}INDEX ${ifOn(options, 'concurrently', 'CONCURRENTLY ')}${ifOn(options, 'ifNotExists', 'IF NOT EXISTS ')}`;
  return send(
    site,
    sql`${at(placeOf(site), words)}${index.name} ON ${nameSql(table)}${method ? sql` USING ${method}` : []} (${index.columns})${include ? sql` INCLUDE (${namesSql(needTexts(include, 'a column'))})` : []}${where ? sql` WHERE ${where}` : []}`,
  );
}

function dropIndex([table, columns, given]: readonly Value[], site: Site): undefined {
  const options = need(given, 'the options');
  const { name, home } = indexSql(table, columns, options);
  const words = `DROP INDEX ${ifOn(options, 'concurrently', 'CONCURRENTLY ')}${ifOn(options, 'ifExists', 'IF EXISTS ')}`;
  return send(site, sql`${at(placeOf(site), words)}${home}${name}${ifOn(options, 'cascade', ' CASCADE')}`);
}

function drop(what: string): Build {
  return ([name, given], site) => {
    const options = need(given, 'the options');
    return send(
      site,
      sql`${at(placeOf(site), `DROP ${what} `)}${ifOn(options, 'ifExists', 'IF EXISTS ')}${nameSql(name)}${ifOn(options, 'cascade', ' CASCADE')}`,
    );
  };
}

function columnNames(value: Value | undefined): readonly PlacedSql[] {
  const known = need(value, 'the columns');
  if (known?.kind === 'object') return [...known.fields.keys()].map((text) => [{ text }]);
  return needTexts(known, 'a column');
}

const dropColumns: Build = ([table, columns, given], site) => {
  const options = need(given, 'the options');
  return alter(
    site,
    table,
    columnNames(columns).map(
      (one) =>
        sql`DROP ${ifOn(options, 'ifExists', 'IF EXISTS ')}${quoted(one, 'postgres')}${ifOn(options, 'cascade', ' CASCADE')}`,
    ),
  );
};

const addColumns: Build = ([table, columns, given], site, shorthands) => {
  const options = need(given, 'the options');
  const { definitions } = columnsSql(columns, shorthands);
  return alter(
    site,
    table,
    definitions.map((one) => sql`ADD ${ifOn(options, 'ifNotExists', 'IF NOT EXISTS ')}${one}`),
  );
};

function rename(what: string): Build {
  return ([from, to], site) =>
    send(
      site,
      sql`${at(placeOf(site), `ALTER ${what} `)}${nameSql(from)} RENAME TO ${quoted(nameParts(to).name, 'postgres')}`,
    );
}

function createType([name, values]: readonly Value[], site: Site): undefined {
  const known = need(values, 'the type') ?? notSaid('the type is left out');
  if (known.kind === 'object') {
    const { definitions } = columnsSql(known, undefined);
    return send(
      site,
      sql`${at(placeOf(site), 'CREATE TYPE ')}${nameSql(name)} AS (${joined(definitions, ', ')})`,
    );
  }
  const listed = needTexts(known, 'a value').map((one) => literal(one, 'postgres'));
  return send(
    site,
    sql`${at(placeOf(site), 'CREATE TYPE ')}${nameSql(name)} AS ENUM (${joined(listed, ', ')})`,
  );
}

function addTypeValue([type, value, given]: readonly Value[], site: Site): undefined {
  const options = need(given, 'the options');
  const [before, after] = ['before', 'after'].map((key) => options && optionText(options, key));
  const text = literal(needText(value, 'a value'), 'postgres');
  return send(
    site,
    sql`${at(placeOf(site), 'ALTER TYPE ')}${nameSql(type)} ADD VALUE ${ifOn(options, 'ifNotExists', 'IF NOT EXISTS ')}${text}${before ? sql` BEFORE ${literal(before, 'postgres')}` : []}${after ? sql` AFTER ${literal(after, 'postgres')}` : []}`,
  );
}

function view(kind: string): Build {
  return ([name, given, definition], site) => {
    const options = need(given, 'the options');
    const columns = options && option(options, 'columns');
    const listed = columns ? sql` (${namesSql(needTexts(columns, 'a column'))})` : [];
    const words = `CREATE ${ifOn(options, 'replace', 'OR REPLACE ')}${kind} ${ifOn(options, 'ifNotExists', 'IF NOT EXISTS ')}`;
    return send(
      site,
      sql`${at(placeOf(site), words)}${nameSql(name)}${listed} AS ${needText(definition, 'the query of the view')}`,
    );
  };
}

/** The builder of `pgm`. https://github.com/salsita/node-pg-migrate/tree/main/src/operations */
export const BUILDERS: Readonly<Record<string, Build>> = {
  createTable,
  dropTable: drop('TABLE'),
  renameTable: rename('TABLE'),
  addColumns,
  addColumn: addColumns,
  dropColumns,
  dropColumn: dropColumns,
  alterColumn,
  renameColumn: ([table, from, to], site) =>
    alter(site, table, [
      sql`RENAME ${quoted(needText(from, 'a column'), 'postgres')} TO ${quoted(needText(to, 'the new name'), 'postgres')}`,
    ]),
  addConstraint,
  createConstraint: addConstraint,
  dropConstraint: ([table, name, given], site) => {
    const options = need(given, 'the options');
    return alter(site, table, [
      sql`DROP CONSTRAINT ${ifOn(options, 'ifExists', 'IF EXISTS ')}${quoted(needText(name, 'the name of a constraint'), 'postgres')}${ifOn(options, 'cascade', ' CASCADE')}`,
    ]);
  },
  renameConstraint: ([table, from, to], site) =>
    alter(site, table, [
      sql`RENAME CONSTRAINT ${quoted(needText(from, 'a name'), 'postgres')} TO ${quoted(needText(to, 'the new name'), 'postgres')}`,
    ]),
  createIndex,
  addIndex: createIndex,
  dropIndex,
  createType,
  addType: createType,
  addTypeValue,
  dropType: drop('TYPE'),
  renameType: rename('TYPE'),
  createView: view('VIEW'),
  dropView: drop('VIEW'),
  createMaterializedView: view('MATERIALIZED VIEW'),
  dropMaterializedView: drop('MATERIALIZED VIEW'),
  createSchema: ([name, given], site) =>
    send(
      site,
      sql`${at(placeOf(site), 'CREATE SCHEMA ')}${ifOn(need(given, 'the options'), 'ifNotExists', 'IF NOT EXISTS ')}${nameSql(name)}`,
    ),
  dropSchema: drop('SCHEMA'),
  createExtension: extensions('CREATE EXTENSION ', 'ifNotExists', 'IF NOT EXISTS '),
  addExtension: extensions('CREATE EXTENSION ', 'ifNotExists', 'IF NOT EXISTS '),
  dropExtension: extensions('DROP EXTENSION ', 'ifExists', 'IF EXISTS '),
};

function extensions(words: string, flag: string, tolerant: string): Build {
  return ([names, given], site) => {
    const options = need(given, 'the options');
    for (const name of needTexts(names, 'an extension'))
      send(site, sql`${at(placeOf(site), words)}${ifOn(options, flag, tolerant)}${quoted(name, 'postgres')}`);
  };
}
