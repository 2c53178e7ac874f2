import { expect, test } from 'vitest';
import { sentBy } from './read-files.ts';

const M = 'migrations/1700000000000_users.ts';

test('the builder sends what node-pg-migrate sends', async () => {
  const { chain, lines } = await sentBy({
    [M]: `import type { ColumnDefinitions, MigrationBuilder } from 'node-pg-migrate';
export const shorthands: ColumnDefinitions = { stamp: { type: 'timestamptz', notNull: true, default: { toString: 'x' } } };
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.createTable('users', {
    id: 'id',
    email: { type: 'string', notNull: true, unique: true },
    team_id: { type: 'integer', references: 'teams', onDelete: 'CASCADE' },
    made: { type: 'timestamp', default: pgm.func('current_timestamp') },
  }, { constraints: { check: 'id > 0' } });
  pgm.createTable({ schema: 'app', name: 'pairs' }, { a: { type: 'int', primaryKey: true }, b: { type: 'int', primaryKey: true } });
  pgm.addColumns('users', { on: { type: 'bool', default: false } });
  pgm.createIndex('users', ['team_id', { name: 'email', sort: 'DESC' }], { unique: true, where: 'team_id > 0' });
  pgm.createIndex('users', 'lower(email)', { name: 'by_email', method: 'btree' });
  pgm.alterColumn('users', 'email', { type: 'varchar(100)', default: null, notNull: false });
  pgm.addConstraint('users', 'one', { unique: ['email', 'on'] });
  pgm.dropColumns('users', ['made'], { ifExists: true });
  pgm.sql('UPDATE {table} SET "on" = true', { table: 'users' });
}
export async function down(pgm: MigrationBuilder): Promise<void> { pgm.dropTable('users'); }
`,
  });
  expect(chain).toMatchObject({ tool: 'node-pg-migrate', dialect: 'postgres' });
  expect(lines.map((line) => line.replace(/^[^:]+:/, ''))).toEqual([
    '4 CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text UNIQUE NOT NULL, "team_id" integer REFERENCES "teams" ON DELETE CASCADE, "made" timestamp DEFAULT current_timestamp, CONSTRAINT "users_chck" CHECK (id > 0))',
    '10 CREATE TABLE "app"."pairs" ("a" integer, "b" integer, CONSTRAINT "pairs_pkey" PRIMARY KEY ("a", "b"))',
    '11 ALTER TABLE "users" ADD "on" boolean DEFAULT false',
    '12 CREATE UNIQUE INDEX "users_team_id_email_unique_index" ON "users" ("team_id", "email" DESC) WHERE team_id > 0',
    '13 CREATE INDEX "by_email" ON "users" USING btree (lower(email))',
    '14 ALTER TABLE "users" ALTER "email" DROP DEFAULT, ALTER "email" SET DATA TYPE varchar(100), ALTER "email" DROP NOT NULL',
    '15 ALTER TABLE "users" ADD CONSTRAINT "one" UNIQUE ("email", "on")',
    '16 ALTER TABLE "users" DROP IF EXISTS "made"',
    '17 UPDATE users SET "on" = true',
  ]);
});

test('by the time in the name; a migration may leave the transaction', async () => {
  const { chain } = await sentBy({
    'migrations/20240101000000000_b.js':
      'exports.up = (pgm) => { pgm.noTransaction(); pgm.sql("SELECT 1"); };',
    'migrations/1600000000000_a.js': 'exports.up = (pgm) => { pgm.sql("SELECT 1"); };',
  });
  expect(chain.migrations.map(({ name }) => name)).toEqual(['1600000000000_a', '20240101000000000_b']);
});
