import type { Dialect } from '../../../schema/schema.ts';
import { nameOf } from '../layout.ts';
import { codeTool } from './code-tool-chain.ts';

/**
 * In the order of the file names; where these are versions in that of versions, which wants a source of migrations of the
 * project's own: as texts 2.2.17 would stand before 2.2.3. https://github.com/knex/knex/blob/master/lib/migrations/migrate/sources/fs-migrations.js
 */
export const knex = codeTool({
  name: 'knex',
  sign: /\bknex\b|\bobjection\b|\.schema\s*\.\s*(createTable|alterTable|table|hasTable|dropTable|renameTable|raw)\(/i,
  configs: ['knexfile.ts', 'knexfile.js', 'knexfile.cjs', 'knexfile.mjs', 'knexfile.mts'],
  order: (path) => sortableVersion(nameOf(path).replace(/\.[cm]?[jt]s$/, '')),
  ledger,
  transactional: (dialect) => dialect !== 'mysql',
});

/** A version as a text that sorts as versions do, before it those that lead to it (`2.0.0-rc.2`); other names as they are. */
function sortableVersion(name: string): string {
  const [, release, before] = /^v?(\d+\.\d+\.\d+)(?:-([\w.]+))?$/.exec(name) ?? [];
  if (release === undefined) return name;
  return `${release}${before === undefined ? '~' : `-${before}`}`.replace(/\d+/g, (digits) =>
    digits.padStart(10, '0'),
  );
}

/** `lib/migrations/migrate/table-creator.js` */
function ledger(dialect: Dialect): string {
  const id = {
    postgres: 'serial primary key',
    mysql: 'int unsigned not null auto_increment primary key',
    sqlite: 'integer not null primary key autoincrement',
    duckdb: 'integer primary key',
  }[dialect];
  const time = { postgres: 'timestamptz', mysql: 'timestamp null', sqlite: 'datetime', duckdb: 'timestamp' }[
    dialect
  ];
  const index = dialect === 'mysql' ? '`index`' : '"index"';
  return `CREATE TABLE knex_migrations (id ${id}, name varchar(255), batch integer, migration_time ${time});
CREATE TABLE knex_migrations_lock (${index} ${id}, is_locked integer);`;
}
