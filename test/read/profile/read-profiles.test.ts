import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfTexts } from '../../../src/change/from-texts.ts';
import { shapeOf } from '../../../src/read/profile/bind-profile.ts';
import type { MeasuredQuery, Profile, ProfileFile } from '../../../src/read/profile/profile.ts';
import { readProfiles } from '../../../src/read/profile/read-profiles.ts';
import { readChange } from '../../../src/read/read-change.ts';

const SHOP = `CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  reference text NOT NULL,
  state text NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX orders_state_idx ON orders (state);
`;

/** Files that real engines wrote, see the README beside them. */
const made = (name: string) => readFileSync(new URL(`made/${name}`, import.meta.url), 'utf8');

async function profileOf(text: string, file: Partial<ProfileFile> = {}, more: Record<string, string> = {}) {
  const texts = new Map(Object.entries({ 'migrations/1.sql': SHOP, ...more, 'ops/profile': text }));
  const change = await changeOfTexts(new Map(), texts, new Map());
  const { chains } = await readChange(change, [], openCache(undefined));
  return readProfiles([{ path: 'ops/profile', ...file }], change.head, chains);
}

/** What is said of queries that compare a column, in numbers. */
function about({ queries }: Profile, column: string) {
  return queries.flatMap(({ query, calls, rows, milliseconds, scan, shape }: MeasuredQuery) =>
    query.columns.some((one) => one.column === column && one.role === 'filter')
      ? [{ shape, calls, rows, took: (milliseconds ?? 0) > 0, scan }]
      : [],
  );
}

const LOOKUP = { shape: 'SELECT id FROM orders WHERE reference = ?', calls: 30, rows: 30, took: true };

describe('pg_stat_statements', () => {
  test.each([
    'postgres-18-statements.csv',
    'postgres-15-statements.csv',
    'postgres-15-statements.json',
    'postgres-18-statements.jsonl',
  ])('%s tells calls, time and rows of each shape', async (name) => {
    const profile = await profileOf(made(name));
    expect(about(profile, 'reference')).toEqual([LOOKUP]);
    expect(about(profile, 'customer_id')).toMatchObject([{ calls: 30, took: true }]);
    expect(profile.files).toMatchObject([{ path: 'ops/profile', source: 'pg_stat_statements' }]);
    expect(profile.files[0]?.notRead).toBeUndefined();
  });

  test('is read with a byte order mark, CRLF, semicolons, and the names of PostgreSQL 12', async () => {
    const profile = await profileOf(
      '\ufeffQuery;calls;total_time;rows\r\n"SELECT id\r\nFROM orders WHERE reference = $1";5;12.5;5\r\n',
    );
    expect(about(profile, 'reference')).toEqual([{ ...LOOKUP, calls: 5, rows: 5 }]);
  });

  test('counts a shape once for all users, databases and values', async () => {
    const profile = await profileOf(`query,calls,total_exec_time
"SELECT id FROM orders WHERE reference IN ($1, $2)",2,4
"SELECT id  FROM orders WHERE reference IN ($1)",3,5
"select 1",100,100
`);
    expect(profile.queries).toMatchObject([{ calls: 5, milliseconds: 9 }]);
    expect(shapeOf("SELECT a FROM b WHERE c = 'x' AND d IN (1, 2, 3) AND e = $12").shape).toBe(
      'SELECT a FROM b WHERE c = ? AND d IN ( ? ) AND e = ?',
    );
  });

  test('says how many statements hide their text', async () => {
    const profile = await profileOf('query,calls\n<insufficient privilege>,2\nSELECT id FROM orders,3\n');
    expect(profile.files).toMatchObject([
      { entries: 2, bound: 1, notRead: expect.stringContaining('1 statements hide') },
    ]);
  });
});

