import { describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { treeOfTexts } from '../../src/change/from-texts.ts';
import type { Chain } from '../../src/read/chain.ts';
import { followChain } from '../../src/read/chain-change.ts';

type Migrations = Record<string, string>;

async function sideOf(migrations: Migrations) {
  const texts = new Map(Object.entries(migrations).map(([name, sql]) => [`migrations/${name}.sql`, sql]));
  const tree = treeOfTexts('side', texts);
  const entries = await tree.entries();
  const chain: Chain = {
    id: 'migrations',
    tool: 'numbered',
    dialect: 'postgres',
    dialectReason: 'told by the test',
    dialectGuessed: false,
    migrations: [...entries.values()].map(({ path, id }) => {
      const name = path.slice('migrations/'.length, -'.sql'.length);
      return { name, path, id, order: name };
    }),
    prelude: '',
    transactional: true,
    leftOut: [],
  };
  return { tree, chain };
}

async function follow(before: Migrations | undefined, after: Migrations) {
  const base = await sideOf(before ?? {});
  const head = await sideOf(after);
  const trees = { base: base.tree, head: head.tree };
  return followChain(before && base.chain, head.chain, trees, openCache(undefined));
}

const said = (change: Awaited<ReturnType<typeof follow>>) => ({
  kind: change.kind,
  operations: change.operations.map(
    (one) => `${one.operation.kind} ${one.tableName ?? ''}(${one.columns.join(',')})`,
  ),
});

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY);';
const ORDERS = 'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id));';
const EMAIL = 'ALTER TABLE customers ADD COLUMN email text;';

test('a new migration is folded on top of base', async () => {
  const change = await follow({ '1': CUSTOMERS }, { '1': CUSTOMERS, '2': ORDERS });
  expect(said(change)).toEqual({ kind: 'appended', operations: ['create-table orders(id,customer_id)'] });
  expect(change.baseSchema.tables.size).toBe(1);
  expect(change.headSchema.tables.size).toBe(2);
});

test('a migration inserted between others is folded as a deployed database meets it: last', async () => {
  const change = await follow({ '1': CUSTOMERS, '3': ORDERS }, { '1': CUSTOMERS, '2': EMAIL, '3': ORDERS });
  expect(said(change)).toEqual({ kind: 'appended', operations: ['add-column customers(email)'] });
  expect([...change.headSchema.tables.keys()]).toEqual([...change.baseSchema.tables.keys()]);
});

test('an edited migration rewrites the chain: the schemas are compared', async () => {
  const edited = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);';
  const change = await follow({ '1': CUSTOMERS, '2': ORDERS }, { '1': edited, '2': ORDERS });
  expect(said(change)).toEqual({ kind: 'rewritten', operations: ['add-column customers(email)'] });
  expect(change.edited.map(({ file, as }) => [file.path, as?.path])).toEqual([
    ['migrations/1.sql', 'migrations/1.sql'],
  ]);
});

test('a chain squashed to the same schema says nothing', async () => {
  const change = await follow(
    { '1': CUSTOMERS, '2': EMAIL },
    { '0': 'CREATE TABLE customers (id bigint PRIMARY KEY, email text);' },
  );
  expect(said(change)).toEqual({ kind: 'rewritten', operations: [] });
});

test('a first chain is new; one that starts with a baseline is marked', async () => {
  expect(said(await follow(undefined, { '1': CUSTOMERS }))).toMatchObject({ kind: 'appended' });
  expect((await follow(undefined, { '1': CUSTOMERS })).baseline).toBe(false);
  expect((await follow(undefined, { '0_init': CUSTOMERS })).baseline).toBe(true);
  expect((await follow(undefined, { '0000_init': CUSTOMERS })).baseline).toBe(false);
});

test('refused and skipped operations are not operations of the change', async () => {
  const sql = 'DROP TABLE IF EXISTS nowhere; ALTER TABLE nowhere ADD COLUMN a int; CREATE TABLE a (id int);';
  expect(said(await follow({ '1': CUSTOMERS }, { '1': CUSTOMERS, '2': sql })).operations).toEqual([
    'create-table a(id)',
  ]);
});

describe('a migration that the change leaves as it is', () => {
  const RENAME = 'ALTER TABLE customers RENAME COLUMN email TO mail;';
  const WITH_EMAIL = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text);';

  test('is broken where an edit of one before it takes away what it needs', async () => {
    const change = await follow({ '1': WITH_EMAIL, '2': RENAME }, { '1': CUSTOMERS, '2': RENAME });
    expect(change.broken).toEqual(['migrations/2.sql']);
  });

  test('is not broken by the change where it never applied', async () => {
    const change = await follow(
      { '1': CUSTOMERS, '2': RENAME },
      { '1': ORDERS.replace('REFERENCES customers (id)', ''), '2': RENAME },
    );
    expect(change.broken).toEqual([]);
  });

  test('is reordered where one that came before it comes after it now', async () => {
    const base = await sideOf({ '1': CUSTOMERS, '2': EMAIL, '3': ORDERS });
    const [first, second, third] = base.chain.migrations;
    const migrations = [first, third, second].flatMap((file) => file ?? []);
    const trees = { base: base.tree, head: base.tree };
    const change = await followChain(base.chain, { ...base.chain, migrations }, trees, openCache(undefined));
    expect(change.kind).toBe('rewritten');
    expect(change.edited.map(({ file, reordered }) => [file.name, reordered])).toEqual([['3', true]]);
    expect(change.operations).toEqual([]);
  });
});
