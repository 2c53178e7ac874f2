import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { typeText } from '../../../src/schema/name.ts';
import type { Operation } from '../../../src/schema/operation.ts';

beforeAll(() => loadSqlReader('sqlite'));

const read = (text: string) => readSql('a.sql', text, 'sqlite').statements;
const operations = (text: string) => read(text).flatMap((statement) => statement.operations);
const plain = (text: string) => operations(text).map(({ span: _, ...rest }) => rest);
const covered = (text: string, { line, column, endColumn }: Operation['span']) =>
  text.split('\n')[line - 1]?.slice(column - 1, endColumn - 1);

describe('tables', () => {
  test('every way to quote a name, types of any words, and what stands on columns', () => {
    const [table] = operations(`CREATE TABLE IF NOT EXISTS [main]."My ""T""" (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      \`a b\` VARCHAR ( 20 ) COLLATE nocase DEFAULT 'x;y' CHECK (length([a b]) > 2),
      n UNSIGNED BIG INT DEFAULT -1, bare, on_time DATETIME DEFAULT (datetime('now')) NOT NULL ON CONFLICT IGNORE,
      parent TEXT CONSTRAINT fk REFERENCES p ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
      total REAL GENERATED ALWAYS AS (n * 2) STORED, key text,
      UNIQUE (n, bare) ON CONFLICT REPLACE,
      CONSTRAINT whole FOREIGN KEY (n) REFERENCES q (x) ON UPDATE CASCADE
    ) STRICT, WITHOUT ROWID`);
    if (table?.kind !== 'create-table') throw new Error('no table');
    expect(table).toMatchObject({
      table: { schema: 'main', name: 'My "T"' },
      tolerant: true,
      options: ['strict', 'without rowid'],
    });
    expect(
      table.columns.map(({ name, type, notNull }) => `${name} ${typeText(type)}${notNull ? '!' : ''}`),
    ).toEqual([
      'id integer!',
      'a b varchar(20)',
      'n unsigned big int',
      'bare ',
      'on_time datetime!',
      'parent text',
      'total real',
      'key text',
    ]);
    expect(table.columns[0]).toMatchObject({
      identity: 'by default',
      constraints: [{ kind: 'primary key' }],
    });
    expect(table.columns[1]).toMatchObject({ default: `'x;y'`, constraints: [{ columns: ['a b'] }] });
    expect(table.columns[2]?.default).toBe('-1');
    expect(table.columns[4]?.default).toBe(`(datetime('now'))`);
    expect(table.columns[5]?.constraints[0]).toMatchObject({
      name: 'fk',
      deferrable: true,
      onDelete: 'set null',
    });
    expect(table.columns[6]?.generated).toBe('n * 2');
    expect(table.constraints).toMatchObject([
      { kind: 'unique', columns: ['n', 'bare'] },
      { kind: 'foreign key', name: 'whole', refTable: { name: 'q' }, refColumns: ['x'], onUpdate: 'cascade' },
    ]);
  });

  test('positions are those of columns and constraints', () => {
    const text = `CREATE TABLE t (\n  a INTEGER,\n  b TEXT NOT NULL, -- why\n  FOREIGN KEY (a) REFERENCES p (id)\n)`;
    const [table] = operations(text);
    if (table?.kind !== 'create-table') throw new Error('no table');
    expect(table.columns.map(({ span }) => covered(text, span))).toEqual(['a INTEGER', 'b TEXT NOT NULL']);
    expect(table.constraints.map(({ span }) => covered(text, span))).toEqual([
      'FOREIGN KEY (a) REFERENCES p (id)',
    ]);
  });

  test('ALTER TABLE in its four forms, and the one that only libSQL has', () => {
    expect(
      plain(`ALTER TABLE t ADD a int; ALTER TABLE t DROP COLUMN a; ALTER TABLE t RENAME b TO c;
        ALTER TABLE t RENAME TO u; ALTER TABLE u ALTER COLUMN c TO c text NOT NULL`).map((one) => one.kind),
    ).toEqual(['add-column', 'drop-column', 'rename-column', 'rename-table', 'redefine-column']);
  });

  test('indexes: keys, expressions, order, predicate', () => {
    expect(
      plain(
        'CREATE UNIQUE INDEX i ON t (a DESC, lower(b) COLLATE nocase, c COLLATE nocase) WHERE d IS NOT NULL',
      ),
    ).toMatchObject([
      {
        name: 'i',
        unique: true,
        keys: [
          { column: 'a', order: 'DESC' },
          { expression: 'lower(b) COLLATE nocase', expressionColumns: ['b'] },
          { column: 'c' },
        ],
        predicate: 'd IS NOT NULL',
        predicateColumns: ['d'],
      },
    ]);
  });
});

