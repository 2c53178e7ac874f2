import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
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

describe('code that cannot be read is said, and what stands beside it is judged', () => {
  const posts =
    "import { Pool } from 'pg';\nconst pool = new Pool();\npool.query('SELECT body FROM posts');\n";
  const config = 'legacy: [{ table: posts, use: documents }]\n';

  /** What a check says of code beside a table `posts`, which is legacy: `path:line rule`. */
  function said(files: Record<string, string | Buffer>) {
    const folder = newRepository();
    commit(folder, {
      'migrations/1_posts.sql': 'CREATE TABLE posts (id bigint PRIMARY KEY, body text);\n',
      'src/deleted.ts': `${posts}const x = (;\n`,
      'tablewarden.yml': config,
    });
    write(folder, files);
    rmSync(join(folder, 'src/deleted.ts'));
    const { out, err } = tablewarden(folder, ['check', '--prove', 'off', '--format', 'json']);
    expect(err).toBe('');
    const { findings, conclusion } = JSON.parse(out) as {
      findings: readonly { rule: string; path: string; line: number }[];
      conclusion: string;
    };
    return { conclusion, found: findings.map(({ rule, path, line }) => `${path}:${line} ${rule}`) };
  }

  test('syntax errors, merges, binaries, what is too long or nests too deep', () => {
    const { conclusion, found } = said({
      'src/a-syntax.ts': `${posts}const x = (;\n`,
      'src/b-merge.ts': `${posts}<<<<<<< ours\nconst a = 1;\n=======\nconst a = 2;\n>>>>>>> theirs\n`,
      'src/c-binary.ts': Buffer.from(`${posts}\0`),
      'src/d-long.ts': posts + `export const a = '${'x'.repeat(100)}';\n`.repeat(45_000),
      'src/e-deep.ts': `${posts}export const a = ${'['.repeat(50_000)}${']'.repeat(50_000)};\n`,
      'src/f-script.vue': `<template><p /></template>\n<script setup lang="ts">\n${posts}const x = (;\n</script>\n`,
      'src/g-open.svelte': `<p />\n<script lang="ts">\n${posts}`,
      'src/h-fine.ts': posts,
    });
    expect(conclusion).toBe('failure');
    expect(found).toEqual([
      'src/a-syntax.ts:4 file-not-read',
      'src/b-merge.ts:4 conflict-marker',
      'src/b-merge.ts:4 file-not-read',
      'src/c-binary.ts:1 file-not-read',
      'src/d-long.ts:1 file-not-read',
      'src/e-deep.ts:1 file-not-read',
      'src/f-script.vue:6 file-not-read',
      'src/g-open.svelte:2 file-not-read',
      'src/h-fine.ts:3 legacy-table-used',
    ]);
  });

  test('on the line where reading stops', () => {
    const folder = newRepository();
    commit(folder, { 'src/a.ts': posts });
    write(folder, { 'src/a.ts': `${posts}const x = (;\n` });
    const { out } = tablewarden(folder, ['check']);
    expect(out).toMatch(/4:12 +warning +file-not-read.*4 \| const x = \(;/s);
    expect(out).not.toContain('On no line of this change');
  });

  test('UTF-16, a mark at the start, bytes that are no UTF-8', () => {
    const { found } = said({
      'src/a.ts': Buffer.from(`\ufeff${posts}`, 'utf16le'),
      'src/b.ts': `\ufeff${posts.replaceAll('\n', '\r\n')}`,
      'src/c.ts': Buffer.concat([
        Buffer.from('// '),
        Buffer.from([0xff, 0xfe, 0xe9]),
        Buffer.from(`\n${posts}`),
      ]),
      'src/d.ts': '',
    });
    expect(found).toEqual([
      'src/a.ts:3 legacy-table-used',
      'src/b.ts:3 legacy-table-used',
      'src/c.ts:4 legacy-table-used',
    ]);
  });

  test('imports in a circle, and a tsconfig that is broken, loops, or leads out of the repository', () => {
    const imports = "import { Pool } from 'pg';\nimport { T } from '@/tables';\n";
    const asked = `${imports}new Pool().query(\`SELECT body FROM \${T}\`);\nnew Pool().query('INSERT INTO posts (id) VALUES (1)');\n`;
    const { conclusion, found } = said({
      'circle/one.ts': `import { B } from './two';\nexport const A = B;\nexport * from './two';\n`,
      'circle/two.ts': `import { A } from './one';\nexport const B = A;\nexport * from './one';\nexport const T = 'posts';\n`,
      'circle/ask.ts': asked
        .replace('@/tables', './one')
        .replace('SELECT', 'SELECT /* through the circle */'),
      'broken/tsconfig.json': '{ "compilerOptions": ',
      'broken/ask.ts': asked,
      'loop/tsconfig.json': '{ "extends": "./tsconfig.base.json" }',
      'loop/tsconfig.base.json': '{ "extends": "./tsconfig.json" }',
      'loop/ask.ts': asked,
      'out/tsconfig.json':
        '{ "extends": "../../../etc/tsconfig", "compilerOptions": { "paths": { "@/*": ["../../../etc/*"] } } }',
      'out/ask.ts': asked,
    });
    expect(conclusion).toBe('success');
    expect(found).toEqual([
      'broken/ask.ts:4 legacy-table-used',
      'circle/ask.ts:3 legacy-table-used',
      'circle/ask.ts:4 legacy-table-used',
      'loop/ask.ts:4 legacy-table-used',
      'out/ask.ts:4 legacy-table-used',
    ]);
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
