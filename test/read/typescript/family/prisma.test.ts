import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const SCHEMA = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id        String   @id
  email     String   @unique @map("email_address")
  name      String?
  teamId    String?  @map("team_id")
  team      Team?    @relation(fields: [teamId], references: [id])
  posts     Post[]
  createdAt DateTime @default(now()) @map("created_at")

  @@map("users")
}

model Team {
  id      String @id
  slug    String
  region  String
  members User[]

  @@unique([slug, region])
  @@schema("app")
}

model Post {
  id       Int    @id
  title    String
  authorId String
  author   User   @relation(fields: [authorId], references: [id])
  tags     Tag[]
}

model Tag {
  id    Int    @id
  label String
  posts Post[]
}
`;

/** What `code` says beside the schema. */
async function read(code: string, files: Readonly<Record<string, string>> = {}) {
  return readFiles({ 'prisma/schema.prisma': SCHEMA, ...files, 'a.ts': code });
}

describe('a read', () => {
  test('names tables and columns as the schema maps them', async () => {
    const { tables, columns, queries } = await read(`
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
await prisma.user.findMany({
  where: { teamId: 't', OR: [{ name: 'a' }, { email: { endsWith: '@x.org' } }] },
  select: { id: true, name: false },
  orderBy: [{ createdAt: 'desc' }],
  take: 5,
});
`);
    expect(tables).toEqual(['read users via import: a.ts:4 user']);
    expect(columns).toEqual([
      'filter users.team_id: a.ts:5 teamId',
      'filter users.name: a.ts:5 name',
      'filter users.email_address: a.ts:5 email',
      'select users.id: a.ts:6 id',
      'order users.created_at: a.ts:7 createdAt',
    ]);
    expect(queries).toMatchObject([{ database: 'postgres', columnsComplete: true, hasLimit: true }]);
  });

  test('goes through relations: by key, by a table that only Prisma knows, and after the call', async () => {
    const { tables, columns } = await read(`
const recent = (tx) => tx.post.findFirst({
  where: { author: { is: { email: 'a' } }, tags: { some: { label: 'x' } } },
  include: { author: { select: { team: true } } },
});
const members = await prisma.team.findUnique({ where: { id } }).members({ where: { name } });
`);
    expect(tables).toEqual([
      'read Post via import: a.ts:2 post',
      'read users via import: a.ts:3 author',
      'read Tag via import: a.ts:3 tags',
      'read _PostToTag via import: a.ts:3 tags',
      'read users via import: a.ts:4 author',
      'read app.Team via import: a.ts:4 team',
      'read app.Team via import: a.ts:6 team',
      'read users via import: a.ts:6 members',
    ]);
    expect(columns.filter((line) => line.startsWith('filter'))).toEqual([
      'filter users.email_address: a.ts:3 email',
      'filter Tag.label: a.ts:3 label',
      'filter app.Team.id: a.ts:6 id',
      'filter users.name: a.ts:6 name',
    ]);
    expect(columns.filter((line) => line.startsWith('join')).slice(0, 4)).toEqual([
      'join Post.authorId: a.ts:3 author',
      'join users.id: a.ts:3 author',
      'join _PostToTag.A: a.ts:3 tags',
      'join _PostToTag.B: a.ts:3 tags',
    ]);
  });

  test('counts, groups and sums by columns', async () => {
    const { columns } = await read(`
await prisma.post.groupBy({ by: ['authorId'], _count: { _all: true, id: true }, having: { id: { _count: { gt: 1 } } } });
await prisma.user.findMany({ include: { _count: { select: { posts: { where: { title: 'x' } } } } }, cursor: { id }, take });
`);
    expect(columns).toEqual([
      "group Post.authorId: a.ts:2 'authorId'",
      'select Post.id: a.ts:2 id',
      'filter Post.id: a.ts:2 id',
      'join users.id: a.ts:3 posts',
      'join Post.authorId: a.ts:3 posts',
      'filter Post.title: a.ts:3 title',
      'lookup users.id: a.ts:3 id',
    ]);
  });
});

test('a lookup names the columns of the key that it goes by', async () => {
  const { columns } = await read(`
