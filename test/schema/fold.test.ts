import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlReader, readSql } from '../../src/read/sql/read-sql.ts';
import { emptySchema, openFold } from '../../src/schema/fold.ts';
import { toJson } from '../../src/schema/json.ts';
import { findTable } from '../../src/schema/lookup.ts';
import type { Operation } from '../../src/schema/operation.ts';
import type { Schema, Table } from '../../src/schema/schema.ts';

beforeAll(() => loadSqlReader('postgres'));

type Files = readonly string[] | string;

const operationsOf = (sql: string, path = 'migrations/1.sql'): readonly Operation[] =>
  readSql(path, sql, 'postgres').statements.flatMap(({ operations, unread }) => {
    expect(unread).toBeUndefined();
    return operations;
  });

/** Folds migrations, one text each; every one of their operations must apply. */
function folded(migrations: Files) {
  const fold = openFold(emptySchema('migrations', 'postgres'));
  const texts = typeof migrations === 'string' ? [migrations] : migrations;
  const applied = texts.flatMap((sql, index) =>
    operationsOf(sql, `migrations/${index + 1}.sql`).map((operation) => fold.apply(operation)),
  );
  expect(applied.flatMap(({ error }) => error?.message ?? [])).toEqual([]);
  return { fold, applied, schema: fold.snapshot() };
}

const schemaOf = (migrations: Files): Schema => folded(migrations).schema;

function tableOf(schema: Schema, name: string): Table {
  const table = findTable(schema, { name });
  if (!table) throw new Error(`no table ${name}`);
  return table;
}

/** What applying one more migration does: per operation `ok`, `skipped`, or the refusal. */
function outcomes(before: string, sql: string): readonly string[] {
  const { fold } = folded(before);
  return operationsOf(sql).map((operation) => {
    const { error, skipped } = fold.apply(operation);
    return error?.message ?? (skipped ? 'skipped' : 'ok');
  });
}

/** A schema without where its objects were written. */
const plain = (schema: Schema): unknown =>
  JSON.parse(toJson(schema), (key, value) => (key === 'span' ? undefined : value));

describe('identities', () => {
  test('a table keeps its own through renames, moves and changes of every other kind', () => {
    const before = folded('CREATE TABLE posts (id bigint, title text);');
    const { id } = tableOf(before.schema, 'posts');
    const after = folded([
      'CREATE TABLE posts (id bigint, title text);',
      `ALTER TABLE posts RENAME TO articles;
       CREATE SCHEMA blog;
       ALTER TABLE articles SET SCHEMA blog;
       ALTER TABLE blog.articles ADD COLUMN body text;
       CREATE TABLE posts (id bigint);`,
    ]).schema;
    expect(findTable(after, { schema: 'blog', name: 'articles' })?.id).toBe(id);
    expect(tableOf(after, 'posts').id).not.toBe(id);
  });

  test('a table dropped and made again is another one', () => {
    const { schema, applied } = folded(
      'CREATE TABLE a (id bigint); DROP TABLE a; CREATE TABLE a (id bigint);',
    );
    expect(applied.map(({ tableId }) => tableId)).toEqual([1, 1, 2]);
    expect(schema.nextTableId).toBe(3);
  });

  test('columns keep theirs through renames, and everything that names them follows', () => {
    const before = tableOf(schemaOf('CREATE TABLE posts (id bigint, title text);'), 'posts').columns;
    const schema = schemaOf(`
      CREATE TABLE posts (id bigint, title text);
      CREATE UNIQUE INDEX posts_title_idx ON posts (lower(title)) INCLUDE (id) WHERE title <> '';
      ALTER TABLE posts ADD CONSTRAINT posts_key UNIQUE (id, title), ADD CHECK (length(title) > 1);
      ALTER TABLE posts ADD COLUMN size integer GENERATED ALWAYS AS (length(title)) STORED;
      CREATE TABLE likes (post_id bigint, title text, FOREIGN KEY (post_id, title) REFERENCES posts (id, title));
      CREATE VIEW titles AS SELECT p.title FROM posts p;
      ALTER TABLE posts RENAME COLUMN title TO "Head line";
      ALTER TABLE likes RENAME TO hearts;`);
    const posts = tableOf(schema, 'posts');
    expect(posts.columns.map(({ id, name }) => [id, name]).slice(0, 2)).toEqual([
      [before[0]?.id, 'id'],
      [before[1]?.id, 'Head line'],
    ]);
    expect(posts.columns[2]?.generated).toBe('length("Head line")');
    expect(posts.constraints.map((one) => [one.columns, 'expression' in one && one.expression])).toEqual([
      [['id', 'Head line'], false],
      [['Head line'], 'length("Head line") > 1'],
    ]);
    expect(posts.indexes[0]).toMatchObject({
      expressions: ['lower("Head line")'],
      include: ['id'],
      predicate: `"Head line" <> ''`,
      dependsOn: ['Head line'],
    });
    expect(tableOf(schema, 'hearts').constraints[0]).toMatchObject({
      columns: ['post_id', 'title'],
      refTableId: posts.id,
      refColumns: ['id', 'Head line'],
    });
    expect([...schema.views.values()].map((view) => view.dependsOnColumns)).toEqual([
      [`${posts.id}.Head line`],
    ]);
  });

  test('a refused operation uses none up', () => {
    const { fold } = folded('CREATE TABLE a (id bigint);');
    for (const operation of operationsOf('CREATE TABLE b (id bigint, id text);')) fold.apply(operation);
    expect(fold.snapshot().nextTableId).toBe(2);
    for (const operation of operationsOf('CREATE TABLE b (id bigint);'))
      expect(fold.apply(operation)).toMatchObject({ tableId: 2, columnIds: [2] });
  });
});

