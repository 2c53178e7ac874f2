import { expect, test } from 'vitest';
import { placesIn, sentBy } from './read-files.ts';

const M = 'src/db/migrations/001_users.ts';
const textsOf = async (body: string, dialect?: 'postgres' | 'mysql' | 'sqlite') =>
  (await sentBy({ [M]: migration(body) }, dialect)).lines.map((line) => line.replace(/^\S+ /, ''));
const migration = (body: string) => `import { type Kysely, sql } from 'kysely'
export async function up(db: Kysely<unknown>): Promise<void> {
${body}
}
`;

test('the schema builder sends what Kysely sends, each part on its own characters', async () => {
  const body = `  await db.schema
    .createTable('users')
    .addColumn('id', 'uuid', (col) => col.primaryKey().defaultTo(sql\`gen_random_uuid()\`))
    .addUniqueConstraint('users_email', ['email'])
    .addColumn('email', 'varchar(100)', (col) => col.notNull())
    .addColumn('team_id', 'integer', (col) => col.references('teams.id').onDelete('cascade'))
    .execute()
  await db.schema.createIndex('by_team').unique().on('users').using('btree').columns(['team_id', 'email desc']).where('team_id', 'is not', null).execute()
  await db.schema.alterTable('users').alterColumn('email', (col) => col.dropNotNull()).execute()
  await db.schema.alterTable('users').addColumn('a', 'text').addColumn('b', 'boolean', (col) => col.defaultTo(false)).execute()
  await db.schema.alterTable('users').dropConstraint('users_email').ifExists().execute()`;
  expect(await textsOf(body)).toEqual([
    'create table "users" ("id" uuid default gen_random_uuid() primary key, "email" varchar(100) not null, "team_id" integer references "teams" ("id") on delete cascade, constraint "users_email" unique ("email"))',
    'create unique index "by_team" on "users" using btree ("team_id", "email" desc) where "team_id" is not null',
    'alter table "users" alter column "email" drop not null',
    'alter table "users" add column "a" text, add column "b" boolean default false',
    'alter table "users" drop constraint if exists "users_email"',
  ]);
  expect((await placesIn({ [M]: migration(body) }))[2]).toBe('drop-not-null: email');
});

test('raw SQL with names and values, and simple writes; queries that are built by code are said', async () => {
  expect(
    await textsOf(`  const table = sql.table('users')
  await sql\`alter table \${table} add check (\${sql.ref('age')} > \${18})\`.execute(db)
  await db.insertInto('users').values([{ age: 20, name: 'a' }]).execute()
  await db.updateTable('users').set({ name: 'b' }).where('age', '>', 30).execute()
  const rows = await db.selectFrom('users').selectAll().execute()
  for (const row of rows) await db.deleteFrom('users').where('id', '=', row.id).execute()
  await db.schema.createView('adults').as(db.selectFrom('users').selectAll()).execute()`),
  ).toEqual([
    'alter table "users" add check ("age" > 18)',
    `insert into "users" ("age", "name") values (20, 'a')`,
    `update "users" set "name" = 'b' where "age" > 30`,
    'not SQL: code that works on rows (what it runs over is not known: a query gives it)',
    'not SQL: code (an expression is built by code)',
  ]);
});

test('raw SQL of values that only the run knows is said in its place, and what stands around it is read', async () => {
  expect(
    await textsOf(`  await sql\`create table a (id int)\`.execute(db)
  const start = Number(process.env.START) ? Number(process.env.START) : Date.now()
  await sql\`create sequence s start \${sql.literal(start)}\`.execute(db)
  if (start) await sql\`drop table \${sql.table(process.env.TABLE)}\`.execute(db)
  await sql.raw(process.env.DDL).execute(db)
  await sql\`create table b (id int)\`.execute(db)`),
  ).toEqual([
    'create table a (id int)',
    'not SQL: code (its SQL is not known: a value is not known: it depends on a condition that is not known)',
    'not SQL: code (whether it runs is not known: it depends on a condition that is not known)',
    'not SQL: code (its SQL is not known: it depends on the environment (DDL))',
    'create table b (id int)',
  ]);
});

test('a module of the migrations names them', async () => {
  const { chain } = await sentBy({
    'src/db/migrations/2-b.ts': migration(''),
    'src/db/migrations/1-a.ts': migration(''),
    'src/db/migrations/3-c.ts': migration(''),
    'src/db/migrations/index.ts': `export * as _001 from './2-b.js'\nexport * as _002 from './1-a.js'\n`,
  });
  expect(chain.tool).toBe('kysely');
  expect(chain.migrations.map(({ name, path }) => [name, path])).toEqual([
    ['_001', 'src/db/migrations/2-b.ts'],
    ['_002', 'src/db/migrations/1-a.ts'],
  ]);
  expect(chain.leftOut.map(({ path }) => path)).toEqual(['src/db/migrations/3-c.ts']);
});

test('a migration may be an object under a name of its own', async () => {
  const { lines } = await sentBy({
    'src/db/migrations/00001-users.ts': `import { Migration } from 'kysely';
const TABLE = 'users';
export const name = 'of users';
export const createUsers: Migration = {
  up: async (db) => { await db.schema.createTable(TABLE).addColumn('id', 'text').execute(); },
  down: async (db) => { await db.schema.dropTable(TABLE).execute(); },
};`,
  });
  expect(lines).toEqual(['00001-users:5 create table "users" ("id" text)']);
});
