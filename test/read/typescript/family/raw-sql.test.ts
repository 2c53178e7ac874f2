import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

describe('tagged templates', () => {
  test('the text is read with its parameters, and positions are those of the file', async () => {
    const { tables, columns, queries } = await readFiles({
      'a.ts': `
import postgres from 'postgres';
const sql = postgres();
export const find = (email: string) => sql\`
  SELECT u.id, "name" FROM users u
  WHERE u.email = \${email} ORDER BY u.created_at LIMIT 10
\`;
`,
    });
    expect(tables).toEqual(['read users: a.ts:5 users']);
    expect(columns).toEqual([
      'select users.id: a.ts:5 id',
      'select users.name: a.ts:5 "name"',
      'filter users.email: a.ts:6 email',
      'order users.created_at: a.ts:6 created_at',
    ]);
    expect(queries.map(({ columnsComplete, hasLimit }) => ({ columnsComplete, hasLimit }))).toEqual([
      { columnsComplete: true, hasLimit: true },
    ]);
  });

  test('methods and parameters of pg-promise', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
import pgPromise from 'pg-promise';
const db = pgPromise()(process.env.DATABASE_URL);
export const find = (email: string, ids: string[]) =>
  db.manyOrNone('SELECT name FROM users WHERE email = $/email/ AND id IN ($<ids:csv>)', { email, ids });
export const remove = (id: string) => db.none('DELETE FROM sessions WHERE id = $(id)', { id });
`,
    });
    expect(tables).toEqual(['read users: a.ts:5 users', 'delete sessions: a.ts:6 sessions']);
    expect(columns).toEqual([
      'select users.name: a.ts:5 name',
      'filter users.email: a.ts:5 email',
      'filter users.id: a.ts:5 id',
      'filter sessions.id: a.ts:6 id',
    ]);
  });

  test('escapes and characters beyond ASCII keep their places', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': "const q = sql`SELECT 'naïve😀\\n\\`' AS x, t.été FROM réserve t WHERE t.\\u0061ge > 1`;",
    });
    expect(tables).toEqual(['read réserve: a.ts:1 réserve']);
    expect(columns).toEqual(['select réserve.été: a.ts:1 été', 'filter réserve.age: a.ts:1 \\u0061ge']);
  });

  test('fragments and identifiers are put where they are used', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
import { sql } from 'slonik';
const orders = sql.identifier(['shop', 'orders']);
const open = sql.fragment\`status = 'open'\`;
await pool.query(sql.unsafe\`DELETE FROM \${orders} WHERE \${open} AND id = \${1}\`);
`,
    });
    expect(tables).toEqual(['delete shop.orders via constant: a.ts:5 orders']);
    expect(columns).toEqual(['filter shop.orders.status: a.ts:4 status', 'filter shop.orders.id: a.ts:5 id']);
  });

  test('what Prisma takes as a tag it took as a text before', async () => {
    const { columns, queries } = await readFiles({
      'a.ts': `
const COLUMNS = 'SELECT "Item".id';
export const newest = (models, user: number) =>
  models.$queryRaw(\`\${COLUMNS} FROM "Item" WHERE "userId" = $1 ORDER BY made_at DESC LIMIT 9\`, user);
export const prepared = (models, query) => models.$queryRaw(query);
`,
    });
    expect(columns).toEqual([
      'select Item.id: a.ts:2 id',
      'filter Item.userId: a.ts:4 "userId"',
      'order Item.made_at: a.ts:4 made_at',
    ]);
    expect(queries).toHaveLength(1);
  });

  test('a constant that a tag sends as a parameter is a value, and one that an untagged text takes is its text', async () => {
    const { columns } = await readFiles({
      'a.ts': `
const Status = { Active: 'active' } as const;
const WIDE = 'big';
const COLUMN = 'email';
export const tagged = db.$queryRaw\`SELECT id FROM users WHERE status = \${Status.Active}::"Status" AND note LIKE \${\`%\${q}%\`} AND size IN (\${WIDE}, \${2}) AND tag IS DISTINCT FROM \${WIDE}\`;
export const text = pool.query(\`SELECT id FROM users WHERE \${COLUMN} = $1\`, [email]);
`,
    });
    expect(columns).toEqual([
      'select users.id: a.ts:5 id',
      'filter users.status: a.ts:5 status',
      'filter users.note: a.ts:5 note',
      'filter users.size: a.ts:5 size',
      'filter users.tag: a.ts:5 tag',
      'select users.id: a.ts:6 id',
      'filter users.email: a.ts:6 COLUMN',
    ]);
  });

  test('a temporary table that the file makes is no table of a schema, whatever dialect makes it', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
await db.run('CREATE OR REPLACE TEMP TABLE IF NOT EXISTS old AS SELECT id FROM orders WHERE day < 3');
await db.run('DELETE FROM orders WHERE id IN (SELECT id FROM old)');
await db.run('INSERT INTO pg_temp.old SELECT id FROM old');
await db.run('SELECT id INTO TEMPORARY open FROM orders'); await db.run('DELETE FROM open');
export const count = () => db.all('SELECT o.id FROM orders o JOIN old ON old.id = o.id');
`,
      'b.ts': "export const kept = () => db.all('SELECT id FROM old');",
    });
    expect(tables).toEqual([
      'read orders: a.ts:2 orders',
      'delete orders: a.ts:3 orders',
      'read orders: a.ts:5 orders',
      'read orders: a.ts:6 orders',
      'read old: b.ts:1 old',
    ]);
    expect(columns).toEqual([
      'filter orders.id: a.ts:3 id',
      'select orders.id: a.ts:5 id',
      'join orders.id: a.ts:6 id',
      'select orders.id: a.ts:6 id',
      'select old.id: b.ts:1 id',
    ]);
  });

  test('an unknown table is kept with the reason; an unknown condition makes the columns incomplete', async () => {
    const { tables, queries } = await readFiles({
      'a.ts': `
const all = (table: string, where) => prisma.$queryRaw\`SELECT * FROM \${table} WHERE \${where}\`;
`,
    });
    expect(tables).toEqual(['read ? (it is a parameter): a.ts:2 table']);
    expect(queries[0]?.columnsComplete).toBe(false);
  });

  test('a part of a statement that holds a query of its own tells its tables, as a guess', async () => {
    const { tables, columns, queries } = await readFiles({
      'schema.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
export const posts = pgTable('posts', { id: text('id') });
export const likes = pgTable('likes', { postId: text('post_id') });
`,
      'a.ts': `
import { likes, posts } from './schema';
const liked = sql\`EXISTS (SELECT 1 FROM \${likes} WHERE \${likes.postId} = \${posts.id} AND kind = 'up')\`;
db.select().from(posts).where(liked);
const total = sql\`count(*)\`;
`,
    });
    expect(tables).toEqual(['read likes via import: a.ts:3 likes', 'read posts via import: a.ts:4 posts']);
    expect(columns).toEqual(['join likes.post_id: a.ts:3 likes.postId', 'filter likes.kind: a.ts:3 kind']);
    expect(queries.map(({ guessed, columnsComplete }) => [guessed ?? false, columnsComplete])).toContainEqual(
      [true, false],
    );
  });

  test('what a common table expression names is no table', async () => {
    const { tables } = await readFiles({
      'a.ts':
        'sql`WITH moved AS (DELETE FROM posts RETURNING *) INSERT INTO archive SELECT * FROM moved JOIN users u USING (id)`',
    });
    expect(tables).toEqual([
      'delete posts: a.ts:1 posts',
      'insert archive: a.ts:1 archive',
      'read users: a.ts:1 users',
    ]);
    const arms = await readFiles({
      'a.ts':
        'sql`(SELECT id FROM posts) UNION (WITH recent AS (SELECT id FROM archive) SELECT id FROM recent)`',
    });
    expect(arms.tables).toEqual(['read posts: a.ts:1 posts', 'read archive: a.ts:1 archive']);
  });
});

