import { expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfTexts } from '../../../src/change/from-texts.ts';
import { readChange } from '../../../src/read/read-change.ts';
import { toMarkdown } from '../../../src/schema/document/markdown.ts';

const SQL = `
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id), total numeric(12, 2), placed_at timestamptz, note text);
CREATE TABLE events (id bigint) PARTITION BY HASH (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);`;

/** What a document says otherwise than the schema: `line: table says`. */
async function said(path: string, text: string, sql = SQL): Promise<readonly string[]> {
  const files = new Map([
    ['migrations/1_init.sql', sql],
    [path, text],
  ]);
  const change = await changeOfTexts(new Map(), files);
  const { documents } = await readChange(change, [], openCache(undefined), 'none', [], ['docs']);
  return documents.head.map(({ table, says, span }) => `${span.line}: ${table} ${says}`);
}

test.each([
  [
    'a table of Markdown',
    'md',
    '# Orders\n\n### 2.1 The `orders` table\n\n| Field | Data type |\n|:--|--|\n| **id** (PK) | bigint |\n| `customer_id` | int |\n| `amount` | money |\n| note | string |\n',
    [
      '8: orders says that customer_id is int, which is bigint',
      '9: orders names column amount, which is not there',
      '6: orders lacks column total',
      '6: orders lacks column placed_at',
    ],
  ],
  [
    'a diagram',
    'md',
    '```mermaid\nerDiagram\n  ORDERS }o--|| CUSTOMERS : of\n  customers {\n    bigint id PK\n    varchar(20) name "full"\n    text phone\n  }\n  orders {\n    bigint id PK\n    timestamp_without_time_zone placed_at\n  }\n```\n',
    [
      '6: customers says that name is varchar(20), which is text',
      '7: customers names column phone, which is not there',
      '11: orders says that placed_at is timestamp without time zone, which is timestamptz',
    ],
  ],
  [
    'SQL, also of another table, and what cannot be read',
    'sql',
    'CREATE TABLE customers (id bigint);\nALTER TABLE orders ADD COLUMN vat numeric;\nCREATE TABLE "returns" (id int);\nCREATE TABEL x;\nSELECT 1;',
    [
      '1: customers lacks column name',
      '2: orders names column vat, which is not there',
      '3: returns describes returns, which no migration makes',
    ],
  ],
  [
    'DBML',
    'dbml',
    'Table customers as C {\n  id bigint [pk]\n  name varchar\n  email text [note: "x"]\n  Note: "people"\n  indexes {\n    (id, name)\n  }\n}\n\nTable refunds {\n  id int\n}\n',
    [
      '3: customers says that name is varchar, which is text',
      '4: customers names column email, which is not there',
      '11: refunds describes refunds, which no migration makes',
    ],
  ],
])('%s is compared by content', async (_, ending, text, differences) => {
  const found = await said(`docs/schema.${ending}`, text);
  // of a definition all columns count, however few it names
  expect(found.map((one) => one.replace(/^\d+: orders lacks/, '6: orders lacks'))).toEqual(differences);
});

test.each([
  ['of something else', '## Settings\n\n| Name | Type |\n|--|--|\n| depth | int |\n'],
  ['of another project, in SQL', '```sql\nCREATE TABLE invoices (id int);\n```\n'],
  ['with an example of a query', '```sql\nSELECT total FROM orders WHERE colour = 1;\n```\n'],
  ['of a few columns only', '## `orders`\n\n| Column | Why |\n|--|--|\n| `note` | for the kitchen |\n'],
  [
    'of parts and views, by other words',
    '## `customers`\n\n| Column | Type |\n|--|--|\n| `id` | number |\n| `name` | String |\n',
  ],
  ['with a fence that does not close', '```sql\nCREATE TABLE orders (id bigint'],
])('a document %s is left alone', async (_, text) => {
  expect(await said('docs/schema.md', text)).toEqual([]);
});

test('names are those of people: in another case, with the schema or without', async () => {
  const sql = `CREATE SCHEMA app; CREATE TABLE "UserProfile" (id bigint); CREATE TABLE app.notes (id bigint);`;
  const text =
    'CREATE TABLE public."userprofile" (id bigint, bio text);\nCREATE TABLE notes (id bigint, body text);\nCREATE TABLE "Gone" (id bigint);\nCREATE TABLE public.lost (id bigint);';
  expect(await said('docs/schema.sql', text, sql)).toEqual([
    '1: UserProfile names column bio, which is not there',
    '2: app.notes names column body, which is not there',
    '3: Gone describes Gone, which no migration makes',
    '4: lost describes lost, which no migration makes',
  ]);
});

test('a document that the command wrote is what it writes now, or out of date', async () => {
  const written = async (sql: string) => {
    const change = await changeOfTexts(new Map(), new Map([['migrations/1_init.sql', sql]]));
    const { chains } = await readChange(change, [], openCache(undefined), 'all');
    return toMarkdown(chains[0]!.headSchema);
  };
  const text = await written(SQL);
  expect(await said('docs/schema.md', text)).toEqual([]);
  expect(await said('docs/schema.md', text.replaceAll('\n', '\r\n'))).toEqual([]);
  expect(await said('docs/schema.md', text.replace('| `note` |', '| `remark` |'))).toEqual([
    '1: orders is not what the migrations make now',
  ]);
  const more = `${SQL} CREATE TABLE refunds (id int);`;
  expect(await said('docs/schema.md', text, more)).toEqual([
    '1: refunds is not what the migrations make now',
  ]);
  // a later format cannot be judged
  expect(await said('docs/schema.md', text.replace('format 1', 'format 99').replace('orders', 'x'))).toEqual(
    [],
  );
});
