import { describe, expect, test } from 'vitest';
import { columnsOf, folded } from './by-dialect.ts';

const inSqlite = (...files: readonly string[]) => folded('sqlite', ...files);

describe('in SQLite’s own words', () => {
  test.each([
    ['CREATE TABLE T (b)', 'table T already exists'],
    ['CREATE TABLE u (a, A)', 'duplicate column name: A'],
    [
      'CREATE TABLE u (a TEXT PRIMARY KEY AUTOINCREMENT)',
      'AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY',
    ],
    ['CREATE TABLE u (a, UNIQUE (z))', 'no such column: z'],
    ['CREATE TABLE u (a, FOREIGN KEY (z) REFERENCES t (id))', 'unknown column "z" in foreign key definition'],
    ['CREATE INDEX by_b ON t (b)', 'index by_b already exists'],
    ['CREATE INDEX t ON t (b)', 'there is already a table named t'],
    ['CREATE TABLE by_b (a)', 'there is already an index named by_b'],
    ['CREATE INDEX i ON nowhere (b)', 'no such table: main.nowhere'],
    ['CREATE INDEX i ON t (z)', 'no such column: z'],
    ['DROP TABLE v', 'use DROP VIEW to delete view v'],
    [
      'DROP INDEX sqlite_autoindex_t_1',
      'index associated with UNIQUE or PRIMARY KEY constraint cannot be dropped',
    ],
    ['DROP INDEX nothing', 'no such index: nothing'],
    ['ALTER TABLE t ADD c TEXT UNIQUE', 'Cannot add a UNIQUE column'],
    ['ALTER TABLE t ADD B', 'duplicate column name: B'],
    ['ALTER TABLE t DROP COLUMN id', 'cannot drop PRIMARY KEY column: "id"'],
    ['ALTER TABLE t DROP COLUMN u', 'cannot drop UNIQUE column: "u"'],
    ['ALTER TABLE t DROP COLUMN b', 'error in index by_b after drop column: no such column: b'],
    ['ALTER TABLE t RENAME COLUMN z TO y', 'no such column: "z"'],
    ['ALTER TABLE t RENAME TO other', 'there is already another table or index with this name: other'],
    ['INSERT INTO t (z) VALUES (1)', 'table t has no column named z'],
    ['UPDATE t SET z = 1', 'no such column: z'],
    ['CREATE TABLE elsewhere.u (a)', 'unknown database elsewhere'],
  ])('%s', async (text, message) => {
    const base = `CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, u TEXT UNIQUE); CREATE INDEX by_b ON t (b);
      CREATE TABLE other (a); CREATE VIEW v AS SELECT b FROM t;`;
    const { errors } = await inSqlite(base, text);
    expect(errors).toEqual([message]);
  });

  test('what only a table with rows refuses is left to the engine', async () => {
    const { errors } = await inSqlite(
      'CREATE TABLE t (a); ALTER TABLE t ADD b NOT NULL; DROP TABLE IF EXISTS nothing',
    );
    expect(errors).toEqual([]);
  });
});

describe('keys', () => {
  test('INTEGER PRIMARY KEY is the rowid: no index, never NULL; other keys may hold NULL', async () => {
    const { table } = await inSqlite(
      'CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TABLE b (id TEXT PRIMARY KEY, x INT); CREATE TABLE c (id INT PRIMARY KEY) WITHOUT ROWID',
    );
    expect(columnsOf(table('a'))).toEqual(['id integer NOT NULL', 'x text']);
    expect(table('a').indexes.map((one) => one.name)).toEqual(['sqlite_autoindex_a_1']);
    expect(table('a').columns[0]?.identity).toBe('by default');
    expect(columnsOf(table('b'))).toEqual(['id text', 'x int']);
    expect(columnsOf(table('c'))).toEqual(['id int NOT NULL']);
  });

  test('a table made later is found by the foreign keys that waited for it, and lost again when it goes', async () => {
    const child = 'CREATE TABLE child (p_id REFERENCES parent);';
    const parents = async (...more: string[]) => {
      const { table, schema } = await inSqlite(child, ...more);
      return table('child').constraints.map((one) =>
        one.kind === 'foreign key' ? [schema.tables.get(one.refTableId)?.name, one.refColumns] : [],
      );
    };
    expect(await parents()).toEqual([[undefined, []]]);
    expect(await parents('CREATE TABLE Parent (id INTEGER PRIMARY KEY)')).toEqual([['Parent', ['id']]]);
    expect(await parents('CREATE TABLE parent (id INTEGER PRIMARY KEY); DROP TABLE parent')).toEqual([
      [undefined, ['id']],
    ]);
  });

  test('foreign keys follow a renamed table, unless legacy_alter_table is on', async () => {
    const base = 'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id));';
    const nameOf = async (text: string) => {
      const { table } = await inSqlite(base, text);
      return table('c').constraints.map((one) => one.kind === 'foreign key' && one.refName);
    };
    expect(await nameOf('ALTER TABLE p RENAME TO q')).toEqual(['q']);
    expect(await nameOf('PRAGMA legacy_alter_table = ON; ALTER TABLE p RENAME TO q')).toEqual(['p']);
  });
});