await prisma.team.upsert({ where: { slug_region: { slug, region } }, create: { id, slug, region }, update: {} });
await prisma.user.update({ where: { email, name: null }, data: { team: { connect: { id: 't' } } } });
`);
  expect(columns.filter((line) => !line.startsWith('filter'))).toEqual([
    'lookup app.Team.slug: a.ts:2 slug',
    'lookup app.Team.region: a.ts:2 region',
    'write app.Team.id: a.ts:2 id',
    'write app.Team.slug: a.ts:2 slug',
    'write app.Team.region: a.ts:2 region',
    'lookup users.email_address: a.ts:3 email',
    'write users.team_id: a.ts:3 connect',
    'lookup app.Team.id: a.ts:3 id',
  ]);
  expect(columns).toContain('filter users.name: a.ts:3 name');
});

test('conditions say how they compare, and whether they restrict at all', async () => {
  const { queries } = await read(`
await prisma.user.findMany({
  where: { teamId: null, name: { not: null }, id: { in: ['a', 'b'] }, email: { contains: 'x', mode: 'insensitive' } },
});
await prisma.user.count({ where: { teamId: { equals: null }, name: { equals: 'a' } } });
await prisma.user.deleteMany({});
await prisma.user.updateMany({ where: {}, data: { name: 'none' } });
const name = Math.random() > 1 ? 'seldom' : null;
await prisma.user.updateMany({ where: {}, data: { name } });
export const some = (where) => prisma.user.deleteMany({ where });
`);
  const shown = queries.map(({ columns, hasFilter }) => [
    hasFilter,
    columns.map(({ column, comparison = '', values = [] }) => [column, comparison, ...values].join(' ')),
  ]);
  expect(shown).toEqual([
    [true, ['team_id is null', 'name is not null', 'id in a b', 'email_address ilike']],
    [true, ['team_id is null', 'name = a']],
    [false, []],
    [false, ['name  none']],
    [false, ['name  seldom']],
    [undefined, []],
  ]);
});

test('a write names what is written, along relations too', async () => {
  const { tables, columns } = await read(`
await prisma.post.create({
  data: {
    title: 'a',
    author: { connectOrCreate: { where: { email }, create: { email } } },
    tags: { connect: [{ id: 1 }], create: tags.map((label) => ({ label })) },
  },
});
await prisma.user.deleteMany({ where: { posts: { none: {} } } });
`);
  expect(tables).toEqual([
    'insert Post via import: a.ts:2 post',
    'insert users via import: a.ts:5 connectOrCreate',
    'read Tag via import: a.ts:6 connect',
    'insert _PostToTag via import: a.ts:6 connect',
    'insert Tag via import: a.ts:6 create',
    'insert _PostToTag via import: a.ts:6 create',
    'delete users via import: a.ts:9 user',
    'read Post via import: a.ts:9 posts',
  ]);
  expect(columns.filter((line) => line.startsWith('write'))).toEqual([
    'write Post.title: a.ts:4 title',
    'write Post.authorId: a.ts:5 connectOrCreate',
    'write users.email_address: a.ts:5 email',
    'write _PostToTag.A: a.ts:6 connect',
    'write _PostToTag.B: a.ts:6 connect',
    'write _PostToTag.A: a.ts:6 create',
    'write _PostToTag.B: a.ts:6 create',
    'write Tag.label: a.ts:6 label',
  ]);
});

describe('conditions that code puts together', () => {
  test('are followed through variables, spreads, choices and functions', async () => {
    const { columns, queries } = await read(`
const byTeam = (teamId) => ({ teamId });
export async function list(name, team) {
  const where: Prisma.UserWhereInput = { ...(name && { name }), ...byTeam(team) };
  if (team) where.createdAt = { gt: new Date() };
  const any = [{ id: 'a' }];
  any.push({ email: 'b' });
  where['OR'] = any;
  return prisma.user.findMany({ where });
}
`);
    expect(columns).toEqual([
      'filter users.name: a.ts:4 name',
      'filter users.team_id: a.ts:2 teamId',
      'filter users.created_at: a.ts:5 createdAt',
      'filter users.id: a.ts:6 id',
      'filter users.email_address: a.ts:7 email',
    ]);
    expect(queries[0]?.columnsComplete).toBe(true);
  });

  test('that hold themselves are read once', async () => {
    const { columns } = await read(`
