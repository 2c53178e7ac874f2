import { expect, test } from 'vitest';
import { differencesIn } from '../../src/facts/differing.ts';
import type { FactRows } from '../../src/facts/fact-rows.ts';
import { vocabulary } from '../../src/facts/vocabulary.ts';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import type { Value } from '../../src/prove/scratch.ts';
import { needsOf } from '../../src/rule/find-needs.ts';
import { areMet } from '../../src/rule/needs.ts';

const scratch = await openDuckdb();
const aggregates = new Set(['count_star', 'max', 'list']);

/** Rows by the columns that matter; every other cell is NULL. */
type Given = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

function factsOf(given: Given): FactRows {
  const rows = new Map(
    Object.entries(given).map(([table, list]) => {
      const names =
        vocabulary()
          .tables.get(table)
          ?.columns.map(({ name }) => name) ?? [];
      return [table, list.map((row) => names.map((name) => row[name] ?? null))];
    }),
  );
  return { rows, notCompared: [] } as unknown as FactRows; // identities are not asked for
}

async function mayReturn(query: string, given: Given): Promise<boolean> {
  const [row] = await scratch.query(`SELECT json_serialize_sql('${query.replaceAll("'", "''")}') AS tree`);
  return areMet(needsOf(row?.tree ?? null, aggregates), factsOf(given), 100);
}

const POST = { table_id: 't1', table_name: 'posts', kind: 'table' };
const SLUG = { table_id: 't1', column_name: 'slug', type: 'text', nullable: true };
const schema: Given = { 'head.tables': [POST], 'head.columns': [SLUG] };

test.each([
  ['a column of another type', `FROM columns k WHERE k.type = 'uuid'`],
  ['none of a list', `FROM columns k WHERE k.type IN ('uuid', 'integer')`],
  ['a name that does not match', `FROM columns k WHERE regexp_matches(lower(k.column_name), '_(id|uuid)$')`],
  ['a denial', `FROM columns k WHERE NOT k.nullable`],
  ['NULL, which equals nothing', `FROM columns k WHERE k.default_sql = 'now()'`],
  ['NULL, which differs from nothing', `FROM columns k WHERE k.default_sql <> 'now()'`],
  ['every branch of an OR', `FROM columns k WHERE k.type = 'uuid' OR k.default_sql IS NOT NULL`],
  ['rows that do not meet', `FROM columns k JOIN tables t ON t.table_id = k.column_name`],
  ['a table without rows behind EXISTS', `FROM columns k WHERE EXISTS (SELECT 1 FROM indexes i)`],
  [
    'a row of another table behind EXISTS',
    `FROM columns k WHERE EXISTS (SELECT 1 FROM tables t WHERE t.table_id = k.table_id AND t.kind = 'view')`,
  ],
  [
    'a word that WITH makes',
    `FROM (SELECT lower(regexp_replace(k.column_name, '([a-z])([A-Z])', '\\1_\\2', 'g')) AS word FROM columns k) w WHERE w.word = 'id'`,
  ],
  [
    'both parts of a union',
    `FROM (SELECT k.type AS a FROM columns k UNION ALL SELECT t.kind FROM tables t) u WHERE u.a = 'x'`,
  ],
])('a query is not run over %s', async (_, from) => {
  expect(await mayReturn(`SELECT 1 AS one ${from}`, schema)).toBe(false);
});

test.each([
  [
    'a row that fits',
    `FROM columns k JOIN tables t ON t.table_id = k.table_id WHERE k.type = 'text' AND k.nullable`,
  ],
  [
    'what may be absent',
    `FROM columns k LEFT JOIN indexes i ON i.table_id = k.table_id WHERE i.method = 'btree' OR k.nullable`,
  ],
  [
    'what is denied',
    `FROM columns k WHERE NOT EXISTS (SELECT 1 FROM indexes i WHERE i.table_id = k.table_id)`,
  ],
  ['what only the engine computes', `FROM columns k WHERE ascii(k.type) > 7 OR k.type = 'uuid'`],
  [
    'the denial of what only the engine computes',
    `FROM columns k WHERE NOT (ascii(k.type) > 7 AND k.nullable)`,
  ],
  [
    'a part of a union',
    `FROM (SELECT k.type AS a FROM columns k UNION ALL SELECT t.kind FROM tables t) u WHERE u.a = 'table'`,
  ],
  ['a pattern of RE2 alone', `FROM columns k WHERE regexp_matches(k.type, '(?i)TEXT')`],
  [
    'a name that another table hides',
    `FROM columns k WHERE EXISTS (SELECT 1 FROM tables x LEFT JOIN indexes k ON true WHERE k.name = 'none')`,
  ],
])('a query is run for %s', async (_, from) => {
  expect(await mayReturn(`SELECT 1 AS one ${from}`, schema)).toBe(true);
});

test('an aggregate without groups makes a row of nothing, one over columns of a subquery does not', async () => {
  expect(await mayReturn('SELECT count(*) AS n FROM indexes i', schema)).toBe(true);
  const within = '(SELECT max(t.table_name) FROM tables t)';
  expect(await mayReturn(`SELECT ${within} AS name FROM indexes i`, schema)).toBe(false);
  expect(
    await mayReturn('SELECT (SELECT max(i.index_name) FROM tables t) AS name FROM indexes i', schema),
  ).toBe(true);
});

