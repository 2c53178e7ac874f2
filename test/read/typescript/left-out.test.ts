import { expect, test } from 'vitest';
import { readFiles } from './read-files.ts';

test('what a function takes and a write of all rows has no use for', async () => {
  const { queries } = await readFiles({
    'a.ts': `
export const signOut = (userId: number) => pool.query('DELETE FROM sessions', [userId]);
export const rename = (id: number, name: string) => pool.query('UPDATE users SET name = $1', [name]);
export async function each(ids: number[]) {
  await db.transaction(async (tx) => { for (const id of ids) await tx.query('UPDATE users SET seen = true'); });
}
export const clear = () => pool.query('DELETE FROM sessions');
export const one = (id: number) => pool.query('DELETE FROM sessions WHERE id = $1', [id]);
export function tip(args: { height: number }) {
  const height = Math.max(args.height, 0);
  return pool.query('UPDATE tip SET height = $1', [height]);
}
export async function release(owner?: string) {
  if (owner === undefined) await pool.query('DELETE FROM locks');
}`,
  });
  expect(queries.map(({ leftOut }) => leftOut)).toEqual([
    ['userId'],
    ['id'],
    ['ids'],
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
