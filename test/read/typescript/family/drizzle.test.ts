import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const SCHEMA = `
import { pgSchema, pgTable, pgTableCreator, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { relations } from 'drizzle-orm';
const timestamps = { createdAt: timestamp('created_at').notNull(), updatedAt: timestamp() };
export const users = pgTable('users', {
  id: uuid().primaryKey(),
  email: text('email_address').notNull(),
  teamId: uuid('team_id').references(() => teams.id),
  ...timestamps,
});
export const teams = pgSchema('app').table('teams', (t) => ({ id: t.uuid('id').primaryKey(), name: t.text() }));
const createTable = pgTableCreator((name) => \`shop_\${name}\`);
export const orders = createTable('order', { id: uuid('id') });
export const userRelations = relations(users, ({ one, many }) => ({ team: one(teams), orders: many(orders) }));
`;

test('tables are models with their columns', async () => {
  const { models } = await readFiles({ 'schema.ts': SCHEMA });
  expect(models).toEqual([
    'users as users: id uuid not null, email_address (email) text not null, team_id (teamId) uuid, created_at (createdAt) timestamp not null, updatedAt timestamp',
    'app.teams as teams: id uuid not null, name text',
    'shop_order as orders: id uuid',
  ]);
});

test('a column that a function of the code names', async () => {
  const { models } = await readFiles({
    'schema.ts': `
import { sqliteTable, integer } from 'drizzle-orm/sqlite-core';
function timestamp(name = 'createdAt') {
  return integer(name, { mode: 'timestamp' }).notNull();
}
export const lists = sqliteTable('lists', { addedAt: timestamp() });
`,
  });
  expect(models).toEqual(['lists as lists: createdAt (addedAt) integer not null']);
});

describe('the query builder', () => {
  test('select, joins and columns in their roles', async () => {
    const { tables, columns, queries } = await readFiles({
      'schema.ts': SCHEMA,
      'db/index.ts': "export * as schema from '../schema';",
      'a.ts': `
import { and, desc, eq } from 'drizzle-orm';
import { schema } from './db';
const { users } = schema;
export const list = (db: Db, id: string) =>
  db.select({ id: users.id }).from(users)
    .innerJoin(schema.teams, eq(users.teamId, schema.teams.id))
    .where(and(eq(users.email, id)))
    .orderBy(desc(users.createdAt)).limit(5);
`,
    });
    expect(tables).toEqual([
      'read users via import: a.ts:6 users',
      'read app.teams via import: a.ts:7 schema.teams',
    ]);
    expect(columns).toEqual([
      'select users.id: a.ts:6 id',
      'join users.team_id: a.ts:7 teamId',
      'join app.teams.id: a.ts:7 id',
      'filter users.email_address: a.ts:8 email',
      'order users.created_at: a.ts:9 createdAt',
    ]);
    expect(queries.map(({ columnsComplete, hasLimit }) => ({ columnsComplete, hasLimit }))).toEqual([
      { columnsComplete: true, hasLimit: true },
    ]);
  });

  test('writes name their columns', async () => {
    const { tables, columns } = await readFiles({
      'schema.ts': SCHEMA,
      'a.ts': `
import { users, orders as o } from './schema';
await tx.insert(users).values(rows.map((row) => ({ email: row.email }))).onConflictDoUpdate({ target: users.email, set: { teamId: null } });
await tx.update(users).set({ email: 'x' }).where(eq(users.id, 1));
await tx.delete(o);
`,
    });
    expect(tables).toEqual([
      'insert users via import: a.ts:3 users',
      'update users via import: a.ts:4 users',
      'delete shop_order via import: a.ts:5 o',
    ]);
    expect(columns).toEqual([
      'write users.email_address: a.ts:3 email',
      'conflict users.email_address: a.ts:3 email',
      'write users.team_id: a.ts:3 teamId',
      'write users.email_address: a.ts:4 email',
      'filter users.id: a.ts:4 id',
    ]);
  });

  test('an unknown table is kept; a subquery and a set are no tables', async () => {
    const { tables } = await readFiles({
      'schema.ts': SCHEMA,
      'a.ts': `
import { users } from './schema';
const sub = db.select().from(users).as('sub');
await db.select().from(sub);
const all = (table) => db.select().from(table);
seen.delete(key);
new Set().delete(key);
Array.from(rows);
`,
    });
    expect(tables).toEqual([
      'read users via import: a.ts:3 users',
      'read ? (it is a parameter): a.ts:5 table',
    ]);
  });

  test('conditions that were gathered in a list are followed, and are not all', async () => {
    const { columns, queries } = await readFiles({
      'schema.ts': SCHEMA,
      'a.ts': `
import { users } from './schema';
const conditions = [eq(users.id, 1)];
if (team) conditions.push(eq(users.teamId, team));
db.select().from(users).where(and(...conditions));
`,
    });
    expect(columns).toEqual(['filter users.id: a.ts:3 id']);
    expect(queries[0]?.columnsComplete).toBe(false);
  });
});