export function find(team, more) {
  let where = { teamId: team };
  if (more) where = { AND: [where, { name: more }] };
  if (team) where = { OR: [where, { email: more }] };
  return prisma.user.findMany({ where });
}
`);
    expect(columns).toEqual([
      'filter users.team_id: a.ts:3 teamId',
      'filter users.name: a.ts:4 name',
      'filter users.email_address: a.ts:5 email',
    ]);
  });

  test('that are handed in are not all', async () => {
    const { columns, queries } = await read(
      'export const list = (where) => prisma.user.findMany({ where: { ...where, name: 1 } });',
    );
    expect(columns).toEqual(['filter users.name: a.ts:1 name']);
    expect(queries[0]?.columnsComplete).toBe(false);
  });
});

describe('a client', () => {
  test('is told by what it is, by its type, or by what it is asked', async () => {
    const { tables } = await read(
      `
import { db } from './db';
import { PrismaService } from './prisma.service';
await db.user.create(input);
export class Users {
  constructor(private readonly store: PrismaService) {}
  all = () => this.store.user.count();
}
export const one = (ctx) => ctx.services.post.findUnique({ where: { id: 1 } });
const users = db.user;
await users.deleteMany();
await getPrisma().tag.findMany();
`,
      {
        'db.ts':
          "import { PrismaClient } from './generated';\nexport const db = new PrismaClient().$extends({});",
        'prisma.service.ts':
          "import { PrismaClient } from '@prisma/client';\nexport class PrismaService extends PrismaClient {}",
      },
    );
    expect(tables).toEqual([
      'insert users via import: a.ts:4 user',
      'read users via import: a.ts:7 user',
      'read Post via import: a.ts:9 post',
      'delete users via import: a.ts:11 users',
      'read Tag via import: a.ts:12 tag',
    ]);
  });

  test('has no properties but models, and a service of the same name is none', async () => {
    const { tables } = await read(`
import { stripe } from 'some-payments';
await prisma.invoice.findMany();
await stripe.user.create({ data: {} });
class Api {
  user = new UserService();
  add() { return this.user.create({ data: {} }); }
}
export const list = (services) => services.user.create({ name: 'a' });
`);
    expect(tables).toEqual([]);
  });

  test('is asked once, also where another library has methods of the same names', async () => {
    const { queries } = await read(`
import { PrismaClient } from '@prisma/client';
export const add = (models) => models.user.create({ data: { name: 'a' } });
`);
    expect(queries.map(({ family }) => family)).toEqual(['prisma']);
  });

  test('whose model is worked out is told as not known', async () => {
    const { tables } = await read(`
const model = 'post';
await prisma[model].findMany();
export const all = (name) => prisma[name].deleteMany();
`);
    expect(tables).toEqual([
      'read Post via import: a.ts:3 model',
      'delete ? (it is a parameter): a.ts:4 name',
    ]);
  });
});

test('of two schemas the one is meant that the client is made of', async () => {
  const { queries } = await readFiles({
    'package.json': '{"workspaces": ["packages/*"]}',
    'packages/main/package.json': '{"name": "@app/main", "main": "index.ts"}',
    'packages/main/schema.prisma': SCHEMA,
    'packages/main/index.ts': "export { PrismaClient } from './generated';",
    'packages/log/package.json': '{"name": "@app/log", "main": "index.ts"}',
    'packages/log/schema.prisma': 'datasource db {\n  provider = "mysql"\n}\nmodel User {\n  id Int @id\n}\n',
    'packages/log/index.ts':
      "export { PrismaClient as LogClient } from './generated';\nexport type Db = LogClient;",
    'web/a.ts': `
import { PrismaClient } from '@app/main';
import { LogClient, type Db } from '@app/log';
const client = new PrismaClient();
client.user.findMany();
new LogClient().user.findMany();
export const all = (db: Db) => db.user.findMany();
`,
  });
  expect(queries.map(({ database }) => database)).toEqual(['postgres', 'mysql', 'mysql']);
});
