import { describe, expect, test } from 'vitest';
import { namesOf, onlyChain } from './survey.ts';

describe('Supabase', () => {
  test('runs what is named by time, in the order of the names', async () => {
    const chain = await onlyChain([
      'supabase/config.toml',
      'supabase/migrations/20240102000000_b.sql',
      'supabase/migrations/20240101000000_a.sql',
      'supabase/migrations/draft.sql',
      'supabase/seed.sql',
    ]);
    expect(chain).toMatchObject({ id: 'supabase/migrations', tool: 'supabase', dialect: 'postgres' });
    expect(namesOf(chain)).toEqual(['20240101000000_a', '20240102000000_b']);
    expect(chain.leftOut).toEqual([
      {
        path: 'supabase/migrations/draft.sql',
        reason: 'not run: Supabase runs only files named <timestamp>_<name>.sql',
      },
    ]);
    expect(chain.prelude).toContain('CREATE TABLE auth.users');
    expect(chain.prelude).toContain('supabase_migrations.schema_migrations');
  });

  test('skips an old first init, as its command line does', async () => {
    const chain = await onlyChain([
      'supabase/migrations/20211101000000_init.sql',
      'supabase/migrations/20220101000000_a.sql',
    ]);
    expect(namesOf(chain)).toEqual(['20220101000000_a']);
    expect(chain.leftOut[0]?.reason).toMatch(/December 2021/);
  });

  test('is known by its configuration in a folder of another name', async () => {
    const chain = await onlyChain({
      'backend/config.toml': 'project_id = "shop"\n[api]\nport = 54321\n',
      'backend/migrations/20240101000000_a.sql': '',
    });
    expect(chain.tool).toBe('supabase');
  });
});