describe('plans', () => {
  test('of PostgreSQL tell how many rows one run reads to find how many', async () => {
    const scan = { isWhole: true, rowsRead: 59_970, rowsKept: 1 };
    expect(about(await profileOf(made('postgres-18-plan.json')), 'reference')).toMatchObject([
      { calls: undefined, scan },
    ]);
    const wrapped = JSON.stringify([{ 'QUERY PLAN': JSON.parse(made('postgres-18-plan.json')) }]);
    expect(about(await profileOf(wrapped), 'reference')).toMatchObject([{ scan }]);
    const twice = made('postgres-18-plan.json').repeat(2);
    expect(about(await profileOf(twice), 'reference')).toMatchObject([{ scan }, { scan }]);
  });

  test('that were made and not run tell no rows', async () => {
    const { queries } = await profileOf(made('postgres-15-plan-not-run.json'));
    expect(queries.length).toBeGreaterThan(1);
    for (const { scan } of queries) expect(scan).toEqual({ isWhole: expect.any(Boolean) });
  });

  test('of DuckDB tell the same', async () => {
    const profile = await profileOf(made('duckdb-1.5-profile.json'));
    const [run, scan] = about(profile, 'reference');
    expect(run).toMatchObject({ calls: 1, rows: 1, took: true });
    expect(scan).toMatchObject({ scan: { isWhole: true, rowsRead: 60_000, rowsKept: 1 } });
  });
});

test("the server's own counters tell rows of tables and uses of indexes", async () => {
  const tables = await profileOf(made('postgres-18-tables.csv'), { days: 7 });
  expect(tables.tables).toMatchObject([
    { liveRows: 59_970, wholeScans: 94, wholeRows: 5_460_000, days: 7 },
    { liveRows: 1_999 },
  ]);
  const empty = await profileOf('relname,seq_scan,n_live_tup\norders,9,0\n');
  expect(empty.tables).toMatchObject([{ liveRows: undefined, wholeScans: 9 }]);
  const { indexes } = await profileOf(made('postgres-18-indexes.csv'));
  expect(indexes.map(({ index, scans }) => [index, scans])).toContainEqual(['orders_state_idx', 30]);
});

test('of two databases with such tables the one that is named is meant, and else none', async () => {
  const other = { 'crm/migrations/1.sql': SHOP };
  expect((await profileOf(made('postgres-18-statements.csv'), {}, other)).queries).toEqual([]);
  const named = await profileOf(made('postgres-18-statements.csv'), { chain: 'crm/migrations' }, other);
  expect(new Set(named.queries.map(({ query }) => query.chain))).toEqual(new Set(['crm/migrations']));
});

test.each([
  ['nothing', '', 'it is empty'],
  ['other columns', 'a,b\n1,2\n', 'its columns (a, b, …) are not those of'],
  ['no calls', 'query,rows\nSELECT 1,2\n', 'it has no column calls'],
  ['a row that is cut off', 'query,calls,rows\nSELECT 1,2\n', 'line 2 has 2 of 3 fields'],
  ['a quote that is cut off', 'query,calls\n"SELECT 1,2\n', 'line 2 has a quote that is not closed'],
  ['no number', 'query,calls\nSELECT 1,many\n', 'calls is "many" where a number is meant'],
  ['JSON that is cut off', made('postgres-18-plan.json').slice(0, 300), 'what begins on line 1 is no JSON'],
  ['other JSON', '{"a": 1}', 'its columns (a, …) are not those of'],
  ['no rows at all', '[1, 2]', 'its JSON is no list of rows'],
  [
    'what psql prints',
    ' query | calls \n-------+-------\n SELECT 1 | 2\n',
    'it is a table as psql prints it',
  ],
])('%s is told as not read', async (_, text, reason) => {
  const { files, queries } = await profileOf(text);
  expect(files).toMatchObject([{ path: 'ops/profile', notRead: expect.stringContaining(reason) }]);
  expect(files[0]?.source).toBeUndefined();
  expect(queries).toEqual([]);
});

test('a file that is not there is told as not read', async () => {
  const { files } = await profileOf('', { path: 'ops/gone.csv' });
  expect(files).toEqual([
    { path: 'ops/gone.csv', notRead: expect.stringContaining('there is no such file') },
  ]);
});
