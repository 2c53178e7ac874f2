import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain, survey } from './survey.ts';

const journal = (dialect: string, ...tags: string[]) =>
  JSON.stringify({
    version: '7',
    dialect,
    entries: tags.map((tag, idx) => ({ idx, when: idx, tag, breakpoints: true })),
  });

describe('Drizzle with a journal', () => {
  test('runs in the order of the journal, whatever the folder is called', async () => {
    const chain = await onlyChain({
      'packages/db/out/meta/_journal.json': journal('postgresql', '0001_b', '0000_a'),
      'packages/db/out/0000_a.sql': '',
      'packages/db/out/0001_b.sql': '',
      'packages/db/out/0002_by_hand.sql': '',
      'packages/db/out/0003_code.ts': '',
    });
    expect(chain).toMatchObject({
      id: 'packages/db/out',
      tool: 'drizzle',
      dialect: 'postgres',
      transactional: true,
    });
    expect(namesOf(chain)).toEqual(['0001_b', '0000_a']);
    expect(chain.leftOut).toEqual([
      {
        path: 'packages/db/out/0002_by_hand.sql',
        reason: 'not run: packages/db/out/meta/_journal.json does not list it',
      },
      {
        path: 'packages/db/out/0003_code.ts',
        reason: 'code, not SQL: what it does to the schema is not known',
      },
    ]);
    expect(chain.prelude).toContain('"drizzle"."__drizzle_migrations"');
  });

  test('a file that the journal lists and that is missing is said', async () => {
    const chain = await onlyChain({
      'drizzle/meta/_journal.json': journal('sqlite', '0000_a', '0001_gone'),
      'drizzle/0000_a.sql': '',
    });
    expect(chain.dialect).toBe('sqlite');
    expect(chain.leftOut).toEqual([
      {
        path: 'drizzle/0001_gone.sql',
        reason: 'missing: drizzle/meta/_journal.json lists it, so the migrator stops here',
      },
    ]);
  });

  test('two entries of one number keep it', async () => {
    const twice = JSON.stringify({
      dialect: 'pg',
      entries: [
        { idx: 0, tag: '0000_a' },
        { idx: 0, tag: '0000_b' },
      ],
    });
    const chain = await onlyChain({ 'd/meta/_journal.json': twice, 'd/0000_a.sql': '', 'd/0000_b.sql': '' });
    expect(chain.migrations.map(({ name, order }) => [name, order])).toEqual([
      ['0000_a', '0'],
      ['0000_b', '0'],
    ]);
  });

  test.each([
    ['<<<<<<< HEAD\n{}', /cannot be read/],
    ['{"entries": 3}', /it has no list of entries/],
    ['{"entries": [{}]}', /an entry has no tag/],
    ['null', /it has no list of entries/],
  ])('a journal that is broken is said: %s', async (text, reason) => {
    const { chains, notFollowed } = await survey({ 'd/meta/_journal.json': text, 'd/0000_a.sql': '' });
    expect(chains).toEqual([]);
    expect(notFollowed[0]?.reason).toMatch(reason);
  });

  test('the configuration names the ledger and, where the journal does not, the dialect', async () => {
    const chain = await onlyChain({
      'db/drizzle.config.ts': `export default defineConfig({
        dialect: 'postgresql', schema: './schema.ts', out: '../sql/',
        migrations: { table: 'done', schema: 'ops' } });`,
      'sql/meta/_journal.json': '{"entries":[{"idx":0,"tag":"0000_a"}]}',
      'sql/0000_a.sql': '',
    });
    expect(chain).toMatchObject({
      dialect: 'postgres',
      dialectReason: "db/drizzle.config.ts: dialect: 'postgresql'",
    });
    expect(chain.prelude).toContain('"ops"."done"');
  });
});

describe('Drizzle with folders', () => {
  test('is known by its snapshots and runs by name', async () => {
    const chain = await onlyChain({
      'drizzle/20250202000000_b/migration.sql': '',
      'drizzle/20250202000000_b/snapshot.json': '{"dialect": "mysql"}',
      'drizzle/20250101000000_a/migration.sql': '',
      'drizzle/20250101000000_a/snapshot.json': '{"dialect": "mysql"}',
    });
    expect(chain).toMatchObject({ tool: 'drizzle', dialect: 'mysql', transactional: false });
    expect(namesOf(chain)).toEqual(['20250101000000_a', '20250202000000_b']);
    expect(chain.prelude).toContain('applied_at');
  });
});
