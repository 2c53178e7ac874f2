import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain, survey } from './survey.ts';

const LOCK = '# Please do not edit\nprovider = "postgresql"\n';
const STEPS = {
  'prisma/migrations/20240102000000_posts/migration.sql': '',
  'prisma/migrations/20240101000000_init/migration.sql': '',
};

describe('Prisma', () => {
  test('runs folders in the order of their names and is told its dialect by the lock', async () => {
    const chain = await onlyChain({ ...STEPS, 'prisma/migrations/migration_lock.toml': LOCK });
    expect(chain).toMatchObject({
      id: 'prisma/migrations',
      tool: 'prisma',
      dialect: 'postgres',
      dialectGuessed: false,
      dialectReason: 'prisma/migrations/migration_lock.toml: provider = "postgresql"',
      leftOut: [],
    });
    expect(namesOf(chain)).toEqual(['20240101000000_init', '20240102000000_posts']);
    expect(chain.prelude).toContain('_prisma_migrations');
    expect(chain.migrations[0]?.path).toBe('prisma/migrations/20240101000000_init/migration.sql');
    expect(chain.migrations[0]?.id).toMatch(/^[0-9a-f]{40}$/);
  });

  test('sorts by name, not by number: 10_x stands before 9_x', async () => {
    const chain = await onlyChain({
      'migrations/migration_lock.toml': LOCK,
      'migrations/9_x/migration.sql': '',
      'migrations/10_x/migration.sql': '',
    });
    expect(namesOf(chain)).toEqual(['10_x', '9_x']);
  });

  test('without a lock the datasource tells, wherever the schema is split to', async () => {
    const schema =
      'generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "mysql"\n}\n';
    const chain = await onlyChain({ ...STEPS, 'prisma/schema/base.prisma': schema });
    expect(chain).toMatchObject({ dialect: 'mysql', dialectGuessed: false });
    expect(chain.dialectReason).toBe('prisma/schema/base.prisma: provider = "mysql"');
  });

  test('two schemas are two chains', async () => {
    const { chains } = await survey({
      'apps/a/prisma/migrations/1_init/migration.sql': '',
      'apps/a/prisma/migrations/migration_lock.toml': LOCK,
      'apps/b/prisma/migrations/1_init/migration.sql': '',
      'apps/b/prisma/migrations/migration_lock.toml': 'provider = "sqlite"',
    });
    expect(chains.map(({ id, dialect }) => `${id} ${dialect}`)).toEqual([
      'apps/a/prisma/migrations postgres',
      'apps/b/prisma/migrations sqlite',
    ]);
  });

  test('a database that is not read is named with the reason', async () => {
    const { chains, notFollowed } = await survey({
      ...STEPS,
      'prisma/migrations/migration_lock.toml': 'provider = "cockroachdb"',
    });
    expect(chains).toEqual([]);
    expect(notFollowed).toEqual([
      {
        path: 'prisma/migrations',
        reason:
          'migrations for CockroachDB (prisma/migrations/migration_lock.toml: provider = "cockroachdb"): not one of the databases read here',
      },
    ]);
  });

  test('folders without a migration.sql are left out', async () => {
    const chain = await onlyChain({
      ...STEPS,
      'prisma/migrations/migration_lock.toml': LOCK,
      'prisma/migrations/20240103000000_fill/migration.ts': '',
      'prisma/migrations/20240104000000_odd/data.sql': '',
    });
    expect(chain.leftOut).toEqual([
      {
        path: 'prisma/migrations/20240103000000_fill/migration.ts',
        reason: 'code, not SQL: what it does to the schema is not known',
      },
      {
        path: 'prisma/migrations/20240104000000_odd/data.sql',
        reason: 'not run: 20240104000000_odd/ has no migration.sql',
      },
    ]);
  });
});
