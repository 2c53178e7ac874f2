import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import { openChild } from '../../../src/prove/child.ts';
import { toSql } from '../../../src/report/schema/sql.ts';
import { compare } from '../../../src/schema/compare.ts';
import type { Dialect } from '../../../src/schema/schema.ts';
import { shown } from './shown.ts';

/** What building the schema anew from its own SQL makes of it: the SQL, and what differs. */
async function rebuilt(sql: string, dialect: Dialect = 'postgres') {
  const first = await shown(sql, dialect);
  const text = toSql(first);
  const second = await shown(text, dialect);
  const { lost, made } = compare(first.schema, second.schema);
  return { text, differences: [...lost, ...made].map(({ operation }) => operation.kind) };
}

describe('Postgres', () => {
  test.each([
    [
      'keys, defaults, checks',
      `CREATE TABLE customers (id bigserial PRIMARY KEY, email varchar(320) NOT NULL UNIQUE, at timestamptz DEFAULT now() NOT NULL);
       CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric(12,2) CHECK (total >= 0),
         twice numeric GENERATED ALWAYS AS (total * 2) STORED, customer_id bigint REFERENCES customers ON DELETE CASCADE);`,
    ],
    [
      'tables that refer to each other, and one to itself',
      `CREATE TABLE a (id int PRIMARY KEY, b_id int, parent_id int REFERENCES a);
       CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id));
       ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id) DEFERRABLE NOT VALID;
       ALTER TABLE b ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;`,
    ],
    [
      'names that need quotes, types of the user',
      `CREATE SCHEMA app; CREATE TYPE app."Mood" AS ENUM ('so-so', 'it''s fine');
       CREATE DOMAIN app.email AS text CHECK (VALUE LIKE '%@%');
       CREATE TABLE app."User" ("order" int PRIMARY KEY, mood app."Mood" DEFAULT 'so-so', moods app."Mood"[], mail app.email);`,
    ],
    [
      'indexes of every shape',
      `CREATE TABLE t (a int, b text, c jsonb, d int);
       CREATE INDEX ON t (a DESC, b text_pattern_ops) WHERE d IS NOT NULL; CREATE INDEX t_low ON t (lower(b), (a + d));
       CREATE UNIQUE INDEX t_u ON t (a) INCLUDE (b) NULLS NOT DISTINCT; CREATE INDEX t_c ON t USING gin (c jsonb_path_ops);`,
    ],
    [
      'partitions and their indexes',
      `CREATE TABLE events (at date NOT NULL, id bigint, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
       CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
       CREATE TABLE events_2 (at date NOT NULL, id bigint NOT NULL);
       ALTER TABLE events ATTACH PARTITION events_2 DEFAULT; CREATE INDEX events_at ON events (at);`,
    ],
    [
      'sequences, functions, triggers, views',
      `CREATE SEQUENCE numbers; CREATE TABLE t (id int DEFAULT nextval('numbers') PRIMARY KEY, at timestamptz);
       ALTER SEQUENCE numbers OWNED BY t.id;
       CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at = now(); RETURN NEW; END; $$;
       CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
       CREATE FUNCTION newest(r t) RETURNS timestamptz LANGUAGE sql AS 'SELECT r.at';
       CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM v; CREATE UNIQUE INDEX m_id ON m (id);`,
    ],
    [
      'what was renamed and altered',
      `CREATE TABLE a (id serial PRIMARY KEY, x text); ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME COLUMN x TO y;
       ALTER TABLE b ALTER y SET DEFAULT 'x', ALTER y SET NOT NULL; ALTER TABLE b ALTER COLUMN y TYPE varchar(9);`,
    ],
  ])('%s', async (_, sql) => {
    const { differences, text } = await rebuilt(sql);
    expect(differences, text).toEqual([]);
    expect(text).not.toContain('-- Not written');
  });

  test('says what it cannot write', async () => {
    const { text } = await rebuilt(
      `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() RENAME TO g;`,
    );
    expect(text).toContain('-- Not written: function g(), made in 1.sql:1.');
  });
});

