import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

describe('tables', () => {
  test('come from literals, constants, statics and templates of them', async () => {
    const { tables } = await readFiles({
      'tables.ts': "export const T = { USERS: 'users', ROLES: 'roles' } as const;",
      'a.ts': `
import { T } from './tables';
const TABLE = 'events';
class Store {
  static table = 'orders';
  constructor(private db: Knex) {}
  async all(trx: Knex.Transaction) {
    await this.db(T.USERS).where({ id: 1 });
    await this.db<Row>(TABLE).insert({ id: 1 });
    await trx(Store.table).where('id', 1).del();
    await this.db.select('r.name').from(T.ROLES + ' as r').leftJoin('app.teams AS t', 't.id', 'r.team_id');
    await knex.withSchema('audit').from('log').where('id', 1).update({ seen: true });
    await knex.insert(rows).into('outbox');
    await knex.batchInsert('lines', rows);
    return knex({ u: 'users' }).where('u.id', 1);
  }
}`,
    });
    expect(tables).toEqual([
      'read users via import: a.ts:8 T.USERS',
      'insert events via constant: a.ts:9 TABLE',
      'delete orders via class: a.ts:10 Store.table',
      "read roles via import: a.ts:11 T.ROLES + ' as r'",
      'read app.teams: a.ts:11 teams',
      'update audit.log: a.ts:12 log',
      'insert outbox: a.ts:13 outbox',
      'insert lines: a.ts:14 lines',
      'read users: a.ts:15 users',
    ]);
  });

  test('a name that a parameter gives stays, with the reason; a base class takes it from its subclass', async () => {
    const { tables } = await readFiles({
      'store.ts': `
export class Store {
  constructor(protected table: string, protected db: Knex) {}
  get(id: string) { return this.db(this.table).where({ id }).first(); }
}
export class Users extends Store {
  constructor(db: Knex) { super('users', db); }
  count() { return this.db(this.table).count('*'); }
}`,
    });
    expect(tables).toEqual([
      'read ? (it is a parameter): store.ts:4 this.table',
      'read users via class: store.ts:8 this.table',
    ]);
  });

  test('subqueries are queries of their own, common table expressions no tables', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
await knex
  .with('recent', (qb) => qb.select('id').from('orders').where('age', '<', 1))
  .select('recent.id').from('recent')
  .whereIn('recent.id', function () { this.select('order_id').from('lines').where('sku', sku); })
  .join(knex('refunds').select('order_id').as('r'), 'r.order_id', 'recent.id');`,
    });
    expect(tables.toSorted()).toEqual([
      'read lines: a.ts:5 lines',
      'read orders: a.ts:3 orders',
      'read refunds: a.ts:6 refunds',
    ]);
    expect(columns.toSorted()).toEqual([
      'filter lines.sku: a.ts:5 sku',
      'filter orders.age: a.ts:3 age',
      'select lines.order_id: a.ts:5 order_id',
      'select orders.id: a.ts:3 id',
      'select refunds.order_id: a.ts:6 order_id',
    ]);
  });

  test('what is joined to a builder from elsewhere is told, once', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
import type { Knex } from 'knex';
const tags = (query: Knex.QueryBuilder) => query.leftJoin('tags', 'tags.id', 'posts.tag_id').where('tags.kind', 'x');
let posts = knex('posts');
posts = posts.join('users', 'users.id', 'posts.author_id');
posts.where('users.name', 'x');`,
    });
    expect(tables).toEqual([
      'read posts: a.ts:4 posts',
      'read users: a.ts:5 users',
      'read tags: a.ts:3 tags',
    ]);
    expect(columns.map((line) => line.replace(/: .*/, ''))).toEqual([
      'join users.id',
      'join posts.author_id',
      'filter users.name',
      'join tags.id',
      'filter tags.kind',
    ]);
  });

  test('what only looks like it is none', async () => {
    const { tables } = await readFiles({
      'a.ts': `
const pool = knex({ client: 'pg', connection: { host } });
Array.from('abc').map(x => x); Buffer.from('users').toString();
cy.get('users').first();`,
    });
    expect(tables).toEqual([]);
  });
});

