import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, type Judgement, openBench } from './bench.ts';
import { changesOf } from './changes.ts';
import { tally } from './tally.ts';

const SHOP = [
  `CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
   CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(80) NOT NULL UNIQUE, name text, born timestamp, vip boolean NOT NULL DEFAULT false);
   CREATE TABLE orders (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
     state state NOT NULL DEFAULT 'open', total numeric(10, 2) CHECK (total >= 0), note text, details jsonb DEFAULT '{}');
   CREATE INDEX orders_customer ON orders (customer_id);`,
  `CREATE TABLE lines (order_id uuid REFERENCES orders (id), place int, amount int NOT NULL DEFAULT 1, PRIMARY KEY (order_id, place));
   ALTER TABLE orders ADD CONSTRAINT one_note UNIQUE (customer_id, note);
   CREATE VIEW open_orders AS SELECT o.id, o.total FROM orders o WHERE o.state = 'open';`,
];

let bench: Bench;
let judged: readonly Judgement[];
beforeAll(async () => {
  bench = await openBench(SHOP);
  const all = changesOf(bench.schema);
  const found: Judgement[] = [];
  for (const [at, change] of all.entries()) if (at % 4 === 0) found.push(await bench.judge(change));
  judged = found;
});
afterAll(() => bench.close());

/** What a judgement says, for a failing test's reader. */
function shown(all: readonly Judgement[]): readonly string[] {
  return all.map(
    ({ kind, sql, fold, duckdb, why }) =>
      `${kind}: ${sql} (fold ${fold}, DuckDB ${duckdb}; ${why.postgres ?? ''})`,
  );
}

test('no fault of the schema that PostgreSQL refuses is missed', () => {
  const { faults } = tally(judged);
  expect(faults.number).toBeGreaterThan(30);
  expect(shown(faults.missed)).toEqual([]);
});

test('nothing that PostgreSQL takes is refused, or said to stop at rows', () => {
  const { valid } = tally(judged);
  expect(valid.number).toBeGreaterThan(40);
  expect(shown(valid.refused)).toEqual([]);
  expect(shown(valid.risky)).toEqual([]);
});

test('what stops at rows in PostgreSQL stops at rows in DuckDB', () => {
  const { rowFaults } = tally(judged);
  expect(rowFaults.number).toBeGreaterThan(5);
  expect(shown(rowFaults.missed)).toEqual([]);
});
