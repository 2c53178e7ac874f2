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
