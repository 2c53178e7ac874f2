import { expect, test } from 'vitest';
import { onlyChain } from './survey.ts';

test('golang-migrate runs .up files by version, and finds the way back by version', async () => {
  const chain = await onlyChain({
    'server/go.mod':
      'require github.com/golang-migrate/migrate/v4 v4.17.0\nrequire github.com/lib/pq v1.10.9\n',
    'migrations/2_b.up.sql': 'SELECT 1;',
    'migrations/10_c.up.sql': '',
    'migrations/2_other_name.down.sql': '',
    'migrations/readme.sql': '',
  });
  expect(chain).toMatchObject({ tool: 'golang-migrate', transactional: false });
  expect(chain.migrations.map(({ name, downPath }) => [name, downPath])).toEqual([
    ['2_b', 'migrations/2_other_name.down.sql'],
    ['10_c', undefined],
  ]);
  expect(chain.prelude).toContain('dirty boolean');
  expect(chain.leftOut.map(({ path }) => path)).toEqual(['migrations/readme.sql']);
});

test('without it in go.mod, the same files are plain numbered ones', async () => {
  const chain = await onlyChain({ 'go.mod': 'module x\n', 'migrations/1_a.up.sql': '' });
  expect(chain.tool).toBe('numbered');
});
