import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { toJson } from '../../../src/report/schema/json.ts';
import { shown } from './shown.ts';

test('keeps to the published schema', async () => {
  const document = JSON.parse(
    toJson(
      await shown(`CREATE TYPE mood AS ENUM ('a', 'b');
      CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood DEFAULT 'a', n int GENERATED ALWAYS AS (1) STORED);
      CREATE TABLE child (id int NOT NULL, parent_id bigint REFERENCES parent ON DELETE CASCADE, CHECK (id > 0)) PARTITION BY LIST (id);
      CREATE TABLE child_1 PARTITION OF child FOR VALUES IN (1);
      CREATE INDEX ON child (lower(id::text)) WHERE id > 1;
      CREATE VIEW v AS SELECT 1 AS one;`),
    ),
  );
  const validate = new Ajv().compile(
    JSON.parse(readFileSync('src/report/schema/schema.schema.json', 'utf8')),
  );
  validate(document);
  expect(validate.errors).toBeNull();
  expect(document.tables.map((table: { name: string }) => table.name)).toEqual([
    'parent',
    'child',
    'child_1',
  ]);
  expect(document.tables[1].constraints[0]).toMatchObject({ kind: 'check', expression: 'id > 0' });
  expect(document.tables[2]).toMatchObject({ partitionOf: { name: 'child', schema: 'public' }, line: 4 });
  expect(document.enums).toEqual([
    { name: 'mood', schema: 'public', labels: ['a', 'b'], path: '1.sql', line: 1 },
  ]);
});
