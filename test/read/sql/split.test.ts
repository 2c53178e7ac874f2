import { expect, test } from 'vitest';
import { split } from '../../../src/read/sql/split.ts';

const pieces = (text: string, dialect: Parameters<typeof split>[1] = 'postgres') =>
  split(text, dialect).map(({ start, end, notSql }) => (notSql ? `[${notSql}]` : text.slice(start, end)));

test.each([
  ['quotes', `SELECT 'a;''b'; SELECT "c;""d"`, [`SELECT 'a;''b'`, 'SELECT "c;""d"']],
  [
    'escapes in E strings only',
    `SELECT E'a\\';b'; SELECT 'a\\'; SELECT 1`,
    [`SELECT E'a\\';b'`, `SELECT 'a\\'`, 'SELECT 1'],
  ],
  [
    'dollar quotes',
    'SELECT $$a;b$$; SELECT $x$ $$;$$ $x$; SELECT $1',
    ['SELECT $$a;b$$', 'SELECT $x$ $$;$$ $x$', 'SELECT $1'],
  ],
  [
    'comments, nested ones too',
    '-- a;\nSELECT 1; /* b; /* c; */ ; */ SELECT 2 -- d;\n',
    ['SELECT 1', 'SELECT 2'],
  ],
  [
    'empty statements, carriage returns and a byte order mark',
    '\ufeff;;\r\nSELECT 1;\r\n ; \r\n',
    ['SELECT 1'],
  ],
  [
    'BEGIN ATOMIC',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3',
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END', 'SELECT 3'],
  ],
  [
    'BEGIN and END of a transaction',
    'BEGIN; SELECT 1; END; SELECT 2',
    ['BEGIN', 'SELECT 1', 'END', 'SELECT 2'],
  ],
  [
    'psql commands',
    '\\restrict abc\nSELECT 1;\n\\connect db\nSELECT 2',
    ['[a psql command]', 'SELECT 1', '[a psql command]', 'SELECT 2'],
  ],
  [
    'rows of COPY',
    "COPY t (a) FROM stdin;\n1;'\n\\.\nSELECT 1;",
    ['COPY t (a) FROM stdin', '[rows for COPY]', 'SELECT 1'],
  ],
  ['comments only', '-- nothing\n/* here */', []],
])('%s', (_, text, expected) => {
  expect(pieces(text)).toEqual(expected);
});

test('bodies of triggers in SQLite', () => {
  const trigger =
    'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d; END';
  expect(pieces(`${trigger}; SELECT 1`, 'sqlite')).toEqual([trigger, 'SELECT 1']);
});

test('what never ends runs to the end of the file and is marked', () => {
  const [first, open] = split("SELECT 1; SELECT 'abc; SELECT 2;", 'postgres');
  expect(first?.openAt).toBeUndefined();
  expect(open?.openAt).toBe(17);
  expect(split('SELECT 1; /* never', 'postgres')).toHaveLength(2);
});

test('twenty megabytes are split in one pass', () => {
  const text = `INSERT INTO t VALUES (1, 'a;b');\n`.repeat(600_000);
  expect(split(text, 'postgres')).toHaveLength(600_000);
});
