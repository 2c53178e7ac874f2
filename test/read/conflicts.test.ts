import { afterAll, describe, expect, test } from 'vitest';
import { openCache } from '../../src/cache/cache.ts';
import { treeOfFolder } from '../../src/change/from-folders.ts';
import { type Conflict, findConflicts } from '../../src/read/conflicts.ts';
import { at, removeFolders, temporaryFolder } from '../hook/repository.ts';

afterAll(removeFolders);

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL);`;

/** What two migrations on one base come to: theirs is numbered after ours. */
async function between(ours: string, theirs: string, numbers: readonly [string, string] = ['2_a', '3_b']) {
  const [base, mine, others] = [{}, { [numbers[0]]: ours }, { [numbers[1]]: theirs }].map((more) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries({ '1_base': BASE, ...more }))
      at(folder).write(`migrations/${name}.sql`, text);
    return treeOfFolder(folder);
  });
  if (!base || !mine || !others) throw new Error('three folders');
  const sides = { base, ours: mine, theirs: others };
  const chains = await findConflicts(sides, [], openCache(undefined));
  return chains.flatMap(({ conflicts, notJudged }) => [
    ...conflicts.map(said),
    ...(notJudged ? [notJudged] : []),
  ]);
}

function said(one: Conflict): string {
  if (one.kind === 'refused') return `after ${one.after}: ${one.message}`;
  if (one.kind === 'made twice') return `${one.name} twice, after ${one.after}`;
  if (one.kind === 'same number') return `${one.number} twice`;
  const { change, object, name, before, after } = one.alteration;
  return `order: ${change} ${object} ${name} ${before ?? ''} → ${after ?? ''}`;
}

describe('agree', () => {
  test.each([
    ['columns of one table', 'ALTER TABLE users ADD COLUMN a int;', 'ALTER TABLE users ADD COLUMN b int;'],
    ['a table, and an index on another', 'CREATE TABLE t (id int);', 'CREATE INDEX ON posts (user_id);'],
    ['labels of another type', "CREATE TYPE size AS ENUM ('s');", "ALTER TYPE mood ADD VALUE 'bad';"],
    [
      'a constraint, and a column that it does not name',
      'ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users;',
      'ALTER TABLE users DROP COLUMN email;',
    ],
    [
      'the same migration on both',
      'ALTER TABLE users ADD COLUMN a int;',
      'ALTER TABLE users ADD COLUMN a int;',
    ],
  ])('%s', async (title, ours, theirs) => {
    expect(await between(ours, theirs, title.startsWith('the same') ? ['2_a', '2_a'] : undefined)).toEqual(
      [],
    );
  });
});

describe('collide', () => {
  test.each([
    [
      'one column made twice',
      'ALTER TABLE users ADD COLUMN a int;',
      'ALTER TABLE users ADD COLUMN a text;',
      [
        'after ours: column "a" of relation "users" already exists',
        'after theirs: column "a" of relation "users" already exists',
      ],
    ],
    [
      'one index twice, which IF NOT EXISTS hides',
      'CREATE INDEX IF NOT EXISTS i ON users (email);',
      'CREATE INDEX IF NOT EXISTS i ON users (id, email);',
      [
        'i twice, after ours',
        'i twice, after theirs',
        'order: altered index i INDEX (email) → INDEX (id, email)',
      ],
    ],
    [
      'what the other drops',
      'ALTER TABLE users DROP COLUMN email;',
      'CREATE INDEX i ON users (email);',
      ['after ours: column "email" does not exist'],
    ],
    [
      'what the other renames',
      'ALTER TABLE users RENAME TO people;',
      'ALTER TABLE users ADD COLUMN a int;',
      ['after ours: relation "users" does not exist'],
    ],
    [
      'two defaults',
      "ALTER TABLE users ALTER email SET DEFAULT 'a';",
      "ALTER TABLE users ALTER email SET DEFAULT 'b';",
      ["order: altered column email text DEFAULT 'b' → text DEFAULT 'a'"],
    ],
    [
      'labels of one type',
      "ALTER TYPE mood ADD VALUE 'a';",
      "ALTER TYPE mood ADD VALUE 'b';",
      ["order: altered type mood ENUM ('good', 'a', 'b') → ENUM ('good', 'b', 'a')"],
    ],
  ])('%s', async (_, ours, theirs, expected) => {
    expect(await between(ours, theirs)).toEqual(expected);
  });

  test('one migration, each otherwise: what is in it is not compared, and git will ask', async () => {
    const text = 'CREATE TABLE a (id int);';
    expect(await between(text, `${text} CREATE TABLE b (id int);`, ['2_a', '2_a'])).toEqual(['2 twice']);
  });

  test('only the first refusal of a migration', async () => {
    const both = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);';
    expect(await between(both, both)).toEqual([
      'after ours: relation "a" already exists',
      'after theirs: relation "a" already exists',
    ]);
  });

  test('two migrations of one number', async () => {
    expect(await between('CREATE TABLE a (id int);', 'CREATE TABLE b (id int);', ['2_a', '2_b'])).toEqual([
      '2 twice',
    ]);
  });
});
