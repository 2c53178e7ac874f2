import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { changeOfTexts } from '../../../src/change/from-texts.ts';
import type { Conflict } from '../../../src/read/conflicts/conflict.ts';
import { findConflicts } from '../../../src/read/conflicts/find-conflicts.ts';
import { readOpenChange } from '../../../src/read/conflicts/read-open-change.ts';

const BASE = `CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL);`;

type Texts = Readonly<Record<string, string>>;

/** What two changes of one base come to. */
async function betweenTexts(ours: Texts, theirs: Texts, more: Texts = {}): Promise<readonly string[]> {
  const base = { 'migrations/1_base.sql': BASE, ...more };
  const read = async (texts: Texts) => {
    const change = await changeOfTexts(
      new Map(Object.entries(base)),
      new Map(Object.entries({ ...base, ...texts })),
    );
    return readOpenChange(change, [], openCache(undefined), []);
  };
  const [mine, others] = [await read(ours), await read(theirs)];
  const chains = await findConflicts(
    mine.bases,
    { chains: mine.chains, uses: await mine.readUses() },
    { chains: others.chains, uses: await others.readUses() },
  );
  return chains.flatMap(({ conflicts, notJudged }) => [
    ...conflicts.map(said),
    ...(notJudged ? [notJudged] : []),
  ]);
}

/** Of two migrations: theirs is numbered after ours. */
function between(ours: string, theirs: string, [own, other] = ['2_a', '3_b']): Promise<readonly string[]> {
  return betweenTexts({ [`migrations/${own}.sql`]: ours }, { [`migrations/${other}.sql`]: theirs });
}

function said(one: Conflict): string {
  const places = `${one.ours.line}/${one.theirs.line}`;
  if (one.kind === 'refused') return `after ${one.after}: ${one.message} ${places}`;
  if (one.kind === 'made twice')
    return `${one.name} twice, ${one.same ? 'the same' : 'otherwise'}, ${one.second} ${places}`;
  if (one.kind === 'dropped twice') return `${one.name} dropped twice ${places}`;
  if (one.kind === 'same number') return `${one.number} twice`;
  if (one.kind === 'used') {
    const [code, taken] = one.by === 'ours' ? [one.ours, one.theirs] : [one.theirs, one.ours];
    return `${one.by} uses ${one.name}${one.renamedTo ? ` → ${one.renamedTo}` : ''}: ${code.path}:${code.line}, ${taken.path}:${taken.line}`;
  }
  const { change, object, name, before, after } = one.alteration;
  return `order: ${change} ${object} ${name} ${before ?? ''} → ${after ?? ''} ${places}`;
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
      ['users.a twice, otherwise, refused 1/1'],
    ],
    [
      'one index twice, which IF NOT EXISTS hides',
      'CREATE INDEX IF NOT EXISTS i ON users (email);',
      'CREATE INDEX IF NOT EXISTS i ON users (id, email);',
      ['i twice, otherwise, passed over 1/1'],
    ],
    [
      'what the other drops',
      'ALTER TABLE users DROP COLUMN email;',
      'CREATE INDEX i ON users (email);',
      ['after ours: column "email" does not exist 1/1'],
    ],
    [
      'one column dropped twice',
      'ALTER TABLE users DROP COLUMN email;',
      'ALTER TABLE users DROP COLUMN email;',
      ['users.email dropped twice 1/1'],
    ],
    [
      'what the other renames',
      'ALTER TABLE users RENAME TO people;',
      'ALTER TABLE users ADD COLUMN a int;',
      ['after ours: relation "users" does not exist 1/1'],
    ],
    [
      'two defaults',
      "ALTER TABLE users ALTER email SET DEFAULT 'a';",
      "ALTER TABLE users ALTER email SET DEFAULT 'b';",
      ["order: altered column email text DEFAULT 'b' → text DEFAULT 'a' 1/1"],
    ],
    [
      'labels of one type',
      "ALTER TYPE mood ADD VALUE 'a';",
      "ALTER TYPE mood ADD VALUE 'b';",
      ["order: altered type mood ENUM ('good', 'a', 'b') → ENUM ('good', 'b', 'a') 1/1"],
    ],
  ])('%s', async (_, ours, theirs, expected) => {
    expect(await between(ours, theirs)).toEqual(expected);
  });

  test('one migration, each otherwise: what is in it is not compared, and git will ask', async () => {
    const text = 'CREATE TABLE a (id int);';
    expect(await between(text, `${text} CREATE TABLE b (id int);`, ['2_a', '2_a'])).toEqual(['2 twice']);
  });

  test('the same indexes, which IF NOT EXISTS hides until both blocks stand in what is merged', async () => {
    const index = (column: string) => `CREATE INDEX IF NOT EXISTS idx_users_${column} ON users (${column});`;
    expect(await between(`${index('id')}\n${index('email')}`, `${index('email')}\n${index('id')}`)).toEqual([
      'idx_users_email twice, the same, passed over 2/1',
      'idx_users_id twice, the same, passed over 1/2',
    ]);
  });

  test('one key added twice', async () => {
    const key = 'ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id);';
    expect(await between(key, key)).toEqual(['posts_user twice, the same, refused 1/1']);
  });

  test('only the first refusal of a migration', async () => {
    const both = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);';
    expect(await between(both, both)).toEqual(['a twice, the same, refused 1/1']);
  });

  test('two migrations of one number', async () => {
    expect(await between('CREATE TABLE a (id int);', 'CREATE TABLE b (id int);', ['2_a', '2_b'])).toEqual([
      '2 twice',
    ]);
  });
});

