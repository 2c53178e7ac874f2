/**
 * Small migrations that PostgreSQL refuses at their last statement, in the words after `-- !`; everything before applies.
 * Each was run against PostgreSQL 18.4. What it puts into DETAIL the fold says in brief behind a colon: `(: …)`.
 */
export const REFUSALS: Readonly<Record<string, string>> = {
  'CREATE TABLE': `
CREATE TABLE posts (id bigint PRIMARY KEY);
CREATE TABLE posts (title text);
-- ! relation "posts" already exists

CREATE VIEW posts AS SELECT 1 AS id;
CREATE TABLE posts (id bigint);
-- ! relation "posts" already exists

CREATE SEQUENCE posts;
CREATE TABLE posts (id bigint);
-- ! relation "posts" already exists

CREATE TABLE authors (name text);
CREATE INDEX posts ON authors (name);
CREATE TABLE posts (id bigint);
-- ! relation "posts" already exists

CREATE TYPE mood AS ENUM ('calm');
CREATE TABLE mood (id bigint);
-- ! type "mood" already exists

CREATE TABLE blog.posts (id bigint);
-- ! schema "blog" does not exist

CREATE TABLE posts (id bigint, id text);
-- ! column "id" specified more than once

CREATE TABLE posts (id bigint, ctid text);
-- ! column name "ctid" conflicts with a system column name

CREATE TABLE posts (state state);
-- ! type "state" does not exist

CREATE TABLE posts (state blog.state);
-- ! schema "blog" does not exist

CREATE TABLE posts (id bigint PRIMARY KEY, slug text, PRIMARY KEY (slug));
-- ! multiple primary keys for table "posts" are not allowed

CREATE TABLE posts (id bigint, PRIMARY KEY (slug));
-- ! column "slug" named in key does not exist

CREATE TABLE posts (id bigint, UNIQUE (id, id));
-- ! column "id" appears twice in unique constraint

CREATE TABLE posts (id bigint, body json UNIQUE);
-- ! data type json has no default operator class for access method "btree"

CREATE TABLE posts (id bigint, CHECK (length(title) > 0));
-- ! column "title" does not exist

CREATE TABLE posts (id bigint, CONSTRAINT one CHECK (id > 0), CONSTRAINT one CHECK (id > 1));
-- ! check constraint "one" already exists

CREATE TABLE posts (id text GENERATED ALWAYS AS IDENTITY);
-- ! identity column type must be smallint, integer, or bigint

CREATE TABLE posts (id bigint DEFAULT 1 GENERATED ALWAYS AS IDENTITY);
-- ! both default and identity specified for column "id" of table "posts"

CREATE TABLE posts (id bigint, next bigint DEFAULT 1 GENERATED ALWAYS AS (id + 1) STORED);
-- ! both default and generation expression specified for column "next" of table "posts"

CREATE TABLE posts (id bigint DEFAULT nextval('posts_seq'));
-- ! relation "posts_seq" does not exist

CREATE TYPE state AS ENUM ('draft', 'published');
CREATE TABLE posts (state state DEFAULT 'gone');
-- ! invalid input value for enum state: "gone"

CREATE TABLE posts (id uuid DEFAULT uuid_generate_v4());
-- ! function uuid_generate_v4() does not exist

CREATE TABLE posts (LIKE drafts);
-- ! relation "drafts" does not exist

CREATE TABLE drafts (id bigint);
CREATE TABLE posts (id bigint, LIKE drafts);
-- ! column "id" specified more than once

CREATE TABLE posts () INHERITS (drafts);
-- ! relation "drafts" does not exist

CREATE TABLE drafts (id bigint);
CREATE TABLE posts (id text) INHERITS (drafts);
-- ! column "id" has a type conflict

CREATE TABLE posts AS SELECT * FROM drafts;
-- ! relation "drafts" does not exist
`,
  'DROP, RENAME and MOVE TABLE': `
DROP TABLE posts;
-- ! table "posts" does not exist

CREATE VIEW posts AS SELECT 1 AS id;
DROP TABLE posts;
-- ! "posts" is not a table

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors);
DROP TABLE authors;
-- ! cannot drop table authors because other objects depend on it(: constraint posts_author_id_fkey on table posts depends on table authors)

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT id FROM posts;
DROP TABLE posts;
-- ! cannot drop table posts because other objects depend on it(: view latest depends on table posts)

CREATE TABLE posts (id bigint);
CREATE MATERIALIZED VIEW latest AS SELECT id FROM posts;
DROP TABLE posts;
-- ! cannot drop table posts because other objects depend on it(: materialized view latest depends on table posts)

CREATE TABLE posts (id bigint);
CREATE TABLE drafts () INHERITS (posts);
DROP TABLE posts;
-- ! cannot drop table posts because other objects depend on it(: table drafts depends on table posts)

CREATE TABLE posts (id bigint);
CREATE FUNCTION latest() RETURNS SETOF posts LANGUAGE sql AS 'SELECT * FROM posts';
DROP TABLE posts;
-- ! cannot drop table posts because other objects depend on it(: function latest() depends on type posts)

ALTER TABLE posts RENAME TO articles;
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE TABLE articles (id bigint);
ALTER TABLE posts RENAME TO articles;
-- ! relation "articles" already exists

CREATE TABLE posts (id bigint);
ALTER TABLE posts SET SCHEMA blog;
-- ! schema "blog" does not exist

CREATE SCHEMA blog;
CREATE TABLE posts (id bigint);
CREATE TABLE blog.posts (id bigint);
ALTER TABLE posts SET SCHEMA blog;
-- ! relation "posts" already exists in schema "blog"
`,
  columns: `
ALTER TABLE posts ADD COLUMN title text;
-- ! relation "posts" does not exist

CREATE TABLE posts (title text);
ALTER TABLE posts ADD COLUMN title text;
-- ! column "title" of relation "posts" already exists

CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD COLUMN xmin text;
-- ! column name "xmin" conflicts with a system column name

CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD COLUMN author_id bigint REFERENCES authors (id);
-- ! relation "authors" does not exist

CREATE TABLE posts (id bigint);
ALTER TABLE posts DROP COLUMN title;
-- ! column "title" of relation "posts" does not exist

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors);
ALTER TABLE authors DROP COLUMN id;
-- ! cannot drop column id of table authors because other objects depend on it(: constraint posts_author_id_fkey on table posts depends on index authors_pkey)

CREATE TABLE posts (id bigint, title text);
CREATE VIEW titles AS SELECT title FROM posts;
ALTER TABLE posts DROP COLUMN title;
-- ! cannot drop column title of table posts because other objects depend on it(: view titles depends on column title of table posts)

CREATE TABLE old (id bigint, title text, PRIMARY KEY (id) INCLUDE (title));
CREATE TABLE posts (LIKE old INCLUDING ALL);
CREATE TABLE likes (post_id bigint REFERENCES posts);
ALTER TABLE posts DROP COLUMN title;
-- ! cannot drop column title of table posts because other objects depend on it(: constraint likes_post_id_fkey on table likes depends on index posts_pkey)

CREATE TABLE posts (title text, size integer GENERATED ALWAYS AS (length(title)) STORED);
ALTER TABLE posts DROP COLUMN title;
-- ! cannot drop column title of table posts because other objects depend on it(: column size of table posts depends on column title of table posts)

CREATE TABLE posts (id bigint);
CREATE TABLE drafts () INHERITS (posts);
ALTER TABLE drafts DROP COLUMN id;
-- ! cannot drop inherited column "id"

CREATE TABLE posts (id bigint);
ALTER TABLE posts RENAME COLUMN name TO title;
-- ! column "name" does not exist

CREATE TABLE posts (name text, title text);
ALTER TABLE posts RENAME COLUMN name TO title;
-- ! column "title" of relation "posts" already exists

CREATE TABLE posts (id bigint);
CREATE TABLE drafts () INHERITS (posts);
ALTER TABLE drafts RENAME COLUMN id TO number;
-- ! cannot rename inherited column "id"

CREATE TABLE posts (id bigint);
ALTER TABLE posts ALTER COLUMN title SET NOT NULL;
-- ! column "title" of relation "posts" does not exist

CREATE TABLE posts (id bigint PRIMARY KEY);
ALTER TABLE posts ALTER COLUMN id DROP NOT NULL;
-- ! column "id" is in a primary key

CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY);
ALTER TABLE posts ALTER COLUMN id DROP NOT NULL;
-- ! column "id" of relation "posts" is an identity column

CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY);
ALTER TABLE posts ALTER COLUMN id SET DEFAULT 1;
-- ! column "id" of relation "posts" is an identity column

CREATE TABLE posts (id bigint, next bigint GENERATED ALWAYS AS (id + 1) STORED);
ALTER TABLE posts ALTER COLUMN next SET DEFAULT 1;
-- ! column "next" of relation "posts" is a generated column

CREATE TABLE posts (id bigint, next bigint GENERATED ALWAYS AS (id + 1) STORED);
ALTER TABLE posts ALTER COLUMN next DROP DEFAULT;
-- ! column "next" of relation "posts" is a generated column

CREATE TYPE state AS ENUM ('draft');
CREATE TABLE posts (state state);
ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'gone';
-- ! invalid input value for enum state: "gone"

CREATE TABLE posts (id bigint);
ALTER TABLE posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- ! column "id" of relation "posts" must be declared NOT NULL before identity can be added

CREATE TABLE posts (id bigint NOT NULL DEFAULT 1);
ALTER TABLE posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- ! column "id" of relation "posts" already has a default value

CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY);
ALTER TABLE posts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- ! column "id" of relation "posts" is already an identity column

CREATE TABLE posts (id bigint);
ALTER TABLE posts ALTER COLUMN id DROP IDENTITY;
-- ! column "id" of relation "posts" is not an identity column

CREATE TABLE posts (id bigint);
ALTER TABLE posts ALTER COLUMN id SET GENERATED ALWAYS;
-- ! column "id" of relation "posts" is not an identity column

CREATE TABLE posts (id bigint);
ALTER TABLE posts ALTER COLUMN id DROP EXPRESSION;
-- ! column "id" of relation "posts" is not a generated column
`,
  'ALTER COLUMN TYPE': `
CREATE TABLE posts (size text);
ALTER TABLE posts ALTER COLUMN size TYPE integer;
-- ! column "size" cannot be cast automatically to type integer

CREATE TABLE posts (public boolean DEFAULT false);
ALTER TABLE posts ALTER COLUMN public TYPE integer USING public::integer;
-- ! default for column "public" cannot be cast automatically to type integer

CREATE TABLE posts (size integer);
ALTER TABLE posts ALTER COLUMN size TYPE volume;
-- ! type "volume" does not exist

CREATE TABLE posts (id integer);
CREATE VIEW ids AS SELECT id FROM posts;
ALTER TABLE posts ALTER COLUMN id TYPE bigint;
-- ! cannot alter type of a column used by a view or rule(: view ids depends on column "id")

CREATE TABLE posts (title text, size integer GENERATED ALWAYS AS (length(title)) STORED);
ALTER TABLE posts ALTER COLUMN title TYPE varchar(20);
-- ! cannot alter type of a column used by a generated column(: "size" depends on "title")

CREATE TABLE posts (id integer);
CREATE TABLE drafts () INHERITS (posts);
ALTER TABLE drafts ALTER COLUMN id TYPE bigint;
-- ! cannot alter inherited column "id"

CREATE TABLE posts (id integer GENERATED ALWAYS AS IDENTITY);
ALTER TABLE posts ALTER COLUMN id TYPE numeric;
-- ! identity column type must be smallint, integer, or bigint

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint CONSTRAINT by REFERENCES authors);
ALTER TABLE posts ALTER COLUMN author_id TYPE text;
-- ! foreign key constraint "by" cannot be implemented(: "author_id" is text, "id" is bigint)

CREATE TABLE posts (body text UNIQUE);
ALTER TABLE posts ALTER COLUMN body TYPE json USING body::json;
-- ! data type json has no default operator class for access method "btree"

CREATE TABLE posts (size integer);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE OF size ON posts FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE posts RENAME COLUMN size TO width;
ALTER TABLE posts ALTER COLUMN width TYPE bigint;
-- ! cannot alter type of a column used in a trigger definition(: trigger touched on table posts depends on column "width")
`,
  'values of a type': `
CREATE TYPE state AS ENUM ('draft', 'live');
CREATE TABLE posts (state state);
UPDATE posts SET state = 'gone';
-- ! invalid input value for enum state: "gone"

CREATE TYPE state AS ENUM ('draft', 'live');
CREATE TABLE posts (id integer, state state);
INSERT INTO posts (id, state) VALUES (1, 'live'), (2, 'Draft');
-- ! invalid input value for enum state: "Draft"

CREATE TYPE state AS ENUM ('draft', 'live');
CREATE TABLE posts (id integer, state state);
DELETE FROM posts WHERE id > 7 AND (state = 'live' OR NOT state IN ('draft', 'old'));
-- ! invalid input value for enum state: "old"

CREATE TABLE posts (size integer);
ALTER TABLE posts ALTER COLUMN size SET DEFAULT 'many';
-- ! invalid input syntax for type integer: "many"

CREATE TABLE posts (size smallint);
UPDATE posts SET size = '40000';
-- ! value "40000" is out of range for type smallint

CREATE TABLE posts (public boolean);
ALTER TABLE posts ALTER COLUMN public SET DEFAULT 'maybe';
-- ! invalid input syntax for type boolean: "maybe"

CREATE TABLE posts (key uuid);
DELETE FROM posts WHERE key = 'none';
-- ! invalid input syntax for type uuid: "none"

CREATE TABLE posts (written timestamp DEFAULT 'someday');
-- ! invalid input syntax for type timestamp: "someday"
`,
  'keys, checks and exclusions': `
CREATE TABLE posts (id bigint PRIMARY KEY);
ALTER TABLE posts ADD PRIMARY KEY (id);
-- ! multiple primary keys for table "posts" are not allowed

CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD CONSTRAINT posts_slug_key UNIQUE (slug);
-- ! column "slug" named in key does not exist

CREATE TABLE posts (id bigint, CONSTRAINT positive CHECK (id > 0));
ALTER TABLE posts ADD CONSTRAINT positive CHECK (id > 1);
-- ! constraint "positive" for relation "posts" already exists

CREATE TABLE authors (name text CONSTRAINT name_key UNIQUE);
CREATE TABLE posts (name text);
ALTER TABLE posts ADD CONSTRAINT name_key UNIQUE (name);
-- ! relation "name_key" already exists

CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD CHECK (size > 0);
-- ! column "size" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_id_idx ON posts (id);
ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE USING INDEX posts_id_idx;
-- ! "posts_id_idx" is not a unique index

CREATE TABLE posts (id bigint);
CREATE UNIQUE INDEX posts_id_idx ON posts (id) WHERE id > 0;
ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE USING INDEX posts_id_idx;
-- ! "posts_id_idx" is a partial index

CREATE TABLE posts (title text);
CREATE UNIQUE INDEX posts_title_idx ON posts (lower(title));
ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE USING INDEX posts_title_idx;
-- ! index "posts_title_idx" contains expressions

CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE USING INDEX posts_id_idx;
-- ! index "posts_id_idx" does not exist

CREATE TABLE drafts (id bigint);
CREATE UNIQUE INDEX drafts_id_idx ON drafts (id);
CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE USING INDEX drafts_id_idx;
-- ! index "drafts_id_idx" does not belong to table "posts"

CREATE TABLE posts (id bigint UNIQUE);
ALTER TABLE posts ADD CONSTRAINT posts_key PRIMARY KEY USING INDEX posts_id_key;
-- ! index "posts_id_key" is already associated with a constraint

CREATE TABLE posts (id bigint);
ALTER TABLE posts DROP CONSTRAINT posts_pkey;
-- ! constraint "posts_pkey" of relation "posts" does not exist

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors);
ALTER TABLE authors DROP CONSTRAINT authors_pkey;
-- ! cannot drop constraint authors_pkey on table authors because other objects depend on it(: constraint posts_author_id_fkey on table posts depends on index authors_pkey)

CREATE TABLE posts (id bigint, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE drafts () INHERITS (posts);
ALTER TABLE drafts DROP CONSTRAINT positive;
-- ! cannot drop inherited constraint "positive" of relation "drafts"

CREATE TABLE posts (id bigint);
ALTER TABLE posts RENAME CONSTRAINT old TO new;
-- ! constraint "old" for table "posts" does not exist

CREATE TABLE posts (id bigint PRIMARY KEY);
CREATE TABLE drafts (id bigint);
ALTER TABLE posts RENAME CONSTRAINT posts_pkey TO drafts;
-- ! relation "drafts" already exists

CREATE TABLE posts (id bigint, CONSTRAINT one CHECK (id > 0), CONSTRAINT two CHECK (id > 1));
ALTER TABLE posts RENAME CONSTRAINT one TO two;
-- ! constraint "two" for relation "posts" already exists

CREATE TABLE posts (id bigint, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE drafts () INHERITS (posts);
ALTER TABLE drafts RENAME CONSTRAINT positive TO above_zero;
-- ! cannot rename inherited constraint "positive"

CREATE TABLE posts (id bigint);
ALTER TABLE posts VALIDATE CONSTRAINT positive;
-- ! constraint "positive" of relation "posts" does not exist

CREATE TABLE posts (id bigint PRIMARY KEY);
ALTER TABLE posts VALIDATE CONSTRAINT posts_pkey;
-- ! cannot validate constraint "posts_pkey" of relation "posts"

CREATE TABLE rooms (room bigint, during int4range, EXCLUDE USING gist (room WITH =, during WITH &&));
-- ! data type bigint has no default operator class for access method "gist"
`,
  'foreign keys': `
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
-- ! relation "authors" does not exist

CREATE TABLE authors (id bigint);
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
-- ! there is no unique constraint matching given keys for referenced table "authors"

CREATE TABLE authors (id bigint);
CREATE TABLE posts (author_id bigint REFERENCES authors);
-- ! there is no primary key for referenced table "authors"

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors (number));
-- ! column "number" referenced in foreign key constraint does not exist

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (id bigint);
ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES authors;
-- ! column "author_id" referenced in foreign key constraint does not exist

CREATE TABLE authors (id bigint, tenant bigint, PRIMARY KEY (tenant, id));
CREATE TABLE posts (author_id bigint, FOREIGN KEY (author_id) REFERENCES authors);
-- ! number of referencing and referenced columns for foreign key disagree

CREATE TABLE authors (id bigint);
CREATE UNIQUE INDEX authors_idx ON authors (id) WHERE id > 0;
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
-- ! there is no unique constraint matching given keys for referenced table "authors"

CREATE TABLE authors (id bigint UNIQUE DEFERRABLE);
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
-- ! cannot use a deferrable unique constraint for referenced table "authors"

CREATE TABLE authors (id uuid PRIMARY KEY);
CREATE TABLE posts (author_id bigint, CONSTRAINT by FOREIGN KEY (author_id) REFERENCES authors);
-- ! foreign key constraint "by" cannot be implemented(: "author_id" is bigint, "id" is uuid)

CREATE TABLE authors (id bigint PRIMARY KEY, name text);
CREATE TABLE posts (a bigint, b bigint, FOREIGN KEY (a, b) REFERENCES authors (id, id));
-- ! foreign key referenced-columns list must not contain duplicates

CREATE TEMPORARY TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors);
-- ! constraints on permanent tables may reference only permanent tables

CREATE VIEW authors AS SELECT 1::bigint AS id;
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
-- ! referenced relation "authors" is not a table
`,
  indexes: `
CREATE INDEX ON posts (id);
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_title_idx ON posts (title);
-- ! column "title" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_title_idx ON posts (lower(title));
-- ! column "title" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_id_idx ON posts (id) WHERE deleted_at IS NULL;
-- ! column "deleted_at" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_id_idx ON posts (id) INCLUDE (title);
-- ! column "title" does not exist

CREATE TABLE posts (id bigint);
CREATE INDEX posts_id_idx ON posts (id);
CREATE INDEX posts_id_idx ON posts (id);
-- ! relation "posts_id_idx" already exists

CREATE TABLE posts (id bigint PRIMARY KEY);
CREATE INDEX posts_pkey ON posts (id);
-- ! relation "posts_pkey" already exists

CREATE VIEW posts AS SELECT 1 AS id;
CREATE INDEX posts_id_idx ON posts (id);
-- ! cannot create index on relation "posts"(: it is a view)

CREATE TABLE posts (body json);
CREATE INDEX ON posts (body);
-- ! data type json has no default operator class for access method "btree"

CREATE TABLE posts (title text);
CREATE INDEX ON posts USING gin (title);
-- ! data type text has no default operator class for access method "gin"

CREATE TABLE posts (title text);
CREATE INDEX ON posts USING gin (title gin_trgm_ops);
-- ! operator class "gin_trgm_ops" does not exist for access method "gin"

CREATE TABLE posts (id bigint);
BEGIN;
CREATE INDEX CONCURRENTLY posts_id_idx ON posts (id);
-- ! CREATE INDEX CONCURRENTLY cannot run inside a transaction block

DROP INDEX posts_id_idx;
-- ! index "posts_id_idx" does not exist

CREATE TABLE posts (id bigint);
DROP INDEX posts;
-- ! "posts" is not an index

CREATE TABLE posts (id bigint PRIMARY KEY);
DROP INDEX posts_pkey;
-- ! cannot drop index posts_pkey because constraint posts_pkey on table posts requires it

CREATE TABLE authors (id bigint);
CREATE UNIQUE INDEX authors_idx ON authors (id);
CREATE TABLE posts (author_id bigint REFERENCES authors (id));
DROP INDEX authors_idx;
-- ! cannot drop index authors_idx because other objects depend on it(: constraint posts_author_id_fkey on table posts depends on index authors_idx)

CREATE TABLE posts (id bigint);
CREATE INDEX posts_id_idx ON posts (id);
BEGIN;
DROP INDEX CONCURRENTLY posts_id_idx;
-- ! DROP INDEX CONCURRENTLY cannot run inside a transaction block

ALTER INDEX posts_id_idx RENAME TO posts_number_idx;
-- ! relation "posts_id_idx" does not exist

CREATE TABLE posts (id bigint PRIMARY KEY);
ALTER INDEX posts_pkey RENAME TO posts;
-- ! relation "posts" already exists
`,
  partitions: `
CREATE TABLE events (id bigint);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (2);
-- ! "events" is not partitioned

CREATE TABLE events (id bigint) PARTITION BY RANGE (at);
-- ! column "at" named in partition key does not exist

CREATE TABLE events (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at);
-- ! unique constraint on partitioned table must include all partitioning columns(: "at" is missing)

CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE UNIQUE INDEX ON events (id);
-- ! unique constraint on partitioned table must include all partitioning columns(: "at" is missing)

CREATE TABLE events (id bigint) PARTITION BY HASH (id);
CREATE INDEX CONCURRENTLY events_idx ON events (id);
-- ! cannot create index on partitioned table "events" concurrently

CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
ALTER TABLE events DROP COLUMN at;
-- ! cannot drop column "at" because it is part of the partition key of relation "events"

CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
ALTER TABLE events ALTER COLUMN at TYPE timestamp;
-- ! cannot alter column "at" because it is part of the partition key of relation "events"

CREATE TABLE events (id bigint) PARTITION BY HASH (id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE events ATTACH PARTITION events_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
-- ! "events_0" is already a partition

CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (id);
CREATE TABLE old (id bigint);
ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (1) TO (2);
-- ! child table is missing column "at"

CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (id);
CREATE TABLE old (id bigint, at timestamp);
ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (1) TO (2);
-- ! child table "old" has different type for column "at"

CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE old (id bigint, at date);
ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (1) TO (2);
-- ! column "at" in child table "old" must be marked NOT NULL

CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE old (id bigint, at date);
ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (1) TO (2);
-- ! table "old" contains column "at" not found in parent "events"

CREATE TABLE events (id bigint);
CREATE TABLE old (id bigint);
ALTER TABLE events ATTACH PARTITION old FOR VALUES FROM (1) TO (2);
-- ! ALTER action ATTACH PARTITION cannot be performed on relation "events"

CREATE TABLE events (id bigint) PARTITION BY HASH (id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE events_0 ADD COLUMN at date;
-- ! cannot add column to a partition

CREATE TABLE events (id bigint NOT NULL) PARTITION BY HASH (id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE events_0 ALTER COLUMN id DROP NOT NULL;
-- ! column "id" is marked NOT NULL in parent table

CREATE TABLE events (id bigint) PARTITION BY RANGE (id);
CREATE TABLE old (id bigint);
ALTER TABLE events DETACH PARTITION old;
-- ! relation "old" is not a partition of relation "events"

CREATE TABLE events (id bigint) PARTITION BY HASH (id);
CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX events_id_idx ON events (id);
DROP INDEX events_0_id_idx;
-- ! cannot drop index events_0_id_idx because index events_id_idx requires it
`,
  types: `
CREATE TYPE mood AS ENUM ('calm');
CREATE TYPE mood AS ENUM ('calm');
-- ! type "mood" already exists

CREATE TABLE mood (id bigint);
CREATE TYPE mood AS ENUM ('calm');
-- ! type "mood" already exists

CREATE DOMAIN email AS citext;
-- ! type "citext" does not exist

ALTER TYPE mood ADD VALUE 'calm';
-- ! type "mood" does not exist

CREATE TYPE mood AS ENUM ('calm');
ALTER TYPE mood ADD VALUE 'calm';
-- ! enum label "calm" already exists

CREATE TYPE mood AS ENUM ('calm');
ALTER TYPE mood ADD VALUE 'glad' AFTER 'sad';
-- ! "sad" is not an existing enum label

CREATE DOMAIN mood AS text;
ALTER TYPE mood ADD VALUE 'calm';
-- ! mood is not an enum

CREATE TYPE mood AS ENUM ('calm');
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
-- ! "sad" is not an existing enum label

CREATE TYPE mood AS ENUM ('calm', 'glad');
ALTER TYPE mood RENAME VALUE 'calm' TO 'glad';
-- ! enum label "glad" already exists

ALTER TYPE mood RENAME TO temper;
-- ! type "mood" does not exist

CREATE TYPE mood AS ENUM ('calm');
CREATE TYPE temper AS ENUM ('hot');
ALTER TYPE mood RENAME TO temper;
-- ! type "temper" already exists

DROP TYPE mood;
-- ! type "mood" does not exist

CREATE TYPE mood AS ENUM ('calm');
CREATE TABLE people (mood mood);
DROP TYPE mood;
-- ! cannot drop type mood because other objects depend on it(: column mood of table people depends on type mood)

CREATE TYPE mood AS ENUM ('calm');
CREATE DOMAIN temper AS mood;
DROP TYPE mood;
-- ! cannot drop type mood because other objects depend on it(: type temper depends on type mood)

CREATE TYPE mood AS ENUM ('calm');
CREATE FUNCTION cheer(mood) RETURNS text LANGUAGE sql AS 'SELECT ''x''';
DROP TYPE mood;
-- ! cannot drop type mood because other objects depend on it(: function cheer(mood) depends on type mood)

CREATE TABLE mood (id bigint);
DROP TYPE mood;
-- ! cannot drop type mood because table mood requires it
`,
  sequences: `
CREATE SEQUENCE numbers;
CREATE SEQUENCE numbers;
-- ! relation "numbers" already exists

CREATE SEQUENCE numbers OWNED BY posts.id;
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE SEQUENCE numbers OWNED BY posts.number;
-- ! column "number" of relation "posts" does not exist

CREATE SCHEMA blog;
CREATE TABLE blog.posts (id bigint);
CREATE SEQUENCE numbers OWNED BY blog.posts.id;
-- ! sequence must be in same schema as table it is linked to

ALTER SEQUENCE numbers OWNED BY NONE;
-- ! relation "numbers" does not exist

ALTER SEQUENCE numbers RENAME TO posts_id_seq;
-- ! relation "numbers" does not exist

CREATE SEQUENCE numbers;
CREATE TABLE posts (id bigint);
ALTER SEQUENCE numbers RENAME TO posts;
-- ! relation "posts" already exists

DROP SEQUENCE numbers;
-- ! sequence "numbers" does not exist

CREATE TABLE numbers (id bigint);
DROP SEQUENCE numbers;
-- ! "numbers" is not a sequence

CREATE TABLE posts (id serial);
DROP SEQUENCE posts_id_seq;
-- ! cannot drop sequence posts_id_seq because other objects depend on it(: default value for column id of table posts depends on sequence posts_id_seq)

CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY);
DROP SEQUENCE posts_id_seq;
-- ! cannot drop sequence posts_id_seq because column id of table posts requires it
`,
  views: `
CREATE VIEW latest AS SELECT id FROM posts;
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT p.title FROM posts p;
-- ! column p.title does not exist

CREATE TABLE drafts (id bigint);
CREATE VIEW titles AS SELECT id, title FROM drafts;
-- ! column "title" does not exist

CREATE TABLE drafts (id bigint);
CREATE VIEW counts AS SELECT id AS draft, count(d) AS number FROM drafts AS d WHERE ctid IS NOT NULL GROUP BY draft;
CREATE OR REPLACE VIEW counts AS SELECT id AS draft, count(d) AS number FROM drafts AS d WHERE age > 1 GROUP BY draft;
-- ! column "age" does not exist

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT id FROM posts;
CREATE VIEW latest AS SELECT id FROM posts;
-- ! relation "latest" already exists

CREATE TABLE posts (id bigint);
CREATE OR REPLACE VIEW posts AS SELECT 1 AS id;
-- ! "posts" is not a view

CREATE TABLE posts (id bigint, title text);
CREATE VIEW latest AS SELECT id, title FROM posts;
CREATE OR REPLACE VIEW latest AS SELECT id FROM posts;
-- ! cannot drop columns from view

CREATE TABLE posts (id bigint, title text);
CREATE VIEW latest (number, headline) AS SELECT id, title FROM posts;
CREATE OR REPLACE VIEW latest AS SELECT id AS number, title FROM posts;
-- ! cannot change name of view column "headline" to "title"

CREATE TABLE posts (id bigint);
CREATE VIEW pairs AS SELECT a.id, b.id FROM posts a, posts b;
-- ! column "id" specified more than once

DROP VIEW latest;
-- ! view "latest" does not exist

CREATE TABLE posts (id bigint);
DROP VIEW posts;
-- ! "posts" is not a view

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT id FROM posts;
CREATE VIEW newest AS SELECT id FROM latest;
DROP VIEW latest;
-- ! cannot drop view latest because other objects depend on it(: view newest depends on view latest)

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT id FROM posts;
DROP MATERIALIZED VIEW latest;
-- ! "latest" is not a materialized view

ALTER VIEW latest RENAME TO newest;
-- ! relation "latest" does not exist

CREATE TABLE posts (id bigint);
CREATE VIEW latest AS SELECT id FROM posts;
ALTER VIEW latest RENAME TO posts;
-- ! relation "posts" already exists

REFRESH MATERIALIZED VIEW latest;
-- ! relation "latest" does not exist

CREATE VIEW latest AS SELECT 1 AS id;
REFRESH MATERIALIZED VIEW latest;
-- ! "latest" is not a table or materialized view

CREATE TABLE latest (id bigint);
REFRESH MATERIALIZED VIEW latest;
-- ! "latest" is not a materialized view

CREATE MATERIALIZED VIEW latest AS SELECT 1 AS id;
REFRESH MATERIALIZED VIEW CONCURRENTLY latest;
-- ! cannot refresh materialized view "public.latest" concurrently
`,
  functions: `
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- ! function "one" already exists with same argument types

CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION one() RETURNS text LANGUAGE sql AS 'SELECT ''1''';
-- ! cannot change return type of existing function

CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE PROCEDURE one() LANGUAGE sql AS 'SELECT 1';
-- ! cannot change routine kind

DROP FUNCTION one();
-- ! function one() does not exist

DROP FUNCTION one;
-- ! could not find a function named "one"

CREATE FUNCTION one(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION one(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION one;
-- ! function name "one" is not unique

CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION one(integer);
-- ! function one(integer) does not exist

CREATE TABLE posts (id bigint);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
DROP FUNCTION touch();
-- ! cannot drop function touch() because other objects depend on it(: trigger touched on table posts depends on function touch())

CREATE FUNCTION next_number() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE TABLE posts (id bigint DEFAULT next_number());
DROP FUNCTION next_number();
-- ! cannot drop function next_number() because other objects depend on it(: default value for column id of table posts depends on function next_number())

CREATE FUNCTION fine(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE posts (id bigint CONSTRAINT fine CHECK (fine(id)));
DROP FUNCTION fine(bigint);
-- ! cannot drop function fine(bigint) because other objects depend on it(: constraint fine on table posts depends on function fine(bigint))

CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2';
ALTER FUNCTION one() RENAME TO two;
-- ! function two() already exists in schema "public"
`,
  triggers: `
CREATE TABLE posts (id bigint);
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
-- ! function touch() does not exist

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE FUNCTION touch() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
-- ! function touch must return type trigger

CREATE TABLE posts (id bigint);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touched BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION touch();
-- ! trigger "touched" for relation "posts" already exists

CREATE TABLE posts (id bigint);
DROP TRIGGER touched ON posts;
-- ! trigger "touched" for table "posts" does not exist

CREATE TABLE posts (id bigint);
ALTER TRIGGER touched ON posts RENAME TO updated;
-- ! trigger "touched" for table "posts" does not exist

CREATE TABLE posts (id bigint);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER a BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER b BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TRIGGER a ON posts RENAME TO b;
-- ! trigger "b" for relation "posts" already exists
`,
  'schemas and extensions': `
CREATE SCHEMA blog;
CREATE SCHEMA blog;
-- ! schema "blog" already exists

CREATE SCHEMA pg_blog;
-- ! unacceptable schema name "pg_blog"

DROP SCHEMA blog;
-- ! schema "blog" does not exist

CREATE SCHEMA blog;
CREATE TABLE blog.posts (id bigint);
DROP SCHEMA blog;
-- ! cannot drop schema blog because other objects depend on it(: table blog.posts depends on schema blog)

CREATE SCHEMA blog;
CREATE FUNCTION blog.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
DROP SCHEMA blog;
-- ! cannot drop schema blog because other objects depend on it(: function blog.one() depends on schema blog)

CREATE EXTENSION citext;
CREATE EXTENSION citext;
-- ! extension "citext" already exists

DROP EXTENSION citext;
-- ! extension "citext" does not exist

CREATE EXTENSION citext;
CREATE TABLE people (email citext);
DROP EXTENSION citext;
-- ! cannot drop extension citext because other objects depend on it(: table people depends on type citext)
`,
  rows: `
INSERT INTO posts (id) VALUES (1);
-- ! relation "posts" does not exist

CREATE TABLE posts (id bigint);
INSERT INTO posts (title) VALUES ('x');
-- ! column "title" of relation "posts" does not exist

CREATE TABLE posts (id bigint);
UPDATE posts SET title = 'x';
-- ! column "title" of relation "posts" does not exist

DELETE FROM posts;
-- ! relation "posts" does not exist

TRUNCATE posts;
-- ! relation "posts" does not exist

CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE posts (author_id bigint REFERENCES authors);
TRUNCATE authors;
-- ! cannot truncate a table referenced in a foreign key constraint(: table "posts" references "authors")

CREATE VIEW posts AS SELECT 1 AS id;
TRUNCATE posts;
-- ! "posts" is not a table

CREATE MATERIALIZED VIEW posts AS SELECT 1 AS id;
DELETE FROM posts;
-- ! cannot change materialized view "posts"
`,
};