describe('what PostgreSQL makes by itself', () => {
  test('names of keys, checks, foreign keys, indexes and sequences, made unique', () => {
    const schema = schemaOf(`
      CREATE TABLE authors (id serial PRIMARY KEY, name text UNIQUE CHECK (name <> ''), CHECK (id > 0 AND name <> 'x'));
      CREATE TABLE posts (author_id integer REFERENCES authors, id bigint GENERATED ALWAYS AS IDENTITY);
      CREATE INDEX ON posts (author_id, lower(id::text));
      CREATE INDEX ON posts (author_id, lower(id::text));
      ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES authors ON DELETE CASCADE;`);
    expect(tableOf(schema, 'authors').constraints.map(({ name }) => name)).toEqual([
      'authors_name_check',
      'authors_check',
      'authors_pkey',
      'authors_name_key',
    ]);
    expect(tableOf(schema, 'posts').constraints.map(({ name }) => name)).toEqual([
      'posts_author_id_fkey',
      'posts_author_id_fkey1',
    ]);
    expect(tableOf(schema, 'posts').indexes.map(({ name }) => name)).toEqual([
      'posts_author_id_lower_idx',
      'posts_author_id_lower_idx1',
    ]);
    expect([...schema.sequences.keys()].sort()).toEqual(['public.authors_id_seq', 'public.posts_id_seq']);
    expect(tableOf(schema, 'authors').columns[0]).toMatchObject({
      nullable: false,
      default: `nextval('authors_id_seq'::regclass)`,
    });
  });

  test('a partition gets the keys, indexes, foreign keys and triggers of its parent', () => {
    const schema = schemaOf(`
      CREATE TABLE users (id bigint PRIMARY KEY);
      CREATE TABLE events (id bigint, user_id bigint REFERENCES users, PRIMARY KEY (id)) PARTITION BY HASH (id);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER noted AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION note();
      CREATE INDEX events_user_idx ON events (user_id);
      CREATE TABLE events_0 PARTITION OF events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      ALTER TABLE events ADD COLUMN at date NOT NULL DEFAULT now();`);
    const part = tableOf(schema, 'events_0');
    expect(part).toMatchObject({ kind: 'partition', parentId: tableOf(schema, 'events').id });
    expect(part.columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['user_id', true],
      ['at', false],
    ]);
    expect(part.constraints.map(({ name }) => name).sort()).toEqual(['events_0_pkey', 'events_user_id_fkey']);
    expect(part.indexes.map(({ name, madeBy }) => [name, madeBy]).sort()).toEqual([
      ['events_0_pkey', 'constraint'],
      ['events_0_user_id_idx', 'engine'],
    ]);
    expect(schema.triggers.get(part.id)?.map(({ name }) => name)).toEqual(['noted']);
  });

  test('CASCADE takes what hangs on a thing, and nothing else', () => {
    const schema = schemaOf(`
      CREATE TABLE authors (id bigint PRIMARY KEY);
      CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint REFERENCES authors);
      CREATE VIEW busy AS SELECT author_id FROM posts;
      CREATE VIEW names AS SELECT id FROM authors;
      CREATE VIEW more_names AS SELECT id FROM names;
      DROP TABLE authors CASCADE;`);
    expect(tableOf(schema, 'posts').constraints.map(({ kind }) => kind)).toEqual(['primary key']);
    expect([...schema.views.keys()]).toEqual(['public.busy']);
  });
});

