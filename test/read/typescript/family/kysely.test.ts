import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

describe('a select', () => {
  test('names its tables by their aliases, joins and columns in their roles', async () => {
    const { tables, columns, queries } = await readFiles({
      'a.ts': `
export const list = (db: Kysely<DB>, ids: string[]) =>
  db.withSchema('app').selectFrom('person as p')
    .innerJoin('pet', 'pet.owner_id', 'p.id')
    .leftJoin('team as t', (join) => join.onRef('t.id', '=', 'p.team_id').on('t.kind', '=', 'own'))
    .where('p.id', 'in', ids)
    .where('p.deletedAt', 'is', null)
    .select(['p.id', 'pet.name as petName'])
    .groupBy('p.id').orderBy('p.created_at desc').limit(5)
    .execute();
`,
    });
    expect(tables).toEqual([
      'read app.person: a.ts:3 person',
      'read app.pet: a.ts:4 pet',
      'read app.team: a.ts:5 team',
    ]);
    expect(columns).toEqual([
      'join app.pet.owner_id: a.ts:4 pet.owner_id',
      'join app.person.id: a.ts:4 p.id',
      'filter app.person.id: a.ts:6 p.id',
      'filter app.person.deletedAt: a.ts:7 p.deletedAt',
      'select app.person.id: a.ts:8 p.id',
      'select app.pet.name: a.ts:8 pet.name',
      'group app.person.id: a.ts:9 p.id',
      'order app.person.created_at: a.ts:9 p.created_at',
      'join app.team.id: a.ts:5 t.id',
      'join app.person.team_id: a.ts:5 p.team_id',
      'join app.team.kind: a.ts:5 t.kind',
    ]);
    expect(queries).toMatchObject([{ columnsComplete: true, hasLimit: true, hasFilter: true }]);
    expect(queries[0]?.columns.flatMap(({ comparison }) => comparison ?? [])).toEqual(['in', 'is null', '=']);
  });

  test('reads expressions, and the queries inside of it as its own', async () => {
    const { tables, columns } = await readFiles({
      'a.ts': `
const people = await db.with('recent', (qb) => qb.selectFrom('visit').select('visit.person_id'))
  .selectFrom(['recent', 'person'])
  .where(({ eb, or, exists, selectFrom }) => or([
    eb('name', 'like', 'a%'),
    exists(selectFrom('pet').whereRef('pet.owner_id', '=', 'person.id')),
  ]))
  .select((eb) => ['person.id', eb.fn.max('person.age').as('age'),
    jsonArrayFrom(eb.selectFrom('toy').select('toy.id')).as('toys')])
  .$if(sorted, (qb) => qb.orderBy('person.name'))
  .execute();
`,
    });
    expect(tables).toEqual([
      'read person: a.ts:3 person',
      'read visit: a.ts:2 visit',
      'read pet: a.ts:6 pet',
      'read toy: a.ts:9 toy',
    ]);
    expect(columns).toEqual([
      'select person.id: a.ts:8 person.id',
      'filter person.name: a.ts:5 name',
      'select person.age: a.ts:8 person.age',
      'order person.name: a.ts:10 person.name',
      'select visit.person_id: a.ts:2 visit.person_id',
      'filter pet.owner_id: a.ts:6 pet.owner_id',
      'filter person.id: a.ts:6 person.id',
      'select toy.id: a.ts:9 toy.id',
    ]);
  });

  test('goes on over several statements, and says where a condition may hide', async () => {
    const { columns, queries } = await readFiles({
      'a.ts': `
const TABLE = 'person';
let query = db.selectFrom(TABLE).selectAll();
if (name) query = query.where('name', '=', name);
const by = (column) => db.selectFrom('pet').where(column, '=', 1).execute();
const raw = db.selectFrom('pet').where(sql\`lower(name) = 'a'\`).execute();
`,
    });
    expect(columns).toEqual(['filter person.name: a.ts:4 name']);
    expect(queries.map(({ columnsComplete }) => columnsComplete)).toEqual([true, false, false]);
  });

  test('of a table that is worked out is kept, with the reason', async () => {
    const { tables } = await readFiles({
      'a.ts': `
const all = (table) => db.selectFrom(table).selectAll();
const each = (name) => db.selectFrom(db.dynamic.table(name).as('t')).selectAll();
const sub = db.selectFrom((eb) => eb.selectFrom('pet').as('x')).selectAll();
`,
    });
    expect(tables).toEqual([
      'read ? (it is a parameter): a.ts:2 table',
      'read ? (it is a parameter): a.ts:3 name',
      'read pet: a.ts:4 pet',
    ]);
  });
});

