import { beforeAll, describe, expect, test } from 'vitest';
import { concernedTables } from '../../src/facts/concerned.ts';
import { differencesIn, differingTables } from '../../src/facts/differing.ts';
import { factRows } from '../../src/facts/fact-rows.ts';
import type { Facts } from '../../src/facts/facts.ts';
import { loadFacts } from '../../src/facts/load.ts';
import { pathKeys } from '../../src/facts/paths.ts';
import { vocabulary } from '../../src/facts/vocabulary.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import type { Row, Scratch } from '../../src/prove/scratch.ts';
import { factsOf, type Given } from '../rule/judge.ts';

const SHOP = `CREATE TYPE mood AS ENUM ('calm', 'glad');
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x', mood mood);
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint REFERENCES customers (id) ON DELETE CASCADE,
  total numeric(10, 2) CHECK (total >= 0)
);
CREATE INDEX orders_total_idx ON orders (lower(total::text), customer_id) INCLUDE (id) WHERE total > 0;
CREATE VIEW spenders AS SELECT customer_id FROM orders;
CREATE TABLE log (line text);
`;
const CHANGE: Given = {
  base: { 'shop/migrations/1.sql': SHOP, 'crm/migrations/1.sql': 'CREATE TABLE customers (id int);\n' },
  head: {
    'shop/migrations/1.sql': SHOP,
    'shop/migrations/2.sql':
      'ALTER TABLE orders RENAME TO purchases;\nALTER TABLE purchases RENAME COLUMN total TO sum;\n',
    'crm/migrations/1.sql': 'CREATE TABLE customers (id int);\n',
    'crm/migrations/2.sql': 'CREATE SCHEMA app;\nCREATE TABLE app.people (id int);\n',
    'queries/all.sql': 'SELECT line FROM log;\nSELECT id FROM customers;\n<<<<<<< HEAD\n',
  },
  policy: {
    legacy: [{ table: 'log', columns: ['line'], use: 'lines' }],
    hotTables: ['orders'],
    owners: { ddl: ['migrations/**'] },
  },
};

let facts: Facts;
let scratch: Scratch;
beforeAll(async () => {
  facts = await factsOf(CHANGE);
  scratch = await openDuckdb();
  await loadFacts(scratch, factRows(facts, { all: false, pruned: false }));
  return () => scratch.close();
});

const ask = (sql: string): Promise<readonly Row[]> => scratch.query(sql);
const values = async (sql: string) => (await ask(sql)).map((row) => Object.values(row));

describe('the vocabulary', () => {
  test('has a comment on every table and column, and says of those that are empty that they are', async () => {
    for (const { name, comment, columns } of vocabulary().tables.values()) {
      expect(comment, name).not.toBe('');
      expect(columns.length, name).toBeGreaterThan(0);
      for (const column of columns) expect(column.comment, `${name}.${column.name}`).not.toBe('');
    }
  });

  test('has the tables of head again for base, column for column', () => {
    const { tables } = vocabulary();
    const heads = [...tables.values()].filter(({ name }) => name.startsWith('head.'));
    expect(heads.length).toBeGreaterThan(10);
    for (const { name, columns } of heads)
      expect(tables.get(name.replace('head.', 'base.'))?.columns).toEqual(columns);
  });

  test('is what DuckDB makes of it', async () => {
    for (const { name, columns } of vocabulary().tables.values()) {
      const found = await values(`SELECT name FROM pragma_table_info('${name}')`);
      expect(found.flat(), name).toEqual(columns.map((column) => column.name));
    }
  });

  test('gets rows with a value for each of its columns', () => {
    const { tables } = vocabulary();
    const { rows } = factRows(facts, { all: false, pruned: false });
    expect(rows.size).toBeGreaterThan(20);
    for (const [name, found] of rows)
      for (const row of found) expect(row.length, name).toBe(tables.get(name)?.columns.length);
  });

  test('knows which indexes serve which columns', async () => {
    const said = (sql: string) => values(`SELECT ${sql}`).then((rows) => rows[0]);
    expect(
      await said(`leads_any_order(['a', 'b', 'c'], ['b', 'a']), leads_any_order(['a', 'b', 'c'], ['c']),
        leads_any_order(['a', NULL], ['a', 'b']), leads_any_order(['a'], ['a', 'b'])`),
    ).toEqual([true, false, false, false]);
    expect(
      await said(`leads_in_order(['a', 'b', 'c'], ['a', 'b']), leads_in_order(['a', 'b', 'c'], ['b', 'a']),
        leads_in_order([NULL, 'b'], ['a', 'b'])`),
    ).toEqual([true, false, false]);
    expect(
      await said(`new_index_name('app.orders', ['a', 'b']), length(new_index_name(repeat('x', 80), ['a']))`),
    ).toEqual(['orders_a_b_idx', 63]);
  });
});

