import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfTexts } from '../../../src/change/from-texts.ts';
import { modelDifferences } from '../../../src/read/models/model-differences.ts';
import { readChange } from '../../../src/read/read-change.ts';

type Texts = Readonly<Record<string, string>>;

/** What models and migrations of a revision say differently, as `table: change`, and what was not compared. */
async function differencesOf(files: Texts, cache = openCache(undefined)): Promise<readonly string[]> {
  const change = await changeOfTexts(new Map(), new Map(Object.entries(files)));
  const read = await readChange(change, [], cache, 'all');
  const { differences, notCompared } = modelDifferences(read, true).head;
  return [
    ...differences.map(({ table, change: what }) => `${table}: ${what}`).sort(),
    ...notCompared.map(({ table }) => `not compared: ${table}`),
  ];
}

const PRISMA_SQL = `
CREATE TYPE "Mood" AS ENUM ('SAD', 'OK');
CREATE TABLE "users" (
  "id" SERIAL NOT NULL, "email" VARCHAR(100) NOT NULL, "mood" "Mood" NOT NULL DEFAULT 'OK', "score" DECIMAL(10,2) NOT NULL DEFAULT 0,
  "settings" JSONB NOT NULL DEFAULT '{"a": 1}', "seen_at" TIMESTAMPTZ(6), "labels" TEXT[] DEFAULT ARRAY['new']::TEXT[],
  "created_at" TIMESTAMP(3) NOT NULL DEFAULT now(), CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "posts" (
  "id" TEXT NOT NULL, "author_id" INTEGER NOT NULL, "slug" TEXT NOT NULL, "token" UUID NOT NULL DEFAULT gen_random_uuid(),
  CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "_PostToTag" ("A" TEXT NOT NULL, "B" TEXT NOT NULL);
CREATE TABLE "Tag" ("id" TEXT NOT NULL, CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE INDEX "users_search" ON "users" (lower("email"));
CREATE UNIQUE INDEX "posts_author_id_slug_key" ON "posts" ("author_id", "slug");
CREATE INDEX "posts_slug_idx" ON "posts" ("slug" DESC);
CREATE UNIQUE INDEX "posts_first" ON "posts" ("author_id") WHERE "slug" = 'first';
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE VIEW "busy" AS SELECT "author_id" FROM "posts";
`;

const PRISMA = `
datasource db {
  provider = "postgresql"
}
enum Mood {
  SAD
  OK
}
model User {
  id        Int       @id @default(autoincrement())
  email     String    @unique @db.VarChar(100)
  mood      Mood      @default(OK)
  score     Decimal   @default(0.00) @db.Decimal(10, 2)
  settings  Json      @default("{\\"a\\":1}")
  seenAt    DateTime? @map("seen_at") @db.Timestamptz
  labels    String[]  @default(["new"])
  createdAt DateTime  @default(now()) @map("created_at")
  posts     Post[]
  @@map("users")
}
model Post {
  id       String @id @default(cuid())
  authorId Int    @map("author_id")
  author   User   @relation(fields: [authorId], references: [id], onDelete: Cascade)
  slug     String
  token    String @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  tags     Tag[]
  @@unique([authorId, slug])
  @@index(slug)
  @@map("posts")
}
model Tag {
  id    String @id @default(uuid())
  posts Post[]
}
view Busy {
  authorId Int @map("author_id")
  @@map("busy")
}
`;

