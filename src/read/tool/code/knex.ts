import type { Dialect } from '../../../schema/schema.ts';
import { codeTool } from './code-tool-chain.ts';

/** In the order of the file names. https://github.com/knex/knex/blob/master/lib/migrations/migrate/sources/fs-migrations.js */
export const knex = codeTool({
  name: 'knex',
  sign: /\bknex\b|\bobjection\b|\.schema\s*\.\s*(createTable|alterTable|table|hasTable|dropTable|renameTable|raw)\(/i,
  configs: ['knexfile.ts', 'knexfile.js', 'knexfile.cjs', 'knexfile.mjs', 'knexfile.mts'],
  ledger,
  transactional: (dialect) => dialect !== 'mysql',
});

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
