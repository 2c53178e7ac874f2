import { describe, expect, test } from 'vitest';
import { openChild } from '../../../src/prove/child.ts';
import { toSql } from '../../../src/report/schema/sql.ts';
import { compare } from '../../../src/schema/compare.ts';
import { shown } from './shown.ts';

/** What building the schema anew from its own SQL makes of it: the SQL, and what differs. */
async function rebuilt(sql: string) {
  const first = await shown(sql);
  const text = toSql(first);
  const second = await shown(text);
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