describe('MySQL', () => {
  test('counters, updates of a row, computed columns, reserved names, bodies', async () => {
    const { differences, text } = await rebuilt(
      `CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, total decimal(10,2) NOT NULL,
         at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
         twice decimal(10,2) AS (total * 2), kept decimal(10,2) AS (total * 3) STORED, \`blob\` mediumblob);
       DELIMITER //
       CREATE PROCEDURE tidy() BEGIN DELETE FROM orders; END//
       DELIMITER ;`,
      'mysql',
    );
    expect(differences, text).toEqual([]);
    expect(text).toContain('id bigint unsigned AUTO_INCREMENT NOT NULL');
    expect(text).toContain('DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP NOT NULL');
    expect(text).toContain('`blob` mediumblob');
    expect(text).toContain(
      'DELIMITER $$\nCREATE PROCEDURE tidy() BEGIN DELETE FROM orders; END$$\nDELIMITER ;',
    );
    expect(text).toMatch(/total \* 2\) VIRTUAL,\n.*total \* 3\) STORED/);
  });
});

/** What SQLite itself says of a database that a text of SQL builds. */
async function catalogOf(sql: string) {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.exec(sql);
  const rows = (query: string) => database.exec(query)[0]?.values ?? [];
  const tables = `FROM pragma_table_list t JOIN sqlite_master m ON m.name = t.name`;
  return {
    tables: rows(`SELECT t.name, t.wr, t.strict, m.sql LIKE '%autoincrement%' ${tables} ORDER BY 1`),
    columns: rows(`SELECT t.name, c.name, lower(c.type), c."notnull" OR c.pk, c.dflt_value, c.pk, c.hidden
      ${tables} JOIN pragma_table_xinfo(t.name) c ORDER BY 1, c.cid`),
    keys: rows(`SELECT t.name, f."table", f."from", f."to", f.on_delete ${tables}
      JOIN pragma_foreign_key_list(t.name) f ORDER BY 1, 2, 3`),
    indexes: rows(`SELECT t.name, i."unique", i.origin, i.partial, x.name, x."desc", lower(x.coll) ${tables}
      JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) x WHERE x.key ORDER BY 1, 3, i.name, x.seqno`),
  };
}

test.each([
  [
    'keys that count, and one that does not',
    `CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, total REAL NOT NULL DEFAULT 0, CHECK (total >= 0));
     CREATE TABLE lines (id integer PRIMARY KEY, order_id integer REFERENCES orders (id) ON DELETE CASCADE, UNIQUE (order_id, id));`,
  ],
  [
    'tables of one kind of value, or without a number of each row',
    `CREATE TABLE words (word TEXT PRIMARY KEY, seen ANY) STRICT, WITHOUT ROWID; CREATE TABLE n (a INT) STRICT;`,
  ],
  [
    'computed columns, types in any words, indexes',
    `CREATE TABLE users (name TEXT, low TEXT AS (lower(name)), kept TEXT AS (upper(name)) STORED, "index" TEXT, odd "varchar 10");
     CREATE UNIQUE INDEX by_low ON users (low DESC, name COLLATE NOCASE) WHERE kept <> 'X';`,
  ],
  [
    'a table that was made anew under another name, with its name in a CHECK',
    `CREATE TABLE pages (id integer PRIMARY KEY, kind text);
     CREATE TABLE __new_pages (id integer PRIMARY KEY, kind text, CHECK ("__new_pages"."kind" IN ('a', 'b')));
     DROP TABLE pages; ALTER TABLE __new_pages RENAME TO pages;`,
  ],
])('SQLite says the same of %s', async (_, sql) => {
  const text = toSql(await shown(sql, 'sqlite'));
  expect(await catalogOf(text), text).toEqual(await catalogOf(sql));
});

describe('DuckDB', () => {
  test('applies in the engine', async () => {
    const first = await shown(
      `CREATE SCHEMA app; CREATE SEQUENCE ids; CREATE TYPE app.mood AS ENUM ('a', 'b');
       CREATE TABLE child (id INTEGER PRIMARY KEY DEFAULT nextval('ids'), tags VARCHAR[]);
       CREATE TABLE parent (id INTEGER PRIMARY KEY, m app.mood, child_id INTEGER REFERENCES child (id), CHECK (id > 0));
       CREATE TABLE app.other ("order" INTEGER); CREATE INDEX parent_child ON parent (child_id); CREATE VIEW v AS SELECT id FROM child;`,
      'duckdb',
    );
    const engine = openChild();
    try {
      const scratch = await engine.open();
      const { failed } = await scratch.run(toSql(first).split(/;\n/));
      expect(failed).toBeUndefined();
      const tables = 'SELECT table_name FROM information_schema.tables ORDER BY ALL';
      expect((await scratch.query(tables, 9)).map((row) => row.table_name)).toEqual([
        'child',
        'other',
        'parent',
        'v',
      ]);
    } finally {
      engine.close();
    }
  });
});
