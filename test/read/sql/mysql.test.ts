import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../../src/read/sql/read-sql.ts';
import { typeText } from '../../../src/schema/name.ts';
import type { Operation } from '../../../src/schema/operation.ts';

beforeAll(() => loadSqlReader('mysql'));

const read = (text: string) => readSql('a.sql', text, 'mysql').statements;
const operations = (text: string) => read(text).flatMap((statement) => statement.operations);
const plain = (text: string) => operations(text).map(({ span: _, ...rest }) => rest);
const covered = (text: string, { line, column, endColumn }: Operation['span']) =>
  text.split('\n')[line - 1]?.slice(column - 1, endColumn - 1);

describe('tables', () => {
  test('types in one spelling, what stands on columns, keys and indexes among them, options', () => {
    const [table, ...indexes] = operations(`CREATE TABLE \`db\`.\`t\` (
      id INTEGER UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'a;b' PRIMARY KEY,
      name varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT "x\\"y",
      kind enum('a','b') DEFAULT 'a', on_at timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
      ok BOOLEAN, n DECIMAL(10, 2), s SERIAL, \`key\` text, total int GENERATED ALWAYS AS (n * 2) VIRTUAL,
      KEY (name(10)), INDEX by_kind USING HASH (kind, n DESC), FULLTEXT KEY words (name), FULLTEXT said (name, kind),
      UNIQUE KEY one (n), CONSTRAINT fk FOREIGN KEY by_n (n) REFERENCES p (id) ON DELETE CASCADE,
      CHECK (n > 0) NOT ENFORCED
    ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='c' # the end`);
    if (table?.kind !== 'create-table') throw new Error('no table');
    expect(table.table).toEqual({ name: 't' });
    expect(
      table.columns.map(({ name, type, notNull }) => `${name} ${typeText(type)}${notNull ? '!' : ''}`),
    ).toEqual([
      'id int unsigned!',
      'name varchar(20)!',
      "kind enum('a','b')",
      'on_at timestamp(3)',
      'ok tinyint(1)',
      'n decimal(10,2)',
      's bigint unsigned!',
      'key text',
      'total int',
    ]);
    expect(table.columns[0]).toMatchObject({ identity: 'by default' });
    expect(table.columns[3]).toMatchObject({
      default: 'CURRENT_TIMESTAMP(3)',
      onUpdate: 'CURRENT_TIMESTAMP(3)',
    });
    expect(table.constraints).toMatchObject([
      { kind: 'unique', name: 'one', columns: ['n'] },
      { kind: 'foreign key', name: 'fk', onDelete: 'cascade' },
      { kind: 'check', notValid: true },
    ]);
    expect(indexes).toMatchObject([
      { kind: 'create-index', keys: [{ column: 'name' }], method: 'btree' },
      { name: 'by_kind', method: 'hash', keys: [{ column: 'kind' }, { column: 'n', order: 'DESC' }] },
      { name: 'words', method: 'fulltext' },
      { name: 'said', method: 'fulltext', keys: [{ column: 'name' }, { column: 'kind' }] },
    ]);
  });

  test('an ALTER TABLE is several operations, each with its own place, drops before what needs them gone', () => {
    const text =
      'ALTER TABLE t ADD INDEX i (b), ADD COLUMN b int NOT NULL AFTER a, DROP FOREIGN KEY fk, MODIFY c varchar(9), CHANGE d e int FIRST, ENGINE=InnoDB, RENAME INDEX x TO y, DROP PRIMARY KEY';
    expect(operations(text).map((one) => `${one.kind}: ${covered(text, one.span)}`)).toEqual([
      'drop-constraint: DROP FOREIGN KEY fk',
      'drop-constraint: DROP PRIMARY KEY',
      'redefine-column: MODIFY c varchar(9)',
      'redefine-column: CHANGE d e int FIRST',
      'add-column: b int NOT NULL',
      'create-index: ADD INDEX i (b)',
      'rename-index: RENAME INDEX x TO y',
    ]);
  });

  test('several at once, and forms of MariaDB', () => {
    expect(
      plain(
        'RENAME TABLE a TO b, c TO d; DROP TABLE IF EXISTS e, f; ALTER TABLE t ADD COLUMN IF NOT EXISTS (g int, h int)',
      ).map((one) => `${one.kind}${one.tolerant ? '?' : ''}`),
    ).toEqual(['rename-table', 'rename-table', 'drop-table?', 'drop-table?', 'add-column?', 'add-column?']);
  });

  test('options alone change nothing that is modelled', () => {
    for (const text of [
      'ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
      'ALTER TABLE t ENGINE = InnoDB',
    ])
      expect(plain(text)).toEqual([{ kind: 'no-effect', what: 'ALTER TABLE options' }]);
  });
});

describe('rows and the session', () => {
  test.each([
    ['UPDATE a JOIN b ON a.id = b.a_id SET a.x = b.y WHERE b.z', 'update', ['x'], ['a', 'b']],
    [
      'DELETE o FROM orders AS o LEFT JOIN c ON c.id = o.c_id WHERE c.id IS NULL',
      'delete',
      [],
      ['orders', 'c'],
    ],
    ['INSERT IGNORE INTO t SET a = 1, b = 2', 'insert', ['a', 'b'], ['t']],
    ['INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)', 'insert', ['a'], ['t']],
  ])('%s', (text, verb, columns, tables) => {
    const [statement] = read(text);
    expect(statement?.operations).toMatchObject([
      { kind: 'write-rows', verb, columns, table: { name: tables[0] } },
    ]);
    expect([...new Set(statement?.uses.map((use) => use.table.name))].sort()).toEqual([...tables].sort());
  });

  test('foreign_key_checks, in whichever form, and other SETs', () => {
    expect(plain('SET FOREIGN_KEY_CHECKS = 0; SET @OLD = @@x, foreign_key_checks=1; SET NAMES utf8')).toEqual(
      [
        { kind: 'set-session', name: 'foreign_keys', on: false },
        { kind: 'set-session', name: 'foreign_keys', on: true },
        { kind: 'no-effect', what: 'SET' },
      ],
    );
  });

  test('what runs a text that is not there is not modelled', () => {
    expect(read('EXECUTE stmt')[0]?.notModelled).toMatch(/put together at run time/);
    expect(read('CALL tidy_up(1)')[0]?.notModelled).toMatch(/procedure/);
  });
});

describe('statements are told apart', () => {
  test('DELIMITER, and bodies with loops and branches without it', () => {
    const body =
      'BEGIN IF a THEN SELECT 1; ELSE SELECT 2; END IF; WHILE b DO SET c = CASE d WHEN 1 THEN 2 END; END WHILE; END';
    const text = `DELIMITER //\nCREATE PROCEDURE p() ${body} //\nDELIMITER ;\nSELECT 1;\nCREATE PROCEDURE q() ${body};\nSELECT 2`;
    expect(read(text).map((statement) => statement.operations[0]?.kind)).toEqual([
      'create-function',
      'read-rows',
      'create-function',
      'read-rows',
    ]);
  });

  test('a word that opens no statement is an error', () => {
    expect(read('ALTR TABLE t ADD a int')[0]?.unread?.message).toBe('near "ALTR": syntax error');
  });
});