describe('a table made anew', () => {
  const BASE = `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, age INT);
    CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INT REFERENCES people (id));`;
  const RECIPE = `PRAGMA foreign_keys = OFF;
    CREATE TABLE new_people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born TEXT);
    INSERT INTO new_people (id, name) SELECT id, name FROM people;
    DROP TABLE people;
    ALTER TABLE new_people RENAME TO people;`;

  test('keeps its identity, its columns’ too, and the foreign keys to it', async () => {
    const before = await inSqlite(BASE);
    const after = await inSqlite(BASE, RECIPE);
    expect(after.errors).toEqual([]);
    expect(after.table('people').id).toBe(before.table('people').id);
    expect(after.schema.tables.size).toBe(2);
    const ids = (schema: typeof before) =>
      Object.fromEntries(schema.table('people').columns.map((one) => [one.name, one.id]));
    const [was, is] = [ids(before), ids(after)];
    expect([is.id, is.name]).toEqual([was.id, was.name]);
    expect(Object.values(was)).not.toContain(is.born);
    expect(after.table('pets').constraints.at(-1)).toMatchObject({
      refTableId: before.table('people').id,
      refName: 'people',
    });
    expect(after.applied.find((one) => one.rebuilt)?.rebuilt).toMatchObject({
      before: { id: before.table('people').id, name: 'people' },
      after: { id: before.table('people').id, name: 'people' },
    });
  });

  test('set aside first, foreign keys follow it aside: SQLite leaves them without a parent', async () => {
    const { table } = await inSqlite(
      BASE,
      'ALTER TABLE people RENAME TO old; CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people SELECT id, name FROM old; DROP TABLE old;',
    );
    expect(table('pets').constraints.at(-1)).toMatchObject({ refName: 'old', refTableId: 0 });
    expect(table('people').id).toBe(1);
  });
});

test('columns that the copy renames keep their identity', async () => {
  const base = 'CREATE TABLE people (id INTEGER PRIMARY KEY, fullName TEXT, age INT);';
  const before = await inSqlite(base);
  const after = await inSqlite(
    base,
    `CREATE TABLE n (id INTEGER PRIMARY KEY, full_name TEXT, born TEXT);
     INSERT INTO n (full_name, id, born) SELECT p.fullName, id, datetime('now') FROM people p;
     DROP TABLE people; ALTER TABLE n RENAME TO people;`,
  );
  const idOf = (schema: typeof before, name: string) =>
    schema.table('people').columns.find((one) => one.name === name)?.id;
  expect(idOf(after, 'full_name')).toBe(idOf(before, 'fullName'));
  expect(after.applied.at(-1)?.rebuilt?.given).toEqual(['id', 'full_name', 'born']);
});

test.each([
  ['a text that is spelt like a column is none', "'email'"],
  ['a column that is copied twice keeps to its own name', 'email'],
])('%s', async (_, given) => {
  const base = 'CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT);';
  const before = await inSqlite(base);
  const after = await inSqlite(
    base,
    `CREATE TABLE n (id INTEGER PRIMARY KEY, channel TEXT, email TEXT);
     INSERT INTO n (id, channel, email) SELECT id, ${given}, email FROM people;
     DROP TABLE people; ALTER TABLE n RENAME TO people;`,
  );
  const [id, channel, email] = after.table('people').columns;
  expect([id, email].map((one) => one?.id)).toEqual(before.table('people').columns.map((one) => one.id));
  expect(channel?.id).not.toBe(email?.id);
});