describe('IF [NOT] EXISTS', () => {
  test('of the table says nothing of its columns and constraints', () => {
    expect(
      outcomes(
        'CREATE TABLE posts (id bigint);',
        `ALTER TABLE IF EXISTS posts DROP COLUMN title;
         ALTER TABLE IF EXISTS posts ADD COLUMN id bigint;
         ALTER TABLE IF EXISTS posts ALTER COLUMN title SET NOT NULL;
         ALTER TABLE IF EXISTS posts DROP CONSTRAINT posts_pkey;
         ALTER TABLE IF EXISTS posts RENAME COLUMN title TO name;
         ALTER TABLE IF EXISTS posts DROP COLUMN IF EXISTS title, ADD COLUMN IF NOT EXISTS id bigint;
         ALTER TABLE IF EXISTS drafts DROP COLUMN title, ADD CHECK (id > 0);`,
      ),
    ).toEqual([
      'column "title" of relation "posts" does not exist',
      'column "id" of relation "posts" already exists',
      'column "title" of relation "posts" does not exist',
      'constraint "posts_pkey" of relation "posts" does not exist',
      'column "title" does not exist',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
    ]);
  });

  test('of a part says nothing of its table', () => {
    expect(
      outcomes(
        '',
        `ALTER TABLE posts ADD COLUMN IF NOT EXISTS title text;
         ALTER TABLE posts DROP COLUMN IF EXISTS title;
         ALTER TABLE posts DROP CONSTRAINT IF EXISTS posts_pkey;
         CREATE INDEX IF NOT EXISTS posts_idx ON posts (id);
         ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';
         DROP TRIGGER IF EXISTS touched ON posts;`,
      ),
    ).toEqual([
      'relation "posts" does not exist',
      'relation "posts" does not exist',
      'relation "posts" does not exist',
      'relation "posts" does not exist',
      'type "mood" does not exist',
      'skipped',
    ]);
  });

  test('of a table that is to be made says nothing of what is made with it', () => {
    expect(
      outcomes(
        'CREATE TABLE posts (id bigint CONSTRAINT taken UNIQUE); CREATE TYPE mood AS ENUM ();',
        `CREATE TABLE IF NOT EXISTS posts (id text);
         CREATE TABLE IF NOT EXISTS drafts (id bigint CONSTRAINT taken UNIQUE);
         CREATE TABLE IF NOT EXISTS mood (id bigint);
         ALTER TABLE posts ADD COLUMN IF NOT EXISTS slug text CONSTRAINT taken CHECK (slug <> '');`,
      ),
    ).toEqual([
      'skipped',
      'relation "taken" already exists',
      'type "mood" already exists',
      'constraint "taken" for relation "posts" already exists',
    ]);
  });

  test('DO blocks that swallow presence swallow it of everything that they name', () => {
    const swallowing = (sql: string) =>
      `DO $$ BEGIN ${sql} EXCEPTION WHEN duplicate_object THEN NULL; END $$;`;
    expect(
      outcomes(
        'CREATE TYPE mood AS ENUM (); CREATE TABLE posts (id bigint CONSTRAINT taken UNIQUE);',
        [
          swallowing(`CREATE TYPE mood AS ENUM ('calm');`),
          swallowing('ALTER TABLE posts ADD CONSTRAINT taken UNIQUE (id);'),
          swallowing('ALTER TABLE posts ADD CONSTRAINT posts_pkey PRIMARY KEY (id), ADD PRIMARY KEY (id);'),
        ].join('\n'),
      ),
    ).toEqual(['skipped', 'skipped', 'ok', 'multiple primary keys for table "posts" are not allowed']);
  });

  test('DO blocks that ask the catalog for a primary key add none where one is', () => {
    const asking = (table: string) =>
      `DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE table_name = '${table}' AND constraint_type = 'PRIMARY KEY')
        THEN ALTER TABLE ${table} ADD PRIMARY KEY (id); END IF;
      END $$;`;
    expect(
      outcomes(
        'CREATE TABLE posts (id bigint PRIMARY KEY); CREATE TABLE tags (id bigint);',
        [asking('posts'), asking('tags'), 'ALTER TABLE tags ADD PRIMARY KEY (id);'].join('\n'),
      ),
    ).toEqual(['skipped', 'ok', 'multiple primary keys for table "tags" are not allowed']);
  });
});

