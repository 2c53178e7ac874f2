import { afterAll, expect, test } from 'vitest';
import { commit, newRepository, write } from '../git/made-repository.ts';
import { removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';

afterAll(removeFolders);

const ORDERS = {
  'db/migrations/1_orders.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, at timestamptz);\n',
};
const BY_SETUP = "await knex.schema.createTable('monitors', (table) => table.increments('id'));\n";

/** What a check says of a migration that adds a column to `monitors`, which no migration before it makes. */
function check(beside: Readonly<Record<string, string>>, added: Readonly<Record<string, string>> = {}) {
  const folder = newRepository();
  commit(folder, { ...ORDERS, ...beside });
  write(folder, { 'db/migrations/2_url.sql': 'ALTER TABLE monitors ADD COLUMN url text;\n', ...added });
  const { code, out } = tablewarden(folder, ['check']);
  return { code, out: out.replace(/\s+/g, ' ') };
}

test.each([
  ['a script', { 'db/setup.js': BY_SETUP }],
  [
    'SQL outside of the chain',
    { 'db/init/base.sql': 'create table if not exists public."monitors" (id bigint);\n' },
  ],
])('of what %s makes it is not known whether a migration applies', (_, beside) => {
  const { code, out } = check(beside);
  const [maker] = Object.keys(beside);
  expect(out).toContain(
    `whether db/migrations/2_url.sql applies is not known: it works on the table monitors, which ${maker} makes, outside of the chain`,
  );
  expect(out).not.toContain('migration-does-not-apply');
  expect(code).toBe(0);
});

test('what migrations before the change work on, and none makes, is not missing', () => {
  const { code, out } = check(
    { 'db/migrations/1_name.sql': 'ALTER TABLE shop.orders ADD COLUMN name text;\n' },
    { 'db/migrations/2_url.sql': 'CREATE TABLE shop.notes (id bigint PRIMARY KEY);\n' },
  );
  expect(out).toContain(
    'it works on the schema shop, as db/migrations/1_name.sql does, and no migration makes it',
  );
  expect(out).not.toContain('migration-does-not-apply');
  expect(code).toBe(0);
});

test.each([
  ['nothing makes', {}, {}],
  ['only a test makes', { 'test/setup.js': BY_SETUP, 'src/monitors.test.js': BY_SETUP }, {}],
  [
    'a text only names',
    { 'db/setup.js': "// monitors are made by hand\nexport const TABLE = 'monitors';\n" },
    {},
  ],
  [
    'migrations before it made and dropped',
    { 'db/migrations/1_monitors.sql': 'CREATE TABLE monitors (id bigint);\nDROP TABLE monitors;\n' },
    {},
  ],
  [
    'migrations before it renamed',
    {
      'db/migrations/1_monitors.sql':
        'CREATE TABLE probes (id bigint);\nALTER TABLE probes RENAME TO monitors;\nALTER TABLE monitors RENAME TO watches;\n',
    },
    {},
  ],
  [
    'a migration before it only names',
    { 'db/migrations/1_a.sql': '-- monitors come later\nCREATE TABLE monitors_log (id bigint);\n' },
    {},
  ],
  ['a later migration makes', {}, { 'db/migrations/3_monitors.sql': 'CREATE TABLE monitors (id bigint);\n' }],
])('a migration that works on what %s does not apply', (_, beside, added) => {
  const { code, out } = check(beside, added);
  expect(out).toContain('migration-does-not-apply');
  expect(code).toBe(1);
});