describe('rows, views and the session', () => {
  test.each([
    [
      'INSERT OR IGNORE INTO "t" (a, b) SELECT x, y FROM s JOIN r USING (k)',
      'insert',
      ['a', 'b'],
      ['t', 's', 'r'],
    ],
    [
      'WITH w AS (SELECT * FROM s) UPDATE t SET a = 1, (b, c) = (2, 3) WHERE id IN (SELECT id FROM w)',
      'update',
      ['a', 'b', 'c'],
      ['t', 's'],
    ],
    [
      'DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM u AS v, w WHERE v.id = t.id)',
      'delete',
      [],
      ['t', 'u', 'w'],
    ],
    ['REPLACE INTO t VALUES (1)', 'insert', [], ['t']],
    [
      "INSERT INTO t SELECT value FROM json_each('[1]'), s WHERE trim(both FROM x) IS NOT DISTINCT FROM y",
      'insert',
      [],
      ['t', 's'],
    ],
  ])('%s', (text, verb, columns, tables) => {
    const [statement] = read(text);
    expect(statement?.operations).toMatchObject([{ kind: 'write-rows', verb, columns }]);
    expect(statement?.uses.map((use) => use.table.name)).toEqual(tables);
  });

  test('a view knows what it is made of', () => {
    expect(plain('CREATE VIEW v AS SELECT t.a, b AS c FROM t JOIN u ON t.id = u.t_id')).toMatchObject([
      {
        kind: 'create-view',
        query: { relations: [{ name: 't' }, { name: 'u' }], outputs: [{ name: 'a' }, { name: 'c' }] },
      },
    ]);
  });

  test('a trigger is one statement, however many stand in it', () => {
    expect(
      plain(
        'CREATE TRIGGER g AFTER UPDATE OF a ON t BEGIN UPDATE t SET b = CASE WHEN 1 THEN 2 END; DELETE FROM u; END; DROP TRIGGER g',
      ),
    ).toMatchObject([
      { kind: 'create-trigger', table: { name: 't' }, events: ['update'] },
      { kind: 'drop-trigger', name: 'g' },
    ]);
  });

  test('PRAGMA: what later statements depend on, what is passed over, what is not modelled', () => {
    expect(plain('PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table(1); PRAGMA journal_mode')).toEqual([
      { kind: 'set-session', name: 'foreign_keys', on: false },
      { kind: 'set-session', name: 'legacy_alter_table', on: true },
      { kind: 'no-effect', what: 'PRAGMA journal_mode' },
    ]);
    expect(read('PRAGMA writable_schema = 1')[0]?.notModelled).toBe('it makes the catalog itself writable');
  });
});

describe('what cannot be read', () => {
  test('words that open no statement are an error, on those words', () => {
    const [statement] = read('CREATE TABLE a (b);\nCREAT TABLE c (d)').slice(1);
    expect(statement?.unread).toMatchObject({
      message: 'near "CREAT": syntax error',
      span: { line: 2, column: 1, endColumn: 6 },
    });
  });

  test.each([
    ['CREATE TABLE t (a int GARBAGE (1) NOT HERE)', /is not understood/],
    ['CREATE VIRTUAL TABLE s USING fts5 (body)', /virtual table of fts5/],
    ["ATTACH DATABASE 'x.db' AS x", /another database's file/],
    ['ALTER TABLE t ADD COLUMN {{ name }} text', /template/],
  ])('%s is not modelled', (text, reason) => {
    expect(read(text)[0]?.unread).toBeUndefined();
    expect(read(text)[0]?.notModelled).toMatch(reason);
  });

  test('brackets without an end', () => {
    const [statement] = read(`CREATE TABLE t ${'('.repeat(20_000)}`);
    expect(statement?.notModelled).toMatch(/not closed|not understood/);
  });
});

describe('tables made anew', () => {
  const steps = (text: string) =>
    operations(text).map((one) =>
      one.rebuild ? `${one.kind}${one.rebuild.last ? ' (last)' : ''}` : `- ${one.kind}`,
    );

  test('SQLite’s own recipe: new, copy, drop, rename', () => {
    expect(
      steps(`CREATE TABLE new_t (id INTEGER PRIMARY KEY); INSERT INTO new_t SELECT id FROM t; DROP TABLE t;
        ALTER TABLE new_t RENAME TO t; CREATE INDEX i ON t (id)`),
    ).toEqual(['create-table', '- write-rows', 'drop-table', 'rename-table (last)', '- create-index']);
  });

  test('the old table set aside first', () => {
    expect(
      steps(
        'ALTER TABLE T RENAME TO old; CREATE TABLE t (id); INSERT INTO t SELECT id FROM old; DROP TABLE old',
      ),
    ).toEqual(['rename-table', 'create-table', '- write-rows', 'drop-table (last)']);
  });

  test('the rows kept in a copy', () => {
    expect(
      steps(`CREATE TEMP TABLE kept AS SELECT * FROM t; DROP TABLE t; CREATE TABLE t (id);
        INSERT INTO t SELECT id FROM kept; DROP TABLE kept`),
    ).toEqual(['create-table', 'drop-table', 'create-table (last)', '- write-rows', 'drop-table']);
  });

  test('without the copy, or with other rows, it is a drop', () => {
    expect(steps('CREATE TABLE new_t (id); DROP TABLE t; ALTER TABLE new_t RENAME TO t')).toEqual([
      '- create-table',
      '- drop-table',
      '- rename-table',
    ]);
    expect(
      steps(
        'CREATE TABLE n (id); INSERT INTO n SELECT id FROM other; DROP TABLE t; ALTER TABLE n RENAME TO t',
      ),
    ).toEqual(['- create-table', '- write-rows', '- drop-table', '- rename-table']);
  });
});
