import { expect, test } from 'vitest';
import { namesOf, onlyChain } from './survey.ts';

const PLAN = `%syntax-version=1.0.0
%project=shop

users 2024-01-01T00:00:00Z A <a@example.com> # users
views/active [users] 2024-01-02T00:00:00Z A <a@example.com> # a view
@v1 2024-01-03T00:00:00Z A <a@example.com> # first
views/active [views/active@v1] 2024-01-04T00:00:00Z A <a@example.com> # reworked
gone 2024-01-05T00:00:00Z A <a@example.com> # no script
`;

test('sqitch runs its plan, reworked changes under the name of their tag', async () => {
  const chain = await onlyChain({
    'sqitch.conf': '[core]\n\tengine = pg\n',
    'sqitch.plan': PLAN,
    'deploy/users.sql': '',
    'deploy/views/active.sql': '',
    'deploy/views/active@v1.sql': '',
    'deploy/stray.sql': '',
    'revert/users.sql': '',
    'verify/migrations/1_x.sql': 'CREATE TABLE x (id int);',
  });
  expect(chain).toMatchObject({
    id: 'deploy',
    tool: 'sqitch',
    dialect: 'postgres',
    dialectReason: 'sqitch.conf: engine = pg',
  });
  expect(namesOf(chain)).toEqual(['users', 'views/active@v1', 'views/active']);
  expect(chain.migrations[0]?.downPath).toBe('revert/users.sql');
  expect(chain.leftOut).toEqual([
    { path: 'deploy/gone.sql', reason: 'missing: sqitch.plan lists it, so sqitch stops here' },
    { path: 'deploy/stray.sql', reason: 'not run: sqitch.plan does not list it' },
  ]);
});
