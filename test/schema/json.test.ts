import { beforeAll, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { emptySchema, openFold } from '../../src/schema/fold.ts';
import { fromJson, toJson } from '../../src/schema/json.ts';

beforeAll(() => loadSqlReader('postgres'));

test('a schema survives as text, with indexes on expressions, enums and views', () => {
  const fold = openFold(emptySchema('migrations', 'postgres'));
  const sql = `CREATE TYPE mood AS ENUM ('well', 'ill');
    CREATE TABLE people (id bigint PRIMARY KEY, name text, mood mood);
    CREATE UNIQUE INDEX people_name ON people (lower(name), mood) WHERE name IS NOT NULL;
    CREATE VIEW grown AS SELECT id FROM people;`;
  for (const { operations } of readSql('1.sql', sql, 'postgres').statements)
    for (const operation of operations) expect(fold.apply(operation).error).toBeUndefined();
  const schema = fold.snapshot();
  expect(fromJson(toJson(schema))).toEqual(schema);
  expect(fromJson('{}')).toBeUndefined();
});
