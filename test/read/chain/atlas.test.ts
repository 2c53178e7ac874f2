import { describe, expect, test } from 'vitest';
import { readMigration } from '../../../src/read/read-migration.ts';
import { loadSqlReader } from '../../../src/read/sql/read-sql.ts';
import { namesOf, onlyChain } from './survey.ts';

const SUM = 'h1:aaaa=\n20240101_a.sql h1:bbbb=\n20240102_b.sql h1:cccc=\n';

describe('Atlas', () => {
  test('runs every file by name; what the sum does not list is told of', async () => {
    const chain = await onlyChain({
      'atlas.hcl': 'env "local" {\n  dev = "docker://mysql/8/dev"\n}\n',
      'migrations/atlas.sum': SUM,
      'migrations/20240102_b.sql': '',
      'migrations/20240101_a.sql': '',
      'migrations/20240103_c.sql': '',
    });
    expect(chain).toMatchObject({ tool: 'atlas', dialect: 'mysql', dialectReason: 'atlas.hcl: "mysql"' });
    expect(namesOf(chain)).toEqual(['20240101_a', '20240102_b', '20240103_c']);
    expect(chain.leftOut).toEqual([
      {
        path: 'migrations/20240103_c.sql',
        reason: 'atlas.sum does not list it: Atlas stops until `atlas migrate hash` is run',
      },
    ]);
  });

  test('a checkpoint is for new databases', async () => {
    const chain = await onlyChain({
      'migrations/atlas.sum': `${SUM}20240103_checkpoint.sql h1:d=\n`,
      'migrations/20240101_a.sql': 'CREATE TABLE a (id bigserial);',
      'migrations/20240102_b.sql': '',
      'migrations/20240103_checkpoint.sql': '-- atlas:checkpoint\n\nCREATE TABLE a (id bigserial);',
    });
    expect(namesOf(chain)).toEqual(['20240101_a', '20240102_b']);
    expect(chain.leftOut[0]?.reason).toMatch(/^a checkpoint/);
  });

  test('files in the form of another tool are that tool’s', async () => {
    const goose = '-- +goose Up\nCREATE TABLE a (id bigserial);\n-- +goose Down\n';
    const chain = await onlyChain({
      'm/atlas.sum': SUM,
      'm/20240101_a.sql': goose,
      'm/20240102_b.sql': goose,
    });
    expect(chain.tool).toBe('goose');
  });

  test('a file may leave the transaction', async () => {
    await loadSqlReader('postgres');
    const read = (text: string) => readMigration({ tool: 'atlas', dialect: 'postgres' }, 'a.sql', text);
    expect(read('-- atlas:txmode none\n\nSELECT 1;').transactional).toBe(false);
    expect(read('SELECT 1;\n-- atlas:txmode none\n').transactional).toBeUndefined();
  });
});
