import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const ENTITIES = `
import { ChildEntity, Column, CreateDateColumn, Entity, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
export abstract class Base {
  @PrimaryGeneratedColumn('uuid') id: string;
  @CreateDateColumn() createdAt: Date;
}
class Address { @Column() street: string; }
@Entity('users')
export class User extends Base {
  @Column({ name: 'email_address', type: 'varchar' }) email: string;
  @Column({ nullable: true }) firstName?: string;
  @Column(() => Address) address: Address;
  @ManyToOne(() => Team, (team) => team.members) @JoinColumn({ name: 'team_id' }) team: Team;
  @OneToMany(() => Post, (post) => post.author) posts: Post[];
  @ManyToMany(() => Tag, (tag) => tag.users) @JoinTable({ name: 'user_tags' }) tags: Tag[];
}
@Entity({ name: 'teams', schema: 'app' }) export class Team extends Base { @OneToMany(() => User, (user) => user.team) members: User[]; }
@Entity() export class Post extends Base { @ManyToOne(() => User) author: User; @Column() title: string; }
@Entity() export class Tag extends Base { @ManyToMany(() => User, (user) => user.tags) users: User[]; }
@Entity() @TableInheritance({ column: { name: 'type' } }) export class OrderEvent extends Base {}
@ChildEntity() export class OrderPaid extends OrderEvent { @Column() amount: number; }
`;

const short = (lines: readonly string[]) => lines.map((line) => line.replace(/: a\.ts.*/s, ''));

test('entities are models: named or by convention, with inherited, embedded and joined columns', async () => {
  const { models } = await readFiles({
    'entities.ts': ENTITIES,
    'schema.ts': `
import { EntitySchema } from 'typeorm';
export const Label = new EntitySchema({
  name: 'Label', tableName: 'labels',
  columns: { id: { type: Number, primary: true }, textColor: { type: 'varchar', name: 'text_color', nullable: true } },
  relations: { owner: { type: 'many-to-one', target: 'User', joinColumn: { name: 'owner_id' } } },
});`,
  });
  expect(models).toEqual([
    'users as User: id uuid not null, createdAt timestamp not null, email_address (email) varchar not null, firstName string, addressStreet (address.street) string not null, team_id (team) ?',
    'app.teams as Team: id uuid not null, createdAt timestamp not null',
    'post as Post: id uuid not null, createdAt timestamp not null, title string not null, authorId (author) ?',
    'tag as Tag: id uuid not null, createdAt timestamp not null',
    'order_event as OrderEvent: id uuid not null, createdAt timestamp not null',
    'order_event as OrderPaid: id uuid not null, createdAt timestamp not null, amount number not null',
    'labels as Label: id number not null, text_color (textColor) varchar, owner_id (owner) ?',
  ]);
});