test('relational queries go by the keys of the schema, with their relations', async () => {
  const { tables, columns } = await readFiles({
    'schema.ts': SCHEMA,
    'db.ts': `
import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';
export const db = drizzle(process.env.URL!, { schema });
`,
    'a.ts': `
import { db } from './db';
await db.query.users.findFirst({
  where: (u, { eq }) => eq(u.email, 'a'),
  columns: { id: true },
  with: { team: { columns: { name: true } } },
});
const list = (ctx) => ctx.db.query.orderItems.findMany();
`,
  });
  expect(tables).toEqual([
    'read users via import: a.ts:3 users',
    'read app.teams via import: a.ts:6 team',
    'read order_items via convention: a.ts:8 orderItems',
  ]);
  expect(columns).toEqual([
    'filter users.email_address: a.ts:4 email',
    'select users.id: a.ts:5 id',
    'select app.teams.name: a.ts:6 name',
  ]);
});

test('columns without a name of their own have the case that the kit is set to', async () => {
  const { models, columns } = await readFiles({
    'app/drizzle.config.mts': `export default { schema: '../db/src/*.ts', out: './drizzle', casing: 'snake_case' };`,
    'shop/src/db/drizzle.config.json': `{ "dialect": "postgresql", "schema": ["./index.ts"], "casing": "snake_case" }`,
    'shop/index.ts': `export * from './orders';`,
    'db/src/schema.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { fullName: text(), eMail: text('EMail') });
`,
    'shop/orders.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
export const orders = pgTable('orders', { placedAt: text() });
`,
    'other/schema.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
export const notes = pgTable('notes', { madeBy: text() });
`,
    'a.ts': `
import { users } from './db/src/schema';
db.select().from(users).where(eq(users.fullName, 'a'));
`,
  });
  expect(models).toEqual([
    'users as users: full_name (fullName) text, EMail (eMail) text',
    'orders as orders: placed_at (placedAt) text',
    'notes as notes: madeBy text',
  ]);
  expect(columns).toEqual(['filter users.full_name: a.ts:3 fullName']);
});

test('relations that are defined in one place lead to tables, also through another and in conditions', async () => {
  const { tables, columns } = await readFiles({
    'schema.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: text('id'), name: text('full_name') });
export const groups = pgTable('groups', { id: text('id'), title: text('title') });
export const members = pgTable('members', { userId: text('user_id'), groupId: text('group_id') });
export const posts = pgTable('posts', { id: text('id'), authorId: text('author_id'), body: text('body') });
`,
    'posts.ts': `
import { defineRelationsPart } from 'drizzle-orm';
import * as schema from './schema';
export const postsPart = defineRelationsPart(schema, (r) => ({
  posts: { author: r.one.users({ from: r.posts.authorId, to: r.users.id }) },
}));
`,
    'db.ts': `
import { defineRelations } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';
import { postsPart } from './posts';
const relations = defineRelations(schema, (r) => ({
  users: {
    posts: r.many.posts(),
    groups: r.many.groups({ from: r.users.id.through(r.members.userId), to: r.groups.id.through(r.members.groupId) }),
  },
}));
export const db = drizzle({ client, relations: { ...relations, ...postsPart } });
`,
    'a.ts': `
import { db } from './db';
await db.query.users.findMany({
  where: { name: 'a', posts: { body: { like: 'b%' } } },
  with: { groups: { columns: { title: true } }, posts: { with: { author: true } } },
});
`,
  });
  expect(tables).toEqual([
    'read users via import: a.ts:3 users',
    'read posts via import: a.ts:4 posts',
    'read members via import: a.ts:5 groups',
    'read groups via import: a.ts:5 groups',
    'read posts via import: a.ts:5 posts',
    'read users via import: a.ts:5 author',
  ]);
  expect(columns).toEqual([
    'filter users.full_name: a.ts:4 name',
    'filter posts.body: a.ts:4 body',
    'select groups.title: a.ts:5 title',
  ]);
});

test('how columns are compared, what they are set to, and whether a condition restricts the query', async () => {
  const { queries } = await readFiles({
    'schema.ts': SCHEMA,
    'a.ts': `
import { count, eq, inArray, sql } from 'drizzle-orm';
import { users } from './schema';
const ADMIN = 'root@example.org';
db.select().from(users).where(and(eq(users.email, ADMIN), inArray(users.teamId, ids), sql\`lower(\${users.email}) = 'x'\`));
db.update(users).set({ email: forced ? 'a@example.org' : 'b@example.org' });
db.select({ total: count() }).from(users);
const open = db.select().from(users);
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
    [['email_address = root@example.org', 'team_id in', 'email_address'], true, false],
    [['email_address a@example.org b@example.org'], false, false],
    [[], false, true],
    [[], undefined, false],
  ]);
});
