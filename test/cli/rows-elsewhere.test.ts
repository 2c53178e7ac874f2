import { afterAll, expect, test } from 'vitest';
import { commit, newRepository, write } from '../git/made-repository.ts';
import { removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';

afterAll(removeFolders);

const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY);\n';
const BLOCKS =
  'CREATE TABLE blocks (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));\n';
const INDEX = 'CREATE INDEX blocks_user_id_idx ON blocks (user_id);\n';

/** What a check says of a migration, on top of those of base. */
function check(base: string, migration: string) {
  const folder = newRepository();
  commit(folder, { 'db/migrations/1_base.sql': base });
  write(folder, { 'db/migrations/2_next.sql': migration });
  const { code, out } = tablewarden(folder, ['check']);
  return { code, out: out.replace(/\s+/g, ' ') };
}

test.each([
  ['to a table from before', USERS + BLOCKS + INDEX, 'INSERT INTO blocks VALUES (1, -1);\n'],
  ['in a table that comes now', USERS, `${BLOCKS}${INDEX}INSERT INTO blocks VALUES (1, -1);\n`],
])('a row that is added %s may refer to one that only a deployed database holds', (_, base, migration) => {
  const { code, out } = check(base, migration);
  expect(out).toContain(
    'whether db/migrations/2_next.sql applies is not known: it writes rows that refer to rows of users, which no migration writes',
  );
  expect(out).not.toContain('migration-does-not-apply');
  expect(out).toContain('neutral');
  expect(code).toBe(0);
});

test.each([
  [
    'of a table that comes now',
    'CREATE TABLE notes (id bigint);\n',
    `${USERS}${BLOCKS}${INDEX}INSERT INTO blocks VALUES (1, -1);\n`,
  ],
  [
    'that get a column with a foreign key',
    `${USERS}CREATE TABLE blocks (id bigint PRIMARY KEY);\nINSERT INTO blocks VALUES (1);\n`,
    'ALTER TABLE blocks ADD COLUMN user_id bigint NOT NULL DEFAULT 7 REFERENCES users (id);\n',
  ],
  [
    'that a foreign key is added to',
    `${USERS}CREATE TABLE blocks (id bigint PRIMARY KEY, user_id bigint NOT NULL);\n${INDEX}INSERT INTO blocks VALUES (1, -1);\n`,
    'ALTER TABLE blocks ADD FOREIGN KEY (user_id) REFERENCES users (id);\n',
  ],
])('rows %s are known: they lack their parent', (_, base, migration) => {
  const { code, out } = check(base, migration);
  expect(out).toContain('migration-does-not-apply');
  expect(code).toBe(1);
});
