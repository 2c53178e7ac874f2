import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { openCodeReader } from '../../../src/read/typescript/read-code.ts';
import { openShelf } from '../../../src/read/typescript/shelf.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Texts = Readonly<Record<string, string>>;

const FILES: Texts = {
  'src/times.ts': `
import { timestamp } from 'drizzle-orm/pg-core';
export const times = { createdAt: timestamp('created_at') };`,
  'src/schema.ts': `
import { pgTable, text } from 'drizzle-orm/pg-core';
import { times } from './times';
export const users = pgTable('users', { id: text('id'), ...times });`,
  'src/early.ts': `
import { db } from './db';
import { users } from './schema';
export const early = () => db.select().from(users).where(lt(users.createdAt, new Date()));`,
  'src/late.ts': `
import { db } from './db';
import { users } from './schema';
export const late = () => db.select().from(users).orderBy(users.createdAt);`,
  'src/names.ts': `export const TABLE = 'users';`,
  'src/store.ts': `
import { TABLE } from './names';
export interface Users { get(id: string): Promise<unknown> }
export class SqlUsers implements Users {
  async get(id: string) { return pool.query(\`SELECT * FROM \${TABLE} WHERE id = $1\`, [id]); }
}`,
  'src/one.ts': `
import type { Users } from './store';
export const one = async (users: Users, ids: string[]) => {
  for (const id of ids) await users.get(id);
};`,
  'src/two.ts': `
import type { Users } from './store';
export const two = async (users: Users, ids: string[]) => {
  for (const id of ids) await users.get(id);
};`,
};

async function read(texts: Texts, kept: boolean): Promise<unknown> {
  const tree = treeOfTexts('head', new Map(Object.entries(texts)));
  const reader = openCodeReader(tree, openCache(kept ? folder : undefined), openShelf());
  const facts = await reader.read(Object.keys(texts), 'loops');
  return [...facts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, one]) => [path, JSON.parse(JSON.stringify(one))]);
}

test('facts that were kept are those of a fresh reading, whatever changes elsewhere in the tree', async () => {
  const edits: readonly Texts[] = [
    {},
    { 'src/times.ts': FILES['src/times.ts']?.replace('created_at', 'made_at') ?? '' },
    { 'src/names.ts': `export const TABLE = 'people';` },
    {
      'src/other.ts': `import type { Users } from './store';\nexport class NoUsers implements Users { async get() { return 1; } }`,
    },
    { 'src/schema.ts': FILES['src/schema.ts']?.replace(', ...times', '') ?? '' },
    { 'src/times/index.ts': `export const times = {};` },
    {},
  ];
  for (const edit of edits) {
    const texts = { ...FILES, ...edit };
    expect(await read(texts, true)).toEqual(await read(texts, false));
  }
});

test('a table whose columns come from another file has them for each file that uses it', async () => {
  const facts = JSON.stringify(await read(FILES, false));
  expect(facts.match(/"column":"created_at"/g)).toHaveLength(3);
  expect(facts.match(/"callPath"/g)).toHaveLength(2);
});
