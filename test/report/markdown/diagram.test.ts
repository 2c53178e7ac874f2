import { describe, expect, test } from 'vitest';
import { changedTables } from '../../../src/report/markdown/diagram.ts';
import type { SchemaChange } from '../../../src/report/schema-change.ts';
import { HOSTILE } from '../hostile.ts';
import { shown } from '../schema/shown.ts';

/** A change of the named tables of a schema. */
async function changeOf(
  sql: string,
  names: readonly string[],
  said: Partial<SchemaChange> = {},
): Promise<SchemaChange> {
  const { schema } = await shown(sql);
  const tables = [...schema.tables.values()].filter(({ name }) => names.includes(name)).map(({ id }) => id);
  return { chain: 'migrations', schema, tables, columns: new Set(), dropped: [], ...said };
}

const SHOP = `
  CREATE TABLE customers (id bigint PRIMARY KEY, email text);
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers);
  CREATE TABLE visits (at timestamptz);`;

describe('the tables that change', () => {
  test('are drawn with the parents that they refer to, and no others', async () => {
    expect(changedTables(await changeOf(SHOP, ['orders']))).toBe(`\`\`\`mermaid
erDiagram
  orders {
    bigint id PK
    bigint customer_id FK
  }
  customers
  customers ||--o{ orders : "customer_id"
\`\`\``);
  });

  test('that are dropped are named; where none changes there is nothing', async () => {
    expect(changedTables(await changeOf(SHOP, [], { dropped: ['posts', 'a`b'] }))).toBe(
      'Dropped: `posts`, <code>a&#96;b</code>.',
    );
    expect(changedTables(await changeOf(SHOP, []))).toBeUndefined();
  });

  test('are drawn as far as a picture can be read: keys and changed columns first', async () => {
    const columns = Array.from({ length: 40 }, (_, at) => `c${at} int`).join(', ');
    const wide = `CREATE TABLE wide (${columns}, id bigint PRIMARY KEY);`;
    const { schema } = await shown(wide);
    const c30 = [...schema.tables.values()][0]!.columns[30]!.id;
    const text = changedTables(await changeOf(wide, ['wide'], { columns: new Set([c30]) })) ?? '';
    expect(text).toMatch(/integer c30 "nullable"\n {4}bigint id PK/);
    expect(text).toContain('Not drawn: 29 more columns of these.');
    const names = Array.from({ length: 20 }, (_, at) => `t${at}`);
    const many = changedTables(
      await changeOf(names.map((name) => `CREATE TABLE ${name} (id int);`).join('\n'), names),
    );
    expect(many).toContain('Not drawn: 8 more tables.');
  });

  test.each(HOSTILE)('%j stays a name within the diagram', async (name) => {
    const clean = name.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '');
    const quoted = `"${clean.replaceAll('"', '""')}"`;
    const change = await changeOf(
      `CREATE TABLE parents (id bigint PRIMARY KEY); CREATE TABLE ${quoted} (${quoted} bigint REFERENCES parents);`,
      ['parents', clean],
    );
    const text = changedTables(change) ?? '';
    expect(text.match(/^`{3,}.*$/gm)).toEqual(['```mermaid', '```']);
    for (const line of text.split('\n').slice(2, -1))
      expect(line).toMatch(
        /^ {2}(parents|[\w.-]+|"[^"\\%<>&#;`]*") \{$|^ {4}bigint [\p{L}\p{N}_-]+|^ {2}\}$|^ {2}parents \|o--o\{ ([\w.-]+|"[^"\\%<>&#;`]*") : "[^"\\%<>&#;`]*"$/u,
      );
  });
});