describe('repositories', () => {
  test('by their types, by getRepository, as classes of the code, and managers', async () => {
    const { tables } = await readFiles({
      'entities.ts': ENTITIES,
      'users.ts': `
import { User } from './entities';
export class UserRepository extends Repository<User> {
  byEmail(email: string) { return this.findOneBy({ email }); }
}`,
      'a.ts': `
import { User, Post, Team } from './entities';
import { UserRepository } from './users';
class Service {
  constructor(@InjectRepository(User) private readonly users: Repository<User>, private own: UserRepository, private dataSource: DataSource) {}
  async run(ctx: Context, manager: EntityManager, entity: Type<User>) {
    await this.users.find();
    await this.own.count();
    await this.dataSource.getRepository(Post).delete({ id: 1 });
    await this.connection.getRepository(ctx, Team).save(new Team());
    await manager.update(User, { id: 1 }, { firstName: 'x' });
    const post = manager.create(Post, { title: 'x' });
    await manager.save(post);
    await manager.find(entity, {});
    await this.dataSource.getRepository('Tag').clear();
    const posts = tx ? tx.getRepository(Post) : this.dataSource.getRepository(Post);
    await posts.count();
    new Map<string, string>().delete('x');
  }
}`,
    });
    expect(tables).toEqual([
      'read users via import: users.ts:4 this',
      'read users via import: a.ts:7 this.users',
      'read users via import: a.ts:8 this.own',
      'delete post via convention: a.ts:9 this.dataSource.getRepository(Post)',
      'update app.teams via import: a.ts:10 this.connection.getRepository(ctx, Team)',
      'update users via import: a.ts:11 User',
      'update post via convention: a.ts:13 post',
      'read ? (it is a parameter): a.ts:14 entity',
      "delete tag via convention: a.ts:15 this.dataSource.getRepository('Tag')",
      'read post via convention: a.ts:17 posts',
    ]);
  });

  test('what is added to a relation is written where its key stands, or between the two', async () => {
    const { tables } = await readFiles({
      'entities.ts': ENTITIES,
      'a.ts': `
import { Post, User } from './entities';
const users = dataSource.getRepository(User);
export const write = (user: User, post: Post) => users.createQueryBuilder().relation('posts').of(user).add(post);
export const tag = (user: User, tag: Tag) => dataSource.createQueryBuilder().relation(User, 'tags').of(user).remove(tag);
export const move = (user: User, team: Team) => users.createQueryBuilder().relation('team').of(user).set(team);
export const posts = (user: User) => users.createQueryBuilder().relation('posts').of(user).loadMany();
export const odd = (user: User) => users.createQueryBuilder().relation('friends').of(user).add(1);
`,
    });
    expect(tables).toEqual([
      "update post via convention: a.ts:4 'posts'",
      "delete user_tags via convention: a.ts:5 'tags'",
      'update users via import: a.ts:6 users',
      "read post via convention: a.ts:7 'posts'",
      "read ? (the relation friends is not known): a.ts:8 'friends'",
    ]);
  });

  test('options name their columns through relations and embedded objects', async () => {
    const { tables, columns, queries } = await readFiles({
      'entities.ts': ENTITIES,
      'a.ts': `
import { User } from './entities';
const users = dataSource.getRepository(User);
await users.find({
  where: { email: In(emails), address: { street: 'x' }, team: { id }, posts: { title: Like('x') } },
  relations: ['tags', 'posts.author'],
  order: { createdAt: 'DESC' }, select: { firstName: true }, take: 10,
});
await users.findOneBy({ ...filter, id: 1 });
await users.upsert({ email, firstName }, ['email']);
await users.increment({ id: 1 }, 'visits', 1);`,
    });
    expect(short(tables)).toEqual([
      'read users via import',
      'read post via convention',
      'read tag via convention',
      'read user_tags via convention',
      'read post via convention',
      'read users via class',
      'read users via import',
      'insert users via import',
      'update users via import',
    ]);
    expect(short(columns)).toEqual([
      'filter users.email_address',
      'filter users.addressStreet',
      'filter users.team_id',
      'join post.authorId',
      'filter post.title',
      'join post.authorId',
      'join post.authorId',
      'order users.createdAt',
      'select users.firstName',
      'filter users.id',
      'write users.email_address',
      'write users.firstName',
      'conflict users.email_address',
      'filter users.id',
      'write users.visits',
    ]);
    expect(queries.map(({ columnsComplete, hasLimit }) => [columnsComplete, hasLimit])).toEqual([
      [true, true],
      [false, true],
      [true, false],
      [true, false],
    ]);
  });
});

test('a manager of something else is none', async () => {
  const { tables } = await readFiles({
    'a.ts': 'export const drop = (manager: StoreManager, key: string) => manager.delete(key, 1);',
  });
  expect(tables).toEqual([]);
});