describe('Prisma', () => {
  const differ = (model: string, sql = PRISMA_SQL) =>
    differencesOf({ 'prisma/schema.prisma': model, 'prisma/migrations/1_init/migration.sql': sql });

  test('what the migrations make, written by hand or not, is what the models say', async () => {
    expect(await differ(PRISMA)).toEqual([]);
  });

  test('two schemas that say the same of one database, one for each way to connect, are one', async () => {
    const files = {
      'prisma/postgresql-schema.prisma': PRISMA,
      'prisma/pooled-schema.prisma': PRISMA,
      'prisma/migrations/1_init/migration.sql': PRISMA_SQL,
    };
    expect(await differencesOf(files)).toEqual([]);
  });

  test.each([
    ['slug     String', 'slug     String\n  title    String?', ['posts: add column title (text)']],
    [
      '  slug     String\n',
      '  slug     String @map("path")\n',
      [
        'posts: add a unique key on (author_id, path)',
        'posts: add an index on (path)',
        'posts: add column path (text)',
        'posts: drop column slug',
      ],
    ],
    ['VarChar(100)', 'VarChar(200)', ['users: change the type of email from varchar(100) to varchar(200)']],
    ['DateTime? @map("seen_at")', 'DateTime @map("seen_at")', ['users: make seen_at NOT NULL']],
    ['@default(OK)', '@default(SAD)', ["users: change the default of mood from 'OK' to 'SAD'"]],
    ['@default(OK)', '', ["users: take the default 'OK' from mood"]],
    ['  OK\n}', '  OK\n  GLAD\n}', ["users: add 'GLAD' to the values of Mood"]],
    ['  SAD\n', '', ["users: take 'SAD' from the values of Mood"]],
    ['@unique @db', '@db', ['users: drop the unique key users_email_key on (email)']],
    ['  @@index(slug)', '', ['posts: drop the index posts_slug_idx on (slug)']],
    ['@@index(slug)', '@@index(slug)\n  @@index([token, slug])', ['posts: add an index on (token, slug)']],
    [
      ', onDelete: Cascade',
      '',
      ['posts: change ON DELETE of the foreign key on (author_id) from CASCADE to RESTRICT'],
    ],
    ['@@map("posts")', '@@map("articles")', ['articles: create table articles', 'posts: drop table posts']],
    [
      'id    String @id @default(uuid())',
      'id    String @default(uuid())\n  name  String @id',
      ['Tag: add column name (text)', 'Tag: change the primary key from (id) to (name)'],
    ],
  ])('%j for %j', async (from, to, differences) => {
    expect(PRISMA).toContain(from);
    expect(await differ(PRISMA.replace(from, to))).toEqual(differences);
  });

  test.each([
    ['partitioned', 'CREATE TABLE "Tag" ("id" TEXT NOT NULL) PARTITION BY HASH ("id");'],
    [
      'altered by what is not followed',
      'CREATE TABLE "Tag" ("id" INT); DO $$ BEGIN EXECUTE \'ALTER TABLE "Tag" ADD x int\'; END $$;',
    ],
  ])('a table that is %s is not compared', async (_, table) => {
    const sql = PRISMA_SQL.replace(/CREATE TABLE "Tag".*/, () => table);
    expect(await differ(PRISMA, sql)).toEqual(['not compared: Tag']);
  });

  test('migrations that begin with a database that is there tell nothing of what it lacks', async () => {
    const more = ['A', 'B', 'C', 'D', 'E'].map((name) => `model ${name} {\n  id Int @id\n}\n`).join('');
    expect(await differ(PRISMA + more)).toEqual([
      'not compared: what declares the tables of prisma/migrations',
    ]);
  });

  test('MySQL has types and indexes of its own', async () => {
    const sql = `
      CREATE TABLE users (id INTEGER NOT NULL AUTO_INCREMENT, active BOOLEAN NOT NULL DEFAULT true, role ENUM('a', 'b') NOT NULL DEFAULT 'a',
        team_id VARCHAR(191) NOT NULL, tags JSON NOT NULL, seen DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), PRIMARY KEY (id));
      CREATE TABLE teams (id VARCHAR(191) NOT NULL, PRIMARY KEY (id));
      ALTER TABLE users ADD CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE RESTRICT ON UPDATE CASCADE;`;
    const model = `
datasource db {
  provider = "mysql"
}
enum Role {
  a
  b
}
model users {
  id      Int      @id @default(autoincrement())
  active  Boolean  @default(true)
  role    Role     @default(a)
  team_id String
  team    teams    @relation(fields: [team_id], references: [id])
  tags    Json     @default("[]")
  seen    DateTime @default(now())
  @@index([team_id])
}
model teams {
  id    String  @id
  users users[]
}
`;
    const both = (text: string) =>
      differencesOf({
        'prisma/schema.prisma': text,
        'prisma/migrations/migration_lock.toml': 'provider = "mysql"',
        'prisma/migrations/1_init/migration.sql': sql,
      });
    expect(await both(model)).toEqual([]);
    expect(await both(model.replace('  b\n', '  c\n').replace('active  Boolean', 'active  Int'))).toEqual([
      "users: add 'c' to the values of role",
      'users: change the type of active from tinyint(1) to int',
      "users: take 'b' from the values of role",
    ]);
  });
});

