import { describe, expect, test } from 'vitest';
import { placesIn, replayOf, sentBy } from './read-files.ts';

const M = 'db/migrations/20240101000000_users.js';

describe('Knex', () => {
  test('the table builder sends what Knex sends, each part on its own characters', async () => {
    const files = {
      [M]: `exports.up = (knex) =>
  knex.schema.createTable('users', (t) => {
    t.increments();
    t.string('email', 100).notNullable().unique();
    t.uuid('team_id').references('id').inTable('teams').onDelete('CASCADE');
    t.boolean('admin').defaultTo(false);
    t.timestamps(true, true);
    t.index(['team_id', 'admin']);
  });
exports.down = (knex) => knex.schema.dropTable('users');
`,
    };
    expect((await sentBy(files)).lines).toEqual([
      '20240101000000_users:2 create table "users" ("id" serial primary key, "email" varchar(100) not null, "team_id" uuid, "admin" boolean default \'0\', "created_at" timestamptz not null default CURRENT_TIMESTAMP, "updated_at" timestamptz not null default CURRENT_TIMESTAMP)',
      '20240101000000_users:4 alter table "users" add constraint "users_email_unique" unique ("email")',
      '20240101000000_users:5 alter table "users" add constraint "users_team_id_foreign" foreign key ("team_id") references "teams" ("id") on delete CASCADE',
      '20240101000000_users:8 create index "users_team_id_admin_index" on "users" ("team_id", "admin")',
    ]);
    expect((await placesIn(files)).slice(1)).toEqual([
      'add-constraint: unique()',
      "add-constraint: references('id').inTable('teams').onDelete('CASCADE')",
      "create-index: index(['team_id', 'admin'])",
    ]);
  });

  test('each dialect has its own words', async () => {
    const files = {
      [M]: `exports.up = async (knex) => {
  await knex.schema.alterTable('jobs', (t) => {
    t.enu('state', ['new', 'done']).notNullable();
    t.integer('tries').unsigned().alter();
    t.dropForeign('owner_id');
    t.renameColumn('a', 'b');
  });
  if (knex.client.config.client === 'mysql2') await knex.raw('ALTER TABLE jobs ENGINE = InnoDB');
};`,
    };
    const texts = async (dialect: 'postgres' | 'mysql') =>
      (await sentBy(files, dialect)).lines.map((line) => line.replace(/^\S+ /, ''));
    expect(await texts('mysql')).toEqual([
      "alter table `jobs` add `state` enum('new', 'done') not null",
      'alter table `jobs` modify `tries` int unsigned',
      'alter table `jobs` drop foreign key `jobs_owner_id_foreign`',
      'alter table `jobs` rename column `a` to `b`',
      'ALTER TABLE jobs ENGINE = InnoDB',
    ]);
    expect(await texts('postgres')).toEqual([
      `alter table "jobs" add column "state" text check ("state" in ('new', 'done')) not null`,
      'alter table "jobs" alter column "tries" drop default',
      'alter table "jobs" alter column "tries" drop not null',
      'alter table "jobs" alter column "tries" type integer using ("tries"::integer)',
      'alter table "jobs" drop constraint "jobs_owner_id_foreign"',
      'alter table "jobs" rename "a" to "b"',
    ]);
  });

  test('constants, helpers of other files and loops are followed', async () => {
    const { lines } = await sentBy({
      'db/columns.ts': `import type { Knex } from 'knex';
export enum Table { Orders = 'orders' }
export const stamped = (t: Knex.TableBuilder, ...names: string[]) => names.forEach((name) => t.timestamp(name));`,
      'db/migrations/20240101000000_orders.ts': `import { stamped, Table } from '../columns';
export async function up(knex) {
  await knex.schema.createTable(Table.Orders, (t) => {
    t.bigIncrements('id');
    stamped(t, 'made_at', 'paid_at');
  });
  for (const column of ['made_at', 'paid_at'])
    await knex.schema.table(Table.Orders, (t) => t.index(column, \`by_\${column}\`));
}`,
    });
    expect(lines).toEqual([
      '20240101000000_orders:3 create table "orders" ("id" bigserial primary key, "made_at" timestamptz, "paid_at" timestamptz)',
      '20240101000000_orders:8 create index "by_made_at" on "orders" ("made_at")',
      '20240101000000_orders:8 create index "by_paid_at" on "orders" ("paid_at")',
    ]);
  });

  test('a guard is answered by what the migrations before have made', async () => {
    const { lines } = await sentBy({
      'db/migrations/20240101000000_a.js': `exports.up = async (knex) => {
  if (!(await knex.schema.hasTable('a'))) await knex.schema.createTable('a', (t) => t.increments('id'));
};`,
      'db/migrations/20240102000000_b.js': `exports.up = (knex) =>
  knex.schema.hasTable('a').then((there) => {
    if (!there) return knex.schema.createTable('a', (t) => t.increments('id'));
  }).then(async () => {
    if (!(await knex.schema.hasColumn('a', 'b'))) await knex.schema.table('a', (t) => t.text('b'));
  });`,
    });
    expect(lines).toEqual([
      '20240101000000_a:2 create table "a" ("id" serial primary key)',
      '20240102000000_b:5 alter table "a" add column "b" text',
    ]);
  });

  test('rows that are written out are SQL; what works on rows or depends on the run is said', async () => {
    const { lines } = await sentBy({
      [M]: `exports.up = async (knex) => {
  await knex('settings').insert([{ key: 'a', value: { on: true } }, { key: 'b' }]);
  await knex('settings').where({ key: 'a' }).whereNotNull('value').update('value', null);
  const rows = await knex('users').select('id');
  for (const row of rows) await knex('users').where({ id: row.id }).update({ name: row.id });
  if (process.env.HOSTED) await knex.schema.dropTable('plans');
  knex.schema.dropTable('forgotten');
  await knex.raw('update ?? set a = ?', ['t', 1]);
};`,
    });
    expect(lines.map((line) => line.replace(/^[^:]+:/, ''))).toEqual([
      `2 insert into "settings" ("key", "value") values ('a', '{"on":true}'), ('b', DEFAULT)`,
      `3 update "settings" set "value" = NULL where "key" = 'a' and "value" is not null`,
      '5 not SQL: code that works on rows (what it runs over is not known: a query gives it)',
      '6 not SQL: code (whether it runs is not known: it depends on the environment (HOSTED))',
      '7 not SQL: code (nothing waits for it: whether it is run is not known)',
      '8 update "t" set a = 1',
    ]);
  });

  test('of a table is made what is known to be made, and the rest is said of it alone', async () => {
    const { lines } = await sentBy({
      [M]: `exports.up = (knex) => knex.schema
  .createTable('files', (t) => {
    if (WIKI.isMysql) t.charset('utf8mb4');
    t.increments();
    if (WIKI.isMysql) t.specificType('data', 'LONGBLOB');
    else t.binary('data');
    t.string('mode', ['sync', 'push']);
  })
  .createTable('notes', (t) => t.string('body', WIKI.length))
  .createTable('tags', (t) => t.increments());`,
    });
    expect(lines.map((line) => line.replace(/^[^:]+:/, ''))).toEqual([
      '2 create table "files" ("id" serial primary key, "mode" varchar(255))',
      '2 not SQL: code (not all of its columns and keys are known: a condition is worked out when it runs)',
      '9 not SQL: code (a length is not known: WIKI is a global)',
      '10 create table "tags" ("id" serial primary key)',
    ]);
  });

  test('the chain: names in order, the ledger, settings, what is none', async () => {
    const { chain, migrations, schema } = await replayOf({
      'db/migrations/20240102000000_b.js':
        'exports.up = (knex) => knex.raw("CREATE INDEX CONCURRENTLY i ON a (id)");\nexports.config = { transaction: false };',
      'db/migrations/20240101000000_a.js':
        'exports.up = (knex) => knex.schema.createTable("a", (t) => t.increments());',
      'db/migrations/shared.js': 'exports.name = "a";',
      'db/migrations/20240103000000_c.js': 'exports.up = (knex) => { knex.schema.',
    });
    expect(chain).toMatchObject({ tool: 'knex', transactional: true });
    expect(chain.migrations.map(({ name }) => name)).toEqual([
      '20240101000000_a',
      '20240102000000_b',
      '20240103000000_c',
    ]);
    expect(migrations.map(({ source }) => source.transactional)).toEqual([undefined, false, undefined]);
    expect(migrations[2]?.source.statements[0]).toMatchObject({ unparsed: true, notSql: 'code' });
    expect([...schema.tables.values()].map(({ name }) => name)).toEqual([
      'knex_migrations',
      'knex_migrations_lock',
      'a',
    ]);
  });
});
