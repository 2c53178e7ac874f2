import { expect, test } from 'vitest';
import { readFiles } from './read-files.ts';

test('functions that call each other are followed from each of them, whichever is asked first', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const first = (id: number) => (id > 0 ? second(id - 1) : touch(id));
const second = (id: number) => (id > 0 ? first(id - 1) : drop(id));
const touch = (id: number) => pool.query('SELECT 1 FROM touched WHERE id = $1', [id]);
const drop = (id: number) => pool.query('DELETE FROM dropped WHERE id = $1', [id]);
export async function both(ids: number[]) {
  for (const id of ids) await first(id);
  for (const id of ids) await second(id);
}`,
  });
  const reached = queries.filter(({ callPath }) => callPath);
  expect(reached.map(({ span, tables }) => [span.line, ...tables.map(({ table }) => table?.name)])).toEqual([
    [7, 'dropped', 'touched'],
    [8, 'touched', 'dropped'],
  ]);
});

test('what only passes on what it is given runs what was given to it, and itself', async () => {
  const waits = async (transaction: string) => {
    const { queries } = await readFiles({
      'a.ts': `
${transaction}
export async function each(ids: number[]) {
  for (const id of ids) {
    await pool.query('SELECT name FROM users WHERE id = $1', [id]);
    await transaction(() => note(id));
  }
}
const note = (id: number) => pool.query('SELECT 1 FROM notes WHERE id = $1', [id]);`,
    });
    return queries.find(({ tables }) => tables.some(({ table }) => table?.name === 'users'))?.loop?.waits;
  };
  expect(await waits(`import { transaction } from './db';`)).toBe(false);
  expect(await waits('const transaction = async (work) => { await work(); };')).toBe(false);
  expect(await waits(`const transaction = async (work) => { await work(); await fetch('/done'); };`)).toBe(
    true,
  );
});

test('rows through a function: those that a key tells, and not what becomes of each', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const drop = (id: number) => pool.query('DELETE FROM dropped WHERE id = $1', [id]);
const dropPair = (id: number, kind: string) => pool.query('DELETE FROM dropped WHERE id = $1 AND kind = $2', [id, kind]);
const keep = (id: number) => pool.query('INSERT INTO kept (id) VALUES ($1) ON CONFLICT (id) DO NOTHING', [id]);
export async function each(all: Row[]) {
  for (const { id } of all) await drop(id);
  for (const { id, kind } of all) await dropPair(id, kind);
  for (const { id } of all) await keep(id);
}`,
  });
  const reached = queries.filter(({ callPath }) => callPath);
  expect(reached.map(({ span, loop }) => [span.line, loop?.batchable])).toEqual([
    [6, true],
    [7, false],
    [8, false],
  ]);
});

test('what a function asks in one of several ways is no list of the same', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const owner = (rule: Rule) => pool.query('SELECT 1 FROM owners WHERE id = $1', [rule.id]);
const holds = async (rule: Rule) => {
  switch (rule.kind) {
    case 'owner': return owner(rule);
    default: return rule.id > 0;
  }
};
export async function each(rules: Rule[]) {
  for (const rule of rules) await owner(rule);
  for (const rule of rules) await holds(rule);
}`,
  });
  expect(queries.filter(({ callPath }) => callPath).map(({ span }) => span.line)).toEqual([10]);
});

test('what a function asks for lack of what it was not given, and what is kept for it, is not asked in each turn', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const find = (id: number) => pool.query('SELECT places FROM halls WHERE id = $1', [id]);
async function place(seat: number, hall: number, found?: Hall) {
  if (!found) found = await pool.query('SELECT places FROM halls WHERE id = $1', [hall]);
  return found.places.indexOf(seat);
}
const named = async ({ id, row }: Named) => row ?? (await find(id));
const kept = memoize(async (id: number) => pool.query('SELECT places FROM halls WHERE id = $1', [id]));
export async function each(ids: number[], hall: number, known: Hall) {
  for (const id of ids) await place(id, hall);
  for (const id of ids) await place(id, hall, known);
  for (const id of ids) await place(id, hall, undefined);
  for (const id of ids) await named({ id });
  for (const id of ids) await named({ id, row: known });
  for (const id of ids) await kept(id);
}`,
  });
  const reached = queries.filter(({ callPath }) => callPath);
  expect(reached.map(({ span }) => span.line)).toEqual([10, 12, 13]);
});

test('what a turn writes may change what a function answers to the same question', async () => {
  const lines = async (step: string) => {
    const { queries } = await readFiles({
      'a.ts': `
async function merged(hall: number, seat: Seat) {
  const { rows } = await pool.query('SELECT places FROM halls WHERE id = $1', [hall]);
  return [...rows[0].places, seat];
}
export async function each(seats: Seat[], hall: number) {
  for (const seat of seats) { const places = await merged(hall, seat); ${step} }
}`,
    });
    return queries.filter(({ callPath }) => callPath).map(({ span }) => span.line);
  };
  expect(await lines('console.log(places);')).toEqual([7]);
  expect(
    await lines(`await pool.query('UPDATE halls SET places = $1 WHERE id = $2', [places, hall]);`),
  ).toEqual([]);
});

test('a function that returns what it returns itself is followed no further', async () => {
  const { queries } = await readFiles({
    'a.ts': `
const again = (n: number) => again(n - 1);
const note = (store: Store, id: number) => store.db.query('SELECT 1 FROM notes WHERE id = $1', [id]);
const pass = async (given: Given, id: number) => note(given.store, id);
export async function each(ids: number[]) {
  const made = again(3);
  for (const id of ids) {
    const { run } = made.store;
    await run(() => note(made.store, id));
    await made.pass(id);
  }
}`,
  });
  expect(queries.map(({ span }) => span.line)).toContain(3);
});

test('a row that a function inserts hangs together with what goes on with its answer', async () => {
  const entangled = async (turn: string) => {
    const { queries } = await readFiles({
      'a.ts': `
const add = (id: number) => pool.query('INSERT INTO kept (id) VALUES ($1) RETURNING id', [id]);
export async function each(ids: number[], made: number[]) {
  for (const id of ids) { ${turn} }
}`,
    });
    return queries.find(({ callPath }) => callPath)?.loop?.entangled;
  };
  expect(await entangled('await add(id);')).toBe(false);
  expect(await entangled('const { rows } = await add(id); made.push(rows[0].id);')).toBe(true);
});