test('writes name what they write, and what a conflict is about', async () => {
  const { tables, columns } = await readFiles({
    'a.ts': `
await db.insertInto('person').values(rows.map((row) => ({ email: row.email, kind: 'own' })))
  .onConflict((oc) => oc.columns(['email']).doUpdateSet((eb) => ({ kind: eb.ref('excluded.kind') })))
  .returning('id').execute();
await trx.updateTable('person as p').set({ kind: 'x' }).from('team').whereRef('p.team_id', '=', 'team.id').execute();
await trx.deleteFrom('person').where('id', '=', 1).execute();
`,
  });
  expect(tables).toEqual([
    'insert person: a.ts:2 person',
    'update person: a.ts:5 person',
    'read team: a.ts:5 team',
    'delete person: a.ts:6 person',
  ]);
  expect(columns).toEqual([
    'write person.email: a.ts:2 email',
    'write person.kind: a.ts:2 kind',
    'select person.id: a.ts:4 id',
    'conflict person.email: a.ts:3 email',
    'write person.kind: a.ts:3 kind',
    'write person.kind: a.ts:5 kind',
    'filter person.team_id: a.ts:5 p.team_id',
    'filter team.id: a.ts:5 team.id',
    'filter person.id: a.ts:6 id',
  ]);
});

test('a function of the code that has the name of a step is none', async () => {
  const { queries } = await readFiles({
    'a.ts': `
import { insertInto } from './insert.js';
export const seed = (pool) => pool.query(insertInto({ id: 1 }, 'roles'));
export const all = (qb) => qb.where(({ selectFrom }) => selectFrom('person').select('id'));`,
    'insert.ts': 'export const insertInto = (row, table) => build(row, table);',
  });
  expect(
    queries.filter(({ family }) => family === 'kysely').map(({ tables }) => tables[0]?.table?.name),
  ).toEqual(['person']);
});

test('what is built on a parameter may name a common table expression of the query that it is put into', async () => {
  const { queries } = await readFiles({
    'a.ts': `
export const open = (eb: ExpressionBuilder<DB>) => eb.selectFrom('ancestors').select('id');
export const run = (db: Kysely<DB>) => db.selectFrom('person').select('id').execute();
export const first = (eb) => sql\`(SELECT id FROM ancestors LIMIT 1)\`;
export const thread = (db: Kysely<DB>) => withAncestors(db).selectFrom('ancestors').selectAll().execute();`,
  });
  expect(queries.map(({ tables }) => tables.map(({ table, otherwise }) => [table?.name, otherwise]))).toEqual(
    [
      [['ancestors', 'it may be a name of the query that this is part of']],
      [['ancestors', 'it may be a name of the query that this is part of']],
      [['person', undefined]],
      [['ancestors', 'it may be a name of the query that this is part of']],
    ],
  );
});

test('tables that are joined to a query which a function gives', async () => {
  const { tables, columns, queries } = await readFiles({
    'a.ts': `
import { accounts } from './accounts';
export const remove = (db) => db.deleteFrom('device').where('id', '=', 1);
export const devices = (db) =>
  accounts(db).innerJoin('device as d', 'd.id', 'account.device_id').select(['d.agent']).where('d.seen_at', '>', day);
`,
  });
  expect(tables).toEqual(['delete device: a.ts:3 device', 'read device: a.ts:5 device']);
  expect(columns.slice(1)).toEqual([
    'join device.id: a.ts:5 d.id',
    'select device.agent: a.ts:5 d.agent',
    'filter device.seen_at: a.ts:5 d.seen_at',
  ]);
  expect(queries.map(({ family, columnsComplete }) => [family, columnsComplete])).toEqual([
    ['kysely', true],
    ['kysely', false],
  ]);
});
