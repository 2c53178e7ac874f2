import { expect, test } from 'vitest';
import type { MigrationVerdict, Proof } from '../../src/prove/verdict.ts';
import { lineClaims } from '../../src/rule/line-claims.ts';
import { builtInRules } from '../../src/rule/pages.ts';

type Read = Parameters<typeof lineClaims>[1];

const PATHS = ['m/1.sql', 'm/2.sql', 'm/3.sql'];

/** A change that adds three migrations; `unread` is a part that no parser has seen. */
function readOf(unread?: string): Read {
  const part = { path: 'm/1.sql', line: 4, column: 1, endLine: 9, endColumn: 1, reason: unread ?? '' };
  return {
    files: PATHS.map((path) => ({ path, status: 'added', kind: 'file', language: 'sql' })),
    chains: [],
    coverage: {
      files: 3,
      statements: 3,
      analysed: 3,
      code: 0,
      uses: 0,
      usesUnknown: 0,
      notAnalysed: unread === undefined ? [] : [{ ...part, kind: 'unread' }],
    },
  };
}

function proofOf(
  engine: string,
  lowered: boolean,
  verdicts: Omit<MigrationVerdict, 'path' | 'statements'>,
): Proof {
  const migrations = PATHS.map((path) => ({ path, statements: [], ...verdicts }));
  return { engine, chain: 'm', lowered, from: 'slice', migrations };
}

const stopped = (reason: string) => ({ verdict: 'not tried', reason, died: true }) as const;
const DUCKDB = (reason: string) => proofOf('DuckDB', true, stopped(reason));
const POSTGRES = (reason: string) => proofOf('PostgreSQL', false, stopped(reason));
const APPLIES = proofOf('PostgreSQL', false, { verdict: 'proved' });

const said = (read: Read, proofs: readonly Proof[]) =>
  lineClaims(builtInRules(), read, proofs, {}).map(({ rule, values }) => [rule, ...Object.values(values)]);

test('migrations that a proof left behind for one reason are told once, at the first', () => {
  expect(said(readOf(), [DUCKDB('it ran for 10 s')])).toEqual([
    ['migration-unproven', 'm/1.sql (and 2 more)', 'it ran for 10 s', 'DuckDB'],
  ]);
});

test('migrations that lack one and the same thing are told once; two that fail of themselves are two', () => {
  const refusals = (message: string) => {
    const refused = proofOf('PostgreSQL', false, APPLIES.migrations[0] as MigrationVerdict);
    const migrations = PATHS.map((path) => {
      const span = { path, line: 1, column: 1, endLine: 1, endColumn: 9 };
      return { path, statements: [], verdict: 'refuted', error: { message, span, by: 'engine' } } as const;
    });
    return said(readOf(), [{ ...refused, migrations }]).map(([, migration, error]) => [migration, error]);
  };
  expect(refusals('schema "shop" does not exist')).toEqual([
    ['m/1.sql', 'schema "shop" does not exist (2 more migrations stop for want of it)'],
  ]);
  expect(refusals('syntax error at or near ":"')).toHaveLength(3);
});

test('of two engines that were stopped the exact one is told', () => {
  expect(said(readOf(), [DUCKDB('time'), POSTGRES('memory')])).toEqual([
    ['migration-unproven', 'm/1.sql (and 2 more)', 'memory', 'PostgreSQL'],
  ]);
});

test('a translation that was stopped says nothing of what the database itself applied', () => {
  expect(said(readOf(), [DUCKDB('time'), APPLIES])).toEqual([]);
});

test('a part that was not read is told unless its proof tells more', () => {
  const unread = readOf('only the first 10000 of the file’s 20000 statements are read');
  expect(said(unread, [APPLIES])).toMatchObject([
    ['file-not-read', 'm/1.sql', expect.stringContaining('10000')],
  ]);
  expect(said(unread, [POSTGRES('time')]).map(([rule]) => rule)).toEqual(['migration-unproven']);
});

test('a refusal tells the row, where inside of a block it was, and what to do', () => {
  const span = { path: 'm/1.sql', line: 2, column: 1, endLine: 2, endColumn: 9 };
  const error = {
    message: 'no',
    span,
    by: 'engine',
    code: '23502',
    detail: 'Failing row contains (1, null).',
  } as const;
  const evidence = (more: { readonly hint?: string; readonly where?: string }) => {
    const refuted = proofOf('PostgreSQL', false, { verdict: 'refuted', error: { ...error, ...more } });
    return lineClaims(builtInRules(), readOf(), [refuted], {})[0]?.evidence?.text;
  };
  expect(evidence({ where: 'PL/pgSQL function inline_code_block line 3 at EXECUTE\nmore' })).toBe(
    'Failing row contains (1, null). In PL/pgSQL function inline_code_block line 3 at EXECUTE. Fill the rows that lack a value in a statement before it, or give the column a default. SQLSTATE 23502',
  );
  expect(evidence({ hint: 'Its own.' })).toBe('Failing row contains (1, null). Its own. SQLSTATE 23502');
});
