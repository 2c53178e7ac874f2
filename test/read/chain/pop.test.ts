import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain, survey } from './survey.ts';

describe('pop', () => {
  test('one folder, one chain for each database that names tell; a file for one stands in for the file for all', async () => {
    const { chains } = await survey([
      'migrations/1_a.up.sql',
      'migrations/1_a.sqlite3.up.sql',
      'migrations/1_a.down.sql',
      'migrations/2_b.mysql.up.sql',
      'migrations/2_b.postgres.up.sql',
      'migrations/2_b.cockroach.up.sql',
      'migrations/3_c.postgres.autocommit.up.sql',
    ]);
    expect(chains.map((chain) => [chain.id, chain.tool, namesOf(chain).join(' ')])).toEqual([
      ['migrations#mysql', 'pop', '1_a 2_b'],
      ['migrations#postgres', 'pop', '1_a 2_b 3_c'],
      ['migrations#sqlite', 'pop', '1_a'],
    ]);
    expect(chains[1]?.migrations.map(({ transactional, downPath }) => transactional ?? downPath)).toEqual([
      'migrations/1_a.down.sql',
      undefined,
      false,
    ]);
  });

  test('Fizz is told of', async () => {
    const chain = await onlyChain({
      'migrations/1_a.up.fizz': '',
      'migrations/2_b.up.sql': 'SELECT 1::int;',
    });
    expect(chain).toMatchObject({ id: 'migrations', tool: 'pop' });
    expect(chain.leftOut).toEqual([
      { path: 'migrations/1_a.up.fizz', reason: 'Fizz, not SQL: what it does to the schema is not known' },
    ]);
  });
});

test('a dialect that the configuration names picks one of them', async () => {
  const chain = await onlyChain(
    ['migrations/1_a.mysql.up.sql', 'migrations/1_a.postgres.up.sql'],
    [{ path: 'migrations', dialect: 'mysql' }],
  );
  expect(chain).toMatchObject({ id: 'migrations#mysql', dialect: 'mysql' });
});

test('plain numbered files that name their database are parted the same way', async () => {
  const { chains } = await survey([
    'migrations/1_a.sql',
    'migrations/2_b.mysql.sql',
    'migrations/2_b.postgres.sql',
  ]);
  expect(chains.map((chain) => [chain.id, chain.dialect, namesOf(chain).join(' ')])).toEqual([
    ['migrations#mysql', 'mysql', '1_a 2_b.mysql'],
    ['migrations#postgres', 'postgres', '1_a 2_b.postgres'],
  ]);
});