const DRIZZLE_SQL = `
CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');
CREATE TABLE "users" (
  "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL, "email" varchar(100) NOT NULL, "mood" "mood" DEFAULT 'ok' NOT NULL,
  "score" numeric(10, 2) DEFAULT '0' NOT NULL, "settings" jsonb DEFAULT '{"a":1}'::jsonb, "labels" text[] DEFAULT '{}' NOT NULL,
  "created_at" timestamp with time zone DEFAULT now() NOT NULL, "search" "tsvector", CONSTRAINT "users_email_unique" UNIQUE("email")
);
CREATE TABLE "posts" (
  "id" serial PRIMARY KEY NOT NULL, "author_id" uuid NOT NULL, "parent_id" integer, "slug" text NOT NULL,
  "saved_at" timestamp DEFAULT now() NOT NULL, CONSTRAINT "posts_author_id_slug_unique" UNIQUE("author_id","slug")
);
CREATE TABLE "members" ("team" integer NOT NULL, "user" uuid NOT NULL, CONSTRAINT "members_pk" PRIMARY KEY("team","user"));
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "posts" ADD CONSTRAINT "posts_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."posts"("id") ON DELETE no action;
CREATE INDEX "posts_slug" ON "posts" USING btree ("slug" DESC NULLS LAST);
CREATE UNIQUE INDEX "users_lower" ON "users" USING btree (lower("email")) WHERE "score" > 0;
`;

const DRIZZLE = `
import { sql } from 'drizzle-orm';
import { customType, foreignKey, index, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, serial, text, timestamp, unique, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'ok']);
const tsvector = customType<{ data: string }>({ dataType() { return 'tsvector'; } });
const id = () => uuid('id').defaultRandom();
const at = (name: string) => timestamp(name).notNull();
const times = { createdAt: timestamp('created_at', { withTimezone: true }).defaultNow().notNull() };

export const users = pgTable('users', {
  id: id().primaryKey(),
  email: varchar('email', { length: 100 }).notNull().unique(),
  mood: mood('mood').default('ok').notNull(),
  score: numeric({ precision: 10, scale: 2 }).default('0').notNull(),
  settings: jsonb().default({ a: 1 }),
  labels: text().array().notNull().default(sql\`'{}'\`),
  ...times,
  search: tsvector(),
}, (t) => [uniqueIndex('users_lower').on(sql\`lower(\${t.email})\`).where(sql\`score > 0\`)]);

export const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  authorId: uuid('author_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  parentId: integer('parent_id'),
  slug: text('slug').notNull(),
  savedAt: at('saved_at').defaultNow(),
}, (t) => ({
  bySlug: index('posts_slug').on(t.slug.desc()),
  pair: unique().on(t.authorId, t.slug),
  parent: foreignKey({ columns: [t.parentId], foreignColumns: [t.id] }),
}));

export const members = pgTable('members', { team: integer().notNull(), user: uuid().notNull() }, (t) => [
  primaryKey({ columns: [t.team, t.user] }),
]);
`;

