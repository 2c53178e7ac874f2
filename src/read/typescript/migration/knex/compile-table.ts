import { joined, type PlacedSql, sql } from '../placed-sql.ts';
import { emitBuilt } from '../run.ts';
import { at, isOn, literal, need, needText, notSaid, placeOf } from '../said.ts';
import { isNothing, type Site, type Value } from '../value.ts';
import { columnDefinition, columnName, defaultText } from './column.ts';
import { type Around, columnType } from './column-type.ts';
import { compileStep } from './compile-step.ts';
import { foreignClause, primaryKeyClause } from './keys.ts';
import type { ColumnSpec, TableSpec } from './table.ts';
import { wrap } from './wrap.ts';

/** Sends what Knex makes of a table's callback, in its order. https://github.com/knex/knex/blob/master/lib/schema/tablecompiler.js */
export function compileTable(spec: TableSpec, site: Site): void {
  const { dialect } = site.run;
  const before: PlacedSql[] = [];
  const mayBeKey = !spec.steps.some(({ method, args }) => method === 'primary' && !isNothing(args[0]));
  const around: Around = { dialect, mayBeKey, before };
  const table = tableName(spec, dialect);
  const own = placeOf(site);
  const made: { readonly place: typeof own; readonly text: PlacedSql }[] = [];
  const put = (place: typeof own, text: PlacedSql) => made.push({ place, text });
  const added = spec.columns.filter(({ alter }) => !alter);
  if (spec.how === 'alter') addColumns(added, table, around, own, put);
  else put(own, createText(spec, added, table, around, own));
  const altered = spec.columns.filter(({ alter }) => alter);
  if (dialect === 'mysql') modifyColumns(altered, table, around, own, put);
  else for (const column of altered) alterColumn(column, table, around, put);
  if (dialect === 'postgres') for (const column of spec.columns) commentOn(column, table, put);
  for (const step of spec.steps)
    compileStep(step, spec, table, site, (text) => {
      put(step.place, text);
      return undefined;
    });
  if (dialect === 'postgres' || (dialect === 'mysql' && spec.how === 'alter')) {
    const comment = spec.settings.get('comment');
    const text = comment && literal(needText(comment, 'the comment'), dialect);
    if (text)
      put(
        own,
        dialect === 'mysql'
          ? sql`alter table ${table} comment = ${text}`
          : sql`comment on table ${table} is ${text}`,
      );
  }
  for (const text of before) emitBuilt(site.run, own, text);
  for (const { place, text } of made) emitBuilt(site.run, place, text);
}

type Put = (place: ColumnSpec['place'], text: PlacedSql) => void;

/** The table's name in quotes, with its schema. */
function tableName({ name, schema }: TableSpec, dialect: Around['dialect']): PlacedSql {
  return schema ? sql`${wrap(schema, dialect)}.${wrap(name, dialect)}` : wrap(name, dialect);
}

function createText(
  spec: TableSpec,
  columns: readonly ColumnSpec[],
  table: PlacedSql,
  around: Around,
  place: ColumnSpec['place'],
): PlacedSql {
  const { dialect } = around;
  const parts = columns.map((column) => columnDefinition(column, around));
  if (dialect === 'sqlite')
    for (const { foreign, place: own } of spec.steps)
      if (foreign) parts.push(foreignClause(foreign, own, dialect));
  const key = primaryKeyClause(spec, dialect);
  if (key) parts.push(key);
  for (const { method, args, place: own } of spec.steps)
    if (method === 'check') parts.push(checkClause(args, own));
  const words = spec.how === 'createIfNot' ? 'create table if not exists ' : 'create table ';
  return sql`${at(place, words)}${table} (${joined(parts, ', ')})${settingsText(spec, dialect)}`;
}

