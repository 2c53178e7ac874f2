import type { Dialect } from '../../../../schema/schema.ts';
import { callValue } from '../call.ts';
import type { CodeTool } from '../code-tool.ts';
import { settle } from '../evaluate.ts';
import { type PlacedSql, sql } from '../placed-sql.ts';
import { isOn } from '../said.ts';
import { type Host, hostOf, native, plainValue, textValue, UNDEFINED, type Value } from '../value.ts';
import { queryHost } from './query.ts';
import { rawHost } from './raw.ts';
import { schemaHost } from './schema.ts';

/** Knex: `up(knex)` with the schema builder, simple queries and raw SQL. */
export const knexTool: CodeTool = {
  given: ({ dialect }) => [knexHost(dialect), native('Promise', () => UNDEFINED)],
  external: (source, path) => (source === 'knex' && path.length <= 1 ? hostOf('knex', {}) : undefined),
  settings: (_, exported) => {
    const config = exported('config');
    return config?.kind === 'object' && config.fields.has('transaction')
      ? { transactional: isOn(config, 'transaction') }
      : {};
  },
};

const CLIENTS: Readonly<Record<Dialect, string>> = {
  postgres: 'pg',
  mysql: 'mysql2',
  sqlite: 'sqlite3',
  duckdb: 'duckdb',
};

/** `knex`, and a transaction of it. */
function knexHost(dialect: Dialect): Host {
  const client = textValue(CLIENTS[dialect]);
  const raw: NonNullable<Host['call']> = (args, site) => rawHost(args, site);
  const from =
    (name: string): NonNullable<Host['call']> =>
    (args, site) => {
      const start = queryHost(undefined, site);
      return callValue(start.member?.(name, site) ?? UNDEFINED, args, site);
    };
  const host: Host = hostOf(
    'knex',
    {
      raw,
      fn: hostOf('knex.fn', {
        now: ([precision]) => now(precision),
        uuid: () => expression('knex.fn.uuid', [{ text: UUID[dialect] }]),
      }),
      client: hostOf('knex.client', {
        config: { kind: 'object', fields: new Map([['client', client]]), open: 'it is configured elsewhere' },
        dialect: textValue(dialect === 'postgres' ? 'postgresql' : dialect),
        driverName: client,
      }),
      transaction: ([work], site) =>
        work ? settle(callValue(work, [knexHost(dialect)], site), site) : knexHost(dialect),
      isTransaction: plainValue(true),
      commit: () => UNDEFINED,
      rollback: () => UNDEFINED,
      ...Object.fromEntries(QUERIES.map((name) => [name, from(name)])),
    },
    { reaches: true, call: ([table], site) => queryHost(table, site) },
  );
  const { member } = host;
  return { ...host, member: (name, site) => (name === 'schema' ? schemaHost() : member?.(name, site)) };
}

const QUERIES = [
  'select',
  'insert',
  'into',
  'from',
  'table',
  'with',
  'update',
  'del',
  'delete',
  'batchInsert',
  'queryBuilder',
];

const UUID: Readonly<Record<Dialect, string>> = {
  postgres: '(gen_random_uuid())',
  mysql: '(UUID())',
  sqlite:
    "(lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))),2) || '-' || substr('89ab',abs(random()) % 4 + 1, 1) || substr(lower(hex(randomblob(2))),2) || '-' || lower(hex(randomblob(6))))",
  duckdb: 'uuid()',
};

function now(precision: Value | undefined): Host {
  const digits =
    precision?.kind === 'plain' && typeof precision.value === 'number' ? `(${precision.value})` : '';
  return expression('knex.fn.now', sql`${`CURRENT_TIMESTAMP${digits}`}`);
}

function expression(name: string, text: PlacedSql): Host {
  return { kind: 'host', name, expression: text };
}
