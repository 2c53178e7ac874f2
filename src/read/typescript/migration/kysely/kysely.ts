import { callValue } from '../call.ts';
import type { CodeTool } from '../code-tool.ts';
import { settle } from '../evaluate.ts';
import { joined, type PlacedSql, sql } from '../placed-sql.ts';
import { insertSql, updateSql } from '../rows.ts';
import { emitBuilt, notKnown } from '../run.ts';
import { needText, notSaid, placeOf, saying } from '../said.ts';
import {
  type Host,
  hostOf,
  native,
  plainValue,
  type Site,
  textOfValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../value.ts';
import type { Call } from './column.ts';
import { quoteName } from './quote.ts';
import { schemaHost, whereSql } from './schema.ts';
import { raw, sqlTag } from './sql-tag.ts';

/** Kysely: `up(db)` with the schema builder, `sql` and simple queries. */
export const kyselyTool: CodeTool = {
  given: () => [database()],
  external: (source, path) => {
    if (source !== 'kysely') return undefined;
    if (path[0] === 'sql' && path.length === 1) return sqlTag();
    if (path[0] === 'CompiledQuery' && path[1] === 'raw')
      return native('CompiledQuery.raw', ([text], site) => raw(needText(text, 'its SQL'), site));
    return undefined;
  },
};

function database(): Host {
  const self: Host = {
    kind: 'host',
    name: 'db',
    reaches: true,
    member: (name) => {
      if (name === 'schema') return schemaHost();
      if (QUERIES.test(name)) return native(name, (args, site) => query(name, args[0], site));
      if (name === 'withSchema') return native(name, () => self);
      if (name === 'isTransaction') return plainValue(true);
      if (name === 'dynamic') return hostOf(name, { ref: quotedName, table: quotedName });
      if (name === 'executeQuery')
        return native(name, ([compiled], site) => {
          const execute = compiled?.kind === 'host' ? compiled.member?.('execute', site) : undefined;
          return execute ? callValue(execute, [], site) : unknown('a query gives it');
        });
      if (name === 'transaction' || name === 'connection') return native(name, () => around(self));
      return undefined;
    },
  };
  return self;
}

const quotedName: NonNullable<Host['call']> = ([name], site) =>
  raw(quoteName(needText(name, 'a name'), site.run.dialect), site);

/** `transaction().execute(async (trx) => …)`. */
function around(db: Host): Host {
  const host: Host = {
    kind: 'host',
    name: 'a transaction',
    member: (name) =>
      name === 'execute'
        ? native(name, ([work], site) => (work ? settle(callValue(work, [db], site), site) : UNDEFINED))
        : native(name, () => host),
  };
  return host;
}

const QUERIES = /^(insertInto|updateTable|deleteFrom|selectFrom|replaceInto|mergeInto|with)$/;

/** A query: what it writes is sent when it is executed. */
function query(kind: string, table: Value | undefined, start: Site): Host {
  const calls: Call[] = [];
  const host: Host = {
    kind: 'host',
    name: 'a query',
    member: (name) => {
      if (/^(execute|executeTakeFirst|executeTakeFirstOrThrow|stream)$/.test(name))
        return native(name, (_, site) => {
          if (kind === 'selectFrom') return unknown('a query gives it');
          const { run } = start;
          const before = run.out.length;
          saying(site, () => {
            emitBuilt(
              run,
              { ...placeOf(start), end: placeOf(site).end },
              writeSql(kind, table, calls, start),
            );
            return UNDEFINED;
          });
          const last = run.out.at(-1);
          if (run.out.length > before && last?.kind === 'not known') {
            run.out.pop();
            notKnown(site, last.why, true);
          }
          return unknown('a query gives it');
        });
      return /^(then|catch|finally)$/.test(name)
        ? undefined
        : native(name, (args, site) => {
            calls.push({ name, args, site });
            return host;
          });
    },
  };
  return host;
}

function writeSql(kind: string, table: Value | undefined, calls: readonly Call[], site: Site): PlacedSql {
  const { dialect } = site.run;
  const name = quoteName(needText(table, 'the table'), dialect);
  const quote = (one: PlacedSql) => quoteName(one, dialect);
  const other = calls.find((one) => !/^(values|set|where|returning|returningAll)$/.test(one.name));
  if (other) notSaid(`what ${other.name} does is not followed`);
  const wheres = calls.filter((one) => one.name === 'where').map(whereSql);
  const where = wheres.length > 0 ? joined(wheres, ' and ') : undefined;
  if (kind === 'insertInto') {
    const values = calls.find((one) => one.name === 'values') ?? notSaid('the rows are not known');
    return insertSql(name, values.args[0] ?? UNDEFINED, dialect, quote);
  }
  if (kind === 'deleteFrom') return sql`delete from ${name}${where ? sql` where ${where}` : []}`;
  if (kind !== 'updateTable') notSaid(`what ${kind} does is not followed`);
  const set = calls.find((one) => one.name === 'set') ?? notSaid('what is written is not known');
  const [first, second] = set.args;
  const pair = textOfValue(first);
  const values: Value | undefined =
    pair !== undefined && second ? { kind: 'object', fields: new Map([[pair, second]]) } : first;
  return updateSql(name, values, where, dialect, quote);
}
