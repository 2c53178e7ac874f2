import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeRepository, removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';
import { violations } from './violations.ts';

afterAll(removeFolders);

test('a kept check is listed with what became of its findings, and is made again', () => {
  const made = makeRepository();
  const run = (...args: readonly string[]) => tablewarden(made.directory, args);
  const keep = () => {
    const { code, err } = run('check', 'main..work', '--record', '--prove', 'fast', '--quiet');
    return { code, id: /^kept as run ([0-9a-f]{10})$/m.exec(err)?.[1] ?? err };
  };
  const fates = () =>
    JSON.parse(run('runs', '--format', 'json').out).map(
      ({ id, findings }: { id: string; findings: { rule: string; fate: string }[] }) =>
        [id, ...findings.map(({ rule, fate }) => `${rule} ${fate}`)].join(' '),
    );

  expect(run('runs').out).toBe('No run was kept yet: `tablewarden check --record` keeps one.\n');
  made.commit({ 'migrations/1_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY);\n' });
  made.git('checkout', '--quiet', '-b', 'work');
  const visits = 'CREATE TABLE visits (at timestamptz NOT NULL);\n';
  made.commit({ 'migrations/2_visits.sql': `${visits}DROP TABLE nothing;\n` });
  const first = keep();
  expect(first.code).toBe(1);
  const said = fates()[0];
  expect(said).toContain('migration-does-not-apply open');
  expect(said).toContain('table-without-primary-key open');

  const document = JSON.parse(run('runs', '--format', 'json').out);
  expect(violations('src/report/runs.schema.json', document)).toEqual([]);

  made.commit({ 'migrations/2_visits.sql': visits });
  const second = keep();
  expect(second.code).toBe(0);
  expect(fates()).toEqual([
    expect.stringMatching(new RegExp(`^${second.id}.* table-without-primary-key open`)),
    expect.stringMatching(
      new RegExp(`^${first.id}.*migration-does-not-apply fixed.*table-without-primary-key open`),
    ),
  ]);

  made.git('checkout', '--quiet', 'main');
  made.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'work');
  expect(fates()[0]).toContain('table-without-primary-key merged');
  expect(run('runs').out).toMatch(new RegExp(`^${second.id}  2.*\\.\\..*success.*1 merged`));

  expect(run('replay', second.id)).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^The same \d+ findings/),
  });
  made.write('tablewarden.yml', 'rules: { table-without-primary-key: off }\n');
  const other = run('replay', second.id);
  expect(other).toMatchObject({
    code: 1,
    out: expect.stringContaining('Otherwise than then: the configuration'),
  });
  expect(other.out).toContain('- table-without-primary-key  migrations/2_visits.sql:1');
  expect(run('replay', 'ffff').err).toContain('There is no run ffff.');
});

test('a store that cannot be used is one line, and the check is what it is', () => {
  const made = makeRepository();
  made.commit({ 'notes.md': 'a' });
  made.git('checkout', '--quiet', '-b', 'work');
  made.commit({ 'notes.md': 'b' });
  const store = join(made.directory, '.git/tablewarden/store.duckdb');
  mkdirSync(store, { recursive: true });
  const { code, out, err } = tablewarden(made.directory, ['check', 'main..work', '--record']);
  expect({ code, said: out.includes('success'), lines: err.trimEnd().split('\n').length }).toEqual({
    ...{ code: 0, said: true, lines: 1 },
  });
  expect(err).toMatch(/^The run was not kept\. The store .* cannot be opened/);
  rmSync(store, { recursive: true });
  expect(tablewarden(made.directory, ['check', 'main..work', '--record']).err).toMatch(/^kept as run /);
});
