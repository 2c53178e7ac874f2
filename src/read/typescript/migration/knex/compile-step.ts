import type { Dialect } from '../../../../schema/schema.ts';
import { look } from '../guard.ts';
import { joined, type Place, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { at, need, needText, notSaid, option, optionText } from '../said.ts';
import { isNothing, type Site, type Value } from '../value.ts';
import { deferral, foreignClause, keyOf } from './keys.ts';
import { columnsText, listOf, nameFor, namesOf } from './listed.ts';
import type { TableSpec, TableStep } from './table.ts';
import { wrap } from './wrap.ts';

type Put = (text: PlacedSql) => undefined;

/** Makes what one call on the table asks for. https://github.com/knex/knex/tree/master/lib/dialects, `*-tablecompiler.js` */
export function compileStep(
  step: TableStep,
  spec: TableSpec,
  table: PlacedSql,
  site: Site,
  put: Put,
): undefined {
  const { dialect } = site.run;
  const { method, args, place } = step;
  const [first, second, third] = args;
  const isNew = spec.how !== 'alter';
  const alter = (text: PlacedSql) => put(sql`${at(place, 'alter table ')}${table} ${text}`);
  const rebuilt = () => notSaid(`Knex makes the table anew for ${method} in SQLite, which is not followed`);
  switch (method) {
    case 'foreign':
      if (!step.foreign || isNothing(step.foreign.inTable) || isNothing(step.foreign.references)) return;
      if (dialect === 'sqlite') return isNew ? undefined : rebuilt();
      return alter(sql`add ${foreignClause(step.foreign, place, dialect, spec)}`);
    case 'primary':
      if (isNew) return;
      return dialect === 'sqlite' ? rebuilt() : alter(sql`add ${keyOf(first, second, spec, dialect)}`);
    case 'unique':
      return unique(step, spec, table, dialect, put);
    case 'index':
      return index(step, spec, table, dialect, put);
    case 'check':
      if (isNew) return;
      if (!isNothing(second)) notSaid('the values of a check are put in when it runs');
      return alter(
        sql`add constraint ${isNothing(third) ? sql`${table}_1` : needText(third, 'a name')} check(${needText(first, 'the check')})`,
      );
    case 'dropColumn':
      return dropColumns(args, spec, table, site, place, put);
    case 'renameColumn': {
      const [from, to] = [first, second].map((one) => wrap(needText(one, 'the name of a column'), dialect));
      const words = dialect === 'mysql' ? 'rename column ' : 'rename ';
      return alter(sql`${words}${from ?? []} to ${to ?? []}`);
    }
    case 'setNullable':
    case 'dropNullable': {
      if (dialect === 'sqlite') return rebuilt();
      if (dialect === 'mysql') return modifyNull(first, method === 'setNullable', spec, site, alter);
      const column = wrap(needText(first, 'the name of a column'), dialect);
      return alter(
        sql`alter column ${column} ${method === 'setNullable' ? 'drop not null' : 'set not null'}`,
      );
    }
    case 'dropChecks':
      return alter(
        joined(
          namesOf(first).map((name) => sql`drop constraint ${name}`),
          ', ',
        ),
      );
    default:
      return drop(method, args, spec, table, dialect, place, put);
  }
}

function unique(
  { args, place }: TableStep,
  spec: TableSpec,
  table: PlacedSql,
  dialect: Dialect,
  put: Put,
): undefined {
  const [columns, given] = args;
  const options = need(given, 'an argument');
  const isObject = options?.kind === 'object';
  if (isObject && option(options, 'predicate')) notSaid('the predicate of an index is built by code');
  const name = nameFor(isObject ? option(options, 'indexName') : options, 'unique', columns, spec, dialect);
  const listed = columnsText(columns, dialect);
  const use = isObject ? option(options, 'useConstraint') : undefined;
  if (dialect === 'mysql') put(sql`alter table ${table} ${at(place, 'add unique ')}${name}(${listed})`);
  else if (dialect === 'sqlite' || (use?.kind === 'plain' && use.value === false))
    put(sql`${at(place, 'create unique index ')}${name} on ${table} (${listed})`);
  else
    put(
      sql`alter table ${table} ${at(place, 'add constraint ')}${name} unique (${listed})${isObject ? deferral(options) : []}`,
    );
}

function index(
  { args, place }: TableStep,
  spec: TableSpec,
  table: PlacedSql,
  dialect: Dialect,
  put: Put,
): undefined {
  const [columns, given, more] = args;
  const options = need(more, 'an argument');
  if (options?.kind === 'object' && option(options, 'predicate'))
    notSaid('the predicate of an index is built by code');
  const name = nameFor(given, 'index', columns, spec, dialect);
  const listed = columnsText(columns, dialect);
  const type = options?.kind === 'object' ? optionText(options, 'indexType') : undefined;
  const engine = options?.kind === 'object' ? optionText(options, 'storageEngineIndexType') : undefined;
  const plain = options?.kind === 'text' ? options.sql : undefined;
  if (dialect === 'mysql') {
    const word = type ?? plain;
    const using = engine ? sql` using ${engine}` : [];
    put(
      sql`alter table ${table} ${at(place, 'add ')}${word ? sql`${word} ` : []}index ${name}(${listed})${using}`,
    );
    return;
  }
  const using = engine ?? (dialect === 'postgres' ? plain : undefined);
  const isUnique = type !== undefined && /^unique$/i.test(plainText(type));
  put(
    sql`${at(place, isUnique ? 'create unique index ' : 'create index ')}${name} on ${table}${using ? sql` using ${using}` : []} (${listed})`,
  );
}

/** SQLite refuses to drop a column that an index has; Knex takes it out of the index. */
function dropColumns(
  args: readonly Value[],
  { name, schema }: TableSpec,
  table: PlacedSql,
  site: Site,
  place: Place,
  put: Put,
): undefined {
  const { dialect } = site.run;
  const columns = args.flatMap(listOf).map((one) => needText(one, 'the name of a column'));
  if (dialect !== 'sqlite') {
    const word = dialect === 'mysql' ? 'drop ' : 'drop column ';
    put(
      sql`${at(place, 'alter table ')}${table} ${joined(
        columns.map((one) => sql`${word}${wrap(one, dialect)}`),
        ', ',
      )}`,
    );
    return;
  }
  const found = look(site, name, schema);
  if ('why' in found) notSaid(found.why);
  const gone = new Set(columns.map(plainText));
  for (const { name: own, columns: keys, madeBy } of found.table?.indexes ?? [])
    if (madeBy === 'user' && keys.some((key) => key !== undefined && gone.has(key)))
      put(sql`drop index ${wrap([{ text: own }], dialect)}`);
  for (const one of columns) put(sql`${at(place, 'alter table ')}${table} drop column ${wrap(one, dialect)}`);
}

/** MySQL needs the whole column again; Knex reads it from the server. */
function modifyNull(
  column: Value | undefined,
  isNull: boolean,
  { name, schema }: TableSpec,
  site: Site,
  alter: Put,
): undefined {
  const wanted = needText(column, 'the name of a column');
  const found = look(site, name, schema);
  if ('why' in found) notSaid(found.why);
  const own = found.table?.columns.find((one) => one.name === plainText(wanted));
  if (!own) return notSaid('the column that it changes is not known');
  const { type } = own;
  const args = type.arguments.length > 0 ? `(${type.arguments.join(', ')})` : '';
  const text = own.default === undefined ? '' : ` default ${own.default}`;
  alter(
    sql`modify column ${wrap(wanted, 'mysql')} ${type.name}${args} ${isNull ? 'null' : 'not null'}${text}`,
  );
}

function drop(
  method: string,
  [first, second]: readonly Value[],
  spec: TableSpec,
  table: PlacedSql,
  dialect: Dialect,
  place: Place,
  put: Put,
): undefined {
  const match = /^drop(Primary|Unique|Index|Foreign)(IfExists)?$/.exec(method);
  if (!match) return notSaid(`what ${method} does is not known`);
  const kind = (match[1] ?? '').toLowerCase();
  const exists = match[2] ? 'if exists ' : '';
  const alter = (text: PlacedSql) => put(sql`${at(place, 'alter table ')}${table} ${text}`);
  if (kind === 'primary') {
    if (dialect === 'mysql') return alter(sql`drop primary key`);
    const name = isNothing(first) ? sql`${spec.name}_pkey` : needText(first, 'a name');
    return dialect === 'sqlite'
      ? notSaid('Knex makes the table anew for dropPrimary in SQLite, which is not followed')
      : alter(sql`drop constraint ${exists}${wrap(name, dialect)}`);
  }
  const name = nameFor(second, kind, first, spec, dialect);
  if (kind === 'foreign' && dialect === 'sqlite')
    return notSaid('Knex makes the table anew for dropForeign in SQLite, which is not followed');
  if (dialect === 'mysql')
    return alter(sql`drop ${kind === 'foreign' ? 'foreign key' : 'index'} ${exists}${name}`);
  if (kind === 'index' || dialect === 'sqlite') {
    const home = kind === 'index' && spec.schema ? sql`${wrap(spec.schema, dialect)}.` : [];
    put(sql`${at(place, 'drop index ')}${exists}${home}${name}`);
  } else alter(sql`drop constraint ${exists}${name}`);
}
