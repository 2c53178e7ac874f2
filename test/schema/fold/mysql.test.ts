import { describe, expect, test } from 'vitest';
import { columnsOf, folded } from './by-dialect.ts';

const inMysql = (...files: readonly string[]) => folded('mysql', ...files);

const BASE = `CREATE TABLE p (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, code varchar(9), UNIQUE KEY (code));
  CREATE TABLE c (id int PRIMARY KEY, p_id int unsigned, note text, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));
  CREATE INDEX by_note ON c (note(20));`;

describe('in MySQL’s own words', () => {
  test.each([
    ['CREATE TABLE P (a int)', "Table 'P' already exists"],
    ['DROP TABLE nothing', "Unknown table 'nothing'"],
    ['DROP TABLE p', "Cannot drop table 'p' referenced by a foreign key constraint 'fk' on table 'c'."],
    ['ALTER TABLE nothing ADD a int', "Table 'nothing' doesn't exist"],
    ['ALTER TABLE c ADD note int', "Duplicate column name 'note'"],
    ['ALTER TABLE c DROP nothing', "Can't DROP 'nothing'; check that column/key exists"],
    ['ALTER TABLE c DROP p_id', "Cannot drop column 'p_id': needed in a foreign key constraint 'fk'"],
    ['ALTER TABLE c MODIFY nothing int', "Unknown column 'nothing' in 'c'"],
    ['ALTER TABLE c ADD INDEX by_note (id)', "Duplicate key name 'by_note'"],
    ['ALTER TABLE c ADD PRIMARY KEY (note)', 'Multiple primary key defined'],
    ['CREATE INDEX i ON c (nothing)', "Key column 'nothing' doesn't exist in table"],
    ['DROP INDEX fk ON c', "Cannot drop index 'fk': needed in a foreign key constraint"],
    ['ALTER TABLE c DROP FOREIGN KEY nothing', "Can't DROP 'nothing'; check that column/key exists"],
    [
      'ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES nowhere (id)',
      "Failed to open the referenced table 'nowhere'",
    ],
    [
      'ALTER TABLE c ADD CONSTRAINT f2 FOREIGN KEY (id) REFERENCES p (id)',
      "Referencing column 'id' and referenced column 'id' in foreign key constraint 'f2' are incompatible.",
    ],
    ['CREATE VIEW v AS SELECT 1 FROM nowhere', "Table 'nowhere' doesn't exist"],
    ['INSERT INTO c (nothing) VALUES (1)', "Unknown column 'nothing' in 'field list'"],
  ])('%s', async (text, message) => {
    const { errors } = await inMysql(BASE, text);
    expect(errors).toEqual([message]);
  });

  test('SET foreign_key_checks = 0 lets them pass, for that file', async () => {
    const off = await inMysql(
      BASE,
      'SET foreign_key_checks = 0; DROP TABLE p; CREATE TABLE d (a int, FOREIGN KEY (a) REFERENCES later (id));',
    );
    expect(off.errors).toEqual([]);
    const next = await inMysql(BASE, 'SET foreign_key_checks = 0;', 'DROP TABLE p');
    expect(next.errors).toHaveLength(1);
  });
});

describe('columns', () => {
  test('FIRST, AFTER, MODIFY and CHANGE: what is not repeated is gone', async () => {
    const { table, errors } = await inMysql(
      BASE,
      `ALTER TABLE c ADD a int NOT NULL DEFAULT 1 FIRST, ADD b datetime AFTER a;
       ALTER TABLE c MODIFY a bigint, CHANGE note body mediumtext NOT NULL AFTER id;`,
    );
    expect(errors).toEqual([]);
    expect(columnsOf(table('c'))).toEqual([
      'a bigint',
      'b datetime',
      'id int NOT NULL',
      'body mediumtext NOT NULL',
      'p_id int unsigned',
    ]);
    expect(table('c').indexes.find((one) => one.name === 'by_note')?.columns).toEqual(['body']);
  });

  test('the last column of an index takes the index with it', async () => {
    const { table } = await inMysql(
      'CREATE TABLE t (a int, b int, KEY ab (a, b), KEY b (b)); ALTER TABLE t DROP b',
    );
    expect(table('t').indexes.map((one) => [one.name, one.columns])).toEqual([['ab', ['a']]]);
  });

  test('REFERENCES on a column does nothing in InnoDB', async () => {
    const { table } = await inMysql(BASE, 'CREATE TABLE d (p int unsigned REFERENCES p (id))');
    expect(table('d').constraints).toEqual([]);
  });
});

describe('indexes and names', () => {
  test('InnoDB makes an index for a foreign key where none serves, and lets it go for one that does', async () => {
    const made = await inMysql(BASE);
    expect(made.table('c').indexes.map((one) => `${one.name} ${one.madeBy}`)).toEqual([
      'PRIMARY constraint',
      'fk engine',
      'by_note user',
    ]);
    const replaced = await inMysql(BASE, 'CREATE INDEX both ON c (p_id, id)');
    expect(replaced.table('c').indexes.map((one) => one.name)).toEqual(['PRIMARY', 'by_note', 'both']);
    const kept = await inMysql(BASE, 'ALTER TABLE c DROP FOREIGN KEY fk');
    expect(kept.table('c').indexes.map((one) => one.name)).toContain('fk');
  });

  test('names that MySQL gives', async () => {
    const { table, errors } = await inMysql(
      BASE,
      `CREATE TABLE t (a int, b int, c int unsigned, UNIQUE (a), UNIQUE (a, b), KEY (b), FOREIGN KEY (c) REFERENCES p (id), CHECK (a > 0));
       RENAME TABLE t TO u; CREATE TABLE v (k int, KEY by_note (k));`,
    );
    expect(errors).toEqual([]);
    expect(table('u').indexes.map((one) => one.name)).toEqual(['a', 'a_2', 'c', 'b']);
    expect(table('u').constraints.map((one) => one.name)).toEqual(['a', 'a_2', 't_chk_1', 'u_ibfk_1']);
  });

  test('an index is replaced within one statement', async () => {
    const { errors } = await inMysql(BASE, 'ALTER TABLE c DROP INDEX fk, ADD INDEX fk2 (p_id, note(5))');
    expect(errors).toEqual([]);
  });
});
