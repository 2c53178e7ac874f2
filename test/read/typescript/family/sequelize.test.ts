import { describe, expect, test } from 'vitest';
import { readFiles } from '../read-files.ts';

const DECORATED = `
import { BelongsTo, BelongsToMany, Column, DataType, DefaultScope, ForeignKey, HasMany, Model, Table, UpdatedAt } from 'sequelize-typescript';
class Base extends Model { @UpdatedAt @Column changed: Date; }
@Table({ tableName: 'users', updatedAt: false })
export class User extends Base {
  @Column({ type: DataType.STRING, field: 'email_address', allowNull: false }) email: string;
  @BelongsTo(() => Team, 'teamId') team: Team;
  @ForeignKey(() => Team) @Column(DataType.UUID) teamId: string;
  @HasMany(() => Post, 'authorId') posts: Post[];
  @BelongsToMany(() => Tag, () => UserTag) tags: Tag[];
  static active() { return this.findAll({ where: { teamId: null } }); }
}
@Table({ tableName: 'teams' }) export class Team extends Base {}
@Table({ tableName: 'tags' }) export class Tag extends Model {}
@Table({ tableName: 'user_tags' }) export class UserTag extends Model {}
@DefaultScope(() => ({ where: { draft: false } }))
@Table export class Post extends Model { @Column authorId: string; @Column title: string; }
`;

const short = (lines: readonly string[]) => lines.map((line) => line.replace(/: a\.ts.*/s, ''));

test('models of every form', async () => {
  const { models } = await readFiles({
    'decorated.ts': DECORATED,
    'init.js': `
const { Model, DataTypes } = require('sequelize');
class LibraryItem extends Model {
  static init(sequelize) {
    super.init({ id: { type: DataTypes.UUID, primaryKey: true }, shelfId: DataTypes.UUID }, { sequelize, modelName: 'libraryItem' });
  }
}
class Shelf extends Model {}
Shelf.init({ name: { type: DataTypes.STRING, allowNull: false } }, { sequelize, tableName: 'shelves', schema: 'app' });
const Entry = sequelize.define('entry', { note: DataTypes.TEXT });`,
  });
  expect(models).toEqual([
    'users as User: email_address (email) string not null, teamId string not null',
    'teams as Team: changed date not null',
    'tags as Tag: ',
    'user_tags as UserTag: ',
    'Posts as Post: authorId string not null, title string not null',
    'libraryItems as LibraryItem: id uuid not null, shelfId uuid',
    'app.shelves as Shelf: name string not null',
    'entries as entry: note text',
  ]);
});

describe('queries', () => {
  test('finders with conditions, includes, orders and attributes', async () => {
    const { tables, columns, queries } = await readFiles({
      'decorated.ts': DECORATED,
      'a.ts': `
import { Op } from 'sequelize';
import { Post, Team, User } from './decorated';
await User.findAll({
  where: { email: { [Op.like]: 'x' }, [Op.or]: [{ teamId: 1 }, { '$team.name$': 'x' }], 'email.domain': 'y' },
  include: [{ model: Post, as: 'posts', where: { title: 'x' } }, 'tags'],
  attributes: ['id', 'email'],
  order: [['createdAt', 'DESC'], [Team, 'name', 'ASC']],
  limit: 5,
});
await User.scope('visible').findOne({ where: { email } });
await Post.unscoped().count();
await Post.findByPk(id);
await User.findAll({ where: { ...filter, email } });`,
    });
    expect(tables[0]).toBe('read users via class: decorated.ts:11 this');
    expect(short(tables.slice(1))).toEqual([
      'read users via import',
      'read Posts via convention',
      'read tags via class',
      'read user_tags via convention',
      'read users via import',
      'read Posts via convention',
      'read Posts via convention',
      'read users via import',
    ]);
    expect(short(columns.slice(1))).toEqual([
      'filter users.email_address',
      'filter users.teamId',
      'filter teams.name',
      'filter users.email_address',
      'join Posts.authorId',
      'filter Posts.title',
      'select users.id',
      'select users.email_address',
      'order users.createdAt',
      'order teams.name',
      'filter users.email_address',
      'filter Posts.id',
      'filter users.email_address',
    ]);
    expect(queries.slice(1).map(({ columnsComplete, hasLimit }) => [columnsComplete, hasLimit])).toEqual([
      [true, true],
      [false, true],
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  test('writes, of models and of rows; a register of models goes by their names', async () => {
    const { tables, columns } = await readFiles({
      'decorated.ts': DECORATED,
      'a.ts': `
import { User } from './decorated';
await User.create({ email });
await User.update({ teamId: null }, { where: { email } });
await User.findOrCreate({ where: { email }, defaults: { teamId: 1 } });
await User.bulkCreate(rows.map((row) => ({ email: row.email })), { updateOnDuplicate: ['email'] });
const user = await User.findOne({ where: { email } });
await user.update({ teamId: 2 });
await user.destroy();
async function tidy(db: Db, one: User) {
  await db.models.libraryItem.destroy({ where: { id: 1 } });
  const { shelf } = db.models;
  await shelf.count();
  await one.save();
  await Anything.findAll();
  await db.models.pages.query().truncate();
}`,
    });
    expect(short(tables.slice(1))).toEqual([
      // Objection's
      'delete pages via convention',
      'insert users via import',
      'update users via import',
      'insert users via import',
      'insert users via import',
      'read users via import',
      'update users via import',
      'delete users via import',
      'delete libraryItems via convention',
      'read shelves via convention',
      'update users via import',
      'read ? (Anything is a global)',
    ]);
    expect(short(columns.slice(1)).slice(0, 8)).toEqual([
      'write users.email_address',
      'write users.teamId',
      'filter users.email_address',
      'filter users.email_address',
      'write users.teamId',
      'write users.email_address',
      'conflict users.email_address',
      'filter users.email_address',
    ]);
  });
});
