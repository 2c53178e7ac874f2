import { beforeAll, expect, test } from 'vitest';
import { inDefaultSchema } from '../../../src/read/sql/in-default-schema.ts';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';

beforeAll(() => loadSqlReader('postgres'));

const operations = (text: string) =>
  readSql('1.sql', inDefaultSchema(text), 'postgres').statements.map(
    ({ operations: [first], notModelled }) =>
      first
        ? `${first.kind} ${'table' in first ? JSON.stringify(first.table) : ''} at ${first.span.line}:${first.span.column}`
        : notModelled,
  );

test('a schema that is named where it is deployed is the default one, and nothing moves', () => {
  expect(
    operations(`ALTER TABLE {{ index .Options "Namespace" }}.users DROP COLUMN phone;
ALTER TABLE "{{index .Options "Namespace"}}"."users" DROP COLUMN email;`),
  ).toEqual(['drop-column {"name":"users"} at 1:52', 'drop-column {"name":"users"} at 2:54']);
  expect(operations('CREATE TABLE ${schema}.users (id int);')).toEqual([
    'create-table {"name":"users"} at 1:1',
  ]);
});

test('a comment in whose place a schema is put is one', () => {
  expect(operations('CREATE INDEX CONCURRENTLY users_x_idx ON /* SCHEMA */."users" (x);')).toEqual([
    'create-index {"name":"users"} at 1:1',
  ]);
  expect(operations('ALTER TABLE app /* ours */ .users DROP COLUMN x;')).toEqual([
    'drop-column {"schema":"app","name":"users"} at 1:35',
  ]);
});

test('what stands for another thing than a schema, or for several, stays unread', () => {
  expect(operations('ALTER TABLE {{ table }} DROP COLUMN phone;')).toEqual(['it holds a template']);
  expect(operations('ALTER TABLE ${a}.users DROP COLUMN x; ALTER TABLE ${b}.users DROP COLUMN x;')).toEqual([
    'it holds a template',
    'it holds a template',
  ]);
});