function settingsText({ settings }: TableSpec, dialect: Around['dialect']): PlacedSql {
  const text = (name: string) => {
    const value = settings.get(name);
    return value && !isNothing(value) ? needText(value, name) : undefined;
  };
  if (dialect === 'postgres') {
    const parent = text('inherits');
    return parent ? sql` inherits (${wrap(parent, dialect)})` : [];
  }
  if (dialect !== 'mysql') return [];
  const [charset, collate, engine, comment] = ['charset', 'collate', 'engine', 'comment'].map(text);
  return [
    ...(charset ? sql` default character set ${charset}` : []),
    ...(collate ? sql` collate ${collate}` : []),
    ...(engine ? sql` engine = ${engine}` : []),
    ...(comment ? sql` comment = ${literal(comment, dialect)}` : []),
  ];
}

function checkClause([predicate, bound, name]: readonly Value[], place: ColumnSpec['place']): PlacedSql {
  if (!isNothing(bound)) notSaid('the values of a check are put in when it runs');
  const named = isNothing(name) ? [] : sql`constraint ${needText(name, 'the name of a constraint')} `;
  return sql`${at(place, '')}${named}check (${needText(predicate, 'the check')})`;
}

function addColumns(
  columns: readonly ColumnSpec[],
  table: PlacedSql,
  around: Around,
  place: ColumnSpec['place'],
  put: Put,
): void {
  if (columns.length === 0) return;
  const words = around.dialect === 'mysql' ? 'add ' : 'add column ';
  const parts = columns.map((column) => sql`${at(column.place, words)}${columnDefinition(column, around)}`);
  if (around.dialect === 'sqlite')
    for (const [index, part] of parts.entries())
      put(columns[index]?.place ?? place, sql`alter table ${table} ${part}`);
  else
    put(
      columns.length === 1 ? (columns[0]?.place ?? place) : place,
      sql`alter table ${table} ${joined(parts, ', ')}`,
    );
}

function modifyColumns(
  columns: readonly ColumnSpec[],
  table: PlacedSql,
  around: Around,
  place: ColumnSpec['place'],
  put: Put,
): void {
  if (columns.length === 0) return;
  const parts = columns.map(
    (column) => sql`${at(column.place, 'modify ')}${columnDefinition(column, around)}`,
  );
  put(
    columns.length === 1 ? (columns[0]?.place ?? place) : place,
    sql`alter table ${table} ${joined(parts, ', ')}`,
  );
}

/** `.alter()`: Postgres drops default and NOT NULL, changes the type, and sets what is given again. */
function alterColumn(column: ColumnSpec, table: PlacedSql, around: Around, put: Put): void {
  const { dialect } = around;
  if (dialect === 'sqlite')
    notSaid('Knex makes the table anew to alter a column in SQLite, which is not followed');
  const options = need(column.alter?.options, 'an argument');
  const wants = (name: string) =>
    options?.kind !== 'object' || !options.fields.has(name) || isOn(options, name);
  const name = wrap(columnName(column), dialect);
  const alter = (text: PlacedSql) =>
    put(column.place, sql`alter table ${table} ${at(column.place, 'alter column ')}${name} ${text}`);
  const type = columnType(column, around);
  alter(sql`drop default`);
  if (wants('alterNullable')) alter(sql`drop not null`);
  if (wants('alterType')) {
    const cast = column.type === 'enu' ? '::text::' : '::';
    alter(sql`type ${type} using (${name}${cast}${type})`);
  }
  const given = column.modifiers.get('defaultTo');
  const value = given && defaultText(given.args[0], column.type, dialect);
  if (given && value) alter(sql`set ${at(given.place, 'default ')}${value}`);
  const nullable = column.modifiers.get('nullable');
  const [isNullable] = nullable?.args ?? [];
  if (wants('alterNullable') && nullable && isNullable?.kind === 'plain' && isNullable.value === false)
    alter(at(nullable.place, 'set not null'));
}

function commentOn(column: ColumnSpec, table: PlacedSql, put: Put): void {
  const comment = column.modifiers.get('comment');
  if (!comment) return;
  const [value] = comment.args;
  const text = isNothing(value) ? [{ text: 'NULL' }] : literal(needText(value, 'the comment'), 'postgres');
  put(comment.place, sql`comment on column ${table}.${wrap(columnName(column), 'postgres')} is ${text}`);
}