describe('columns', () => {
  test('have their roles, and the table that their alias says', async () => {
    const { columns, queries } = await readFiles({
      'a.ts': `
const rows = await knex('users as u')
  .join('teams', 'teams.id', '=', 'u.team_id')
  .leftJoin('roles', function () { this.on('roles.id', 'u.role_id').andOnVal('roles.kind', 'root'); })
  .where({ 'u.active': true })
  .andWhere((qb) => qb.where('teams.name', 'x').orWhereNull('u.deleted_at'))
  .whereRaw('lower(u.email) = ?', [email])
  .groupBy('u.id').orderBy([{ column: 'u.created_at', order: 'desc' }, 'teams.rank'])
  .select('u.id', 'teams.name as team', 'u.*').limit(5);`,
    });
    expect(columns.map((line) => line.replace(/: .*/, ''))).toEqual([
      'join teams.id',
      'join users.team_id',
      'join roles.id',
      'join users.role_id',
      'join roles.kind',
      'filter users.active',
      'filter teams.name',
      'filter users.deleted_at',
      'filter users.email',
      'group users.id',
      'order users.created_at',
      'order teams.rank',
      'select users.id',
      'select teams.name',
    ]);
    expect(queries.map(({ columnsComplete, hasLimit }) => [columnsComplete, hasLimit])).toEqual([
      [true, true],
    ]);
  });

  test('of a subquery in raw text are not those of the query, and what an answer is called is no column', async () => {
    const { columns, queries } = await readFiles({
      'a.ts': `
await knex('teams').select('name', knex.raw('(SELECT count(*) FROM users WHERE users.team_id = teams.id) AS users'))
  .whereRaw('lead_id IN (SELECT boss_id FROM users WHERE id = ?) AND active', [id]);
await knex('sizes').select({ label: 'name' }).sum({ total: knex.raw('width * height') }).countDistinct({ count: 'id' });`,
    });
    expect(columns).toEqual([
      'select teams.name: a.ts:2 name',
      'filter teams.lead_id: a.ts:3 lead_id',
      'filter teams.active: a.ts:3 active',
      'select sizes.name: a.ts:4 name',
      'select sizes.width: a.ts:4 width',
      'select sizes.height: a.ts:4 height',
      'select sizes.id: a.ts:4 id',
    ]);
    expect(queries[0]?.columnsComplete).toBe(false);
  });

  test('that are written come from objects, functions that make rows, and onConflict', async () => {
    const { columns } = await readFiles({
      'a.ts': `
const toRow = (user: User) => ({ id: user.id, email_address: user.email });
await knex('users').insert(users.map(toRow)).onConflict(['tenant_id', 'id']).merge(['email_address']);
await knex('users').where('id', 1).update('seen_at', now);
await knex('users').where('id', 1).increment('visits', 1);`,
    });
    expect(columns).toEqual([
      'write users.id: a.ts:2 id',
      'write users.email_address: a.ts:2 email_address',
      'conflict users.tenant_id: a.ts:3 tenant_id',
      'conflict users.id: a.ts:3 id',
      'write users.email_address: a.ts:3 email_address',
      'filter users.id: a.ts:4 id',
      'write users.seen_at: a.ts:4 seen_at',
      'filter users.id: a.ts:5 id',
      'write users.visits: a.ts:5 visits',
    ]);
  });

  test('are gathered over statements, and are not complete where code that is not read may add to them', async () => {
    const { columns, queries } = await readFiles({
      'a.ts': `
async function list(name: string, filter: Filter) {
  let query = knex('users').select('id');
  if (name) query = query.where('name', name);
  query.orderBy('age');
  const rows = await query;
  const other = knex('teams').where('id', 1);
  paginate(other);
  await knex('roles').where(filter);
  await knex('groups').where({ ...filter, id: 1 });
}`,
    });
    expect(columns.map((line) => line.replace(/: .*/, ''))).toEqual([
      'select users.id',
      'filter users.name',
      'order users.age',
      'filter teams.id',
      'filter groups.id',
    ]);
    expect(queries.map(({ columnsComplete }) => columnsComplete)).toEqual([true, false, false, false]);
  });
});

test('a condition restricts a query, and how it compares its columns is told', async () => {
  const { queries } = await readFiles({
    'a.ts': `
await knex('users').where('name', 'x').whereIn('kind', ['a', 'b']).whereNotNull('email').andWhere('age', '>', 1);
await knex('users').del();
await knex('users').modify(scope).del();
const query = knex('users').select('id');
if (name) query.where({ name });
await query;`,
  });
  expect(queries.map(({ hasFilter }) => hasFilter)).toEqual([true, false, undefined, true]);
  expect(queries[0]?.columns.map(({ column, comparison, values }) => [column, comparison, values])).toEqual([
    ['name', '=', ['x']],
    ['kind', 'in', ['a', 'b']],
    ['email', 'is not null', undefined],
    ['age', '>', undefined],
  ]);
});

test('a join that is written as text names its table and its columns', async () => {
  const { tables, columns, queries } = await readFiles({
    'a.ts': `
import knex from 'knex';
export const all = (db) => db('posts as p')
  .joinRaw('LEFT JOIN tags AS t ON t.id = p.tag_id')
  .leftJoin(db('likes').select('post_id').count('* as likes').groupBy('post_id').as('l'), 'l.post_id', 'p.id')
  .where('likes', '>', 3).where('t.kind', 'x');
`,
  });
  expect(tables).toEqual(['read posts: a.ts:3 posts', 'read tags: a.ts:4 tags', 'read likes: a.ts:5 likes']);
  expect(columns.filter((line) => !line.includes('likes.post_id'))).toEqual([
    'join tags.id: a.ts:4 t.id',
    'join posts.tag_id: a.ts:4 p.tag_id',
    'join posts.id: a.ts:5 p.id',
    'filter posts|tags.likes: a.ts:6 likes',
    'filter tags.kind: a.ts:6 t.kind',
  ]);
  const [first] = queries;
  expect(first?.columns.find(({ column }) => column === 'likes')?.perhaps).toBe(true);
});

test('rows that are pushed to a list are written with it', async () => {
  const { columns, queries } = await readFiles({
    'a.ts': `
import knex from 'knex';
export const save = (db, items) => {
  const rows = [{ kind: 'first' }];
  for (const item of items) rows.push({ kind: item.kind, note: item.note });
  return db('notes').insert(rows);
};
`,
  });
  expect(columns).toEqual([
    'write notes.kind: a.ts:4 kind',
    'write notes.kind: a.ts:5 kind',
    'write notes.note: a.ts:5 note',
  ]);
  expect(queries[0]?.columnsComplete).toBe(true);
});
