import { describe, expect, test } from 'vitest';
import { readPair } from './bench.ts';

/**
 * The cases by which drizzle-kit shows which branches commute (its tests at v1.0.0-rc.4), each as a pair of migrations of our
 * own; those of one pair stand here once, and those about merges in its graph of snapshots not at all, since git knows where
 * branches part. `otherwise`: why the word here is another one than drizzle-kit's.
 */
interface Case {
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
  readonly collides: boolean;
  readonly otherwise?: string;
}

const TWO_PROPERTIES = 'NOT NULL and the type are two properties: both orders leave the same schema';
const NO_POLICIES = 'policies and row security are not modelled, and the report of a check says so';

const T = 'CREATE TABLE t (c varchar(255));';
const USERS = 'CREATE TABLE users (email varchar(255));';
const KEYED = 'CREATE TABLE t (id integer PRIMARY KEY, c varchar(255));';
const TWO =
  'CREATE TABLE orders (customer_id integer, status varchar(20)); CREATE TABLE invoices (account_id integer);';
const CHECKED = 'CREATE TABLE t (c integer, CONSTRAINT chk CHECK (c > 0));';
const REFERS =
  'CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, p_id integer, CONSTRAINT t_p FOREIGN KEY (p_id) REFERENCES p (id));';

/** Those that say the same in PostgreSQL and MySQL. */
const BOTH: Readonly<Record<string, Case>> = {
  'the first migration of one and the last of the other': {
    ours: `${USERS} CREATE TABLE posts (description varchar(255));`,
    theirs: 'CREATE TABLE posts (content varchar(255) NOT NULL); CREATE TABLE media (url varchar(255));',
    collides: true,
  },
  'a table is dropped, and gets a column': {
    base: USERS,
    ours: 'DROP TABLE users;',
    theirs: 'ALTER TABLE users ADD COLUMN name varchar(255);',
    collides: true,
  },
  'one column, made otherwise': {
    base: 'CREATE TABLE users (id integer);',
    ours: 'ALTER TABLE users ADD COLUMN email varchar(255);',
    theirs: 'ALTER TABLE users ADD COLUMN email varchar(255) NOT NULL;',
    collides: true,
  },
  'one table, made otherwise': {
    ours: USERS,
    theirs: 'CREATE TABLE users (email varchar(255) NOT NULL);',
    collides: true,
  },
  'different tables': {
    ours: 'CREATE TABLE users (id integer);',
    theirs: 'CREATE TABLE posts (id integer);',
    collides: false,
  },
  'indexes on different tables': {
    base: TWO,
    ours: 'CREATE INDEX orders_customer ON orders (customer_id);',
    theirs: 'CREATE INDEX invoices_account ON invoices (account_id);',
    collides: false,
  },
  'indexes of two names on one table': {
    base: TWO,
    ours: 'CREATE INDEX orders_customer ON orders (customer_id);',
    theirs: 'CREATE INDEX orders_status ON orders (status);',
    collides: false,
  },
  'one unique constraint twice': {
    base: T,
    ours: 'ALTER TABLE t ADD CONSTRAINT t_uq UNIQUE (c);',
    theirs: 'ALTER TABLE t ADD CONSTRAINT t_uq UNIQUE (c);',
    collides: true,
  },
  'one view twice': {
    base: T,
    ours: 'CREATE VIEW v1 AS SELECT c FROM t;',
    theirs: 'CREATE VIEW v1 AS SELECT c FROM t;',
    collides: true,
  },
  'of three the two that add one column': {
    base: 'CREATE TABLE t (id integer);',
    ours: 'ALTER TABLE t ADD COLUMN a varchar(255);',
    theirs: 'ALTER TABLE t ADD COLUMN a varchar(255);',
    collides: true,
  },
  'of three the one that adds another': {
    base: 'CREATE TABLE t (id integer);',
    ours: 'ALTER TABLE t ADD COLUMN a varchar(255);',
    theirs: 'ALTER TABLE t ADD COLUMN b varchar(255);',
    collides: false,
  },
  'a branch that went on, and one beside it': {
    base: 'CREATE TABLE t (id integer);',
    ours: 'ALTER TABLE t ADD COLUMN c varchar(255); ALTER TABLE t ADD COLUMN e integer;',
    theirs: 'ALTER TABLE t ADD COLUMN d varchar(255);',
    collides: false,
  },
  'a view of a table that the other drops': {
    base: 'CREATE TABLE u (id integer); CREATE TABLE p (id integer);',
    ours: 'ALTER TABLE u ADD COLUMN email varchar(255); CREATE VIEW v_users AS SELECT email FROM u;',
    theirs: 'DROP TABLE u; ALTER TABLE p ADD COLUMN n integer;',
    collides: true,
  },
  'a new column, and another is dropped': {
    base: 'CREATE TABLE t (id integer, c varchar(255));',
    ours: 'ALTER TABLE t ADD COLUMN d varchar(255);',
    theirs: 'ALTER TABLE t DROP COLUMN c;',
    collides: false,
  },
  'an index on a table that the other drops': {
    base: T,
    ours: 'DROP TABLE t;',
    theirs: 'CREATE INDEX t_c ON t (c);',
    collides: true,
  },
};

