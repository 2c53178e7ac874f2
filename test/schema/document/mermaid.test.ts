import { expect, test } from 'vitest';
import { toMermaid } from '../../../src/schema/document/mermaid.ts';
import { shown } from '../../report/schema/shown.ts';

test('tables, keys and how many rows stand on each side', async () => {
  const diagram = toMermaid(
    await shown(`CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(320) UNIQUE, total numeric(12, 2) NOT NULL);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, gift_of bigint REFERENCES customers);
    CREATE TABLE profiles (customer_id bigint PRIMARY KEY REFERENCES customers, tags text[] NOT NULL);`),
  );
  expect(diagram).toBe(`erDiagram
  customers {
    bigint id PK
    varchar(320) email UK "nullable"
    numeric total
  }
  orders {
    bigint id PK
    bigint customer_id FK
    bigint gift_of FK "nullable"
  }
  profiles {
    bigint customer_id PK, FK
    text[] tags
  }
  customers ||--o{ orders : "customer_id"
  customers |o--o{ orders : "gift_of"
  customers ||--o| profiles : "customer_id"
`);
});

test('names that Mermaid does not take are written so that it does', async () => {
  const diagram = toMermaid(
    await shown(
      `CREATE SCHEMA app; CREATE TABLE app."Order ""Lines""" ("a b" int, "ö" double precision);`.replace(
        ', "" char(1)',
        '',
      ),
    ),
  );
  expect(diagram).toBe(`erDiagram
  "app.Order _Lines_" {
    integer a_b "nullable"
    double_precision ö "nullable"
  }
`);
});
