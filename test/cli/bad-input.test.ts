import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commit, git, newFolder, newRepository, write } from '../git/made-repository.ts';
import { removeFolders } from '../hook/repository.ts';
import { tablewarden } from './tablewarden.ts';

afterAll(removeFolders);

const CUSTOMERS = 'CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n';

interface Said {
  readonly conclusion: string;
  readonly findings: readonly { readonly rule: string; readonly message: string; readonly line: number }[];
  readonly coverage: { readonly notAnalysed: readonly { readonly reason: string }[] };
}

/** What a check says of one new migration on top of a table `customers`. */
function check(migration: string | Buffer, prove = 'off'): { code: number | null } & Said {
  const folder = newRepository();
  commit(folder, { 'migrations/1_customers.sql': CUSTOMERS });
  write(folder, { 'migrations/2_next.sql': migration });
  return saidOf(folder, prove);
}

function saidOf(folder: string, prove = 'off'): { code: number | null } & Said {
  const { code, out, err } = tablewarden(folder, ['check', '--prove', prove, '--format', 'json']);
  expect(err).toBe('');
  return { code, ...(JSON.parse(out) as Said) };
}

describe('a migration that cannot be read leaves no silent success', () => {
  test('with a quote that never ends', () => {
    const { code, findings } = check(
      "CREATE TABLE notes (id bigint PRIMARY KEY, body text DEFAULT 'x);\n",
      'fast',
    );
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ rule: 'migration-does-not-apply', line: 1 }]);
    expect(findings[0]?.message).toContain('a quote or comment that starts here never ends');
  });

  test('with a NUL byte', () => {
    const { code, conclusion, findings } = check('CREATE TABLE notes (id bigint PRIMARY KEY);\0\n');
    expect({ code, conclusion }).toEqual({ code: 0, conclusion: 'neutral' });
    expect(findings).toMatchObject([{ rule: 'file-not-read' }]);
    expect(findings[0]?.message).toContain('NUL');
  });

  test('that is a symbolic link', () => {
    const folder = newRepository();
    commit(folder, { 'migrations/1_customers.sql': CUSTOMERS, 'real.sql': 'DROP TABLE customers;\n' });
    symlinkSync('../real.sql', join(folder, 'migrations/2_next.sql'));
    const { conclusion, findings } = saidOf(folder);
    expect(conclusion).toBe('neutral');
    expect(findings[0]?.message).toContain('a symbolic link, which is not followed');
  });

  test('of which only the first statements are read', () => {
    const { conclusion, findings } = check('SELECT 1;\n'.repeat(10_002));
    expect(conclusion).toBe('neutral');
    expect(findings).toMatchObject([{ rule: 'file-not-read', line: 10_001 }]);
    expect(findings[0]?.message).toContain("only the first 10000 of the file's 10002 statements are read");
  });

  test('of which one statement is a megabyte long', () => {
    const { conclusion, coverage } = check(`SELECT ${'('.repeat(1_000_001)};\n`);
    expect(conclusion).toBe('neutral');
    expect(coverage.notAnalysed).toMatchObject([{ reason: 'it is 1 MB long' }]);
  });
});

test('text in UTF-16 is read like any other', () => {
  const text = 'CREATE TABLE visits (at timestamptz NOT NULL);\n';
  const { findings } = check(Buffer.from(`\ufeff-- notes\n${text}`, 'utf16le'));
  expect(findings).toMatchObject([{ rule: 'table-without-primary-key', line: 2 }]);
});

test('control characters of names and engines do not reach the terminal', () => {
  const folder = newRepository();
  commit(folder, { 'migrations/1_customers.sql': CUSTOMERS });
  write(folder, {
    'migrations/2_\u001b[2J.sql': 'ALTER TABLE "no\u001b[31msuch\u0007" ADD COLUMN a integer;\n',
  });
  const { code, out } = tablewarden(folder, ['check']);
  expect(code).toBe(1);
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('programs that a repository configures are not run', () => {
  const folder = newRepository();
  const ran = join(newFolder(), 'ran');
  const program = `touch ${ran}; cat`;
  commit(folder, {
    'migrations/1_customers.sql': CUSTOMERS,
    '.gitattributes': '*.sql diff=own filter=own\n',
  });
  for (const key of ['diff.own.textconv', 'diff.own.command', 'diff.external', 'filter.own.clean'])
    git(folder, 'config', key, program);
  for (const key of ['filter.own.smudge', 'filter.own.process', 'core.fsmonitor', 'core.pager'])
    git(folder, 'config', key, program);
  write(folder, { 'migrations/1_customers.sql': `${CUSTOMERS}\n`, 'migrations/2_next.sql': 'SELECT 1;\n' });
  saidOf(folder);
  mkdirSync(ran); // fails where a program made it
});