const POSTGRES: Readonly<Record<string, Case>> = {
  'NOT NULL in a table that the other drops': {
    base: USERS,
    ours: 'DROP TABLE users;',
    theirs: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    collides: true,
  },
  'NOT NULL, and a column in the place of another': {
    base: USERS,
    ours: 'ALTER TABLE users ALTER COLUMN email SET NOT NULL; ALTER TABLE users RENAME COLUMN email TO email2;',
    theirs:
      'CREATE TABLE posts (content varchar); ALTER TABLE posts ALTER COLUMN content SET NOT NULL; DROP TABLE users;',
    collides: true,
  },
  'NOT NULL, and another type': {
    base: T,
    ours: 'ALTER TABLE t ALTER COLUMN c SET NOT NULL;',
    theirs: 'ALTER TABLE t ALTER COLUMN c TYPE integer USING c::integer;',
    collides: false,
    otherwise: TWO_PROPERTIES,
  },
  'two types': {
    base: T,
    ours: 'ALTER TABLE t ALTER COLUMN c TYPE text;',
    theirs: 'ALTER TABLE t ALTER COLUMN c TYPE integer USING c::integer;',
    collides: true,
  },
  'a schema is dropped, and gets a table': {
    base: 'CREATE SCHEMA app;',
    ours: 'DROP SCHEMA app;',
    theirs: 'CREATE TABLE app.t (id integer);',
    collides: true,
  },
  'a schema is dropped, and gets a type': {
    base: 'CREATE SCHEMA app;',
    ours: 'DROP SCHEMA app;',
    theirs: "CREATE TYPE app.e AS ENUM ('a');",
    collides: true,
  },
  'a schema is dropped, and another gets a table': {
    base: 'CREATE SCHEMA app;',
    ours: 'DROP SCHEMA app;',
    theirs: 'CREATE TABLE public.t (id integer);',
    collides: false,
  },
  'a table moves out of a schema that the other drops': {
    base: 'CREATE SCHEMA s1; CREATE TABLE s1.t1 (id integer); CREATE TABLE common_table (id integer);',
    ours: 'CREATE SCHEMA s2; ALTER TABLE s1.t1 SET SCHEMA s2; DROP SCHEMA s1;',
    theirs: 'DROP SCHEMA s1 CASCADE; CREATE TABLE new_table_in_public (id integer);',
    collides: true,
  },
  'one enum twice': {
    ours: "CREATE TYPE e1 AS ENUM ('a');",
    theirs: "CREATE TYPE e1 AS ENUM ('a');",
    collides: true,
  },
  'one sequence twice': { ours: 'CREATE SEQUENCE s1;', theirs: 'CREATE SEQUENCE s1;', collides: true },
  'values of one enum': {
    base: "CREATE TYPE status AS ENUM ('a');",
    ours: "ALTER TYPE status ADD VALUE 'b';",
    theirs: "ALTER TYPE status ADD VALUE 'c';",
    collides: true,
  },
  'values of two enums': {
    base: "CREATE TYPE status AS ENUM ('a'); CREATE TYPE color AS ENUM ('x');",
    ours: "ALTER TYPE status ADD VALUE 'b';",
    theirs: "ALTER TYPE color ADD VALUE 'y';",
    collides: false,
  },
  'one policy twice': {
    base: T,
    ours: 'CREATE POLICY p ON t FOR SELECT USING (true);',
    theirs: 'CREATE POLICY p ON t FOR SELECT USING (c IS NULL);',
    collides: false,
    otherwise: NO_POLICIES,
  },
  'row security, on and off': {
    base: T,
    ours: 'ALTER TABLE t ENABLE ROW LEVEL SECURITY;',
    theirs: 'ALTER TABLE t DISABLE ROW LEVEL SECURITY;',
    collides: false,
    otherwise: NO_POLICIES,
  },
  'a primary key, otherwise and not at all': {
    base: KEYED,
    ours: 'ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (id, c);',
    theirs: 'ALTER TABLE t DROP CONSTRAINT t_pkey;',
    collides: true,
  },
  'a unique constraint made, and another dropped': {
    base: 'CREATE TABLE t (c varchar CONSTRAINT t_c UNIQUE, d varchar);',
    ours: 'ALTER TABLE t ADD CONSTRAINT t_d UNIQUE (d);',
    theirs: 'ALTER TABLE t DROP CONSTRAINT t_c;',
    collides: false,
    otherwise: 'they are two constraints, as drizzle-kit itself says of MySQL',
  },
  'a foreign key, otherwise and not at all': {
    base: REFERS,
    ours: 'ALTER TABLE t DROP CONSTRAINT t_p; ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE;',
    theirs: 'ALTER TABLE t DROP CONSTRAINT t_p;',
    collides: true,
  },
  'a check, otherwise and not at all': {
    base: CHECKED,
    ours: 'ALTER TABLE t DROP CONSTRAINT chk; ALTER TABLE t ADD CONSTRAINT chk CHECK (c > 5);',
    theirs: 'ALTER TABLE t DROP CONSTRAINT chk;',
    collides: true,
  },
  'new tables of several migrations': {
    ours: 'CREATE TABLE a1 (id integer); CREATE TABLE a2 (id integer);',
    theirs: 'CREATE TABLE b (id integer);',
    collides: false,
  },
  'forks below forks': {
    base: 'CREATE TABLE b (id integer);',
    ours: 'CREATE TABLE x (id integer);',
    theirs: 'CREATE TABLE y (id integer); CREATE TABLE a (id integer);',
    collides: false,
  },
};

