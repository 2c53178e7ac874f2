import { describe, expect, test } from 'vitest';
import { readMigration } from '../../../src/read/read-migration.ts';
import { loadSqlReader } from '../../../src/read/sql/read-sql.ts';
import { namesOf, onlyChain } from './survey.ts';

const USERS = `-- +goose Up
CREATE TABLE users (id bigserial PRIMARY KEY);
-- +goose Down
DROP TABLE users;
`;

async function read(text: string) {
  await loadSqlReader('postgres');
  const source = readMigration({ tool: 'goose', dialect: 'postgres' }, '1_a.sql', text);
  const statements = source.statements.map((one) => one.unread?.message ?? one.text);
  return {
    statements,
    transactional: source.transactional,
    lines: source.statements.map(({ span }) => span.line),
  };
}

describe('goose', () => {
  test('is known by its directives, and runs files by their number', async () => {
    const chain = await onlyChain({
      'migrations/10_posts.sql': USERS.replaceAll('users', 'posts'),
      'migrations/9_users.sql': USERS,
      'migrations/00011_fill.go': '',
      'migrations/notes.sql': USERS,
    });
    expect(chain).toMatchObject({
      tool: 'goose',
      dialect: 'postgres',
      dialectGuessed: true,
      transactional: true,
    });
    expect(namesOf(chain)).toEqual(['9_users', '10_posts']);
    expect(chain.prelude).toContain('goose_db_version');
    expect(chain.leftOut.map(({ path, reason }) => `${path}: ${reason.split(':')[0]}`)).toEqual([
      'migrations/00011_fill.go: code, not SQL',
      'migrations/notes.sql: not run',
    ]);
  });

  test('what leads back is not read; places stay', async () => {
    expect(await read(USERS)).toEqual({
      statements: ['CREATE TABLE users (id bigserial PRIMARY KEY)'],
      transactional: undefined,
      lines: [2],
    });
  });

  test('a function between StatementBegin and StatementEnd, outside a transaction', async () => {
    const text = `-- +goose NO TRANSACTION
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$
  SELECT 1;
$$
-- +goose StatementEnd
CREATE INDEX CONCURRENTLY a ON users (id);
-- +goose Down
-- +goose StatementBegin
DROP FUNCTION one();
-- +goose StatementEnd
`;
    const { statements, transactional, lines } = await read(text);
    expect(transactional).toBe(false);
    expect(lines).toEqual([4, 8]);
    expect(statements[1]).toBe('CREATE INDEX CONCURRENTLY a ON users (id)');
  });

  test.each([
    ['SELECT 1;\n-- +goose Up\n', 'goose stops here: SQL before -- +goose Up'],
    ['CREATE TABLE a (id int);\n', 'goose stops here: SQL before -- +goose Up'],
    ['-- nothing\n', 'goose stops here: there is no -- +goose Up'],
    [
      '-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n',
      'goose stops here: StatementBegin without StatementEnd',
    ],
    [
      '-- +goose Up\nSELECT 1\n',
      'goose stops here: the last statement has no semicolon at the end of a line',
    ],
    ['-- +goose Down\n-- +goose Up\n', 'goose stops here: -- +goose Down before -- +goose Up'],
  ])('%j is refused as goose refuses it', async (text, message) => {
    expect((await read(text)).statements[0]).toBe(message);
  });

  test('an empty file is run as nothing', async () => {
    expect((await read('')).statements).toEqual([]);
  });
});
