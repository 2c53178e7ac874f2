import { callValue } from '../call.ts';
import { joined, type PlacedSql, plainText, sql } from '../placed-sql.ts';
import { emitBuilt } from '../run.ts';
import { literal, needText, needTexts, notSaid, placeOf, saying } from '../said.ts';
import { type Host, isNothing, native, type Site, UNDEFINED, type Value } from '../value.ts';
import {
  actionsSql,
  type Call,
  callsOf,
  columnSql,
  constraintSql,
  expressionOf,
  literalOf,
  typeSql,
} from './column.ts';
import { quoteName } from './quote.ts';

/** `db.schema`: builders that send what they hold when they are executed. */
export function schemaHost(schema?: PlacedSql): Host {
  return {
    kind: 'host',
    name: 'db.schema',
    reaches: true,
    member: (name) => {
      if (name === 'withSchema') return native(name, ([given]) => schemaHost(needText(given, 'the schema')));
      const compile = COMPILERS[name];
      return compile ? native(name, (args, site) => builder(args[0], compile, site, schema)) : undefined;
    },
  };
}

type Compile = (target: PlacedSql, calls: readonly Call[], site: Site, first: Value | undefined) => PlacedSql;

function builder(
  first: Value | undefined,
  compile: Compile,
  start: Site,
  schema: PlacedSql | undefined,
): Host {
  const calls: Call[] = [];
  const host: Host = {
    kind: 'host',
    name: 'a builder of the schema',
    reaches: true,
    member: (name) => {
      if (name === 'execute')
        return native(name, (_, site) =>
          saying(site, () => {
            const own = quoteName(needText(first, 'the name'), start.run.dialect);
            const target = schema ? sql`${quoteName(schema, start.run.dialect)}.${own}` : own;
            const made = compile(target, calls, start, first);
            emitBuilt(start.run, { ...placeOf(start), end: placeOf(site).end }, made);
            return UNDEFINED;
          }),
        );
      if (name === '$call')
        return native(name, ([work], site) => (work ? callValue(work, [host], site) : host));
      return native(name, (args, site) => {
        calls.push({ name, args, site });
        return host;
      });
    },
  };
  return host;
}

const has = (calls: readonly Call[], name: string) => calls.some((one) => one.name === name);
const find = (calls: readonly Call[], name: string) => calls.find((one) => one.name === name);
const ifThere = (calls: readonly Call[], name: string, words: string) => (has(calls, name) ? words : '');

function createTable(target: PlacedSql, calls: readonly Call[]): PlacedSql {
  const columns = calls
    .filter(({ name }) => name === 'addColumn')
    .map((call) => columnSql(call.args, call.site));
  const constraints = calls.flatMap((call) => {
    const constraint = constraintSql(call);
    if (!constraint && !/^(addColumn|ifNotExists|temporary|modifyEnd)$/.test(call.name))
      notSaid(`what ${call.name} does is not followed`);
    return constraint ? [constraint] : [];
  });
  const parts = [...columns, ...constraints];
  const end = calls.filter(({ name }) => name === 'modifyEnd').map(({ args }) => expressionOf(args[0]));
  const words = `create ${ifThere(calls, 'temporary', 'temporary ')}table ${ifThere(calls, 'ifNotExists', 'if not exists ')}`;
  return sql`${words}${target} (${joined(parts, ', ')})${end.length > 0 ? sql` ${joined(end, ' ')}` : []}`;
}

function alterTable(target: PlacedSql, calls: readonly Call[], site: Site): PlacedSql {
  const { dialect } = site.run;
  const name = (value: Value | undefined) => quoteName(needText(value, 'a name'), dialect);
  const parts: PlacedSql[] = [];
  for (const call of calls) {
    const [first, second] = call.args;
    const constraint = constraintSql(call);
    if (constraint) parts.push(sql`add ${constraint}${/Foreign/.test(call.name) ? actionsSql(calls) : []}`);
    else if (call.name === 'addColumn') parts.push(sql`add column ${columnSql(call.args, call.site)}`);
    else if (call.name === 'modifyColumn') parts.push(sql`modify column ${columnSql(call.args, call.site)}`);
    else if (call.name === 'dropColumn') parts.push(sql`drop column ${name(first)}`);
    else if (call.name === 'renameColumn') parts.push(sql`rename column ${name(first)} to ${name(second)}`);
    else if (call.name === 'renameTo') parts.push(sql`rename to ${name(first)}`);
    else if (call.name === 'setSchema') parts.push(sql`set schema ${name(first)}`);
    else if (call.name === 'renameConstraint')
      parts.push(sql`rename constraint ${name(first)} to ${name(second)}`);
    else if (call.name === 'alterColumn') parts.push(...alterColumn(name(first), second, call.site));
    else if (call.name === 'dropConstraint')
      parts.push(
        sql`drop constraint ${ifThere(calls, 'ifExists', 'if exists ')}${name(first)}${ifThere(calls, 'cascade', ' cascade')}`,
      );
    else if (!/^(ifExists|cascade|restrict|onDelete|onUpdate)$/.test(call.name))
      notSaid(`what ${call.name} does is not followed`);
  }
  return sql`alter table ${target} ${joined(parts, ', ')}`;
}

