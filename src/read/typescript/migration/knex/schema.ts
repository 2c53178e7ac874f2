import { callValue } from '../call.ts';
import { hasColumn, hasTable } from '../guard.ts';
import { type PlacedSql, sql } from '../placed-sql.ts';
import { notKnown, notKnownAt } from '../run.ts';
import { at, needText, placeOf, saying, send } from '../said.ts';
import { type Host, native, type Site, UNDEFINED, type Value } from '../value.ts';
import { compileTable } from './compile-table.ts';
import { rawHost } from './raw.ts';
import { tableHost } from './table.ts';
import { wrap } from './wrap.ts';

/** What a step of the schema builder does when the builder is waited for, and what it gives. */
type Step = () => Value;

/** `knex.schema`: its calls are kept and done in order when it is waited for. */
export function schemaHost(): Host {
  const steps: Step[] = [];
  let schema: PlacedSql | undefined;
  const self: Host = {
    kind: 'host',
    name: 'knex.schema',
    reaches: true,
    isPending: () => steps.length > 0,
    settle: () => {
      let last: Value = UNDEFINED;
      for (const step of steps.splice(0)) last = step();
      return last;
    },
    member: (name) => {
      if (name === 'withSchema')
        return native(name, ([given]) => {
          schema = given && needText(given, 'the schema');
          return self;
        });
      const method = METHODS[name];
      if (!method) return undefined;
      return native(name, (args, callSite) => {
        const home = schema;
        steps.push(() => {
          let result: Value = UNDEFINED;
          saying(callSite, () => {
            result = method(args, callSite, home) ?? UNDEFINED;
            return result;
          });
          return result;
        });
        return self;
      });
    },
  };
  return self;
}

type Method = (args: readonly Value[], site: Site, schema: PlacedSql | undefined) => Value | undefined;

/** A table's name in quotes, with the schema of the builder before it. */
function nameOf(value: Value | undefined, { run }: Site, schema: PlacedSql | undefined): PlacedSql {
  const name = wrap(needText(value, 'the name of the table'), run.dialect);
  return schema ? sql`${wrap(schema, run.dialect)}.${name}` : name;
}

function sendWith(site: Site, before: string, rest: PlacedSql): undefined {
  send(site, [...at(placeOf(site), before), ...rest]);
  return undefined;
}

function makeTable(how: 'create' | 'createIfNot' | 'alter'): Method {
  return ([name, work], site, schema) => {
    const table = needText(name, 'the name of the table');
    const { host, spec } = tableHost(how, site.run);
    if (work) callValue(bound(work, host), [host], site);
    compileTable({ ...spec, name: table, ...(schema ? { schema } : {}) }, site);
    if (spec.isOpen())
      notKnownAt(
        site.run,
        placeOf(site),
        'not all of its columns and keys are known: a condition is worked out when it runs',
      );
    return undefined;
  };
}

/** The callback has the table as its `this` too. */
function bound(work: Value, self: Host): Value {
  return work.kind === 'function' && work.node.type === 'FunctionExpression' ? { ...work, self } : work;
}

function drop(words: string): Method {
  return ([name], site, schema) => sendWith(site, words, nameOf(name, site, schema));
}

function named(words: string, end: (args: readonly Value[]) => string = () => ''): Method {
  return ([name, ...rest], site) =>
    sendWith(site, words, sql`${wrap(needText(name, 'the name'), site.run.dialect)}${end(rest)}`);
}

function view(words: string): Method {
  return ([name, work], site, schema) => {
    const made: { columns?: Value; as?: Value } = {};
    const host: Host = {
      kind: 'host',
      name: 'view',
      member: (key) =>
        key === 'columns' || key === 'as'
          ? native(key, ([value]) => {
              made[key] = value ?? UNDEFINED;
              return host;
            })
          : undefined,
    };
    if (work) callValue(work, [host], site);
    const query = made.as?.kind === 'host' ? made.as.expression : undefined;
    if (!query) {
      notKnown(site, 'the query of the view is built by code');
      return undefined;
    }
    const columns =
      made.columns?.kind === 'list'
        ? made.columns.items.map((one) => wrap(needText(one, 'a column'), site.run.dialect))
        : undefined;
    const listed = columns
      ? sql` (${columns.flatMap((one, i) => (i > 0 ? [{ text: ', ' }, ...one] : one))})`
      : [];
    return sendWith(site, words, sql`${nameOf(name, site, schema)}${listed} as ${query}`);
  };
}

const CASCADE = ([cascade]: readonly Value[]) =>
  cascade?.kind === 'plain' && cascade.value === true ? ' cascade' : '';

const METHODS: Readonly<Record<string, Method>> = {
  createTable: makeTable('create'),
  createTableIfNotExists: makeTable('createIfNot'),
  table: makeTable('alter'),
  alterTable: makeTable('alter'),
  createTableLike: ([name, like], site, schema) => {
    const { dialect } = site.run;
    const [made, from] = [nameOf(name, site, schema), nameOf(like, site, schema)];
    if (dialect === 'mysql') return sendWith(site, 'create table ', sql`${made} like ${from}`);
    if (dialect === 'sqlite')
      return sendWith(site, 'create table ', sql`${made} as select * from ${from} where 0=1`);
    return sendWith(site, 'create table ', sql`${made} (like ${from} including all)`);
  },
  dropTable: drop('drop table '),
  dropTableIfExists: drop('drop table if exists '),
  renameTable: ([from, to], site, schema) => {
    const next = wrap(needText(to, 'the new name'), site.run.dialect);
    return site.run.dialect === 'mysql'
      ? sendWith(site, 'rename table ', sql`${nameOf(from, site, undefined)} to ${next}`)
      : sendWith(site, 'alter table ', sql`${nameOf(from, site, schema)} rename to ${next}`);
  },
  hasTable: ([name], site, schema) => hasTable(site, needText(name, 'the name of the table'), schema),
  hasColumn: ([table, column], site, schema) =>
    hasColumn(site, needText(table, 'the name of the table'), needText(column, 'the column'), schema),
  createSchema: named('create schema '),
  createSchemaIfNotExists: named('create schema if not exists '),
  dropSchema: named('drop schema ', CASCADE),
  dropSchemaIfExists: named('drop schema if exists ', CASCADE),
  createExtension: named('create extension '),
  createExtensionIfNotExists: named('create extension if not exists '),
  dropExtension: named('drop extension '),
  dropExtensionIfExists: named('drop extension if exists '),
  createView: view('create view '),
  createViewOrReplace: view('create or replace view '),
  createMaterializedView: view('create materialized view '),
  dropView: drop('drop view '),
  dropViewIfExists: drop('drop view if exists '),
  dropMaterializedView: drop('drop materialized view '),
  dropMaterializedViewIfExists: drop('drop materialized view if exists '),
  refreshMaterializedView: ([name, concurrently], site, schema) =>
    sendWith(
      site,
      `refresh materialized view ${concurrently?.kind === 'plain' && concurrently.value === true ? 'concurrently ' : ''}`,
      nameOf(name, site, schema),
    ),
  raw: (args, site) => {
    const raw = rawHost(args, site);
    return raw.settle?.(site);
  },
};