describe('Drizzle', () => {
  const JOURNAL = '{"dialect": "postgresql", "entries": [{"idx": 0, "tag": "0000_init"}]}';
  const differ = (model: string, sql = DRIZZLE_SQL, more: Texts = {}) =>
    differencesOf({
      'src/schema.ts': model,
      'drizzle/meta/_journal.json': JOURNAL,
      'drizzle/0000_init.sql': sql,
      ...more,
    });

  test('what the migrations make is what the models say', async () => {
    expect(await differ(DRIZZLE)).toEqual([]);
  });

  const VISITS = `import { integer, pgTable } from 'drizzle-orm/pg-core';
export const visits = pgTable('visits', { id: integer().primaryKey() });`;

  test('a configuration names the files whose models count, with those that they pass on', async () => {
    const folder = {
      'src/metrics/schema.ts': VISITS,
      'src/auth/schema.ts': DRIZZLE.replace('length: 100', 'length: 200'),
    };
    const named = (schema: string, more: Texts = {}) =>
      differ(DRIZZLE, DRIZZLE_SQL, {
        ...folder,
        ...more,
        'drizzle.config.ts': `export default { schema: ${schema}, out: './drizzle', dialect: 'postgresql' };`,
      });
    const others = ['visits: create table visits'];
    expect(await named(`'./src/schema.ts'`)).toEqual([]);
    expect(await named(`'./src/*.ts'`)).toEqual([]);
    const twice = [...others, ...['members', 'posts', 'users'].map((name) => `not compared: ${name}`)];
    expect((await named(`process.env.SCHEMA`)).toSorted()).toEqual(twice.toSorted());
    expect(await named(`['./src/schema.ts', './src/metrics']`)).toEqual(others);
    const index = `export * from './schema';\nimport { visits } from './metrics/schema';\nexport { visits };`;
    expect(await named(`'./src/index.ts'`, { 'src/index.ts': index })).toEqual(others);
    const unknown = `export * from './schema';\nexport * from './generated';`;
    expect((await named(`'./src/index.ts'`, { 'src/index.ts': unknown })).toSorted()).toEqual(
      twice.toSorted(),
    );
  });

  test('a table whose model the configuration does not name is not compared', async () => {
    const files = {
      'src/visits.ts': VISITS,
      'drizzle.config.ts': `export default { schema: './src/schema.ts', out: './drizzle', dialect: 'postgresql' };`,
    };
    const sql = `${DRIZZLE_SQL}CREATE TABLE "visits" ("id" integer PRIMARY KEY, "at" integer);`;
    expect(await differ(DRIZZLE, sql, files)).toEqual(['not compared: visits']);
  });

  test('of two databases each has its own models, though both have a table of that name', async () => {
    const config = (name: string) =>
      `export default { schema: './${name}/schema.ts', out: './${name}/drizzle' };`;
    const chain = (name: string, sql: string) => ({
      [`${name}/drizzle/meta/_journal.json`]: JOURNAL,
      [`${name}/drizzle/0000_init.sql`]: sql,
      [`drizzle.${name}.config.ts`]: config(name),
    });
    const wide = VISITS.replace('.primaryKey()', '.primaryKey(), at: integer()');
    const files = {
      ...chain('web', 'CREATE TABLE "visits" ("id" integer PRIMARY KEY);'),
      ...chain('metrics', 'CREATE TABLE "visits" ("id" integer PRIMARY KEY, "at" integer);'),
      'web/schema.ts': VISITS,
      'metrics/schema.ts': wide,
    };
    expect(await differencesOf(files)).toEqual([]);
    expect(await differencesOf({ ...files, 'web/schema.ts': wide, 'metrics/schema.ts': VISITS })).toEqual([
      'visits: add column at (integer)',
      'visits: drop column at',
    ]);
  });

  test.each([
    [
      "slug: text('slug').notNull(),",
      "slug: text('slug').notNull(),\n  title: text(),",
      ['posts: add column title (text)'],
    ],
    ["parentId: integer('parent_id'),\n", "parentId: integer('parent_id'),\n", []],
    ['length: 100', 'length: 200', ['users: change the type of email from varchar(100) to varchar(200)']],
    ["slug: text('slug').notNull()", "slug: text('slug')", ['posts: let slug be NULL']],
    [".default('0').notNull()", '.notNull()', ["users: take the default '0' from score"]],
    ["['sad', 'ok']", "['sad', 'ok', 'glad']", ["users: add 'glad' to the values of mood"]],
    ['.notNull().unique()', '.notNull()', ['users: drop the unique key users_email_unique on (email)']],
    [
      "  bySlug: index('posts_slug').on(t.slug.desc()),\n",
      '',
      ['posts: drop the index posts_slug on (slug)'],
    ],
    [
      "onDelete: 'cascade'",
      "onDelete: 'set null'",
      ['posts: change ON DELETE of the foreign key on (author_id) from CASCADE to SET NULL'],
    ],
    [
      ", { onDelete: 'cascade' })",
      ')',
      ['posts: change ON DELETE of the foreign key on (author_id) from CASCADE to NO ACTION'],
    ],
    [
      ".references(() => users.id, { onDelete: 'cascade' })",
      '',
      ['posts: drop the foreign key from (author_id) to users'],
    ],
    [
      'columns: [t.team, t.user]',
      'columns: [t.user, t.team]',
      ['members: change the primary key from (team, user) to (user, team)'],
    ],
    [
      "pgTable('members'",
      "pgTable('memberships'",
      ['members: drop table members', 'memberships: create table memberships'],
    ],
    [
      'withTimezone: true',
      'withTimezone: false',
      ['users: change the type of created_at from timestamptz to timestamp'],
    ],
    ['...times,', '', ['users: drop column created_at']],
  ])('%j for %j', async (from, to, differences) => {
    expect(DRIZZLE).toContain(from);
    expect(await differ(DRIZZLE.replace(from, to))).toEqual(differences);
  });

  test('what was written by hand, and its last snapshot does not know, is left alone', async () => {
    const snapshot = {
      dialect: 'postgresql',
      tables: {
        'public.posts': {
          name: 'posts',
          columns: { slug: { name: 'slug' } },
          indexes: { posts_slug: { name: 'posts_slug' } },
        },
      },
    };
    const byHand = `${DRIZZLE_SQL} CREATE INDEX "by_hand" ON "posts" ("parent_id"); ALTER TABLE "posts" ADD COLUMN "note" text; CREATE TABLE "logs" ("id" int);`;
    const model = DRIZZLE.replace("  bySlug: index('posts_slug').on(t.slug.desc()),\n", '');
    expect(
      await differ(model, byHand, { 'drizzle/meta/0000_snapshot.json': JSON.stringify(snapshot) }),
    ).toEqual(['posts: drop the index posts_slug on (slug)']);
  });

  test('columns and keys that are not followed are not missed', async () => {
    const model = DRIZZLE.replace('...times,', '...load(),').replace(
      "bySlug: index('posts_slug').on(t.slug.desc()),",
      '...more(t),',
    );
    expect(await differ(model)).toEqual([]);
  });

  test('what was kept of the code says the same as what is read anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tablewarden-models-'));
    try {
      const files = {
        'src/schema.ts': DRIZZLE.replace("uniqueIndex('users_lower')", "index('users_lower')"),
        'drizzle/meta/_journal.json': JOURNAL,
        'drizzle/0000_init.sql': DRIZZLE_SQL.replace('UNIQUE INDEX "users_lower"', 'INDEX "users_lower"'),
      };
      for (const _ of ['anew', 'kept']) expect(await differencesOf(files, openCache(folder))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a copy of a table for a script is no model', async () => {
    const script = `import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { old: text() });`;
    expect(await differ(DRIZZLE, DRIZZLE_SQL, { 'scripts/move.ts': script })).toEqual([]);
  });
});

