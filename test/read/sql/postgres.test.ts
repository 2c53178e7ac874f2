import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { typeText } from '../../../src/schema/name.ts';
import type { Operation } from '../../../src/schema/operation.ts';

beforeAll(() => loadSqlReader('postgres'));

const read = (text: string) => readSql('a.sql', text, 'postgres').statements;
const operations = (text: string) => read(text).flatMap((statement) => statement.operations);
const plain = (text: string) => operations(text).map(({ span: _, ...rest }) => rest);

/** The text that a span covers. */
function covered(text: string, { line, column, endLine, endColumn }: Operation['span']): string {
  const lines = text.split('\n');
  if (line === endLine) return lines[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
  const middle = lines.slice(line, endLine - 1);
  return [lines[line - 1]?.slice(column - 1), ...middle, lines[endLine - 1]?.slice(0, endColumn - 1)].join(
    '\n',
  );
}

describe('tables', () => {
  test('columns with everything that may stand on them', () => {
    const [table] = operations(`CREATE TABLE app."T" (
      id bigserial PRIMARY KEY,
      name character varying(20) NOT NULL DEFAULT 'x'::text || 'y' CHECK (name <> ''),
      tags text[][] , at timestamp(3) with time zone,
      parent int REFERENCES app.p ON DELETE SET NULL ON UPDATE CASCADE,
      full_name text GENERATED ALWAYS AS (lower(name)) STORED, n numeric(10, 2), k int GENERATED ALWAYS AS IDENTITY
    )`);
    if (table?.kind !== 'create-table') throw new Error('no table');
    expect(table.table).toEqual({ schema: 'app', name: 'T' });
    expect(
      table.columns.map((column) => `${column.name} ${typeText(column.type)}${column.notNull ? '!' : ''}`),
    ).toEqual([
      'id bigint!',
      'name varchar(20)!',
      'tags text[][]',
      'at timestamptz(3)',
      'parent integer',
      'full_name text',
      'n numeric(10,2)',
      'k integer!',
    ]);
    expect(table.columns[1]).toMatchObject({
      default: `'x'::text || 'y'`,
      constraints: [{ kind: 'check', expression: `name <> ''` }],
    });
    expect(table.columns[4]?.constraints[0]).toMatchObject({
      kind: 'foreign key',
      refTable: { schema: 'app', name: 'p' },
      refColumns: [],
      onDelete: 'set null',
      onUpdate: 'cascade',
    });
    expect(table.columns[5]).toMatchObject({ generated: 'lower(name)' });
    expect(table.columns[7]).toMatchObject({ identity: 'always' });
  });

  test('one operation a sub-command, each with its own span', () => {
    const text = `ALTER TABLE IF EXISTS ONLY "Tá" ADD COLUMN "é" int, DROP COLUMN IF EXISTS b CASCADE,
  ALTER c TYPE bigint USING (c::bigint, 1), ADD CONSTRAINT u UNIQUE (a, b), ALTER d SET DEFAULT coalesce(1, 2)`;
    expect(operations(text).map((one) => `${one.kind}: ${covered(text, one.span)}`)).toEqual([
      'add-column: "é" int',
      'drop-column: DROP COLUMN IF EXISTS b CASCADE',
      'alter-type: ALTER c TYPE bigint USING (c::bigint, 1)',
      'add-constraint: ADD CONSTRAINT u UNIQUE (a, b)',
      'set-default: ALTER d SET DEFAULT coalesce(1, 2)',
    ]);
    expect(operations(text)[2]).toMatchObject({ using: '(c::bigint, 1)' });
    expect(operations(text)[4]).toMatchObject({ expression: 'coalesce(1, 2)' });
  });

  test('indexes with expressions, predicate, method and order', () => {
    expect(
      plain(
        `CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t USING gist (lower(a), b DESC) INCLUDE (c) WHERE d IS NULL`,
      ),
    ).toEqual([
      {
        kind: 'create-index',
        table: { schema: 's', name: 't' },
        name: 'i',
        keys: [
          { expression: 'lower(a)', expressionColumns: ['a'] },
          { column: 'b', order: 'DESC' },
        ],
        include: ['c'],
        method: 'gist',
        unique: true,
        predicate: 'd IS NULL',
        predicateColumns: ['d'],
        concurrently: true,
        only: false,
        tolerant: true,
      },
    ]);
  });
});

describe('positions', () => {
  test('are UTF-16 columns, whatever stands before', () => {
    const text = `SELECT 'héé 😀'; /* 😀 */ ALTER TABLE "naïve😀" ADD COLUMN x int;\r\nDROP TABLE "後";`;
    const [, alter, drop] = read(text);
    expect(covered(text, alter?.operations[0]?.span as Operation['span'])).toBe('x int');
    expect(covered(text, alter?.uses[0]?.span as Operation['span'])).toBe('"naïve😀"');
    expect(drop?.span).toMatchObject({ line: 2, column: 1 });
  });

  test('of a syntax error point at the word', () => {
    const [statement] = read(`/* é */ CREATE TABLE é (a int,, b int)`);
    expect(statement?.unread?.message).toContain('syntax error at or near ","');
    expect(statement?.unread?.span).toMatchObject({ line: 1, column: 31 });
  });
});

describe('uses', () => {
  const uses = (text: string) =>
    read(text).flatMap((one) => one.uses.map((use) => `${use.op} ${use.table.name}`));

  test('the target is written, what it is made of is read, a common table expression is no table', () => {
    const text = 'WITH c AS (SELECT * FROM a) INSERT INTO t SELECT * FROM c JOIN b USING (id)';
    expect(uses(text).toSorted()).toEqual(['insert t', 'read a', 'read b']);
  });

  test('references, indexes and views build on tables; creating, dropping and renaming a table is no use of it', () => {
    expect(uses('CREATE TABLE t (a int REFERENCES p)')).toEqual(['ddl p']);
    expect(uses('CREATE INDEX ON t (a)')).toEqual(['ddl t']);
    expect(uses('CREATE VIEW v AS SELECT * FROM t')).toEqual(['read t']);
    expect(uses('DROP TABLE t; ALTER TABLE t RENAME TO u')).toEqual([]);
  });
});

test('SELECT INTO makes a table of the query without that clause', () => {
  const [made, plain] = read(
    'SELECT a, (SELECT max(b) FROM s) AS b INTO TEMP TABLE app."Kept" FROM t WHERE a > 1; SELECT a FROM t',
  );
  expect(made?.operations).toMatchObject([
    {
      kind: 'create-table',
      table: { schema: 'app', name: 'Kept' },
      temporary: true,
      asQuery: { text: 'SELECT a, (SELECT max(b) FROM s) AS b  FROM t WHERE a > 1' },
    },
  ]);
  expect(made?.uses.map(({ op, table }) => `${op} ${table.name}`).toSorted()).toEqual(['read s', 'read t']);
  expect(plain?.operations).toMatchObject([{ kind: 'read-rows' }]);
});

describe('DO blocks', () => {
  test('that only swallow presence, or test the catalog for it, are their statements', () => {
    expect(
      plain(`DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$`),
    ).toEqual([
      { kind: 'create-type', type: { name: 'mood' }, typeKind: 'enum', labels: ['a'], swallowed: true },
    ]);
    expect(
      plain(
        `DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') THEN ALTER TABLE t ADD COLUMN a int; END IF; END $$`,
      ),
    ).toMatchObject([{ kind: 'add-column', swallowed: 'tested' }]);
  });

  test.each([
    ["DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$", 'EXECUTE'],
    ['DO $$ BEGIN IF random() > 1 THEN DROP TABLE t; END IF; END $$', 'condition'],
    ['DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP DROP TABLE t; END LOOP; END $$', 'for'],
    ['DO $$ BEGIN DROP TABLE t; EXCEPTION WHEN others THEN null; END $$', 'exception handler'],
  ])('with control flow are not modelled: %s', (text, reason) => {
    expect(read(text)[0]).toMatchObject({ operations: [], notModelled: expect.stringContaining(reason) });
  });
});

describe('hostile text', () => {
  test.each([
    ['parentheses', `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`],
    ['operators', `SELECT ${'1+'.repeat(20_000)}1`],
    ['a NUL', 'SELECT 1\0;'],
    ['half a surrogate pair', `SELECT '\ud800'`],
    ['a template', 'CREATE TABLE {{ .Prefix }}_t (a int)'],
    ['three megabytes in one statement', `INSERT INTO t VALUES ${`(1, 'x'),`.repeat(300_000)}(2, 'y')`],
  ])('%s is read or said not to be, and what follows is read', (_, text) => {
    const statements = read(`${text};\nDROP TABLE after;`);
    expect(statements.at(-1)?.operations[0]).toMatchObject({ kind: 'drop-table', table: { name: 'after' } });
    const [first] = statements;
    expect(first?.operations.length || first?.unread || first?.notModelled).toBeTruthy();
  });

  test('names are only names', () => {
    expect(plain('CREATE TABLE __proto__ (constructor int); DROP TABLE "a""b;c"')).toMatchObject([
      { table: { name: '__proto__' }, columns: [{ name: 'constructor' }] },
      { table: { name: 'a"b;c' } },
    ]);
  });
});