test('of the operations before it is named which one the trouble begins with', async () => {
  const ours = `CREATE TABLE a (id int);
ALTER TABLE users ADD COLUMN age int;
ALTER TABLE users
  RENAME COLUMN email TO mail;
CREATE TABLE b (id int);`;
  const theirs = 'ALTER TABLE posts ADD COLUMN title text;\nCREATE INDEX i ON users (email);';
  expect(await between(ours, theirs)).toEqual(['after ours: column "email" does not exist 3/2']);
});

describe('code', () => {
  const query = (sql: string) => `export const ask = () => pool.query("${sql}");\n`;
  const EMAILS = { 'src/emails.ts': query('SELECT email FROM users') };

  test('begins to use a column that the other drops, whichever of the two is ours', async () => {
    const drops = { 'migrations/2_a.sql': 'ALTER TABLE users DROP COLUMN email;' };
    expect(await betweenTexts(drops, EMAILS)).toEqual([
      'theirs uses users.email: src/emails.ts:1, migrations/2_a.sql:1',
    ]);
    expect(await betweenTexts(EMAILS, drops)).toEqual([
      'ours uses users.email: src/emails.ts:1, migrations/2_a.sql:1',
    ]);
  });

  test('begins to use what the other renames', async () => {
    const twice = query('SELECT id FROM posts') + query('SELECT user_id FROM posts');
    const renames = {
      'migrations/2_a.sql':
        'ALTER TABLE posts RENAME TO articles;\nALTER TABLE users RENAME COLUMN email TO mail;',
    };
    expect(await betweenTexts({ ...EMAILS, 'src/posts.ts': twice }, renames)).toEqual([
      'ours uses users.email → users.mail: src/emails.ts:1, migrations/2_a.sql:2',
      'ours uses posts → articles: src/posts.ts:1, migrations/2_a.sql:1',
    ]);
  });

  test.each<[string, Texts, Texts, Texts]>([
    [
      'used it before',
      { 'src/emails.ts': `// reads\n${EMAILS['src/emails.ts']}` },
      { 'migrations/2_a.sql': 'ALTER TABLE users DROP COLUMN email;' },
      EMAILS,
    ],
    [
      'uses another column',
      { 'src/ids.ts': query('SELECT id FROM users') },
      { 'migrations/2_a.sql': 'ALTER TABLE users DROP COLUMN email;' },
      {},
    ],
    [
      'has a view under the old name',
      { 'src/posts.ts': query('SELECT id FROM posts') },
      {
        'migrations/2_a.sql':
          'ALTER TABLE posts RENAME TO articles; CREATE VIEW posts AS SELECT * FROM articles;',
      },
      {},
    ],
    [
      'finds it made anew',
      EMAILS,
      {
        'migrations/2_a.sql':
          'ALTER TABLE users DROP COLUMN email; ALTER TABLE users ADD COLUMN email varchar;',
      },
      {},
    ],
  ])('%s: no conflict', async (_, ours, theirs, base) => {
    expect(await betweenTexts(ours, theirs, base)).toEqual([]);
  });
});
