import { expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfTexts } from '../../../src/change/from-texts.ts';
import { isGrave } from '../../../src/read/models/difference.ts';
import { modelDifferences } from '../../../src/read/models/model-differences.ts';
import { readChange } from '../../../src/read/read-change.ts';

/** What the tool's next migration does, as `grave | light: statement`, or the change where no statement does it. */
async function statementsOf(provider: string, sql: string, models: string): Promise<readonly string[]> {
  const files = new Map([
    ['prisma/schema.prisma', `datasource db {\n  provider = "${provider}"\n}\n${models}`],
    ['prisma/migrations/migration_lock.toml', `provider = "${provider}"`],
    ['prisma/migrations/1_init/migration.sql', sql],
  ]);
  const read = await readChange(await changeOfTexts(new Map(), files), [], openCache(undefined), 'all');
  return modelDifferences(read, true).head.differences.map(
    (one) => `${isGrave(one) ? 'grave' : 'light'}: ${one.statement ?? one.change}`,
  );
}

test('MySQL: a column that is redefined keeps what the model does not speak of', async () => {
  const sql =
    'CREATE TABLE users (id INT NOT NULL AUTO_INCREMENT, seen DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3), PRIMARY KEY (id));';
  const model = (id: string, seen: string) =>
    `model users {\n  id ${id} @id @default(autoincrement())\n  seen ${seen}\n}\n`;
  expect(await statementsOf('mysql', sql, model('Int', 'DateTime?'))).toEqual([]);
  expect(await statementsOf('mysql', sql, model('BigInt', 'DateTime'))).toEqual([
    'grave: ALTER TABLE users MODIFY COLUMN id bigint NOT NULL AUTO_INCREMENT;',
    'light: ALTER TABLE users MODIFY COLUMN seen datetime(3) NOT NULL ON UPDATE CURRENT_TIMESTAMP(3);',
  ]);
});

test('SQLite has no statement for a primary key', async () => {
  const sql = 'CREATE TABLE users (id INTEGER NOT NULL);';
  expect(await statementsOf('sqlite', sql, 'model users {\n  id Int @id\n}\n')).toEqual([
    'light: make (id) the primary key',
  ]);
});

test('PostgreSQL: what lies in a schema of its own is called by it', async () => {
  const sql = `CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad');
CREATE TABLE app.users (id INTEGER PRIMARY KEY, mood app.mood NOT NULL, name TEXT NOT NULL);
CREATE INDEX users_name_idx ON app.users (name);`;
  const models = `
enum mood {
  sad
  glad
  @@schema("app")
}
model users {
  id   Int     @id
  mood mood
  name String?
  @@schema("app")
}
`;
  expect(await statementsOf('postgresql', sql, models)).toEqual([
    'grave: ALTER TABLE app.users ALTER COLUMN name DROP NOT NULL;',
    "grave: ALTER TYPE app.mood ADD VALUE 'glad';",
    'light: DROP INDEX app.users_name_idx;',
  ]);
});

test('a NULL that a default stands in for is not refused', async () => {
  const sql = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '');`;
  const model = `model users {\n  id Int @id\n  name String? @default("")\n}\n`;
  expect(await statementsOf('postgresql', sql, model)).toEqual([
    'light: ALTER TABLE users ALTER COLUMN name DROP NOT NULL;',
  ]);
});
