import { describe, expect, test } from 'vitest';
import { parsePrisma } from '../../../src/read/prisma/parse-schema.ts';
import { readFiles } from '../typescript/read-files.ts';

describe('a schema', () => {
  test('is tables with their columns, over several files', async () => {
    const { models } = await readFiles({
      'prisma/schema/base.prisma': `
generator client {
  provider = "prisma-client-js" // the client
}
datasource db {
  provider = "postgresql"
}`,
      'prisma/schema/users.prisma': `
/// A person.
model User {
  id     Int     @id @default(autoincrement())
  email  String  @unique @map("email_address") @db.VarChar(255)
  roles  Role[]
  vector Unsupported("tsvector")?
  posts  Post[]
  /* not yet
  phone String
  */
  @@index([
    email(sort: Desc),
    roles
  ], map: "users_email")
  @@map("users")
}
enum Role {
  ADMIN @map("admin")
  USER
}`,
      'prisma/schema/posts.prisma': `
model Post {
  id       Int   @id
  author   User? @relation(fields: [authorId], references: [id], onDelete: Cascade)
  authorId Int?
}`,
    });
    expect(models).toEqual([
      'users as user: id Int not null, email_address (email) String not null, roles Role[], vector Unsupported("tsvector")',
      'Post as post: id Int not null, authorId Int',
    ]);
  });

  test('that is broken costs the broken block, and says where', async () => {
    const text = 'model A {\n  id Int @id(\n}\n\nmodel B {\n  id Int @id\n}\n<<<<<<< HEAD\n';
    const { models, notRead } = await readFiles({ 'schema.prisma': text });
    expect(models).toEqual(['B as b: id Int not null']);
    expect(notRead).toEqual(['a value is expected and not }']);
    expect(parsePrisma(text).trouble?.offset).toBe(text.indexOf('}'));
  });

  test('of old is read as of today', () => {
    const { blocks, trouble } = parsePrisma('type Id = String\r\nmodel A {\r\n  id: Id @id\r\n}\r\n');
    expect(trouble).toBeUndefined();
    expect(blocks.map(({ name, fields }) => [name, fields.map(({ type }) => type)])).toEqual([['A', ['Id']]]);
  });
});
