import { expect, test } from 'vitest';
import { factsOf } from '../rule/judge.ts';

/** Each query of code as it is bound: the columns that the schema has, those that it has not, and whether it is understood. */
async function bound(head: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { queries } = await factsOf({ head }, 'all');
  return queries.head
    .filter(({ family }) => family !== 'sql')
    .map(({ tables, columns, partly, span }) => {
      const uses = tables.map(
        ({ op, table, tableId, chain }) =>
          `${op} ${table?.name}${tableId ? '' : '!'} of ${chain ?? 'nothing'}`,
      );
      const asked = columns.map(({ role, column, columnId }) => `${role} ${column}${columnId ? '' : '!'}`);
      return `${span.line}: ${[...uses, ...asked, ...(partly ? ['not understood'] : [])].join(', ')}`;
    });
}

const NOTES = {
  'db/migrations/0001_notes.sql':
    'CREATE TABLE notes (noteId INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, kind TEXT);\n',
};

test('SQL in code of a repository whose database is SQLite is read as SQLite reads it', async () => {
  expect(
    await bound({
      ...NOTES,
      'src/notes.ts': `
export const save = (db: D1Database) => db.prepare('INSERT OR REPLACE INTO notes (noteId, body) VALUES (?1, ?2)');
export const todo = (db: D1Database) => db.prepare('SELECT noteid FROM Notes WHERE kind = "todo" AND body GLOB ? LIMIT ?, ?');
export const many = (db: D1Database, ids: string) =>
  db.prepare(\`UPDATE OR IGNORE notes SET kind = 'old' WHERE \\\`noteId\\\` IN (\${ids}) AND missing = 1\`);`,
    }),
  ).toEqual([
    '2: insert notes of db/migrations, write noteId, write body',
    '3: read Notes of db/migrations, select noteId, filter kind, filter body',
    '5: update notes of db/migrations, write kind, filter noteId, filter missing!',
  ]);
});

test('SQL in code of a repository whose database is MySQL is read as MySQL reads it', async () => {
  expect(
    await bound({
      'migrations/001_hits.sql':
        'CREATE TABLE `hits` (`page` VARCHAR(200) PRIMARY KEY, `n` INT NOT NULL) ENGINE=InnoDB;\n',
      'src/hits.ts': `
import mysql from 'mysql2/promise';
const pool = mysql.createPool(process.env.DATABASE_URL);
export const hit = (page: string) =>
  pool.execute('INSERT INTO hits (page, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = n + VALUES(n)', [page]);
export const top = () => pool.query('SELECT \`page\`, IFNULL(n, 0) FROM hits WHERE page <> "/" ORDER BY n DESC LIMIT 0, 10');
`,
    }),
  ).toEqual([
    '5: insert hits of migrations, write page, write n, write n, select n, select n',
    '6: read hits of migrations, select page, select n, filter page, order n',
  ]);
});

test('of two databases of one repository each takes the text that it understands', async () => {
  expect(
    await bound({
      ...NOTES,
      'pg/migrations/001_users.sql': 'CREATE TABLE users (id bigserial PRIMARY KEY, "noteId" bigint);\n',
      'src/both.ts': `
export const one = (db: Db) => db.prepare('SELECT noteId FROM notes WHERE kind = "todo"');
export const two = (db: Db) => db.query('SELECT "noteId" FROM users WHERE id = ANY($1)');
export const three = (db: Db) => db.prepare('REPLACE INTO notes (noteId) VALUES (?)');`,
    }),
  ).toEqual([
    '2: read notes of db/migrations, select noteId, filter kind',
    '3: read users of pg/migrations, select noteId, filter id',
    '4: insert notes of db/migrations, write noteId',
  ]);
});
