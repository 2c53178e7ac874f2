import { expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const MODELS = `
import { Model } from 'objection';
export class Base extends Model {}
export class User extends Base {
  static tableName = 'users';
  static get relationMappings() {
    const { Post } = require('./post');
    return {
      posts: { relation: Model.HasManyRelation, modelClass: Post, join: { from: 'users.id', to: 'posts.author_id' } },
      tags: {
        relation: Model.ManyToManyRelation, modelClass: Tag,
        join: { from: 'users.id', through: { from: 'user_tags.user_id', to: 'user_tags.tag_id' }, to: 'tags.id' },
      },
    };
  }
  rename(trx) { return this.$query(trx).patch({ firstName: 'x' }); }
}
export class Tag extends Base { static get tableName() { return 'tags'; } }
`;
const POST = "export class Post extends Model { static tableName = 'posts'; }";

test('classes with a table name are models', async () => {
  const { models } = await readFiles({
    'user.ts': MODELS,
    'post.ts': `import { Model } from 'objection';${POST}`,
  });
  expect(models).toEqual(['users as User: ', 'tags as Tag: ', 'posts as Post: ']);
});

test('queries of a class, of a row, and of a class that a type names', async () => {
  const { tables, columns } = await readFiles({
    'user.ts': MODELS,
    'post.ts': POST,
    'service.ts': `
import { User } from './user';
class Service {
  constructor(private readonly userModel: TenantModel<typeof User>, private readonly tagModel: () => typeof Tag) {}
  async run(id: number) {
    await User.query().where('lastName', 'x').orderBy('id').first();
    await this.userModel().query().findById(id);
    await this.userModel().query().insert({ firstName: 'y' });
    const user = await User.query(trx).findOne({ email });
    await user.$query().delete();
    await Unknown.query().where('id', 1);
  }
}`,
  });
  expect(tables).toEqual([
    'update users via class: user.ts:16 this',
    'read users via import: service.ts:6 User',
    'read users via import: service.ts:7 this.userModel()',
    'insert users via import: service.ts:8 this.userModel()',
    'read users via import: service.ts:9 User',
    'delete users via import: service.ts:10 user',
    'read ? (Unknown is a global): service.ts:11 Unknown',
  ]);
  expect(
    columns.filter((line) => line.includes('service.ts')).map((line) => line.replace(/: .*/, '')),
  ).toEqual([
    'filter users.lastName',
    'order users.id',
    'filter users.id',
    'write users.firstName',
    'filter users.email',
    'filter users.id',
  ]);
});

test('graphs and joined relations bring their tables along', async () => {
  const { tables, columns } = await readFiles({
    'user.ts': MODELS,
    'post.ts': POST,
    'a.ts': `
import { User } from './user';
await User.query().withGraphFetched('[posts(recent), tags]').joinRelated('nothing');
await User.relatedQuery('posts').for(1).where('title', 'x');`,
  });
  expect(tables.slice(1)).toEqual([
    'read users via import: a.ts:3 User',
    'read posts via import: a.ts:3 posts',
    'read tags via class: a.ts:3 tags',
    'read user_tags via class: a.ts:3 tags',
    'read ? (the relation nothing is not known): a.ts:3 nothing',
    "read posts via import: a.ts:4 'posts'",
  ]);
  expect(columns.filter((line) => line.includes('a.ts')).map((line) => line.replace(/: .*/, ''))).toEqual([
    'join users.id',
    'join posts.author_id',
    'join users.id',
    'join tags.id',
    'join user_tags.user_id',
    'join user_tags.tag_id',
    'filter posts.title',
  ]);
});
