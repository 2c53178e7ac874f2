import { beforeAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../../src/prove/engine/sqlite.ts';
import { toExact } from '../../../src/prove/exact-statement.ts';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';

beforeAll(() => loadSqlReader('sqlite'));

/** Runs the last text as a new migration on what the others made. */
async function attempted(texts: readonly string[], { wrapped = false } = {}) {
  const engine = await openSqlite([]);
  const migrations = texts.map((text, i) => toExact(readSql(`m/${i + 1}.sql`, text, 'sqlite'), wrapped));
  try {
    await engine.build(migrations.slice(0, -1));
    const [result] = await engine.attempt(migrations.slice(-1));
    return { ...result, words: result?.outcomes.map(({ word }) => word), last: result?.outcomes.at(-1) };
  } finally {
    await engine.close();
  }
}

const FAMILY = `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE children (id INTEGER PRIMARY KEY, parent INT NOT NULL REFERENCES parents (id));
  INSERT INTO parents VALUES (1, NULL); INSERT INTO children VALUES (1, 1);`;

describe('migrations run as they are written', () => {
  test('what applies, and what SQLite says of what does not', async () => {
    expect((await attempted([FAMILY, 'ALTER TABLE parents ADD age INT; SELECT 1'])).words).toEqual([
      'executed',
      'executed',
    ]);
    const { words, outcomes } = await attempted([
      FAMILY,
      'ALTER TABLE parents ADD age INT NOT NULL; DROP TABLE children',
    ]);
    expect(words).toEqual(['failed', 'tainted']);
    expect(outcomes?.[0]?.error?.message).toBe('Cannot add a NOT NULL column with default value NULL');
  });

  test('a table made anew over rows that do not fit', async () => {
    const anew = `CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO n SELECT id, name FROM parents;
      DROP TABLE parents; ALTER TABLE n RENAME TO parents;`;
    const { outcomes } = await attempted([FAMILY, anew]);
    expect(outcomes?.[1]).toMatchObject({ word: 'failed', reason: 'NOT NULL constraint failed: n.name' });
  });

  test('foreign keys are on: what only runs without them says so', async () => {
    expect((await attempted([FAMILY, 'INSERT INTO children VALUES (2, 99)'])).last).toEqual({
      word: 'partial',
      reason: 'it runs only while foreign keys are off: FOREIGN KEY constraint failed',
    });
    expect(
      (await attempted([FAMILY, 'PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (2, 99)'])).words,
    ).toEqual(['executed', 'executed']);
  });

  test('inside of its tool’s transaction PRAGMA foreign_keys does nothing', async () => {
    const text = 'PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (2, 99)';
    expect((await attempted([FAMILY, text], { wrapped: true })).words).toEqual(['executed', 'partial']);
  });

  test('transactions of its own, also unbalanced ones', async () => {
    expect((await attempted([FAMILY, 'BEGIN; DELETE FROM children; COMMIT; COMMIT'])).words).toEqual([
      'no-effect',
      'executed',
      'no-effect',
      'no-effect',
    ]);
  });

  test('what one migration sets, or holds for the time being, does not reach the next', async () => {
    const before = 'PRAGMA foreign_keys = OFF; BEGIN; CREATE TEMP TABLE kept (a)';
    expect((await attempted([before, 'CREATE TABLE kept (a); SELECT * FROM temp.kept'])).words).toEqual([
      'executed',
      'failed',
    ]);
  });
});

describe('what is not SQLite’s own', () => {
  test('functions and modules of the application, and what hangs on them', async () => {
    const { outcomes } = await attempted([
      'CREATE TABLE t (a)',
      'UPDATE t SET a = slug(a); CREATE VIRTUAL TABLE v USING vec0 (a); DROP TABLE v',
    ]);
    expect(outcomes?.map(({ word }) => word)).toEqual(['not-modelled', 'not-modelled', 'tainted']);
    expect(outcomes?.[0]?.reason).toMatch(/slug is none of SQLite's own functions/);
  });

  test('libSQL’s ALTER COLUMN', async () => {
    const { last } = await attempted([
      'CREATE TABLE t (a)',
      'ALTER TABLE t ALTER COLUMN a TO a TEXT NOT NULL',
    ]);
    expect(last).toEqual({ word: 'not-modelled', reason: "ALTER COLUMN … TO … is libSQL's own" });
  });
});

describe('hostile migrations', () => {
  test('no file is opened', async () => {
    const { words } = await attempted(["ATTACH '/etc/passwd' AS p; VACUUM INTO '/tmp/copy.db'; DETACH p"]);
    expect(words).toEqual(['not-modelled', 'not-modelled', 'not-modelled']);
    const engine = await openSqlite([]);
    const [result] = await engine.attempt([
      { path: 'm.sql', statements: [{ text: "ATTACH '/etc/passwd' AS p" }] },
    ]);
    await engine.close();
    // WebAssembly's own file system is empty
    expect(result?.outcomes[0]).toMatchObject({
      word: 'failed',
      reason: 'unable to open database: /etc/passwd',
    });
  });

  test('memory has an end, which cannot be moved', async () => {
    const text = `PRAGMA hard_heap_limit = 4000000000; PRAGMA main.max_page_count = 4000000; CREATE TABLE t AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) SELECT zeroblob(1000000) FROM n`;
    const { died, outcomes } = await attempted([text]);
    expect(died ?? outcomes?.at(-1)?.reason).toMatch(/memory/);
  });
});
