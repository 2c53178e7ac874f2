import { describe, expect, test } from 'vitest';
import { readMigration } from '../../../src/read/read-migration.ts';
import { loadSqlReader } from '../../../src/read/sql/read-sql.ts';
import { namesOf, onlyChain, survey } from './survey.ts';

const UP =
  '-- migrate:up\nCREATE TABLE users (id bigserial PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE users;\n';

describe('dbmate', () => {
  test('runs files in the order of their names, as text', async () => {
    const chain = await onlyChain({
      'db/migrations/9_b.sql': UP,
      'db/migrations/10_a.sql': UP,
      'db/migrations/seed.sql': UP,
      'db/schema.sql': 'CREATE TABLE users (id bigint);',
    });
    expect(chain.tool).toBe('dbmate');
    expect(namesOf(chain)).toEqual(['10_a', '9_b']);
    expect(chain.prelude).toContain('schema_migrations');
    expect(chain.leftOut.map(({ path }) => path)).toEqual(['db/migrations/seed.sql']);
  });

  test('its dump beside the migrations is told of, not followed', async () => {
    const { notFollowed } = await survey({
      'db/migrations/1_a.sql': UP,
      'db/schema.sql': 'CREATE TABLE users (id bigint);',
    });
    expect(notFollowed).toEqual([
      {
        path: 'db/schema.sql',
        reason: 'a whole schema near db/migrations, whose migrations are followed instead',
      },
    ]);
  });

  test.each([
    [UP, ['CREATE TABLE users (id bigserial PRIMARY KEY)'], undefined],
    ['-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\n', ['SELECT 1'], false],
    [
      '-- migrate:down\nSELECT 1;\n-- migrate:up\nSELECT 2;\n',
      ['dbmate stops here: -- migrate:down before -- migrate:up'],
      undefined,
    ],
    ['-- migrate:up\nSELECT 1;\n', ['dbmate stops here: there is no -- migrate:down'], undefined],
    [
      'SELECT 0;\n-- migrate:up\n-- migrate:down\n',
      ['dbmate stops here: SQL before -- migrate:up'],
      undefined,
    ],
    ['SELECT 0;\n', ['dbmate stops here: there is no -- migrate:up'], undefined],
  ])('%j', async (text, statements, transactional) => {
    await loadSqlReader('postgres');
    const source = readMigration({ tool: 'dbmate', dialect: 'postgres' }, '1.sql', text);
    expect(source.statements.map((one) => one.unread?.message ?? one.text)).toEqual(statements);
    expect(source.transactional).toBe(transactional);
  });

  test('wins over what stands around: a crate with sqlx may be migrated by dbmate', async () => {
    const chain = await onlyChain({
      'Cargo.toml': '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n',
      'migrations/20240101_a.sql': UP,
    });
    expect(chain).toMatchObject({ tool: 'dbmate', dialect: 'postgres', dialectGuessed: false });
  });
});
