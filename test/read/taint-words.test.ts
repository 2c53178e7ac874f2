import { beforeAll, describe, expect, test } from 'vitest';
import { foldSource } from '../../src/read/replay.ts';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { emptySchema, openFold } from '../../src/schema/fold.ts';

beforeAll(async () => {
  await loadSqlReader('postgres');
  await loadSqlReader('mysql');
});

const POSTS = `CREATE TABLE posts (id int PRIMARY KEY, title text);
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE posts ADD COLUMN IF NOT EXISTS at date; END $$;
CREATE FUNCTION fill() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE posts SET title = ''; END $$;`;

const loop = (body: string) =>
  `DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM posts LOOP ${body} END LOOP; END $$`;

/** What the fold says of a statement behind one that is not followed: refused, or refused in doubt. */
function said(before: string, statement: string): string {
  const fold = openFold(emptySchema('migrations', 'postgres'));
  const steps = foldSource(fold, readSql('1.sql', `${POSTS};${before};${statement}`, 'postgres'));
  const error = steps.at(-1)?.applied.find((one) => one.error)?.error;
  return error ? (error.tainted ? 'in doubt' : 'refused') : 'applies';
}

const DROP = 'ALTER TABLE posts DROP COLUMN at';
const ADD = 'ALTER TABLE posts ADD COLUMN title text';

describe('a statement that is not followed casts doubt', () => {
  test.each([
    ['a loop that alters the table', loop('ALTER TABLE posts ADD COLUMN at date;'), DROP, 'in doubt'],
    ['a function that does, called by name', 'SELECT widen()', DROP, 'in doubt'],
    ['one called in a loop', loop('PERFORM widen();'), DROP, 'in doubt'],
    [
      'dynamic SQL whose column is anyone’s',
      loop("EXECUTE format('ALTER TABLE posts ADD %I date', r.id);"),
      DROP,
      'in doubt',
    ],
    [
      'a name put together',
      loop("EXECUTE format('CREATE TABLE %s_posts ()', r.id);"),
      'DROP TABLE old_posts',
      'in doubt',
    ],
  ])('%s', (_, before, statement, words) => {
    expect(said(before, statement)).toBe(words);
  });
});

test.each([
  ['CALL `?`()', 'in doubt'],
  ['CALL `?`', 'in doubt'],
  ['DO 1', 'refused'],
])("MySQL's procedure casts the doubt of its body where it is called: %s", (call, words) => {
  const fold = openFold(emptySchema('migrations', 'mysql'));
  const text = `CREATE TABLE posts (id int PRIMARY KEY);
    DELIMITER //
    CREATE PROCEDURE \`?\`() BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; CREATE INDEX by_id ON posts (id); END //
    DELIMITER ;
    ${call};
    DROP INDEX by_id ON posts;`;
  const error = foldSource(fold, readSql('1.sql', text, 'mysql'))
    .at(-1)
    ?.applied.find((one) => one.error)?.error;
  expect(error?.tainted ? 'in doubt' : error && 'refused').toBe(words);
});

describe('and none', () => {
  test.each([
    ['on a column that it does not name', loop('ALTER TABLE posts ADD COLUMN at date;'), ADD],
    ['where it only touches rows', loop("UPDATE posts SET title = 'at';"), DROP],
    [
      'where what it makes is temporary',
      loop('CREATE TEMP TABLE at AS SELECT * FROM posts; DROP TABLE at;'),
      DROP,
    ],
    ['by functions that only touch rows', 'SELECT fill()', DROP],
    [
      'on names that it does not put together',
      loop("EXECUTE format('CREATE TABLE %s_posts ()', r.id);"),
      'DROP TABLE tags',
    ],
  ])('%s', (_, before, statement) => {
    expect(said(before, statement)).toBe('refused');
  });
});