describe('facts of a change', () => {
  test('tell a table by one identity on both sides, through renames, and another in every chain', async () => {
    expect(
      await values(`SELECT b.table_name, h.table_name FROM base.tables b JOIN head.tables h USING (table_id)
        WHERE b.chain = 'shop/migrations' ORDER BY ALL`),
    ).toEqual([
      ['customers', 'customers'],
      ['log', 'log'],
      ['orders', 'purchases'],
      ['spenders', 'spenders'],
    ]);
    expect(await values(`SELECT count(DISTINCT table_id), count(*) FROM head.tables`)).toEqual([[6, 6]]);
    expect(
      await values(`SELECT b.column_name, h.column_name FROM base.columns b JOIN head.columns h USING (column_id)
        WHERE b.column_name <> h.column_name`),
    ).toEqual([['total', 'sum']]);
  });

  test('name a table of another schema with that schema', async () => {
    expect(
      await values(
        `SELECT table_name, schema_name FROM head.tables WHERE chain = 'crm/migrations' ORDER BY 1`,
      ),
    ).toEqual([
      ['app.people', 'app'],
      ['customers', 'public'],
    ]);
  });

  test('describe columns, constraints, indexes, enums and views', async () => {
    expect(
      await values(`SELECT column_name, ordinal, type, nullable, default_sql, identity FROM base.columns
        WHERE table_name IN ('orders', 'customers') AND chain LIKE 'shop%' ORDER BY table_name, ordinal`),
    ).toEqual([
      ['id', 1, 'bigint', false, null, null],
      ['name', 2, 'text', false, `'x'`, null],
      ['mood', 3, 'mood', true, null, null],
      ['id', 1, 'bigint', false, null, 'always'],
      ['customer_id', 2, 'bigint', true, null, null],
      ['total', 3, 'numeric(10,2)', true, null, null],
    ]);
    expect(
      await values(`SELECT kind, columns, ref_table, ref_columns, on_delete, expression, validated FROM base.constraints
        WHERE table_name = 'orders' ORDER BY kind`),
    ).toEqual([
      ['check', ['total'], null, null, null, 'total >= 0', true],
      ['foreign key', ['customer_id'], 'customers', ['id'], 'cascade', null, true],
      ['primary key', ['id'], null, null, null, null, true],
    ]);
    expect(
      await values(`SELECT columns, expressions, method, is_unique, is_valid, predicate, constraint_name, made_by, include_columns
        FROM base.indexes WHERE table_name = 'orders' ORDER BY made_by`),
    ).toEqual([
      [['id'], [], 'btree', true, true, null, 'orders_pkey', 'constraint', []],
      [
        [null, 'customer_id'],
        ['lower(total::text)'],
        'btree',
        false,
        true,
        'total > 0',
        null,
        'user',
        ['id'],
      ],
    ]);
    expect(await values('SELECT type_name, labels FROM head.enums')).toEqual([['mood', ['calm', 'glad']]]);
    expect(
      await values(`SELECT v.view_name, v.depends_on, t.table_name FROM head.views v
        JOIN head.tables t ON list_contains(v.depends_on_ids, t.table_id)`),
    ).toEqual([['spenders', ['purchases'], 'purchases']]);
  });

  test('tell what the change did, in order, on its lines', async () => {
    expect(
      await values(
        `SELECT chain, seq, kind, table_name, column_name, path, line, in_transaction FROM change.operations ORDER BY chain, seq`,
      ),
    ).toEqual([
      ['crm/migrations', 1, 'create-schema', null, null, 'crm/migrations/2.sql', 1, false],
      ['crm/migrations', 2, 'create-table', 'app.people', 'id', 'crm/migrations/2.sql', 2, false],
      ['shop/migrations', 1, 'rename-table', 'purchases', null, 'shop/migrations/2.sql', 1, false],
      ['shop/migrations', 2, 'rename-column', 'purchases', 'sum', 'shop/migrations/2.sql', 2, false],
    ]);
    expect(await values(`SELECT path, line FROM change.lines WHERE path LIKE 'shop%' ORDER BY line`)).toEqual(
      [
        ['shop/migrations/2.sql', 1],
        ['shop/migrations/2.sql', 2],
      ],
    );
    expect(await values('SELECT kind, path, line FROM change.markers')).toEqual([
      ['ours', 'queries/all.sql', 3],
    ]);
    expect(await values('SELECT path, status, language FROM change.files ORDER BY path')).toEqual([
      ['crm/migrations/2.sql', 'added', 'sql'],
      ['queries/all.sql', 'added', 'sql'],
      ['shop/migrations/2.sql', 'added', 'sql'],
    ]);
  });

  test('bind a use to the chain that has the table, and to none where two have it', async () => {
    expect(
      await values(`SELECT u.table_name, u.chain, t.table_name, u.why_unresolved, u.op FROM head.table_uses u
        LEFT JOIN head.tables t USING (table_id) WHERE u.path = 'queries/all.sql' ORDER BY u.line`),
    ).toEqual([
      ['log', 'shop/migrations', 'log', null, 'read'],
      ['customers', null, null, '2 migration chains have this table', 'read'],
    ]);
  });

  test('hold the configuration', async () => {
    expect(
      await values('SELECT table_name, columns, use_instead, because FROM policy.legacy_tables'),
    ).toEqual([['log', ['line'], 'lines', null]]);
    expect(await values('SELECT * FROM policy.hot_tables')).toEqual([['orders']]);
    expect(await values('SELECT * FROM policy.owners')).toEqual([
      ['ddl', 'migrations/**', null, '^migrations/.*(?:/.*)?$'],
    ]);
  });
});