function alterColumn(column: PlacedSql, callback: Value | undefined, site: Site): readonly PlacedSql[] {
  return callsOf(callback, 'column', site).map(({ name, args }) => {
    switch (name) {
      case 'setDataType':
        return sql`alter column ${column} type ${typeSql(args[0])}`;
      case 'setDefault':
        return sql`alter column ${column} set default ${literalOf(args[0], site)}`;
      case 'dropDefault':
        return sql`alter column ${column} drop default`;
      case 'setNotNull':
        return sql`alter column ${column} set not null`;
      case 'dropNotNull':
        return sql`alter column ${column} drop not null`;
      default:
        return notSaid(`what ${name} does is not followed`);
    }
  });
}

function createIndex(target: PlacedSql, calls: readonly Call[], site: Site): PlacedSql {
  const { dialect } = site.run;
  const on = find(calls, 'on') ?? notSaid('the table of the index is not known');
  const keys = calls.flatMap(({ name, args }): readonly PlacedSql[] => {
    if (name === 'expression') return [expressionOf(args[0])];
    if (name === 'column' || name === 'columns') return listOf(args[0]).map((one) => keySql(one, dialect));
    return [];
  });
  const using = find(calls, 'using');
  const where = calls.filter(({ name }) => name === 'where').map((call) => whereSql(call));
  const method = using ? sql` using ${needText(using.args[0], 'the method')}` : [];
  const nulls = ifThere(calls, 'nullsNotDistinct', ' nulls not distinct');
  return sql`create ${ifThere(calls, 'unique', 'unique ')}index ${ifThere(calls, 'ifNotExists', 'if not exists ')}${target} on ${quoteName(needText(on.args[0], 'the table'), dialect)}${method} (${joined(keys, ', ')})${nulls}${where.length > 0 ? sql` where ${joined(where, ' and ')}` : []}`;
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value?.kind === 'list') return value.items;
  return value ? [value] : [];
}

/** A column, with an order behind it: `created_at desc`. */
function keySql(value: Value, dialect: Site['run']['dialect']): PlacedSql {
  if (value.kind === 'host') return value.expression ?? notSaid('a column is built by code');
  const text = needText(value, 'a column');
  const match = /^(\S+)\s+(.+)$/.exec(plainText(text));
  if (!match) return quoteName(text, dialect);
  const place = text[0]?.place;
  return sql`${quoteName([{ text: match[1] ?? '', ...(place ? { place: { ...place, offsets: [] } } : {}) }], dialect)} ${match[2] ?? ''}`;
}

/** A condition: raw SQL, or column, operator and value. */
export function whereSql({ args, site }: Call): PlacedSql {
  const [column, operator, value] = args;
  if (args.length === 1) return expressionOf(column);
  const left =
    column?.kind === 'host'
      ? expressionOf(column)
      : quoteName(needText(column, 'a column'), site.run.dialect);
  const sign = needText(operator, 'an operator');
  if (value?.kind === 'list')
    return sql`${left} ${sign} (${joined(
      value.items.map((one) => literalOf(one, site)),
      ', ',
    )})`;
  return sql`${left} ${sign} ${isNothing(value) ? 'null' : literalOf(value, site)}`;
}

function drop(what: string): Compile {
  return (target, calls, site) => {
    const on = find(calls, 'on');
    const table =
      on && site.run.dialect === 'mysql'
        ? sql` on ${quoteName(needText(on.args[0], 'the table'), 'mysql')}`
        : [];
    const kind = ifThere(calls, 'materialized', 'materialized ');
    return sql`drop ${kind}${what} ${ifThere(calls, 'ifExists', 'if exists ')}${target}${table}${ifThere(calls, 'cascade', ' cascade')}`;
  };
}

const COMPILERS: Readonly<Record<string, Compile>> = {
  createTable,
  alterTable,
  createIndex,
  dropTable: drop('table'),
  dropIndex: drop('index'),
  dropView: drop('view'),
  dropType: drop('type'),
  dropSchema: drop('schema'),
  createSchema: (target, calls) =>
    sql`create schema ${ifThere(calls, 'ifNotExists', 'if not exists ')}${target}`,
  createType: (target, calls, site) => {
    const values = find(calls, 'asEnum') ?? notSaid('what kind of type it makes is not known');
    const listed = needTexts(values.args[0], 'a value').map((one) => literal(one, site.run.dialect));
    return sql`create type ${target} as enum (${joined(listed, ', ')})`;
  },
  createView: (target, calls, site) => {
    const query = find(calls, 'as');
    const columns = find(calls, 'columns');
    const listed = columns
      ? sql` (${joined(
          needTexts(columns.args[0], 'a column').map((one) => quoteName(one, site.run.dialect)),
          ', ',
        )})`
      : [];
    const words = `create ${ifThere(calls, 'orReplace', 'or replace ')}${ifThere(calls, 'materialized', 'materialized ')}${ifThere(calls, 'temporary', 'temporary ')}view ${ifThere(calls, 'ifNotExists', 'if not exists ')}`;
    return sql`${words}${target}${listed} as ${expressionOf(query?.args[0])}`;
  },
  refreshMaterializedView: (target, calls) =>
    sql`refresh materialized view ${ifThere(calls, 'concurrently', 'concurrently ')}${target}`,
};
