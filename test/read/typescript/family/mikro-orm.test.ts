import { expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const ENTITIES = `
import { Embeddable, Embedded, Entity, ManyToMany, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/core';
@Embeddable() class Place { @Property() city!: string; }
@Entity({ tableName: 'users' })
export class User {
  @PrimaryKey() id!: string;
  @Property({ name: 'email_address', type: 'text' }) email!: string;
  @Property({ nullable: true }) firstName?: string;
  @ManyToOne() team!: Rel<Ref<Team>>;
  @OneToMany(() => Post, (post) => post.author) posts = new Collection<Post>(this);
  @ManyToMany(() => Tag, 'users', { owner: true }) tags = new Collection<Tag>(this);
}
@Entity() export class Team { @PrimaryKey() id!: string; @Embedded(() => Place) home!: Place; @Embedded(() => Place, { object: true }) seat!: Place; }
@Entity() export class Tag { @PrimaryKey() id!: string; @ManyToMany(() => User, 'tags') users: User[]; }
@Entity() export class Post { @PrimaryKey() id!: string; @ManyToOne(() => User) author!: User; @Property() createdAt!: Date; }
`;

const short = (lines: readonly string[]) => lines.map((line) => line.replace(/: a\.ts.*/s, ''));

test('entities, schemas and defineEntity are models in snake case', async () => {
  const { models } = await readFiles({
    'entities.ts': ENTITIES,
    'schemas.ts': `
import { defineEntity, EntitySchema, p } from '@mikro-orm/core';
import { Team } from './entities';
export const Label = new EntitySchema({ name: 'Label', properties: { id: { type: 'number', primary: true }, textColor: { type: 'string', nullable: true } } });
export const OrderLine = defineEntity({
  name: 'OrderLine', tableName: 'order_lines',
  properties: { id: p.integer().primary(), unitPrice: p.decimal().fieldName('price').nullable(), team: () => p.manyToOne(Team) },
});`,
  });
  expect(models).toEqual([
    'users as User: id string not null, email_address (email) text not null, first_name (firstName) string, team_id (team) ?',
    'team as Team: id string not null, home_city (home.city) string not null, seat place not null',
    'tag as Tag: id string not null',
    'post as Post: id string not null, created_at (createdAt) date not null, author_id (author) ?',
    'label as Label: id number not null, text_color (textColor) string',
    'order_lines as OrderLine: id integer not null, price (unitPrice) decimal, team_id (team) ?',
  ]);
});

test('the entity manager, repositories and rows', async () => {
  const { tables, columns, queries } = await readFiles({
    'entities.ts': ENTITIES,
    'a.ts': `
import { EntityManager, EntityRepository } from '@mikro-orm/core';
import { Post, User } from './entities';
class Service {
  constructor(private em: EntityManager, @InjectRepository(User) private users: EntityRepository<User>) {}
  async run(id: string, entity: EntityName<User>) {
    await this.em.find(User, { $or: [{ email }, { team: { id } }], posts: { createdAt: { $gt: now } } }, { populate: ['tags'], orderBy: { firstName: 'asc' }, limit: 5 });
    await this.users.findOne({ email });
    await this.users.nativeUpdate({ id }, { firstName: 'x' });
    await this.em.upsert(User, { email }, { onConflictFields: ['email'] });
    let post = await this.em.findOne(Post, id);
    if (!post) post = new Post();
    await this.em.persist(post).flush();
    await this.em.find(entity, {});
  }
}`,
  });
  expect(short(tables)).toEqual([
    'read users via import',
    'read post via convention',
    'read tag via convention',
    'read users_tags via convention',
    'read users via import',
    'update users via import',
    'insert users via import',
    'read post via convention',
    'insert post via convention',
    'read ? (it is a parameter)',
  ]);
  expect(short(columns)).toEqual([
    'filter users.email_address',
    'filter users.team_id',
    'join post.author_id',
    'filter post.created_at',
    'order users.first_name',
    'filter users.email_address',
    'filter users.id',
    'write users.first_name',
    'write users.email_address',
    'conflict users.email_address',
    'filter post.id',
  ]);
  expect(queries.map(({ columnsComplete, hasLimit }) => [columnsComplete, hasLimit]).slice(0, 2)).toEqual([
    [true, true],
    [true, true],
  ]);
});

test('the query builder, which takes rows and conditions themselves', async () => {
  const { tables, columns } = await readFiles({
    'entities.ts': ENTITIES,
    'a.ts': `
import { User } from './entities';
await em.createQueryBuilder(User, 'u').select(['u.id', 'u.email']).leftJoin('u.posts', 'p').where({ firstName: 'x' }).orderBy({ 'p.createdAt': 'desc' }).limit(1);
await em.createQueryBuilder(User).update({ firstName: 'x' }).where({ id });
await em.qb(User).delete({ email });`,
  });
  expect(short(tables)).toEqual([
    'read users via import',
    'read post via convention',
    'update users via import',
    'delete users via import',
  ]);
  expect(short(columns)).toEqual([
    'join post.author_id',
    'select users.id',
    'select users.email_address',
    'filter users.first_name',
    'order post.created_at',
    'write users.first_name',
    'filter users.id',
    'filter users.email_address',
  ]);
});
