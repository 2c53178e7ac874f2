import { expect, test } from 'vitest';
import { readFiles } from './read-files.ts';

const QUERY = `pool.query('SELECT name FROM users WHERE id = $1', [id])`;

/** The first query's loop, of code within a function that is given `ids`. */
async function loopOf(body: string, before = '') {
  const { queries } = await readFiles({
    'a.ts': `${before}\nexport async function each(ids: number[], all: Row[], payments: Payments) {\n${body}\n}`,
  });
  return queries.find(({ tables }) => tables.some(({ table }) => table?.name === 'users'))?.loop;
}

test('a loop that tries again is known by whole words of its names', async () => {
  const turns = (test: string) => loopOf(`let id = 0; while (${test}) { id = await ${QUERY}; }`);
  for (const names of ['entries > id', 'state.countriesLeft', `kind !== 'tries'`])
    expect(await turns(names), names).toMatchObject({ kind: 'while' });
  for (const names of ['tries < 3', 'state.maxTries > id', 'MAX_RETRIES > id', 'attemptsLeft'])
    expect(await turns(names), names).toBeUndefined();
});

test('a query is part of another one as an argument of a step or function of its builder alone', async () => {
  const { queries } = await readFiles({
    'a.ts': `
import { eq, inArray } from 'drizzle-orm';
import { pgTable, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id') });
export async function each(ids: number[]) {
  for (const id of ids) await withTimeout(db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) Array.from(await db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) await from(db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) inArray(users.id, db.select().from(users).where(eq(users.id, id)));
  for (const id of ids) base.where(db.select().from(users).where(eq(users.id, id)));
}`,
  });
  expect(queries.map(({ span, loop }) => [span.line, loop?.kind])).toEqual([
    [6, 'for-of'],
    [7, 'for-of'],
    [8, 'for-of'],
    [9, undefined],
    [10, undefined],
  ]);
});

test('what a call waits for is known where it is followed, or where what it is of is known', async () => {
  const waits = async (call: string, before?: string) =>
    (await loopOf(`for (const id of ids) { await ${QUERY}; await ${call}; }`, before))?.waits;
  const known = `import { Service } from '@nestjs/common'; const service = new Service();`;
  const http = `import { Http } from '@nestjs/axios'; const service = new Http();`;
  const jobs = `import Boss from 'pg-boss'; const service = new Boss();`;
  expect(await waits('limit(() => work(id))')).toBe(false);
  expect(await waits('queryRunner.commitTransaction()')).toBe(false);
  expect(await waits('service.go(id)', known)).toBe(false);
  expect(await waits('payments.getTransaction(id)')).toBeUndefined();
  expect(await waits('payments.run(id)')).toBeUndefined();
  expect(await waits('service.go(id)', http)).toBeUndefined();
  expect(await waits('service.go(id)', jobs)).toBeUndefined();
  expect(await waits('service.sendInvoice(id)', http)).toBe(true);
});

test('a lock is one where a query takes it', async () => {
  const apart = async (step: string) =>
    (await loopOf(`for (const id of ids) { ${step}; await ${QUERY}; }`))?.apart;
  expect(await apart(`show({ icon: 'x', lock: true })`)).toBeUndefined();
  expect(await apart(`console.log('waiting for update')`)).toBeUndefined();
  expect(await apart(`await pool.query('SELECT name FROM carts WHERE id = $1 for update', [id])`)).toBe(
    'transaction',
  );
  expect(await apart(`await client.query('SELECT pg_advisory_xact_lock($1)', [id])`)).toBe('transaction');
});

test('of two lists the one that is walked over is short', async () => {
  expect(await loopOf(`for (const id of all && [1, 2]) await ${QUERY};`)).toBeUndefined();
  expect(await loopOf(`for (const id of [1, 2] && ids) await ${QUERY};`)).toMatchObject({ kind: 'for-of' });
});
