import { expect, test } from 'vitest';
import { factsOf } from '../rule/judge.ts';

/** Each table that code uses, with the chain that it is bound to, or why it is bound to none. */
async function bound(head: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { queries } = await factsOf({ head }, 'all');
  return queries.head
    .filter(({ family }) => family !== 'sql')
    .flatMap(({ tables }) =>
      tables.map(({ table, chain, whyUnresolved }) => `${table?.name}: ${chain ?? whyUnresolved}`),
    );
}

const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n';
const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n';
const schema = (output: string) => `
datasource db { provider = "postgresql" }
generator client { provider = "prisma-client-js" output = "${output}" }
model User { id BigInt @id @@map("users") }
`;

test('SQL that a client of Prisma runs is of the database of its schema', async () => {
  expect(
    await bound({
      'packages/main/prisma/schema.prisma': schema('../client'),
      'packages/main/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'packages/main/prisma/migrations/1_users/migration.sql': USERS,
      'packages/main/index.ts': `import { PrismaClient } from './client';\nexport const main = new PrismaClient();`,
      'packages/log/prisma/schema.prisma': schema('../client'),
      'packages/log/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'packages/log/prisma/migrations/1_users/migration.sql': USERS,
      'packages/log/index.ts': `import { PrismaClient } from './client';\nexport const log = new PrismaClient();`,
      'app/a.ts': `
import { main } from '../packages/main/index';
import { log } from '../packages/log/index';
export const one = (id: bigint) => main.$queryRaw\`SELECT email FROM users WHERE id = \${id}\`;
export const two = () => log.$executeRawUnsafe('DELETE FROM users WHERE id = 1');
export const three = (pool: Pool) => pool.query('SELECT email FROM users WHERE id = 1');`,
    }),
  ).toEqual([
    'users: packages/main/prisma/migrations',
    'users: packages/log/prisma/migrations',
    'users: 2 migration chains have this table',
  ]);
});

test('a set-up of the same database without a tool steps back, and a query goes where all its tables are', async () => {
  const migrations = {
    'db/prisma/schema.prisma': schema('./client'),
    'db/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'db/prisma/migrations/1_users/migration.sql': USERS + ORDERS,
  };
  const code = { 'app/a.ts': `export const one = () => pool.query('SELECT email FROM users WHERE id = 1');` };
  expect(await bound({ ...migrations, ...code, 'docker/init/01.sql': USERS })).toEqual([
    'users: db/prisma/migrations',
  ]);
  const other = `${USERS}CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);\n`;
  expect(await bound({ ...migrations, ...code, 'other/migrations/01.sql': other })).toEqual([
    'users: 2 migration chains have this table',
  ]);
  expect(
    await bound({
      ...migrations,
      'other/migrations/01.sql': other,
      'app/b.ts': `export const one = () => pool.query('SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id');`,
    }),
  ).toEqual(['orders: db/prisma/migrations', 'users: db/prisma/migrations']);
});

test('of chains of other packages the one whose table has the columns is meant; of the own package what it lacks is a mistake', async () => {
  const actor = (column: string) => `CREATE TABLE actor (did text PRIMARY KEY, ${column} text);\n`;
  const texts = {
    'views/package.json': `{ "name": "views" }`,
    'views/migrations/1.sql': actor('verifier'),
    'hosts/package.json': `{ "name": "hosts" }`,
    'hosts/migrations/1.sql': actor('host'),
    'hosts/b.ts': `export const own = () => pool.query("UPDATE actor SET verifier = 'x' WHERE did = 'a'");`,
    'desk/package.json': `{ "name": "desk", "dependencies": { "hosts": "workspace:*" } }`,
    'desk/a.ts': `
export const far = () => pool.query("UPDATE actor SET verifier = 'x' WHERE did = 'a'");
export const near = () => pool.query("SELECT did FROM actor WHERE did = 'a'");`,
  };
  expect(await bound(texts)).toEqual([
    'actor: views/migrations',
    'actor: hosts/migrations',
    'actor: hosts/migrations',
  ]);
});

test('a query over tables of two chains takes each column from the chain of its table', async () => {
  const teams = 'CREATE TABLE teams (id int);\n';
  const head = {
    'db/prisma/schema.prisma': schema('./client'),
    'db/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'db/prisma/migrations/1_users/migration.sql': `${USERS.replace('text', 'text, domain text')}${teams}`,
    'other/migrations/01.sql': `${USERS}${teams}${ORDERS}`,
    'app/a.ts': `export const one = () =>
  pool.query("SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id WHERE u.domain = 'a'");`,
  };
  const { queries } = await factsOf({ head }, 'all');
  const columns = queries.head.filter(({ family }) => family !== 'sql').flatMap((query) => query.columns);
  expect(
    columns.map(({ column, chain, columnId }) => `${column}: ${columnId ? chain : 'unknown'}`).sort(),
  ).toEqual([
    'domain: db/prisma/migrations',
    'id: db/prisma/migrations',
    'id: other/migrations',
    'user_id: other/migrations',
  ]);
});