describe('several objects in one statement', () => {
  test('may hang on one another', () => {
    const before = `
      CREATE TABLE authors (id bigint PRIMARY KEY);
      CREATE TABLE posts (author_id bigint REFERENCES authors);
      CREATE VIEW busy AS SELECT author_id FROM posts;
      CREATE VIEW busiest AS SELECT author_id FROM busy;
      CREATE TYPE mood AS ENUM ('calm');
      CREATE DOMAIN temper AS mood;`;
    expect(outcomes(before, 'TRUNCATE authors, posts; TRUNCATE authors CASCADE;')).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(outcomes(before, 'DROP TYPE mood, temper;')).toEqual(['ok', 'ok']);
    expect(outcomes(before, 'DROP VIEW busy, busiest; DROP TABLE authors, posts;')).toEqual(
      Array(4).fill('ok'),
    );
  });
});

describe('defaults', () => {
  test.each([
    ['of a number, in a column of text', 'a text DEFAULT 3', 'integer USING a::integer'],
    ['of a label, in a column that was of the enum', `a mood DEFAULT 'calm'`, `text`, 'mood USING a::mood'],
    [
      'of a label that is written with its schema',
      `a text DEFAULT 'calm'::"public"."mood"`,
      'mood USING a::mood',
    ],
    ['of a text', `a text DEFAULT 'calm'`, 'varchar(20)'],
  ])('%s, go along with the type', (_, column, ...types) => {
    const sql = types.map((type) => `ALTER TABLE people ALTER COLUMN a TYPE ${type};`).join('\n');
    const before = `CREATE TYPE mood AS ENUM ('calm'); CREATE TABLE people (${column});`;
    expect(outcomes(before, sql)).toEqual(types.map(() => 'ok'));
  });

  test('that no cast takes along are an obstacle', () => {
    const before = `CREATE TYPE mood AS ENUM ('calm'); CREATE TABLE people (a text DEFAULT 'calm');`;
    expect(outcomes(before, 'ALTER TABLE people ALTER COLUMN a TYPE mood USING a::mood;')).toEqual([
      'default for column "a" cannot be cast automatically to type mood',
    ]);
  });

  test('of the next value of something else than a sequence fail only when they are used', () => {
    expect(
      outcomes('CREATE TABLE counters ();', `CREATE TABLE a (id bigint DEFAULT nextval('counters'));`),
    ).toEqual(['ok']);
  });
});

