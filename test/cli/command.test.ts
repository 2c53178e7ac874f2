import { execFileSync, spawnSync } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRepository, removeFolders, type TestRepository, temporaryFolder } from '../hook/repository.ts';
import { CLI, tablewarden } from './tablewarden.ts';
import { violations } from './violations.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n';
const NO_KEY = 'CREATE TABLE visits (at timestamptz NOT NULL);\n';
const REQUIRED =
  'ALTER TABLE customers ADD COLUMN country text NOT NULL;\nCREATE INDEX customers_country ON customers (county);\n';

let repository: TestRepository;

/** main: a table; `harmless`: a document; `warned`: a table without a key; `broken`: a migration that rows refuse. */
beforeAll(() => {
  repository = makeRepository();
  const { git, commit } = repository;
  commit({ 'migrations/1_customers.sql': CUSTOMERS });
  for (const [branch, path, text] of [
    ['harmless', 'notes.md', '# Notes\n'],
    ['warned', 'migrations/2_visits.sql', NO_KEY],
    ['broken', 'migrations/2_country.sql', REQUIRED],
  ] as const) {
    git('checkout', '--quiet', '-b', branch, 'main');
    commit({ [path]: text });
  }
  git('checkout', '--quiet', 'main');
});

const run = (...args: readonly string[]) => tablewarden(repository.directory, args);

