import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain, survey } from './survey.ts';

const TABLE = 'CREATE TABLE t (id bigserial PRIMARY KEY);';

describe('plain numbered folders', () => {
  test.each([
    [
      ['2_b', '10_c', '1_a'],
      ['1_a', '2_b', '10_c'],
    ],
    [
      ['0001_a', '0001_B', '0002_c'],
      ['0001_B', '0001_a', '0002_c'],
    ],
    [
      ['V1_10.c', 'V1_2.b', 'V1.a'],
      ['V1.a', 'V1_2.b', 'V1_10.c'],
    ],
    [
      ['2024-10-01-b', '2024-09-30-c', '2024-09-30-2fa'],
      ['2024-09-30-2fa', '2024-09-30-c', '2024-10-01-b'],
    ],
    [
      ['1.10.0', '1.9', '1.9.1'],
      ['1.9', '1.9.1', '1.10.0'],
    ],
    [
      ['001b_x', '001a_y', '002_z'],
      ['001a_y', '001b_x', '002_z'],
    ],
    [
      ['20240101000000123_b', '20240101000000122_a'],
      ['20240101000000122_a', '20240101000000123_b'],
    ],
  ])('%j', async (given, expected) => {
    const chain = await onlyChain(given.map((name) => `db/migrations/${name}.sql`));
    expect(chain.tool).toBe('numbered');
    expect(namesOf(chain)).toEqual(expected);
  });

  test('keeps down parts apart, however they are marked', async () => {
    const chain = await onlyChain([
      'migrations/1_a.up.sql',
      'migrations/1_a.down.sql',
      'migrations/2_b_up.sql',
      'migrations/2_b_down.sql',
      'migrations/3_c.sql',
      'migrations/3_c_rollback.sql',
      'migrations/4_clean_up.sql',
      'migrations/5.do.d.sql',
      'migrations/5.undo.d.sql',
    ]);
    expect(chain.migrations.map(({ name, downPath }) => [name, downPath])).toEqual([
      ['1_a', 'migrations/1_a.down.sql'],
      ['2_b_up', 'migrations/2_b_down.sql'],
      ['3_c', 'migrations/3_c_rollback.sql'],
      ['4_clean_up', undefined],
      ['5.d', 'migrations/5.undo.d.sql'],
    ]);
  });

  test('files without a number are left out with the reason', async () => {
    const chain = await onlyChain(['migrations/1_a.sql', 'migrations/2_b.ts', 'migrations/seed.sql']);
    expect(chain.leftOut).toEqual([
      { path: 'migrations/2_b.ts', reason: 'code, not SQL: what it does to the schema is not known' },
      {
        path: 'migrations/seed.sql',
        reason: 'not followed: no number leads its name, so its place in the order is not known',
      },
    ]);
  });

  test('a folder that only its numbers speak for must make tables', async () => {
    const files = { 'sql/01_a.sql': TABLE, 'sql/02_b.sql': 'SELECT 1;' };
    expect((await onlyChain(files)).id).toBe('sql');
    const queries = await survey({
      'queries/01.sql': 'SELECT 1;',
      'queries/02.sql': '-- CREATE TABLE\nSELECT 2;',
    });
    expect(queries).toEqual({ chains: [], notFollowed: [] });
  });

  test('one file is a chain only where the folder is named as one', async () => {
    expect((await survey({ 'sql/01_a.sql': TABLE })).chains).toEqual([]);
    expect((await survey({ 'db/migrate/01_a.sql': TABLE })).chains).toHaveLength(1);
  });

  test('unrelated SQL is no chain', async () => {
    const { chains } = await survey({
      'sql/report.sql': TABLE,
      'sql/2024_report.sql': TABLE,
      'sql/x.sql': TABLE,
    });
    expect(chains).toEqual([]);
  });

  test('folders named after their numbers hold up and down', async () => {
    const chain = await onlyChain([
      'migrations/2_b/up.sql',
      'migrations/10_c/up.sql',
      'migrations/2_b/down.sql',
    ]);
    expect(chain.tool).toBe('numbered');
    expect(chain.migrations.map(({ name, downPath }) => [name, downPath])).toEqual([
      ['2_b', 'migrations/2_b/down.sql'],
      ['10_c', undefined],
    ]);
  });

  test('folders of versions are not taken for chains of their own', async () => {
    const { chains, notFollowed } = await survey(['migration/0.1/00_a.sql', 'migration/0.2/00_b.sql']);
    expect(chains).toEqual([]);
    expect(notFollowed.map(({ path }) => path)).toEqual(['migration']);
  });
});