/** Whether a query about one side may return on head what it does not return on base. */
async function mayReturnMore(query: string, base: Given, head: Given): Promise<boolean> {
  const [row] = await scratch.query(`SELECT json_serialize_sql('${query.replaceAll("'", "''")}') AS tree`);
  const sides = { ...head };
  for (const [table, rows] of Object.entries(base)) sides[table.replace('head.', 'base.')] = rows;
  const facts = factsOf(sides);
  return areMet(
    needsOf(row?.tree ?? null, aggregates),
    facts,
    100,
    differencesIn(facts, (path) => path),
  );
}

const KEY = { table_id: 't1', kind: 'primary key', columns: ['slug'] };
const INDEX = { table_id: 't1', index_name: 'posts_slug_idx', columns: ['slug'], is_unique: false };
const OTHER = { table_id: 't2', table_name: 'tags', kind: 'table' };
const keyed: Given = { ...schema, 'head.constraints': [KEY] };

test.each<[what: string, from: string, base: Given, head: Given]>([
  ['rows that were there', 'FROM tables t', schema, schema],
  ['a new row of another kind', `FROM tables t WHERE t.kind = 'view'`, schema, withTables(POST, OTHER)],
  [
    'a new row that no row meets',
    'FROM columns k JOIN tables t ON t.table_id = k.table_id',
    schema,
    withTables(POST, OTHER),
  ],
  [
    'a new row that differs in one thing from each other',
    'FROM migrations n JOIN migrations o ON o.chain = n.chain AND o.sort_key = n.sort_key AND n.seq < o.seq',
    { 'head.migrations': [{ chain: 'm', seq: 1, sort_key: '1' }] },
    {
      'head.migrations': [
        { chain: 'm', seq: 1, sort_key: '1' },
        { chain: 'm', seq: 2, sort_key: '2' },
      ],
    },
  ],
  [
    'a new row that has what must be absent',
    `FROM columns k WHERE NOT EXISTS (
       SELECT 1 FROM constraints c WHERE c.table_id = k.table_id AND list_contains(c.columns, k.column_name))`,
    {},
    keyed,
  ],
  [
    'more of what must be absent',
    'FROM tables t WHERE NOT EXISTS (SELECT 1 FROM constraints c WHERE c.table_id = t.table_id)',
    schema,
    keyed,
  ],
  [
    'a new row beside those of another table',
    'FROM columns k LEFT JOIN tables t ON t.table_id = k.table_id',
    schema,
    withTables(POST, OTHER),
  ],
])('a query is not run again over %s', async (_, from, base, head) => {
  expect(await mayReturnMore(`SELECT 1 AS one ${from}`, base, head)).toBe(false);
});

test.each<[what: string, from: string, base: Given, head: Given]>([
  ['a new row', `FROM tables t WHERE t.kind = 'table'`, schema, withTables(POST, OTHER)],
  [
    'a row that changed beside one that did not',
    'FROM columns k JOIN tables t ON t.table_id = k.table_id',
    schema,
    withTables({ ...POST, table_name: 'articles' }),
  ],
  [
    'what must be absent and went',
    'FROM tables t WHERE NOT EXISTS (SELECT 1 FROM constraints c WHERE c.table_id = t.table_id)',
    keyed,
    schema,
  ],
  [
    'what must be absent as far as the engine can tell',
    `FROM tables t WHERE NOT EXISTS (
       SELECT 1 FROM constraints c WHERE c.table_id = t.table_id AND ascii(c.kind) = 3)`,
    {},
    keyed,
  ],
  [
    'what stands in the way of what must be absent',
    `FROM tables t WHERE NOT EXISTS (
       SELECT 1 FROM indexes i WHERE i.table_id = t.table_id
         AND NOT EXISTS (SELECT 1 FROM columns k WHERE k.table_id = i.table_id))`,
    { 'head.tables': [POST], 'head.indexes': [INDEX] },
    { ...schema, 'head.indexes': [INDEX] },
  ],
  [
    'a row of a LEFT JOIN',
    'FROM columns k LEFT JOIN indexes i ON i.table_id = k.table_id',
    schema,
    { ...schema, 'head.indexes': [INDEX] },
  ],
  [
    'a row that a group lost',
    'FROM columns k GROUP BY k.table_id HAVING count(*) < 2',
    { ...schema, 'head.columns': [SLUG, { ...SLUG, column_name: 'title' }] },
    schema,
  ],
  ['a row that a selected subquery reads', '', schema, { ...schema, 'head.indexes': [INDEX] }],
  [
    'a row that a condition asks for among others',
    'FROM columns k WHERE k.nullable AND (k.type IN (SELECT i.method FROM indexes i) OR NOT k.nullable)',
    schema,
    { ...schema, 'head.indexes': [INDEX] },
  ],
  [
    'a row of a part that is not looked into',
    'FROM columns k RIGHT JOIN indexes i ON i.table_id = k.table_id',
    schema,
    { ...schema, 'head.indexes': [INDEX] },
  ],
])('a query is run again for %s', async (_, from, base, head) => {
  const one =
    from === '' ? '(SELECT max(i.index_name) FROM indexes i) AS one FROM tables t' : `1 AS one ${from}`;
  expect(await mayReturnMore(`SELECT ${one}`, base, head)).toBe(true);
});

function withTables(...tables: Given[string][number][]): Given {
  return { ...schema, 'head.tables': tables };
}
