import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { makeRepository, removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';

afterAll(removeFolders);

const GUESSED = { 'package.json': '{}', 'migrations/1_a.sql': 'CREATE TABLE a (id bigserial PRIMARY KEY);' };

test('shows what was found, and writes down what was guessed', async () => {
  const here = makeRepository();
  here.commit({
    ...GUESSED,
    'apps/web/package.json': '{ "dependencies": { "kysely": "1", "drizzle-orm": "1" } }',
    'legacy-app/migrations/20240101_users.rb': '',
    'db/migrate/20240101_users.rb': '',
  });
  const { code, out, err } = tablewarden(here.directory, ['init']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(
    '  migrations\n    numbered, postgres (a guess: BIGSERIAL in its files)\n    1 migration: 1_a\n',
  );
  expect(out).toContain('  db/migrate: 1 migration in Ruby (Rails): code, not SQL, and not read\n');
  expect(out).toContain('  Drizzle (apps/web/package.json)\n  Kysely (apps/web/package.json)\n');
  expect(out).toContain('tablewarden.yml was written');
  const text = readFileSync(join(here.directory, 'tablewarden.yml'), 'utf8');
  expect(text).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/tablewarden\/dist\/config\.schema\.json\n/,
  );
  const { migrations } = await parseConfig('tablewarden.yml', text);
  expect(migrations).toEqual([{ path: 'migrations', tool: 'numbered', dialect: 'postgres' }]);
  const again = tablewarden(here.directory, ['init']).out;
  expect(again).toContain('numbered, postgres (named in the configuration)');
  expect(again).toContain('tablewarden.yml is there, and was left as it is');
  expect(readFileSync(join(here.directory, 'tablewarden.yml'), 'utf8')).toBe(text);
});

test('never writes over a configuration, wherever it is', () => {
  const here = makeRepository();
  here.commit({ ...GUESSED, '.github/tablewarden.yml': 'documents: []\n' });
  expect(tablewarden(here.directory, ['init']).out).toContain('.github/tablewarden.yml is there');
  expect(existsSync(join(here.directory, 'tablewarden.yml'))).toBe(false);
});

test('writes nothing where nothing was guessed, or nothing is there', () => {
  const here = makeRepository();
  here.commit({ 'README.md': '' });
  expect(tablewarden(here.directory, ['init']).out).toMatch(/^Migrations\n {2}none were found\n/);
  here.write('db/postgres/migrations/1_a.sql', 'CREATE TABLE a (id int);');
  expect(tablewarden(here.directory, ['init']).out).toContain('none is needed: nothing was guessed');
  expect(existsSync(join(here.directory, 'tablewarden.yml'))).toBe(false);
});

test('what is in the file is read as it was meant, whatever the folder is called', async () => {
  const here = makeRepository();
  here.commit({ "it's {a}, #1/migrations/1_a.sql": 'CREATE TABLE a (id bigserial PRIMARY KEY);' });
  expect(tablewarden(here.directory, ['init']).code).toBe(0);
  const { migrations } = await parseConfig(
    'tablewarden.yml',
    readFileSync(join(here.directory, 'tablewarden.yml'), 'utf8'),
  );
  expect(migrations).toMatchObject([{ path: "it's {a}, #1/migrations" }]);
  expect(tablewarden(here.directory, ['check', '--all', '--prove', 'off']).out).toContain('postgres');
});