describe('undo', () => {
  const BEFORE = `
    CREATE TABLE authors (id bigint PRIMARY KEY, name text);
    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint REFERENCES authors, title text NOT NULL);
    CREATE INDEX posts_title_idx ON posts (title);
    CREATE VIEW latest AS SELECT id, title FROM posts;
    CREATE TYPE mood AS ENUM ('calm');
    CREATE SCHEMA blog;
    CREATE TABLE blog.pages (id serial PRIMARY KEY, mood mood);
    CREATE TABLE blog.visits (page_id integer REFERENCES blog.pages);`;

  test.each([
    [
      'CREATE TABLE',
      `CREATE TABLE likes (id serial PRIMARY KEY, post_id bigint REFERENCES posts, by bigint REFERENCES users);`,
    ],
    ['ADD COLUMN', 'ALTER TABLE posts ADD COLUMN number serial UNIQUE REFERENCES users;'],
    ['DROP TABLE', 'DROP TABLE authors;'],
    ['DROP COLUMN', 'ALTER TABLE posts DROP COLUMN title;'],
    ['ALTER COLUMN TYPE', 'ALTER TABLE posts ALTER COLUMN author_id TYPE text;'],
    [
      'SET SCHEMA',
      'CREATE TABLE pages (id bigint); ALTER TABLE blog.pages SET SCHEMA public; DROP TABLE pages;',
    ],
    ['DROP SCHEMA', 'DROP SCHEMA blog;'],
    ['DROP TYPE', 'DROP TYPE mood;'],
    ['CREATE VIEW', 'CREATE OR REPLACE VIEW latest AS SELECT id FROM nowhere;'],
  ])('a refused %s leaves every object as it was', (_, sql) => {
    const { fold, schema } = folded(BEFORE);
    const said = operationsOf(sql).map((operation) => fold.apply(operation).error?.message);
    expect(said.filter(Boolean)).toHaveLength(1);
    const notObjects = { nextTableId: 0, nextColumnId: 0, opaque: [], tainted: new Map() };
    expect(plain({ ...fold.snapshot(), ...notObjects })).toEqual(plain({ ...schema, ...notObjects }));
    expect(outcomes(BEFORE, 'DROP TABLE posts CASCADE; DROP TABLE authors;')).toEqual(['ok', 'ok']);
  });

  test('what a refused operation took away is found again', () => {
    const { fold } = folded(BEFORE);
    for (const operation of operationsOf('DROP SCHEMA blog; DROP TABLE authors;')) fold.apply(operation);
    const said = operationsOf(
      'INSERT INTO blog.pages (id) VALUES (1); CREATE TABLE likes (author_id bigint REFERENCES authors); CREATE TABLE posts ();',
    ).map((operation) => fold.apply(operation).error?.message);
    expect(said).toEqual([undefined, undefined, 'relation "posts" already exists']);
  });

  test('ROLLBACK and ROLLBACK TO take back what was done, COMMIT keeps it', () => {
    const { schema } = folded(`
      CREATE TABLE kept (id bigint);
      BEGIN;
      CREATE TABLE lost (id bigint);
      ALTER TABLE kept RENAME TO renamed;
      ROLLBACK;
      BEGIN;
      CREATE TABLE also_kept (id bigint);
      SAVEPOINT one;
      DROP TABLE kept;
      ROLLBACK TO one;
      ALTER TABLE kept ADD COLUMN at date;
      COMMIT;
      ROLLBACK;`);
    expect([...schema.tables.values()].map(({ name, columns }) => [name, columns.length]).sort()).toEqual([
      ['also_kept', 1],
      ['kept', 2],
    ]);
  });

  test('a transaction that a file leaves open ends with the file', () => {
    const { fold } = folded(['BEGIN; CREATE TABLE a (id bigint);', 'CREATE TABLE b (id bigint);']);
    for (const operation of operationsOf('ROLLBACK;', 'migrations/2.sql')) fold.apply(operation);
    expect([...fold.snapshot().tables.values()].map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('a snapshot knows nothing of what comes later', () => {
    const { fold, schema } = folded('CREATE TABLE a (id bigint);');
    for (const operation of operationsOf('DROP TABLE a;')) fold.apply(operation);
    expect(schema.tables.size).toBe(1);
    expect(fold.snapshot().tables.size).toBe(0);
  });
});

test('a view of one table may name the row itself, wherever the table has its alias', () => {
  const { fold } = folded('CREATE TABLE orders (id bigint, orders integer);');
  const said = operationsOf(
    `CREATE VIEW sums AS SELECT orders AS number, o AS whole FROM orders o;
     CREATE VIEW lost AS SELECT orders AS number, x AS whole FROM orders o;`,
  ).map((operation) => fold.apply(operation).error?.message);
  expect(said).toEqual([undefined, 'column "x" does not exist']);
});

describe('what is not modelled', () => {
  test('taints the refusals about what it names, and those that follow from them', () => {
    const { fold } = folded('CREATE TABLE posts (id bigint);');
    const span = { path: 'migrations/1.sql', line: 1, column: 1, endLine: 1, endColumn: 9 };
    fold.taint(['Drafts'], { why: 'EXECUTE in a DO block', span });
    const said = operationsOf(
      `ALTER TABLE drafts ADD COLUMN at date;
       CREATE VIEW newest AS SELECT id FROM drafts;
       DROP VIEW newest;
       ALTER TABLE posts DROP COLUMN title;`,
    ).map((operation) => fold.apply(operation).error?.tainted);
    expect(said).toEqual([true, true, true, false]);
  });

  test('is where a table comes from that was missing before: patches to a schema that is made elsewhere', () => {
    const { fold } = folded('');
    const said = operationsOf(
      `ALTER TABLE mails ADD COLUMN at date;
       ALTER TABLE mails ADD COLUMN seen boolean;
       CREATE INDEX mails_seen ON mails (seen);
       ALTER TABLE mail ADD COLUMN seen boolean;`,
    ).map((operation) => fold.apply(operation).error?.tainted);
    expect(said).toEqual([false, true, true, false]);
  });
});
