import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import { check } from '../../src/check.ts';
import { defaultConfig } from '../../src/config.ts';
import { factRows } from '../../src/facts/fact-rows.ts';
import { vocabulary } from '../../src/facts/vocabulary.ts';
import { completeChains } from '../../src/prove/catalog/complete-chains.ts';
import { type EngineChild, openChild } from '../../src/prove/child.ts';
import { proveChange } from '../../src/prove/prove-change.ts';
import { readChange } from '../../src/read/read-change.ts';
import { factsOf } from '../rule/judge.ts';

let engines: EngineChild;
beforeAll(() => {
  engines = openChild();
});
afterAll(() => engines.close());

const BASE = `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, note text, state text);
CREATE FUNCTION keep_log(t text) RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE format('CREATE TABLE %I_log (line varchar(20) NOT NULL DEFAULT %L)', t, 'x'); END $$;
SELECT keep_log('orders');
CREATE TABLE lines AS SELECT line AS copy, length(line) AS size FROM orders_log;`;

const CHANGE = `ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE;
DO $$ BEGIN FOR i IN 1..1 LOOP
  EXECUTE format('CREATE INDEX orders_%s ON orders (customer_id)', i);
  EXECUTE 'ALTER TABLE orders DROP COLUMN note, ALTER state SET NOT NULL, ADD CHECK (state <> '''')';
END LOOP; END $$;
ALTER TABLE orders_log ADD COLUMN at timestamptz;`;

async function change(base: string, head: string) {
  const before = new Map([['migrations/1_base.sql', base]]);
  return changeOfTexts(before, new Map([...before, ['migrations/2_change.sql', head]]), new Map());
}

/** Rows of a table of the facts as the columns named, of a change whose migrations ran in PostgreSQL. */
async function told(base: string, head: string, mode: 'fast' | 'full') {
  const given = await change(base, head);
  const cache = openCache(undefined);
  const { chains } = await readChange(given, [], cache);
  const proofs = await proveChange(chains, given, cache, { mode, make: true, engine: 'postgres' }, engines);
  const facts = { ...(await factsOf({})), chains: completeChains(chains, proofs), proofs };
  const { rows } = factRows(facts, { all: false, pruned: false });
  return (table: string, ...columns: string[]) => {
    const names =
      vocabulary()
        .tables.get(table)
        ?.columns.map(({ name }) => name) ?? [];
    return (rows.get(table) ?? []).map((row) => columns.map((name) => row[names.indexOf(name)]));
  };
}

test.each(['fast', 'full'] as const)(
  'what DO blocks, functions and dynamic SQL make is among the facts of both sides (%s)',
  async (mode) => {
    const of = await told(BASE, CHANGE, mode);
    const [base, head] = ['migrations/1_base.sql', 'migrations/2_change.sql'];
    expect(of('base.tables', 'table_name', 'made_by', 'line')).toEqual(
      expect.arrayContaining([
        ['orders_log', base, 5],
        ['lines', base, 5],
      ]),
    );
    expect(of('base.columns', 'table_name', 'column_name', 'type', 'nullable', 'default_sql')).toEqual(
      expect.arrayContaining([
        ['orders_log', 'line', 'varchar(20)', false, "'x'::character varying"],
        ['lines', 'size', 'integer', true, null],
        ['orders', 'note', 'text', true, null],
      ]),
    );
    const columns = of('head.columns', 'table_name', 'column_name', 'nullable', 'made_by');
    expect(columns).toContainEqual(['orders', 'state', false, null]);
    expect(columns).toContainEqual(['orders_log', 'at', true, null]);
    expect(columns.filter(([, name]) => name === 'note')).toEqual([]);
    expect(of('head.indexes', 'index_name', 'columns', 'made_by', 'line')).toContainEqual([
      ...['orders_1', ['customer_id'], head, 2],
    ]);
    expect(of('head.constraints', 'kind', 'made_by', 'path', 'expression')).toContainEqual([
      ...['check', head, head, "(state <> ''::text)"],
    ]);
    expect(of('change.operations', 'kind', 'table_name', 'column_name')).toContainEqual([
      ...['add-column', 'orders_log', 'at'],
    ]);
    const ids = (table: string) => new Map(of(table, 'table_name', 'table_id') as [string, number][]);
    expect(ids('head.tables')).toEqual(ids('base.tables'));
  },
);

test('a rule knows the index that a DO block made, and without a server claims nothing', async () => {
  const rule = 'foreign-key-without-index';
  const judged = async (mode: 'fast' | 'off') => {
    const options = { config: defaultConfig, ownRules: [], all: false, failOn: 'error' } as const;
    const cache = openCache(undefined);
    const given = await change(BASE, CHANGE);
    const report = await check(given, { ...options, prove: { mode, make: true }, cache });
    return [report.findings, report.notJudged].map((said) => said.filter((one) => one.rule === rule));
  };
  expect(await judged('fast')).toEqual([[], []]);
  expect(await judged('off')).toMatchObject([
    [],
    [{ rule, reason: expect.stringContaining('migrations/2_change.sql:2 may have made it') }],
  ]);
});

test('a table whose name is put together at run time may be there', async () => {
  const given = await change(BASE, CHANGE);
  const options = { mode: 'fast', make: false, engine: 'duckdb' } as const;
  const { chains } = await readChange(given, [], openCache(undefined));
  const [proof] = await proveChange(chains, given, openCache(undefined), options, engines);
  expect(proof?.migrations[0]?.statements.at(-1)).toMatchObject({ word: 'tainted' });
});