describe('methods that run SQL', () => {
  test('constants, sums, templates, lists and objects', async () => {
    const { tables } = await readFiles({
      'names.ts': "export const USERS = 'users'; export default { orders: 'orders' } as const;",
      'a.ts': `
import names, { USERS } from './names';
pool.query(\`SELECT * FROM \${USERS} WHERE id = $1\`, [1]);
db.prepare('INSERT INTO ' + names.orders + ' (id) VALUES (?)').run(1);
client.query({ text: 'UPDATE orders SET total = 0 WHERE id = $1', values: [1] });
await connection.execute(['SELECT *', 'FROM items', 'WHERE id = ?'].join('\\n'));
const statement = "select * from events where at > :at";
knex.raw(statement, { at });
`,
    });
    expect(tables).toEqual([
      'read users via import: a.ts:3 USERS',
      'insert orders via import: a.ts:4 names.orders',
      'update orders: a.ts:5 orders',
      'read items: a.ts:6 items',
      'read events via constant: a.ts:7 events',
    ]);
  });

  test('a connection that runs an unknown text is told; a query of something else is not', async () => {
    const { tables } = await readFiles({
      'a.ts': `
export const run = (text: string) => pool.query(text);
const rows = client.query({ query: GET_USER, variables });
// SELECT a FROM b
`,
    });
    expect(tables).toEqual(['read ? (it is a parameter): a.ts:2 text']);
  });

  test('a query for ClickHouse says so', async () => {
    const { queries } = await readFiles({
      'a.ts':
        "clickhouse.query({ query: 'SELECT * FROM traces WHERE id = {id: String}', format: 'JSONEachRow' });",
    });
    expect(queries.map((query) => query.database)).toEqual(['clickhouse']);
  });

  test('a table whose name stands beside the client of ClickHouse is of ClickHouse', async () => {
    const client = (source: string) =>
      `import { createClient } from '${source}';\nexport const TABLES = { events: 'events' };\n`;
    const { queries } = await readFiles({
      'a.ts': "import { TABLES } from './ch';\nchQuery(`SELECT id FROM ${TABLES.events} LIMIT 1`);",
      'b.ts': "import { TABLES } from './pg';\npool.query(`SELECT id FROM ${TABLES.events} LIMIT 1`);",
      'ch.ts': client('@clickhouse/client'),
      'pg.ts': `import { Pool } from 'pg';\n${client('@clickhouse/client')}`,
    });
    expect(queries.map(({ tables, database }) => [tables[0]?.table?.name, database])).toEqual([
      ['events', 'clickhouse'],
      ['events', undefined],
    ]);
  });
});

