import { afterAll, expect, test } from 'vitest';
import { makeRepository, removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';
import { violations } from './violations.ts';

afterAll(removeFolders);

test('the store tells what was read, and what was current then, as text and as its schema says', () => {
  const made = makeRepository();
  const first = made.commit({ 'a.sql': '1' }, { message: 'first (#7)', date: '2025-01-01T12:00:00Z' });
  made.git('rm', '--quiet', 'a.sql');
  made.commit({}, { message: 'gone', date: '2025-03-01T12:00:00Z' });
  const run = (...args: readonly string[]) => tablewarden(made.directory, ['store', ...args]).out;
  const document = (...args: readonly string[]) => {
    const parsed = JSON.parse(run(...args, '--format', 'json'));
    expect(violations('src/report/store.schema.json', parsed)).toEqual([]);
    return parsed;
  };

  expect(document('rebuild')).toMatchObject({ ref: 'refs/heads/main', added: 2, gone: 0, paths: 2 });
  made.commit({ 'b.sql': '1' });
  expect(run('update')).toMatch(/^refs\/heads\/main: 1 commit more, 1 changed path; \d/);

  expect(document('at', '2025-02-01', 'a.sql')).toMatchObject({
    ...{ at: '2025-02-01T23:59:59.000Z', path: 'a.sql', branch: { commit: first, pullRequest: 7 } },
    file: { commit: first, content: made.git('rev-parse', `${first}:a.sql`) },
  });
  expect(document('at', '2025-03-02', 'a.sql').file).not.toHaveProperty('content');
  expect(document('at', '2024-01-01')).not.toHaveProperty('branch');
  expect(run('at', '2025-03-02', 'a.sql')).toMatch(/^a\.sql {2}.* gone \(it was deleted\)$/m);
});
