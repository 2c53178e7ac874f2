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
