import { expect, test } from 'vitest';
import { treeOfTexts } from '../../../../src/change/from-texts.ts';
import { surveyChains } from '../../../../src/read/find-chains.ts';
import { placesIn, sentBy } from './read-files.ts';

const M = 'src/migrations/1700000000000-Users.ts';
const migration = (
  body: string,
  name = 'Users1700000000000',
) => `import { MigrationInterface, QueryRunner, Table, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
export class ${name} implements MigrationInterface {
  name = '${name}';
  public async up(queryRunner: QueryRunner): Promise<void> {
${body}
  }
  public async down(queryRunner: QueryRunner): Promise<void> { await queryRunner.query('DROP TABLE "users"'); }
}
`;
const textsOf = async (body: string, dialect?: 'postgres' | 'mysql' | 'sqlite') =>
  (await sentBy({ [M]: migration(body) }, dialect)).lines.map((line) => line.replace(/^\S+ /, ''));

test('raw SQL is read where it stands, statement by statement', async () => {
  const files = {
    [M]: migration(
      '    await queryRunner.query(`CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT uuid_generate_v4()); CREATE INDEX i\\n ON "users" ("id")`);\n    await queryRunner.query(`UPDATE users SET id = $1`, ["a"]);',
    ),
  };
  expect((await sentBy(files)).lines).toEqual([
    '1700000000000-Users:5 CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT uuid_generate_v4())',
    '1700000000000-Users:5 CREATE INDEX i\n ON "users" ("id")',
    "1700000000000-Users:6 UPDATE users SET id = 'a'",
  ]);
  expect((await placesIn(files))[0]).toBe(
    'create-table: CREATE TABLE "users" ("id" uuid NOT NULL DEFAULT uuid_generate_v4())',
  );
});

test('the builder sends what TypeORM sends, with its names of keys', async () => {
  expect(
    await textsOf(`
    await queryRunner.createTable(new Table({ name: 'users', columns: [
      { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
      { name: 'email', type: 'varchar', length: '100', isUnique: true },
      { name: 'state', type: 'enum', enum: ['on', 'off'], default: "'on'" },
    ] }), true);
    await queryRunner.addColumn('users', new TableColumn({ name: 'teamId', type: 'integer', isNullable: true }));
    await queryRunner.createForeignKey('users', new TableForeignKey({ columnNames: ['teamId'], referencedTableName: 'teams', referencedColumnNames: ['id'], onDelete: 'CASCADE' }));
    await queryRunner.createIndex('users', new TableIndex({ name: 'by_team', columnNames: ['teamId'] }));
    if (await queryRunner.hasColumn('users', 'email')) await queryRunner.dropColumn('users', 'email');
    await queryRunner.renameTable('users', 'people');`),
  ).toEqual([
    `CREATE TYPE "users_state_enum" AS ENUM('on', 'off')`,
    `CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" varchar(100) NOT NULL, "state" "users_state_enum" NOT NULL DEFAULT 'on', CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3" UNIQUE ("email"), CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"))`,
    'ALTER TABLE "users" ADD "teamId" integer',
    'ALTER TABLE "users" ADD CONSTRAINT "FK_d1803064187c8f38e57a9c4984c" FOREIGN KEY ("teamId") REFERENCES "teams" ("id") ON DELETE CASCADE',
    'CREATE INDEX "by_team" ON "users" ("teamId")',
    'ALTER TABLE "users" DROP COLUMN "email"',
    'ALTER TABLE "users" RENAME TO "people"',
  ]);
});

test('what a query of the catalog gives is known, what one of rows gives is not', async () => {
  expect(
    await textsOf(`
    await queryRunner.query('CREATE TABLE "a" ("id" int)');
    const there = await queryRunner.query(\`SELECT * FROM information_schema.tables WHERE table_name = 'a'\`);
    if (there.length === 0) await queryRunner.query('CREATE TABLE "a" ("id" text)');
    const rows = await queryRunner.query('SELECT id FROM "a"');
    for (const row of rows) await queryRunner.query(\`UPDATE "a" SET id = \${row.id}\`);
    if (rows.length) await queryRunner.query('DROP TABLE "a"');`),
  ).toEqual([
    'CREATE TABLE "a" ("id" int)',
    'SELECT id FROM "a"',
    'not SQL: code that works on rows (what it runs over is not known: a query gives it)',
    'not SQL: code (whether it runs is not known: a query gives it)',
  ]);
});

test('a list of migrations says which are run, also of other folders; the time in the name orders them', async () => {
  const tree = treeOfTexts(
    'head',
    new Map([
      ['db/migrations/postgres/1700000000002-B.ts', migration('', 'B1700000000002')],
      ['db/migrations/postgres/1700000000001-A.ts', migration('', 'A1700000000003')],
      ['db/migrations/postgres/1700000000004-Left.ts', migration('', 'Left1700000000004')],
      ['more/migrations/postgres/1700000000000-First.ts', migration('', 'First1700000000000')],
      [
        'db/migrations/postgres/index.ts',
        `import { B1700000000002 } from './1700000000002-B'
import { A1700000000003 } from './1700000000001-A'
import { First1700000000000 } from '../../../more/migrations/postgres/1700000000000-First'
export const migrations = [First1700000000000, A1700000000003, B1700000000002]`,
      ],
    ]),
  );
  const { chains } = await surveyChains(tree, []);
  expect(
    chains.map(({ id, dialect, migrations }) => [id, dialect, migrations.map(({ name }) => name)]),
  ).toEqual([
    ['db/migrations/postgres', 'postgres', ['1700000000000-First', '1700000000002-B', '1700000000001-A']],
  ]);
  expect(chains[0]?.leftOut).toEqual([
    {
      path: 'db/migrations/postgres/1700000000004-Left.ts',
      reason: 'not run: the list of migrations beside it does not name it',
    },
  ]);
});

test('SQLite takes a default in brackets', async () => {
  const [text] = await textsOf(
    `    await queryRunner.createTable(new Table({ name: 'a', columns: [{ name: 'at', type: 'datetime', default: "datetime('now')" }] }));`,
    'sqlite',
  );
  expect(text).toBe(`CREATE TABLE "a" ("at" datetime NOT NULL DEFAULT (datetime('now')))`);
});