describe('TypeORM', () => {
  const MIGRATION = `
import type { MigrationInterface, QueryRunner } from 'typeorm';
export class Init1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner) {
    await queryRunner.query(\`CREATE TYPE "user_role_enum" AS ENUM ('admin', 'member')\`);
    await queryRunner.query(\`CREATE TABLE "user" ("id" SERIAL NOT NULL, "email" character varying(100) NOT NULL, "role" "user_role_enum" NOT NULL DEFAULT 'member', "bio" text, "deletedAt" TIMESTAMP, CONSTRAINT "PK_user" PRIMARY KEY ("id"))\`);
    await queryRunner.query(\`CREATE TABLE "post" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "score" integer NOT NULL DEFAULT 0, "authorId" integer, CONSTRAINT "PK_post" PRIMARY KEY ("id"))\`);
    await queryRunner.query(\`CREATE UNIQUE INDEX "IDX_email" ON "user" ("email")\`);
    await queryRunner.query(\`CREATE INDEX "IDX_score" ON "post" ("score", "authorId")\`);
    await queryRunner.query(\`ALTER TABLE "post" ADD CONSTRAINT "FK_author" FOREIGN KEY ("authorId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`);
  }
  async down() {}
}`;
  const MODELS = `
import { Column, DeleteDateColumn, Entity, Index, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
export enum Role { Admin = 'admin', Member = 'member' }
@Entity()
export class User {
  @PrimaryGeneratedColumn() id: number;
  @Index({ unique: true }) @Column({ length: 100 }) email: string;
  @Column({ type: 'enum', enum: Role, default: Role.Member }) role: Role;
  @Column('text', { nullable: true }) bio?: string;
  @DeleteDateColumn() deletedAt?: Date;
  @OneToMany(() => Post, (post) => post.author) posts: Post[];
}
@Entity()
@Index(['score', 'author'])
export class Post {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ default: 0 }) score: number;
  @ManyToOne(() => User, (user) => user.posts, { onDelete: 'CASCADE' }) author: User;
}`;
  const differ = (model: string) =>
    differencesOf({
      'src/entities.ts': model,
      'src/migrations/1700000000000-Init.ts': MIGRATION,
      'package.json': '{"dependencies": {"typeorm": "1", "pg": "8"}}',
    });

  test('what the migrations make is what the entities say', async () => {
    expect(await differ(MODELS)).toEqual([]);
  });

  test.each([
    [
      "@Column('text', { nullable: true }) bio?: string;",
      "@Column('text', { nullable: true }) about?: string;",
      ['user: add column about (text)', 'user: drop column bio'],
    ],
    ['length: 100', 'length: 200', ['user: change the type of email from varchar(100) to varchar(200)']],
    ["'text', { nullable: true }", "'text'", ['user: make bio NOT NULL']],
    ['default: 0', 'default: 1', ['post: change the default of score from 0 to 1']],
    [', default: Role.Member', '', ["user: take the default 'member' from role"]],
    [
      "Member = 'member'",
      "Member = 'member', Guest = 'guest'",
      ["user: add 'guest' to the values of user_role_enum"],
    ],
    ['@Index({ unique: true }) ', '', ['user: drop the unique key IDX_email on (email)']],
    [
      "@Index(['score', 'author'])",
      "@Index(['score'])",
      ['post: add an index on (score)', 'post: drop the index IDX_score on (score, authorId)'],
    ],
    [
      "{ onDelete: 'CASCADE' }",
      "{ onDelete: 'SET NULL' }",
      ['post: change ON DELETE of the foreign key on (authorId) from CASCADE to SET NULL'],
    ],
    ['@Entity()\n@Index', "@Entity('posts')\n@Index", ['post: drop table post', 'posts: create table posts']],
  ])('%j for %j', async (from, to, differences) => {
    expect(MODELS).toContain(from);
    expect(await differ(MODELS.replace(from, to))).toEqual(differences);
  });
});

test('MikroORM is compared by its columns', async () => {
  const migration = `
