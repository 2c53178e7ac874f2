import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { markerOf, toMarkdown } from '../../../src/schema/document/markdown.ts';
import { shown } from '../../report/schema/shown.ts';

const documentOf = async (sql: string) => toMarkdown((await shown(sql)).schema);

test('a table with its columns, keys, checks and indexes, under a diagram of all', async () => {
  const text = await documentOf(`
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE orders (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL, mood mood DEFAULT 'ok', total numeric(12, 2) NOT NULL,
      taxed numeric GENERATED ALWAYS AS (total * 2) STORED, CONSTRAINT total_positive CHECK (total >= 0)
    );
    CREATE TABLE customers (id bigint PRIMARY KEY, email text UNIQUE);
    ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE;
    CREATE INDEX orders_by_customer ON orders (customer_id, total DESC) INCLUDE (mood) WHERE total > 0;
    CREATE INDEX customers_by_email ON customers USING gin (lower(email));
    CREATE VIEW rich AS SELECT id FROM customers;`);
  const [marker, ...rest] = text.split('\n');
  expect(marker).toMatch(/^<!-- tablewarden schema, format 1, chain \S+: .* -->$/);
  expect(rest.join('\n')).toContain(`
\`\`\`mermaid
erDiagram
  customers {
    bigint id PK
    text email UK "nullable"
  }
`);
  expect(text.slice(text.indexOf('## '))).toBe(`## \`customers\`

| Column | Type | Null | Default | Key |
| --- | --- | --- | --- | --- |
| \`id\` | \`bigint\` | no |  | primary |
| \`email\` | \`text\` | yes |  | unique |

- Primary key \`customers_pkey\`: \`id\`
- Unique \`customers_email_key\`: \`email\`
- Index \`customers_by_email\`: \`lower(email)\`, \`gin\`

## \`orders\`

| Column | Type | Null | Default | Key |
| --- | --- | --- | --- | --- |
| \`id\` | \`bigint\` | no | identity, always | primary |
| \`customer_id\` | \`bigint\` | no |  | foreign |
| \`mood\` | \`mood\` | yes | \`'ok'\` |  |
| \`total\` | \`numeric(12,2)\` | no |  |  |
| \`taxed\` | \`numeric\` | yes | generated: \`total * 2\` |  |

- Primary key \`orders_pkey\`: \`id\`
- Foreign key \`orders_customer_fk\`: \`customer_id\` to \`customers\` (\`id\`), ON DELETE CASCADE
- Check \`total_positive\`: \`total >= 0\`
- Index \`orders_by_customer\`: \`customer_id\`, \`total\` DESC, with \`mood\`, where \`total > 0\`

## Enumerated types

- \`mood\`: \`sad\`, \`ok\`

## Views

- \`rich\`: \`id\`
`);
});

test('the order in which tables were made does not show', async () => {
  const [a, b] = ['CREATE TABLE a (id int);', 'CREATE TABLE b (id int);'];
  expect(await documentOf(a + b)).toBe(await documentOf(b + a));
});

test('a name can neither end its cell nor do anything', async () => {
  const text = await documentOf(
    'CREATE TABLE "x|<img src=x>`y" ("a|b" int DEFAULT 1, "c\\n--> <script>" text CHECK ("a|b" > 0));',
  );
  const html = micromark(text, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  expect(html).not.toMatch(/<(img|script)/);
  expect(html.match(/<td>/g)).toHaveLength(10);
  expect(html).toContain('<td><code>a|b</code></td>');
});

test('the marker keeps the chain, whatever it is called', async () => {
  const { schema } = await shown('CREATE TABLE a (id int);');
  for (const chain of ['db/migrations', 'a -->b', 'packages/db/migrations#mysql', 'ü/--/x'])
    expect(markerOf(toMarkdown({ ...schema, chain }))).toEqual({ format: 1, chain });
  expect(markerOf('# A page\n')).toBeUndefined();
});

test('a diagram that would be too large to be drawn is cut to keys, or left out', async () => {
  const tables = (count: number, columns: number) =>
    Array.from({ length: count }, (_, at) => {
      const more = Array.from({ length: columns }, (_, n) => `, a_column_of_it_${n} text`).join('');
      return `CREATE TABLE table_${at} (id int PRIMARY KEY${more});`;
    }).join('');
  const cut = await documentOf(tables(200, 10));
  expect(cut).toContain('  table_7 {\n    integer id PK\n  }\n');
  expect(cut).toContain('| `a_column_of_it_3` | `text` | yes |  |  |');
  expect(await documentOf(tables(1500, 0))).toContain('The diagram is left out');
});
