import { expect, test } from 'vitest';
import { sentBy } from './read-files.ts';

test('what a class hands over by addSql is read, helpers of the class included', async () => {
  const { chain, lines } = await sentBy({
    'src/migrations/Migration20240102.ts': `import { Migration } from '@mikro-orm/migrations';
export class Migration20240102 extends Migration {
  override async up(): Promise<void> {
    this.addSql('alter table "a" add column "b" text;');
    this.more('a');
  }
  private more(table: string) { this.addSql(\`create index "i" on "\${table}" ("b");\`); }
}`,
    'src/migrations/Migration20240101.ts': `import { Migration } from '@mikro-orm/migrations';
export class Migration20240101 extends Migration {
  async up() { this.addSql('create table "a" ("id" serial primary key);'); }
}`,
  });
  expect(chain.tool).toBe('mikro-orm');
  expect(lines).toEqual([
    'Migration20240101:3 create table "a" ("id" serial primary key)',
    'Migration20240102:4 alter table "a" add column "b" text',
    'Migration20240102:7 create index "i" on "a" ("b")',
  ]);
});
