import { expect, test } from 'vitest';
import { readPages } from '../../src/rule/pages.ts';
import { findingsOf } from './judge.ts';

const rules = readPages(new URL('../../rules/', import.meta.url));

test('tells of a foreign key without an index on its own lines', async () => {
  const findings = await findingsOf(rules, {
    base: { 'migrations/1_a.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n' },
    head: {
      'migrations/1_a.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\n',
      'migrations/2_b.sql':
        'CREATE TABLE orders (id bigint PRIMARY KEY,\n customer_id bigint REFERENCES customers (id) ON DELETE CASCADE);\n',
    },
  });
  expect(
    findings.map(({ rule, path, line, column, message, instead }) => [
      rule,
      path,
      line,
      column,
      message,
      instead?.text,
    ]),
  ).toEqual([
    [
      'foreign-key-without-index',
      'migrations/2_b.sql',
      2,
      21,
      'Deleting a row of customers reads all of orders, which refers to it by customer_id and has no index that starts with customer_id.',
      'CREATE INDEX orders_customer_id_idx ON orders (customer_id);',
    ],
  ]);
});