describe('exit codes', () => {
  test('0 where nothing was found', () => {
    const { code, out, err } = run('check', 'main..harmless');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('success');
  });

  test('1 where a finding reaches the fail level, and only there', () => {
    const broken = run('check', 'main..broken');
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('migration-does-not-apply');
    expect(run('check', 'main..broken', '--fail-on', 'never').code).toBe(0);
    expect(run('check', 'main..warned').code).toBe(0);
    expect(run('check', 'main..warned', '--fail-on', 'warning').code).toBe(1);
  });

  test('2 with two lines and no stack where the set-up is wrong', () => {
    for (const args of [['check', 'main..nowhere'], ['chekc'], ['check', '--repo', temporaryFolder()]]) {
      const { code, out, err } = run(...args);
      expect({ code, out, lines: err.trimEnd().split('\n').length }, args.join(' ')).toEqual({
        code: 2,
        out: '',
        lines: 2,
      });
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});

describe('streams', () => {
  test('--format json is one document and nothing else', () => {
    const { out, err } = run('check', 'main..broken', '--format', 'json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      conclusion: 'failure',
      head: repository.git('rev-parse', 'broken'),
    });
  });

  test('--output writes the file and leaves the terminal alone', () => {
    const file = join(temporaryFolder(), 'report.json');
    const { code, out } = run('check', 'main..broken', '--format', 'json', '--output', file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(readFileSync(file, 'utf8')).findings.length).toBeGreaterThan(0);
    expect(run('check', 'main..broken', '-o', '/nowhere/report').code).toBe(2);
  });

  test('--quiet says nothing where there is nothing to say', () => {
    expect(run('check', 'main..harmless', '--quiet')).toEqual({ code: 0, out: '', err: '' });
    expect(run('check', 'main..broken', '--quiet').out).toContain('migration-does-not-apply');
  });

  test('colours are for terminals, or for those who force them', () => {
    const check = ['check', 'main..broken'];
    expect(run(...check).out).not.toContain('\u001b');
    const forced = { FORCE_COLOR: '1' };
    expect(tablewarden(repository.directory, check, { env: forced }).out).toContain('\u001b[');
    const refused = { FORCE_COLOR: '1', NO_COLOR: '1' };
    expect(tablewarden(repository.directory, check, { env: refused }).out).not.toContain('\u001b');
  });

  test('a reader that goes away is no trouble, and changes no exit code', () => {
    const codeOf = (...args: readonly string[]) =>
      execFileSync(
        'bash',
        ['-c', `"$0" "$@" | true; echo "\${PIPESTATUS[0]}"`, process.execPath, CLI, ...args],
        {
          cwd: repository.directory,
          encoding: 'utf8',
        },
      );
    expect(codeOf('--help')).toBe('0\n');
    expect(codeOf('check', 'main..broken')).toBe('1\n');
  });

  test('a full disk is told like any other output that cannot be written', () => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'check', 'main..broken'], {
      cwd: repository.directory,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    expect({ status, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, lines: 2 });
  });
});

describe('help', () => {
  test('lists the commands, and the options of one', () => {
    const { code, out } = run('--help');
    expect(code).toBe(0);
    for (const command of ['check', 'prove', 'facts', 'rules', 'explain', 'hook install', 'hook run'])
      expect(out).toContain(`  ${command}`);
    expect(run('check', '--help').out).toContain('--fail-on error|warning|never');
    expect(run('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('the change', () => {
  test('reaches to the working tree where no range is named', () => {
    const here = makeRepository();
    here.commit({ 'migrations/1_customers.sql': CUSTOMERS });
    here.write('migrations/2_country.sql', REQUIRED);
    const { code, out } = tablewarden(here.directory, ['check']);
    expect(code).toBe(1);
    expect(out).toContain('migrations/2_country.sql');
  });

  test('may be two folders', () => {
    const [before, after] = [makeRepository(), makeRepository()];
    before.write('migrations/1_customers.sql', CUSTOMERS);
    after.write('migrations/1_customers.sql', CUSTOMERS);
    after.write('migrations/2_country.sql', REQUIRED);
    const folders = ['--from', before.directory, '--to', after.directory];
    expect(tablewarden(temporaryFolder(), ['check', ...folders]).out).toContain('migration-does-not-apply');
    expect(tablewarden(temporaryFolder(), ['check', '--to', after.directory]).code).toBe(2);
  });

  test('is looked at from below the top of the working tree too', () => {
    const { code } = tablewarden(join(repository.directory, 'migrations'), ['check', 'main..broken']);
    expect(code).toBe(1);
  });

  test('is only run by prove', () => {
    const { code, out } = run('prove', 'main..broken', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [],
      proof: [
        { engine: expect.stringMatching(/^DuckDB/), from: 'empty' },
        { engine: expect.stringMatching(/^PostgreSQL/), from: 'empty' },
      ],
    });
    expect(run('prove', 'main..warned').code).toBe(0);
    expect(run('prove', '--all').code).toBe(0);
  });
});

describe('the configuration', () => {
  test('is the one of the working tree, or the one that is named', () => {
    const here = makeRepository();
    here.commit({ 'migrations/1_customers.sql': CUSTOMERS });
    here.write('migrations/2_country.sql', REQUIRED);
    const off = 'rules: { migration-does-not-apply: off, not-null-without-default: off }\n';
    here.write('other.yml', off);
    expect(tablewarden(here.directory, ['check', '--config', 'other.yml']).code).toBe(0);
    here.write('tablewarden.yml', off);
    expect(tablewarden(here.directory, ['check']).code).toBe(0);
    here.write('tablewarden.yml', 'rulez: {}\n');
    const { code, err } = tablewarden(here.directory, ['check']);
    expect(code).toBe(2);
    expect(err).toContain('rulez');
    expect(tablewarden(here.directory, ['check', '--config', 'absent.yml']).code).toBe(2);
  });

  test('brings own rules, and refuses a broken page', () => {
    const here = makeRepository();
    here.commit({ 'migrations/1_customers.sql': CUSTOMERS });
    here.write('.tablewarden/rules/broken.md', '# No front matter\n');
    const { code, err } = tablewarden(here.directory, ['check']);
    expect(code).toBe(2);
    expect(err).toContain('.tablewarden/rules/broken.md');
  });
});

describe('schema', () => {
  test('is written as SQL, JSON or a diagram, of any revision', () => {
    expect(run('schema', '--at', 'main').out).toContain('CREATE TABLE customers (');
    expect(run('schema', '--at', 'main').out).not.toContain('visits');
    expect(JSON.parse(run('schema', '--at', 'warned', '--format', 'json').out)).toMatchObject({
      at: repository.git('rev-parse', 'warned'),
      dialect: 'postgres',
      tables: [{ name: 'customers' }, { name: 'visits' }],
    });
    expect(run('schema', '--format', 'mermaid').out).toMatch(/^erDiagram\n {2}customers \{\n/);
    expect(run('schema', '--format', 'pretty').err).toContain('It takes sql, json, mermaid, markdown.');
  });

  test('asks which, where there are several chains, and says where there is none', () => {
    const here = makeRepository();
    here.commit({ 'README.md': '' });
    expect(tablewarden(here.directory, ['schema']).err).toContain('No migrations were found');
    here.write('a/migrations/1_a.sql', CUSTOMERS);
    here.write('b/migrations/1_b.sql', NO_KEY);
    const { code, err } = tablewarden(here.directory, ['schema']);
    expect(code).toBe(2);
    expect(err).toContain('`tablewarden schema a/migrations`, `tablewarden schema b/migrations`');
    expect(tablewarden(here.directory, ['schema', 'b']).out).toContain('CREATE TABLE visits');
  });
});

describe('rules', () => {
  test('are listed, and explained with their examples', () => {
    expect(run('rules').out).toMatch(/^foreign-key-without-index +warning/m);
    expect(JSON.parse(run('rules', '--format', 'json').out)).toContainEqual(
      expect.objectContaining({ rule: 'table-without-primary-key' }),
    );
    const page = run('explain', 'foreign-key-without-index').out;
    expect(page).toContain('Flagged');
    expect(page).toContain('CREATE TABLE');
    expect(page).not.toMatch(/^```|^## /m);
  });

  test('that do not exist are guessed', () => {
    const { code, err } = run('explain', 'foreign-key-without-idnex');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean `tablewarden explain foreign-key-without-index`?');
  });
});

describe('facts', () => {
  test('are what a query asks, as a table or as JSON', () => {
    const sql = 'SELECT table_name, column_name FROM head.columns ORDER BY ALL';
    expect(JSON.parse(run('facts', sql, '--format', 'json').out)).toEqual([
      { table_name: 'customers', column_name: 'email' },
      { table_name: 'customers', column_name: 'id' },
    ]);
    expect(run('facts', sql).out).toContain('customers');
  });

  test('of a change', () => {
    const sql = 'SELECT kind, table_name FROM change.operations ORDER BY ALL';
    expect(JSON.parse(run('facts', sql, 'main..warned', '--format', 'json').out)).toContainEqual({
      kind: 'create-table',
      table_name: 'visits',
    });
  });

  test('are written to a folder, one file a table', () => {
    const folder = temporaryFolder();
    expect(run('facts', '--export', folder).code).toBe(0);
    expect(readFileSync(join(folder, 'head.tables.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  test('refuse what is no query', () => {
    const { code, err } = run('facts', 'SELEKT 1');
    expect(code).toBe(2);
    expect(err).toMatch(/^The query failed: Parser Error: syntax error at or near "1"$/m);
    const wrong = run('facts', 'SELECT * FROM tabels');
    expect(wrong.err.split('\n')[0]).toMatch(/^The query failed: .*"tables"\?$/);
    expect(run('facts').code).toBe(2);
  });
});

describe('legacy', () => {
  test('counts the uses in code, now and over the history', () => {
    const other = makeRepository();
    const posts = 'export const latest = () => pool.query("SELECT id FROM posts");\n';
    const author =
      'export const of = (id) => db.query("SELECT p.id FROM posts p WHERE p.author = ?", [id]);\n';
    for (const [date, files] of [
      ['2026-01-01', { 'migrations/1_posts.sql': 'CREATE TABLE posts (id bigint PRIMARY KEY);\n' }],
      ['2026-02-01', { 'a.ts': posts }],
      ['2026-03-01', { 'b.ts': author, 'c.ts': 'export const posts = ["posts"];\n' }],
      ['2026-04-01', { 'a.ts': '//\n', 'tablewarden.yml': 'legacy: [{ table: posts, use: documents }]\n' }],
    ] as const) {
      other.commit(files);
      other.git('commit', '--quiet', '--amend', '--no-edit', `--date=${date}T12:00:00Z`);
    }
    other.git('rebase', '--quiet', '--root', '--committer-date-is-author-date');
    const document = JSON.parse(tablewarden(other.directory, ['legacy', '--format', 'json']).out);
    expect(violations('src/report/legacy.schema.json', document)).toEqual([]);
    const [table] = document.tables;
    expect(table).toMatchObject({ table: 'posts', uses: 1, places: [{ path: 'b.ts', line: 1 }] });
    expect(table.history.map(({ date, uses }: { date: string; uses: number }) => [date, uses])).toEqual([
      ['2026-01-01', 0],
      ['2026-02-01', 1],
      ['2026-03-01', 2],
      ['2026-04-01', 1],
    ]);
    expect(tablewarden(other.directory, ['legacy', 'HEAD~1']).out).toMatch(
      /^posts +2 +2 +▄█ {2}use documents$/m,
    );
  });

  test('without a legacy table says how to name one', () => {
    expect(run('legacy').err).toMatch(/^The configuration names no legacy tables/);
  });
});