describe('what a change concerns', () => {
  const CHAIN = `CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY, b_id int REFERENCES b);
CREATE TABLE d (id int PRIMARY KEY, c_id int REFERENCES c);
CREATE TABLE e (id int) PARTITION BY HASH (id);
CREATE TABLE e_0 PARTITION OF e FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE f (id int);
`;
  /** Names of the tables that a further migration, or a query, concerns. */
  async function concerned(sql: string, path = 'migrations/2.sql'): Promise<readonly string[]> {
    const base = { 'migrations/1.sql': CHAIN };
    const found = await factsOf({ base, head: { ...base, [path]: sql } });
    const [chain] = found.chains;
    if (!chain) throw new Error('no chain');
    const { headSchema, baseSchema } = chain;
    const names = [...concernedTables(chain, [...found.uses.base, ...found.uses.head])].map(
      (id) => (headSchema.tables.get(id) ?? baseSchema.tables.get(id))?.name ?? '',
    );
    return names.sort();
  }

  test.each([
    ['an altered table and its neighbours on both sides', 'ALTER TABLE b ADD COLUMN x int;', ['a', 'b', 'c']],
    ['those of a dropped reference', 'ALTER TABLE d DROP COLUMN c_id;', ['c', 'd']],
    ['a parent and its partitions', 'ALTER TABLE e ADD COLUMN x int;', ['e', 'e_0']],
    [
      'tables that are referred to anew, or only named',
      'CREATE TABLE g (f_id int, a_id int REFERENCES a);',
      ['a', 'f', 'g'],
    ],
    ['a dropped table', 'DROP TABLE f;', ['f']],
    ['a table whose rows are written', `INSERT INTO f (id) VALUES (1);`, ['f']],
  ])('is %s', async (_, sql, names) => {
    expect(await concerned(sql)).toEqual(names);
  });

  test('in a rewritten chain is what differs by content', async () => {
    const found = await factsOf({
      base: { 'migrations/1.sql': CHAIN },
      head: {
        'migrations/1.sql': `-- Letters.\n${CHAIN.replace('CREATE TABLE f (id int);', 'CREATE TABLE f (id bigint);')}`,
      },
    });
    const [chain] = found.chains;
    const ids = chain ? [...concernedTables(chain, [])] : [];
    expect(ids.map((id) => chain?.headSchema.tables.get(id)?.name)).toEqual(['f']);
  });
});

describe('tables of facts differ', () => {
  async function differing(given: Given): Promise<readonly string[]> {
    const found = await factsOf(given);
    const pathKey = pathKeys(found);
    const differences = differencesIn(factRows(found, { all: false, pruned: false }), pathKey);
    return [...differingTables(differences, pathKey)].sort();
  }
  const base = { 'migrations/1.sql': SHOP, 'q.sql': 'SELECT line FROM log;\n' };

  test('not by where things stand: a file that is renamed, lines that move, a migration that is squashed', async () => {
    const moved = {
      base,
      head: { 'migrations/1.sql': SHOP, 'r.sql': `\n${base['q.sql']}` },
      renames: { 'r.sql': 'q.sql' },
    };
    expect(await differing(moved)).toEqual([]);
    const squashed = await differing({
      base,
      head: { 'migrations/0.sql': `-- All.\n${SHOP}`, 'q.sql': base['q.sql'] },
    });
    expect(squashed).toEqual(['migrations']);
  });

  test('by what they say', async () => {
    const add = (sql: string) => differing({ base, head: { ...base, 'migrations/2.sql': sql } });
    expect(await add('ALTER TABLE log ADD COLUMN at date;')).toEqual(['columns', 'migrations', 'table_uses']);
    expect(await add('CREATE INDEX ON log (line);')).toEqual(['indexes', 'migrations', 'table_uses']);
    expect(await add('DROP VIEW spenders;')).toEqual(['migrations', 'tables', 'views']);
    const twice = { ...base, 'q.sql': `${base['q.sql']}${base['q.sql']}` };
    expect(await differing({ base, head: twice })).toEqual(['column_uses', 'queries', 'table_uses']);
  });
});
