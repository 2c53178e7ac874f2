import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimedBy } from './claimed.ts';
import { readHistory } from './history.ts';
import { noiseOf } from './noise.ts';
import { type Case, fateOf } from './recall.ts';
import { type Judged, replay } from './replay.ts';

/** A history in which the index of `orders` came two migrations late, that of `invoices` at once, and a column went. */
const MIGRATIONS = {
  '0001_customers.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY, phone text);',
  '0002_orders.sql':
    'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE);',
  '0003_invoices.sql': `CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id));
CREATE INDEX invoices_order_id_idx ON invoices (order_id);`,
  '0004_orders_by_customer.sql': 'CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);',
  '0005_no_phone.sql': 'ALTER TABLE customers DROP COLUMN phone;',
};

const late: Case = {
  repo: 'shop',
  kind: 'fk_index',
  ...{
    table: 'orders',
    table_at_intro: 'orders',
    columns: ['customer_id'],
    columns_at_intro: ['customer_id'],
  },
  ...{ intro_n: 2, fixed_n: 4 },
};

const folder = mkdtempSync(join(tmpdir(), 'tablewarden-history-'));
const judged: Judged[] = [];

beforeAll(async () => {
  for (const [file, text] of Object.entries(MIGRATIONS)) writeFileSync(join(folder, file), text);
  for await (const one of replay(readHistory(folder))) judged.push(one);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('each migration is judged on top of those before it', () => {
  const said = judged.map(({ step, findings }) => [step.file, ...findings.map((finding) => finding.rule)]);
  expect(said).toEqual([
    ['0001_customers.sql'],
    ['0002_orders.sql', 'foreign-key-without-index'],
    ['0003_invoices.sql'],
    ['0004_orders_by_customer.sql'],
    ['0005_no_phone.sql', 'column-dropped'],
  ]);
});

test('one of a few is judged on top of all before it', async () => {
  const numbers: number[] = [];
  for await (const { number } of replay(readHistory(folder), { every: 2 })) numbers.push(number);
  expect(numbers).toEqual([1, 3, 5]);
});

test('what was asked for where it was launched is caught', () => {
  const said = judged.flatMap((one) => claimedBy(one, 'shop'));
  expect(fateOf(late, said)).toBe('caught');
  expect(fateOf({ ...late, kind: 'other_index', index_columns: ['customer_id'] }, said)).toBe('loose');
  expect(fateOf({ ...late, intro_n: 1 }, said)).toBe('late');
  expect(fateOf({ ...late, kind: 'unique' }, said)).toBe('missed');
  expect(fateOf({ ...late, columns: ['id'], columns_at_intro: ['id'] }, said)).toBe('missed');
});

test('loud and quiet migrations are counted', () => {
  expect(noiseOf(judged)).toEqual({
    ...{ migrations: 5, withError: 0, loud: 1, withNote: 1, warnings: 1, notes: 1 },
    byRule: [
      ['warning foreign-key-without-index', 1],
      ['note column-dropped', 1],
    ],
  });
});
