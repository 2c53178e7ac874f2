import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../src/prove/engine/duckdb.ts';
import { prove } from '../../src/prove/prove.ts';
import type { Chain } from '../../src/read/chain.ts';
import { startingSchema } from '../../src/read/replay.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';

beforeAll(async () => {
  await loadSqlReader('sqlite');
  await loadSqlReader('mysql');
});
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((scratch) => scratch.close())));

/** Proves texts from empty in DuckDB; what became of the last. */
async function lowered(dialect: 'sqlite' | 'mysql', ...texts: readonly string[]) {
  const chain: Chain = {
    ...{ id: 'm', tool: 'numbered', dialect, dialectReason: '', dialectGuessed: false },
    ...{ migrations: [], prelude: '', transactional: false, leftOut: [] },
  };
  const migrations = texts.map((text, i) => {
    const path = `m/${i + 1}.sql`;
    return { file: { name: path, path, id: path, order: '' }, source: readSql(path, text, dialect) };
  });
  const scratch = await openDuckdb();
  opened.push(scratch);
  const { proof } = await prove({ chain, schema: startingSchema(chain), migrations, from: 'empty' }, scratch);
  const last = proof.migrations.at(-1);
  return { verdict: last?.verdict, error: last?.error, words: last?.statements.map(({ word }) => word) };
}

describe('SQLite in DuckDB', () => {
  const PEOPLE = `CREATE TABLE [people] (id INTEGER PRIMARY KEY, name TEXT, born DATE DEFAULT (strftime('%s', 'now')));
    INSERT INTO people (id, name) VALUES (1, 'ann'), (2, NULL);`;
  const anew = (column: string) => `PRAGMA foreign_keys = OFF;
    CREATE TABLE new_people (id INTEGER PRIMARY KEY, ${column});
    INSERT INTO new_people SELECT id, name FROM people;
    DROP TABLE people;
    ALTER TABLE new_people RENAME TO people;
    INSERT INTO people (name) VALUES ('eve');`;

  test('a table is made anew with its rows, and counts on', async () => {
    const { verdict, words } = await lowered('sqlite', PEOPLE, anew('`name` text'));
    expect(verdict).toBe('proved');
    expect(words).toEqual(['no-effect', 'emulated', 'executed', 'executed', 'executed', 'executed']);
  });

  test('rows that do not fit the new table refute it', async () => {
    const { verdict, error } = await lowered('sqlite', PEOPLE, anew('name TEXT NOT NULL'));
    expect(verdict).toBe('refuted');
    expect(error).toMatchObject({ by: 'engine', span: { line: 3 } });
    expect(error?.message).toMatch(/NOT NULL/);
  });

  test('a value of another type is none of SQLite’s troubles', async () => {
    const { verdict } = await lowered(
      'sqlite',
      PEOPLE,
      "UPDATE people SET id = 'x' WHERE id = 2; INSERT INTO people VALUES (3, 'b', 'long ago')",
    );
    expect(verdict).not.toBe('refuted');
  });

  test('a unique index over duplicates, and one that leaves them out', async () => {
    const twice = "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x'), ('x');";
    expect((await lowered('sqlite', twice, 'CREATE UNIQUE INDEX u ON t (a)')).verdict).toBe('refuted');
    expect((await lowered('sqlite', twice, "CREATE UNIQUE INDEX u ON t (a) WHERE a <> 'x'")).verdict).toBe(
      'proved',
    );
  });

  test('the fold speaks first', async () => {
    const { error } = await lowered('sqlite', PEOPLE, 'ALTER TABLE people DROP COLUMN id');
    expect(error).toMatchObject({ by: 'fold', message: 'cannot drop PRIMARY KEY column: "id"' });
  });
});

describe('MySQL in DuckDB', () => {
  const ORDERS = `CREATE TABLE \`orders\` (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, note varchar(20), state enum('new','old') NOT NULL DEFAULT 'new');
    INSERT INTO orders (id, note) VALUES (1, "it's"), (2, NULL); INSERT IGNORE INTO orders (note) VALUES ('c\\'d');`;

  test('rows are written in MySQL’s spelling', async () => {
    expect(await lowered('mysql', ORDERS)).toMatchObject({
      verdict: 'proved',
      words: ['emulated', 'executed', 'executed'],
    });
  });

  test('MODIFY declares a column anew, over the rows that are there', async () => {
    const { error } = await lowered('mysql', ORDERS, 'ALTER TABLE orders MODIFY note varchar(20) NOT NULL');
    expect(error?.by).toBe('engine');
    const filled =
      "UPDATE orders SET note = IF(note IS NULL, '', note); ALTER TABLE orders MODIFY note varchar(20) NOT NULL";
    expect((await lowered('mysql', ORDERS, filled)).verdict).toBe('proved');
  });

  test('ADD COLUMN NOT NULL without a default writes the type’s own value', async () => {
    const more =
      'ALTER TABLE orders ADD COLUMN total decimal(10,2) NOT NULL, ADD COLUMN body text NOT NULL, ADD at datetime NOT NULL';
    expect((await lowered('mysql', ORDERS, more)).verdict).toBe('proved');
  });

  test('a unique key over duplicates, a foreign key over orphans', async () => {
    const twice = "UPDATE orders SET note = 'same'; ALTER TABLE orders ADD UNIQUE KEY (note)";
    expect((await lowered('mysql', ORDERS, twice)).error?.by).toBe('engine');
    const orphan = `CREATE TABLE items (order_id int unsigned); INSERT INTO items VALUES (9);
      ALTER TABLE items ADD FOREIGN KEY (order_id) REFERENCES orders (id)`;
    expect((await lowered('mysql', ORDERS, orphan)).error?.message).toMatch(/foreign key/);
  });

  test('what MySQL would refuse is refused in its words', async () => {
    const { error } = await lowered('mysql', ORDERS, 'ALTER TABLE orders DROP COLUMN nothing');
    expect(error).toMatchObject({
      by: 'fold',
      message: "Can't DROP 'nothing'; check that column/key exists",
    });
  });
});