describe('the query builder', () => {
  test('joins, string conditions, brackets and steps on a variable', async () => {
    const { tables, columns, queries } = await readFiles({
      'entities.ts': ENTITIES,
      'a.ts': `
import { User, Post } from './entities';
const qb = dataSource.getRepository(User).createQueryBuilder('u')
  .leftJoinAndSelect('u.team', 't')
  .innerJoin(Post, 'p', 'p.author = u.id')
  .where('u.email = :email AND LOWER(t.id) IN (:...ids)', { email })
  .andWhere(new Brackets((inner) => inner.where('u.address.street IS NULL').orWhere({ firstName: 'x' })));
if (latest) qb.orderBy('u.createdAt', 'DESC').limit(1);
const rows = await qb.getMany();`,
    });
    expect(short(tables)).toEqual([
      'read users via import',
      'read app.teams via class',
      'read post via convention',
    ]);
    expect(short(columns)).toEqual([
      'join users.team_id',
      'join post.authorId',
      'join users.id',
      'filter users.email_address',
      'filter app.teams.id',
      'filter users.addressStreet',
      'filter users.firstName',
      'order users.createdAt',
    ]);
    expect(queries.map(({ columnsComplete, hasLimit }) => [columnsComplete, hasLimit])).toEqual([
      [true, true],
    ]);
  });

  test('writes, and tables that a subquery stands for', async () => {
    const { tables, columns } = await readFiles({
      'entities.ts': ENTITIES,
      'a.ts': `
import { User, Post } from './entities';
await manager.createQueryBuilder().update(User).set({ firstName: 'x' }).where('id = :id', { id }).execute();
await dataSource.createQueryBuilder().insert().into(Post).values({ title: 'x' }).orUpdate(['title'], ['author_id']).execute();
await dataSource.createQueryBuilder().delete().from(User).where('team_id IS NULL').execute();
await dataSource.createQueryBuilder().select('x').from(\`(\${inner.getQuery()})\`, 'x').getRawMany();`,
    });
    expect(short(tables)).toEqual([
      'update users via import',
      'insert post via convention',
      'delete users via import',
    ]);
    expect(short(columns)).toEqual([
      'write users.firstName',
      'filter users.id',
      'write post.title',
      'write post.title',
      'conflict post.author_id',
      'filter users.team_id',
    ]);
  });
});

test('an entity that is handed to a function of the code, which asks for it, is told at the call', async () => {
  const { tables } = await readFiles({
    'entities.ts': ENTITIES,
    'connection.ts': `
import { Repository } from 'typeorm';
export class Connection {
  getOrThrow<T>(ctx: Context, entity: Type<T>, id: string) {
    const repository = this.getRepository(ctx, entity);
    return repository.findOneByOrFail({ id });
  }
  list<T>(entity: Type<T>) { return this.build(entity).getMany(); }
  build<T>(entity: Type<T>) { return this.dataSource.getRepository(entity).createQueryBuilder('entity'); }
  describe<T>(entity: Type<T>) { return entity.name; }
}
export class BaseRepository<T> extends Repository<T> {
  removeAll(where: object) { return this.delete(where); }
}
export async function copy(options: { from: Type; to: Type }) {
  const { from, to } = options;
  for (const row of await manager.find(from)) await manager.getRepository(to).insert(row);
}`,
    'a.ts': `
import { Post, Tag, User } from './entities';
import { BaseRepository, Connection, copy } from './connection';
class Service {
  constructor(private connection: Connection, private posts: BaseRepository<Post>) {}
  async run() {
    await this.connection.getOrThrow(ctx, User, '1');
    await this.connection.list(Tag);
    this.connection.describe(User);
    await this.posts.removeAll({ id: '1' });
    await copy({ from: User, to: Post });
  }
}
declare const repository: Repository<User>;`,
  });
  expect(tables.filter((line) => line.includes(': a.ts'))).toEqual([
    'read users via import: a.ts:7 User',
    'read tag via convention: a.ts:8 Tag',
    'delete post via convention: a.ts:10 this.posts',
    'read users via import: a.ts:11 User',
    'insert post via convention: a.ts:11 Post',
  ]);
});

test('a condition restricts a query, and how it compares its columns is told', async () => {
  const { queries } = await readFiles({
    'entities.ts': ENTITIES,
    'a.ts': `
import { In, IsNull, Not } from 'typeorm';
import { User } from './entities';
await manager.delete(User, {});
await manager.find(User);
await manager.find(User, given);
const keys = [];
for (const one of all) keys.push(one);
await manager.delete(User, keys);
await manager.update(User, { firstName: Not(IsNull()), email: In(['a', 'b']) }, { firstName: 'x' });
await manager.getRepository(User).createQueryBuilder('u').delete().execute();
export const open = () => manager.getRepository(User).createQueryBuilder('u');`,
  });
  expect(queries.map(({ hasFilter }) => String(hasFilter)).join()).toBe(
    'false,false,undefined,undefined,true,false,undefined',
  );
  expect(queries[4]?.columns.map(({ column, comparison, values }) => [column, comparison, values])).toEqual([
    ['firstName', 'is not null', undefined],
    ['email_address', 'in', ['a', 'b']],
    ['firstName', undefined, ['x']],
  ]);
});