import { Migration } from '@mikro-orm/migrations';
export class Migration20240101000000 extends Migration {
  async up() {
    this.addSql('create table "book" ("id" serial primary key, "title" varchar(255) not null, "blurb" text null, "is_read" boolean not null default false, "author_id" int not null, "old" int);');
    this.addSql('create table "author" ("id" serial primary key);');
    this.addSql('alter table "book" add constraint "book_author_id_foreign" foreign key ("author_id") references "author" ("id");');
  }
}`;
  const model = `
import { Entity, Formula, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
@Entity()
export class Author { @PrimaryKey() id!: number; }
@Entity()
export class Book {
  @PrimaryKey() id!: number;
  @Property() title!: string;
  @Property({ columnType: 'text', nullable: true }) blurb?: string;
  @Property() isRead: boolean = false;
  @Property({ nullable: true }) isbn?: string;
  @Property({ persist: false }) shown?: string;
  @Formula('1') one?: number;
  @ManyToOne(() => Author) author!: Author;
}`;
  const files = {
    'src/book.ts': model,
    'migrations/Migration20240101000000.ts': migration,
    'package.json': '{"dependencies": {"@mikro-orm/postgresql": "6"}}',
  };
  expect(await differencesOf(files)).toEqual(['book: add column isbn', 'book: drop column old']);
});

test('Sequelize is compared by what its models ask for', async () => {
  const migration = `
module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.createTable('users', {
    id: { type: Sequelize.INTEGER, primaryKey: true }, email: Sequelize.STRING, createdAt: Sequelize.DATE, updatedAt: Sequelize.DATE,
  }),
  down: (queryInterface) => queryInterface.dropTable('users'),
};`;
  const model = `
import { Column, DataType, Model, Table } from 'sequelize-typescript';
@Table({ tableName: 'users' })
export class User extends Model {
  @Column email: string;
  @Column nickname: string;
  @Column(DataType.VIRTUAL) shown: string;
}`;
  const files = {
    'src/user.ts': model,
    'migrations/20240101000000-users.js': migration,
    'package.json': '{"dependencies": {"sequelize": "6", "pg": "8"}}',
  };
  expect(await differencesOf(files)).toEqual(['users: add column nickname']);
});
