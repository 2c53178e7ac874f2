import { describe, expect, test } from 'vitest';
import { readFiles } from './read-files.ts';

/** The table of one query whose name is given by an expression of the last file. */
async function tablesOf(files: Readonly<Record<string, string>>) {
  return (await readFiles(files)).tables.map((line) => line.replace(/: \S+:\d+ .*$/s, ''));
}

const query = (name: string) => `pool.query(\`SELECT * FROM \${${name}}\`);`;

describe('a name is followed', () => {
  test('through objects, spreads, enums, namespaces and frozen objects', async () => {
    const text = `
const A = { users: 'users' } as const;
const B = { ...A, orders: { main: 'orders' } } satisfies Names;
enum C { Items = 'items' }
namespace D { export const EVENTS = 'events'; }
const E = Object.freeze({ audit: \`\${A.users}_audit\` });
const { orders: { main } } = B;
${['A.users', 'B.users', "B['orders'].main", 'C.Items', 'D.EVENTS', 'E.audit', 'main'].map(query).join('\n')}`;
    expect(await tablesOf({ 'a.ts': text })).toEqual([
      'read users via constant',
      'read users via constant',
      'read orders via constant',
      'read items via constant',
      'read events via constant',
      'read users_audit via constant',
      'read orders via constant',
    ]);
  });

  test('through imports, re-exports, defaults, stars, require and circles of files', async () => {
    const files = {
      'names.ts':
        "export * from './more'; export const USERS = 'users'; const ORDERS = 'orders'; export { ORDERS as default };",
      'more.ts': "export * from './names'; export const ITEMS = 'items'; export * as deep from './deep';",
      'deep.ts': "export const EVENTS = 'events';",
      'old.js': "module.exports = { AUDIT: 'audit' };",
      'a.ts': `
import ORDERS, { ITEMS, USERS as U, deep } from './names';
import * as all from './names';
const { AUDIT } = require('./old');
${['ORDERS', 'ITEMS', 'U', 'deep.EVENTS', 'all.USERS', 'AUDIT', 'all.GONE'].map(query).join('\n')}`,
    };
    expect(await tablesOf(files)).toEqual([
      'read orders via import',
      'read items via import',
      'read users via import',
      'read events via import',
      'read users via import',
      'read audit via import',
      'read ? (names.ts does not export GONE)',
    ]);
  });

  test('through classes: static and own fields, getters, what is inherited and what is given to the parent', async () => {
    const files = {
      'base.ts': `
export abstract class Store {
  constructor(protected readonly table: string, private readonly db: Db) {}
  abstract get kind(): string;
}
export class Named { static readonly prefix = 'app'; }`,
      'a.ts': `
import { Named, Store } from './base';
class Users extends Store {
  private readonly audit = 'users_audit';
  constructor(db: Db) { super('users', db); }
  get kind() { return 'kinds'; }
  all() {
    ${['this.table', 'this.audit', 'this.kind', 'Named.prefix'].map(query).join('\n    ')}
  }
}`,
    };
    expect(await tablesOf(files)).toEqual([
      'read users via class',
      'read users_audit via class',
      'read kinds via class',
      'read app via import',
    ]);
  });
});

test('what cannot be told says why', async () => {
  const text = `
let changing = 'a'; changing = 'b';
const computed = names[key];
const looped = loop1; 
const a = b; const b = a;
export function run(given: string) { ${query('given')} }
for (const item of list) { ${query('item')} }
${['changing', 'computed', 'a', 'process.env.TABLE', 'pick()'].map(query).join('\n')}`;
  expect(await tablesOf({ 'a.ts': text })).toEqual([
    'read ? (it is a parameter)',
    'read ? (it is a loop variable)',
    'read ? (changing is assigned to more than once)',
    'read ? (it is a computed member)',
    'read ? (it is defined in a circle, or too many steps away)',
    'read ? (process is a global)',
    'read ? (a function works it out)',
  ]);
});

describe('files of every kind', () => {
  test('script blocks of components keep their places', async () => {
    const { tables } = await readFiles({
      'List.vue': `<template><p>SELECT a FROM b</p></template>
<script setup lang="ts">
const rows = await sql\`SELECT id FROM users\`;
</script>`,
      'Page.svelte':
        "<script>\n  const rows = db.query('SELECT id FROM orders');\n</script>\n{#each rows as row}{row}{/each}",
      'page.jsx': 'export const x = <p>{sql`SELECT id FROM items`}</p>;',
      'old.cts': "import pg = require('pg'); pool.query('DELETE FROM events');",
    });
    expect(tables).toEqual([
      'read users: List.vue:3 users',
      'read orders: Page.svelte:2 orders',
      'read items: page.jsx:1 items',
      'delete events: old.cts:1 events',
    ]);
  });

  test.each([
    ['a syntax error', 'const q = sql`SELECT 1 FROM users`;\nconst = ;', 'it does not parse'],
    [
      'conflict markers',
      '<<<<<<< ours\nsql`SELECT 1 FROM users`\n=======\n>>>>>>> theirs\n',
      'it does not parse',
    ],
    ['nesting without end', `sql\`SELECT 1 FROM users\`; x = ${'['.repeat(100_000)}`, 'it nests too deep'],
    ['operators without end', `sql\`SELECT 1 FROM users\`; x = ${'!'.repeat(200_000)}1`, 'it nests too deep'],
    ['five megabytes', `sql\`SELECT 1 FROM users\`; x = '${'x'.repeat(5_000_000)}'`, 'it is 5.0 MB long'],
  ])('%s: the file is told as not read', async (_, text, reason) => {
    const { notRead } = await readFiles({ 'a.ts': text });
    expect(notRead).toEqual([expect.stringContaining(reason)]);
  });
});

test('names that a generated module would have follow from what it is called', async () => {
  const { tables, columns } = await readFiles({
    'a.ts': `
import { UserRoles } from './generated';
const { table, fields } = toIdentifiers(UserRoles, true);
const roles = toIdentifiers(UserRoles);
sql\`SELECT \${fields.roleId} FROM \${table} WHERE \${roles.fields.userId} = \${1}\`;
`,
  });
  expect(tables).toEqual(['read user_roles via convention: a.ts:5 table']);
  expect(columns).toEqual([
    'select user_roles.role_id: a.ts:5 fields.roleId',
    'filter user_roles.user_id: a.ts:5 roles.fields.userId',
  ]);
});
