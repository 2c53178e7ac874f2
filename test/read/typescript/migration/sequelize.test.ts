import { expect, test } from 'vitest';
import { placesIn, sentBy } from './read-files.ts';

const M = 'server/migrations/20240101000000-users.js';
const textsOf = async (files: Readonly<Record<string, string>>, dialect?: 'postgres' | 'mysql') =>
  (await sentBy(files, dialect)).lines.map((line) => line.replace(/^[^:]+:/, ''));

test('the query interface sends what Sequelize sends, each part on its own characters', async () => {
  const files = {
    [M]: `module.exports = {
  up: async (queryInterface, Sequelize) => {
    await queryInterface.createTable('users', {
      id: { type: Sequelize.UUID, allowNull: false, primaryKey: true },
      teamId: { type: Sequelize.UUID, references: { model: 'teams', key: 'id' }, onDelete: 'cascade' },
      role: { type: Sequelize.ENUM('admin', 'member'), defaultValue: 'member' },
      tags: { type: Sequelize.ARRAY(Sequelize.STRING), defaultValue: [] },
      createdAt: { type: Sequelize.DATE, allowNull: false, defaultValue: Sequelize.fn('now') },
    });
    await queryInterface.addIndex('users', ['teamId', 'role'], { unique: true });
    await queryInterface.sequelize.transaction(async (transaction) => {
      await queryInterface.changeColumn('users', 'role', { type: Sequelize.STRING(20), allowNull: false }, { transaction });
      await queryInterface.removeColumn('users', 'tags', { transaction });
    });
    await queryInterface.sequelize.query('UPDATE users SET role = :role::text', { replacements: { role: "it's" } });
  },
  down: async (queryInterface) => queryInterface.dropTable('users'),
};
`,
  };
  expect(await textsOf(files)).toEqual([
    `3 DO 'BEGIN CREATE TYPE "public"."enum_users_role" AS ENUM(''admin'', ''member''); EXCEPTION WHEN duplicate_object THEN null; END'`,
    `3 CREATE TABLE IF NOT EXISTS "users" ("id" UUID NOT NULL, "teamId" UUID REFERENCES "teams" ("id") ON DELETE CASCADE, "role" "public"."enum_users_role" DEFAULT 'member', "tags" VARCHAR(255)[] DEFAULT ARRAY[]::VARCHAR(255)[], "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), PRIMARY KEY ("id"))`,
    '10 CREATE UNIQUE INDEX "users_team_id_role" ON "users" ("teamId", "role")',
    '11 START TRANSACTION',
    '12 ALTER TABLE "users" ALTER COLUMN "role" SET NOT NULL',
    '12 ALTER TABLE "users" ALTER COLUMN "role" DROP DEFAULT',
    '12 ALTER TABLE "users" ALTER COLUMN "role" TYPE VARCHAR(20)',
    '13 ALTER TABLE "public"."users" DROP COLUMN "tags"',
    '11 COMMIT',
    `15 UPDATE users SET role = 'it''s'::text`,
  ]);
  const places = await placesIn(files);
  expect(places).toContain("create-index: addIndex('users', ['teamId', 'role'], { unique: true })");
  expect(places).toContain('drop-column: tags');
});

test('operators of a condition are known by their names; a guard on a described table is answered', async () => {
  const files = {
    [M]: `const { Op } = require('sequelize');
module.exports = {
  async up(queryInterface, { DataTypes }) {
    await queryInterface.createTable('docs', { id: { type: DataTypes.INTEGER, autoIncrement: true, primaryKey: true } });
    const columns = await queryInterface.describeTable('docs');
    if (!columns.title) await queryInterface.addColumn('docs', 'title', DataTypes.TEXT);
    if (columns.id) await queryInterface.addIndex('docs', { fields: ['title'], name: 'titled', where: { title: { [Op.ne]: null } } });
    await queryInterface.bulkInsert('docs', [{ title: 'a' }]);
    await queryInterface.addConstraint('docs', { type: 'unique', fields: ['title'] });
  },
};`,
  };
  expect((await textsOf(files)).slice(1)).toEqual([
    '6 ALTER TABLE "public"."docs" ADD COLUMN "title" TEXT',
    '7 CREATE INDEX "titled" ON "docs" ("title") WHERE "title" IS NOT NULL',
    `8 insert into "docs" ("title") values ('a')`,
    '9 ALTER TABLE "docs" ADD CONSTRAINT "docs_title_uk" UNIQUE ("title")',
  ]);
});

test('Umzug hands over a context, with a logger of the project beside the interface', async () => {
  const { lines } = await sentBy({
    'migrations/20240101000000-users.js': `async function up({ context: { queryInterface, logger } }) {
  logger.info('begins');
  await queryInterface.addColumn('users', 'name', { type: 'TEXT' });
}
module.exports = { up };`,
  });
  expect(lines).toEqual(['20240101000000-users:3 ALTER TABLE "public"."users" ADD COLUMN "name" TEXT']);
});