const MYSQL: Readonly<Record<string, Case>> = {
  'NOT NULL, and a column in the place of another': {
    base: USERS,
    ours: 'ALTER TABLE users MODIFY email varchar(255) NOT NULL; ALTER TABLE users RENAME COLUMN email TO email2;',
    theirs: 'CREATE TABLE posts (content varchar(255)); DROP TABLE users;',
    collides: true,
  },
  'NOT NULL in a table that the other drops': {
    base: USERS,
    ours: 'DROP TABLE users;',
    theirs: 'ALTER TABLE users MODIFY email varchar(255) NOT NULL;',
    collides: true,
  },
  'NOT NULL, and another type': {
    base: T,
    ours: 'ALTER TABLE t MODIFY c varchar(255) NOT NULL;',
    theirs: 'ALTER TABLE t MODIFY c int;',
    collides: true,
  },
  'a primary key, otherwise and not at all': {
    base: KEYED,
    ours: 'ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, c);',
    theirs: 'ALTER TABLE t DROP PRIMARY KEY;',
    collides: true,
  },
  'a unique constraint made, and another dropped': {
    base: 'CREATE TABLE t (c varchar(255), d varchar(255), CONSTRAINT t_c UNIQUE (c));',
    ours: 'ALTER TABLE t ADD CONSTRAINT t_d UNIQUE (d);',
    theirs: 'DROP INDEX t_c ON t;',
    collides: false,
  },
  'a foreign key, otherwise and not at all': {
    base: REFERS,
    ours: 'ALTER TABLE t DROP FOREIGN KEY t_p; ALTER TABLE t ADD CONSTRAINT t_p FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE;',
    theirs: 'ALTER TABLE t DROP FOREIGN KEY t_p;',
    collides: true,
  },
  'a check, otherwise and not at all': {
    base: CHECKED,
    ours: 'ALTER TABLE t DROP CHECK chk; ALTER TABLE t ADD CONSTRAINT chk CHECK (c > 5);',
    theirs: 'ALTER TABLE t DROP CHECK chk;',
    collides: true,
    otherwise: 'drizzle-kit writes no statement for an altered check, as its test says',
  },
};

/** A table made anew, as SQLite alters a column. */
const anew = (column: string) =>
  `CREATE TABLE __new_users (${column}); INSERT INTO __new_users SELECT email FROM users; DROP TABLE users; ALTER TABLE __new_users RENAME TO users;`;

const SQLITE: Readonly<Record<string, Case>> = {
  'one column, altered otherwise': {
    base: 'CREATE TABLE users (email text);',
    ours: anew('email text NOT NULL'),
    theirs: anew('email integer'),
    collides: true,
  },
  'different tables': {
    ours: 'CREATE TABLE users (id integer);',
    theirs: 'CREATE TABLE posts (id integer);',
    collides: false,
  },
  'a table is dropped, and gets a column': {
    base: 'CREATE TABLE users (id integer);',
    ours: 'DROP TABLE users;',
    theirs: 'ALTER TABLE users ADD COLUMN email text;',
    collides: true,
  },
  'one table, made otherwise': {
    ours: 'CREATE TABLE users (id integer);',
    theirs: 'CREATE TABLE users (email text);',
    collides: true,
  },
  'indexes on two columns of one table': {
    base: 'CREATE TABLE orders (customer_id integer, status text);',
    ours: 'CREATE INDEX orders_customer ON orders (customer_id);',
    theirs: 'CREATE INDEX orders_status ON orders (status);',
    collides: false,
  },
  'one view, renamed otherwise': {
    base: 'CREATE TABLE t (id integer); CREATE VIEW v AS SELECT id FROM t;',
    ours: 'DROP VIEW v; CREATE VIEW v_a AS SELECT id FROM t;',
    theirs: 'DROP VIEW v; CREATE VIEW v_b AS SELECT id FROM t;',
    collides: true,
  },
  'independent forks': {
    base: 'CREATE TABLE users (id integer);',
    ours: 'CREATE TABLE likes (id integer);',
    theirs: 'CREATE TABLE groups (id integer);',
    collides: false,
  },
};

describe.each([
  ['postgres', { ...BOTH, ...POSTGRES }],
  ['mysql', { ...BOTH, ...MYSQL }],
  ['sqlite', SQLITE],
] as const)('branches of %s', (dialect, cases) => {
  test.each(Object.entries(cases))('%s', async (_, { base = '', ours, theirs, collides }) => {
    expect((await readPair(base, { ours, theirs }, dialect)).length > 0).toBe(collides);
    expect((await readPair(base, { ours: theirs, theirs: ours }, dialect)).length > 0).toBe(collides);
  });
});