test('a string that only looks like SQL is a guess: a schema must have its table; one that a test expects is none', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const text = 'SELECT id FROM users';
const prose = 'Select a plan from the list';
const label = 'Update your profile and set a password';
expect(sent().sql).toBe('update orders set state = $1 where id = $2');
assert.equal(sent().sql, 'select id from orders');
`,
  });
  expect(queries.map(({ guessed, tables }) => [guessed, tables[0]?.table?.name])).toEqual([[true, 'users']]);
});

test('how columns are compared, what they are set to, and whether a condition restricts the query', async () => {
  const { queries } = await readFiles({
    'a.ts': `
sql\`SELECT id FROM jobs j WHERE j.status IN ('open', 'held') AND lower(j.name) = \${name} AND j.kind <> 'x-\${kind}'\`;
sql\`INSERT INTO jobs (id, status) VALUES (\${id}, 'open'), (\${id}, 'held')\`;
pool.query("UPDATE jobs SET status = 'done'");
pool.query("UPDATE jobs AS j SET jobs.status = 'done', j.name = NULL");
pool.query(\`DELETE FROM jobs \${where}\`);
pool.query('SELECT count(*) FROM jobs');
`,
  });
  expect(
    queries.map(({ columns, hasFilter, hasLimit }) => [
      columns.map(({ column, comparison, values }) =>
        [column, comparison, ...(values ?? [])].filter((one) => one !== undefined).join(' '),
      ),
      hasFilter,
      hasLimit,
    ]),
  ).toEqual([
    [['id', 'status in open held', 'name', 'kind <>'], true, false],
    [['id', 'status open held'], false, false],
    [['status done'], false, false],
    [['status done', 'name'], false, false],
    [[], undefined, false],
    [[], false, true],
  ]);
});
