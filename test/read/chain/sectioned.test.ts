import { describe, expect, test } from 'vitest';
import type { ChainTool } from '../../../src/read/chain.ts';
import { readMigration } from '../../../src/read/read-migration.ts';
import { loadSqlReader } from '../../../src/read/sql/read-sql.ts';
import { namesOf, onlyChain } from './survey.ts';

const A = 'CREATE TABLE a (id serial PRIMARY KEY);';

const FILES: readonly (readonly [ChainTool, string])[] = [
  ['sql-migrate', `-- +migrate Up\n${A}\n-- +migrate Down\nDROP TABLE a;\n`],
  ['tern', `${A}\n---- create above / drop below ----\nDROP TABLE a;\n`],
  ['rambler', `-- rambler up\n${A}\n-- rambler down\nDROP TABLE a;\n`],
  ['mybatis', `-- // a\n${A}\n-- //@UNDO\nDROP TABLE a;\n`],
  ['node-pg-migrate', `-- Up Migration\n${A}\n-- Down Migration\nDROP TABLE a;\n`],
];

describe('tools that are known by the lines in their files', () => {
  test.each(FILES)('%s', async (tool, text) => {
    const chain = await onlyChain({ 'migrations/10_b.sql': text, 'migrations/9_a.sql': text });
    expect(chain).toMatchObject({ tool, dialect: 'postgres' });
    expect(chain.prelude).toMatch(/CREATE TABLE \w+/);
    expect(namesOf(chain)).toEqual(tool === 'rambler' ? ['10_b', '9_a'] : ['9_a', '10_b']);
    await loadSqlReader('postgres');
    const { statements } = readMigration(chain, 'migrations/9_a.sql', text);
    expect(statements.map((one) => one.text)).toEqual([A.slice(0, -1)]);
    expect(statements[0]?.span.line).toBe(text.split('\n').indexOf(A) + 1);
  });

  test('Play evolutions', async () => {
    const text = `# --- !Ups\n${A}\n\n# --- !Downs\nDROP TABLE a;\n`;
    const chain = await onlyChain({
      'conf/evolutions/default/2.sql': text,
      'conf/evolutions/default/1.sql': text,
    });
    expect(chain.tool).toBe('play');
    expect(namesOf(chain)).toEqual(['1', '2']);
    await loadSqlReader('postgres');
    expect(readMigration(chain, '1.sql', text).statements.map((one) => one.text)).toEqual([A.slice(0, -1)]);
  });

  test('sql-migrate runs files without a number too, last, and may leave the transaction', async () => {
    const text = '-- +migrate Up notransaction\nSELECT 1;\n';
    const chain = await onlyChain(
      {
        'migrations/b.sql': text,
        'migrations/a.sql': text,
        'migrations/2.sql': text,
        'migrations/10.sql': text,
      },
      [{ path: 'migrations', tool: 'sql-migrate' }],
    );
    expect(namesOf(chain)).toEqual(['2', '10', 'a', 'b']);
    expect(chain.leftOut).toEqual([]);
    await loadSqlReader('postgres');
    expect(readMigration(chain, 'a.sql', text).transactional).toBe(false);
  });

  test('node-pg-migrate compares times: 17 digits are a date, 13 are milliseconds', async () => {
    const chain = await onlyChain({
      'package.json': '{ "dependencies": { "node-pg-migrate": "7.0.0" } }',
      'migrations/1735689600000_new-year-2025.sql': A,
      'migrations/20240101000000000_new-year-2024.sql': A,
      'migrations/1767225600000_new-year-2026.sql': A,
    });
    expect(chain).toMatchObject({ tool: 'node-pg-migrate', dialect: 'postgres', dialectGuessed: false });
    expect(namesOf(chain).map((name) => name.slice(-4))).toEqual(['2024', '2025', '2026']);
  });

  test('tern may leave the transaction', async () => {
    await loadSqlReader('postgres');
    const text = '---- tern: disable-tx ----\nSELECT 1;\n---- create above / drop below ----\n';
    const source = readMigration({ tool: 'tern', dialect: 'postgres' }, '1.sql', text);
    expect(source).toMatchObject({ transactional: false, statements: [{ text: 'SELECT 1' }] });
  });
});
