import { describe, expect, test } from 'vitest';
import { UNTRIED } from '../../src/finding/finding.ts';
import { toPretty } from '../../src/report/pretty.ts';
import type { Report } from '../../src/report/report.ts';
import { findingOf, reportOf } from './report-of.ts';

const SOURCES: Record<string, string> = {
  'migrations/2_orders.sql:3': '  customer_id bigint NOT NULL REFERENCES customers (id),',
};

function pretty(report: Report, width = 90): string {
  return toPretty(report, {
    color: false,
    width,
    sourceLine: (path, line) => SOURCES[`${path}:${line}`],
  });
}

describe('what a person reads in a terminal', () => {
  test('a finding: consequence, source, safe way, evidence, then the summary', () => {
    const finding = findingOf({
      instead: {
        language: 'sql',
        text: 'CREATE INDEX orders_customer_id_idx ON orders (customer_id);',
      },
    });
    expect(pretty(reportOf({ findings: [finding] }))).toBe(
      `migrations/2_orders.sql

  3:31  warning  foreign-key-without-index
    Deleting a row of customers reads all of orders: no index of orders starts with
    customer_id.

    3 | customer_id bigint NOT NULL REFERENCES customers (id),
      |                             ^^^^^^^^^^^^^^^^^^^^^^^^^

    Safe way (sql):
      CREATE INDEX orders_customer_id_idx ON orders (customer_id);

    Read: concluded from the migrations

Migrations  migrations: 2, 1 new; numbered, postgres (guessed: migrations/1_customers.sql:
            bigserial)
Proof       nothing was run: no migration of this change is proved
Coverage    2 of 2 statements in 1 file analysed
Conclusion  success (1 warning)
`,
    );
  });

  test('nothing found: the summary stands alone', () => {
    const report = reportOf({
      chains: [],
      coverage: { files: 0, statements: 0, analysed: 0, notAnalysed: [] },
    });
    expect(pretty(report)).toBe(
      `Migrations  this change touches none
Proof       no new migration to prove
Coverage    0 of 0 statements in 0 files analysed
Conclusion  success (no findings)
`,
    );
  });

  test('a report on everything that finds no migrations says what to do', () => {
    expect(pretty(reportOf({ chains: [], base: 'nothing' }))).toContain(
      'Migrations  none were found; where there are some, name their folder under `migrations` in\n            tablewarden.yml\n',
    );
  });

  test('a finding that follows from the text alone says so in a word', () => {
    const text = pretty(reportOf({ findings: [findingOf({ evidence: UNTRIED })] }));
    expect(text).toContain('  3:31  warning  foreign-key-without-index  (read)\n');
    expect(text).not.toContain(UNTRIED.text);
  });

  test('files by name, lines in order, an error before a warning, and what no line carries at the end', () => {
    const findings = [
      findingOf({ rule: 'r4', inSummary: true, path: 'a.sql', line: 9 }),
      findingOf({ rule: 'r3', path: 'b.sql', line: 1 }),
      findingOf({ rule: 'r2', path: 'a.sql', line: 7, severity: 'warning' }),
      findingOf({ rule: 'r1', path: 'a.sql', line: 7, severity: 'error' }),
      findingOf({ rule: 'r0', path: 'a.sql', line: 2, severity: 'note' }),
    ];
    const heads = pretty(reportOf({ findings }))
      .split('\n')
      .filter((line) => /^\S+\.sql$|^On no|r\d$/.test(line));
    expect(heads).toEqual([
      'a.sql',
      '  2:31  note  r0',
      '  7:31  error  r1',
      '  7:31  warning  r2',
      'b.sql',
      '  1:31  warning  r3',
      'On no line of this change',
      '  a.sql:9  warning  r4',
    ]);
  });

  test('proof, coverage, waivers and what was not judged are counted and named', () => {
    const span = { path: 'm/2.sql', line: 4, column: 1, endLine: 4, endColumn: 9 };
    const statement = (word: 'executed' | 'modelled' | 'not-modelled') => ({ span, word });
    const report = reportOf({
      conclusion: 'neutral',
      proof: [
        {
          engine: 'DuckDB 1.5.6',
          chain: 'm',
          lowered: true,
          from: 'slice',
          migrations: [
            {
              path: 'm/2.sql',
              verdict: 'proved',
              statements: [statement('executed'), statement('executed')],
            },
            {
              path: 'm/3.sql',
              verdict: 'proved in part',
              statements: [statement('modelled'), statement('not-modelled')],
            },
            { path: 'm/4.sql', verdict: 'not tried', statements: [], reason: 'time limit of 10 s' },
          ],
        },
      ],
      coverage: {
        files: 3,
        statements: 5,
        analysed: 4,
        notAnalysed: [{ ...span, reason: 'CREATE RULE' }],
        profiles: [
          { path: 'ops/a.csv', source: 'pg_stat_statements', entries: 9, bound: 2 },
          { path: 'ops/b.json', notRead: 'it is empty' },
        ],
      },
      waived: [{ ...findingOf(), because: 'read only at night', until: '2027-03-01' }],
      notJudged: [
        { rule: 'own-rule', reason: 'it ran for more than 2 s' },
        { rule: 'query-in-loop', reason: 'how long the list is, is not known', places: [span] },
      ],
    });
    expect(pretty(report, 114)).toBe(
      `Migrations  migrations: 2, 1 new; numbered, postgres (guessed: migrations/1_customers.sql: bigserial)
Proof       DuckDB 1.5.6, translated: 2 executed, 1 modelled, 1 not modelled; 1 of 3 new migrations proved, 1
            proved in part, 1 not tried
Coverage    4 of 5 statements in 3 files analysed
              not analysed: m/2.sql:4 CREATE RULE
Profile     ops/a.csv: pg_stat_statements, 9 entries, 2 shapes about tables of this change's chains
            ops/b.json: not read: it is empty
Waivers     foreign-key-without-index at migrations/2_orders.sql:3 because read only at night until 2027-03-01
Not judged  own-rule: it ran for more than 2 s
            query-in-loop: how long the list is, is not known
              m/2.sql:4
Conclusion  neutral: something was not read or not proved, so this is no approval (no findings)
`,
    );
  });

  test('a proved finding names the engine, and a moved one where it was said', () => {
    const report = reportOf({
      findings: [
        findingOf({
          evidence: { kind: 'proved', engine: 'DuckDB 1.5.6', text: 'it refused the statement' },
          was: { path: 'migrations/1.sql', line: 8, column: 1, endLine: 8, endColumn: 2 },
        }),
      ],
    });
    expect(pretty(report)).toContain(
      '    Proved by DuckDB 1.5.6: it refused the statement; said of migrations/1.sql:8\n',
    );
  });

  test('more than ten parts that were not analysed are counted', () => {
    const notAnalysed = Array.from({ length: 25 }, (_, at) => ({
      path: 'a.sql',
      line: at + 1,
      column: 1,
      endLine: at + 1,
      endColumn: 2,
      reason: 'DO block',
    }));
    const text = pretty(reportOf({ coverage: { files: 1, statements: 25, analysed: 0, notAnalysed } }));
    expect(text.match(/not analysed:/g)).toHaveLength(10);
    expect(text).toContain('and 15 more (--format json lists all)');
  });

  test('no rule that did not judge much hides another one', () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ rule: 'first', reason: `reason ${at + 1}` }));
    const text = pretty(reportOf({ notJudged: [...many, { rule: 'second', reason: 'its own reason' }] }));
    expect(text).toContain(
      'first: reason 1\n            second: its own reason\n            first: reason 2\n',
    );
    expect(text).toContain('first: reason 9\n');
    expect(text).not.toContain('first: reason 10');
    expect(text).toContain('and 3 more (--format json lists all)');
  });

  test('colours only where they are asked for', () => {
    const report = reportOf({ findings: [findingOf()] });
    expect(toPretty(report, { color: true })).toContain('\u001b[33mwarning\u001b[0m');
    expect(toPretty(report, { color: false })).not.toContain('\u001b');
  });

  test('what a repository wrote cannot speak to the terminal', () => {
    const evil = 'a\u001b[31mb\u001b]0;title\u0007c\u202ed\u0000e\r\nf';
    const report = reportOf({
      findings: [
        findingOf({
          path: `p${evil}.sql`,
          message: evil,
          instead: { language: 'sql', text: evil },
          evidence: { kind: 'proved', engine: evil, text: evil },
        }),
      ],
      coverage: { files: 1, statements: 1, analysed: 0, notAnalysed: [{ ...findingOf(), reason: evil }] },
      waived: [{ ...findingOf(), because: evil }],
      notJudged: [{ rule: 'own', reason: evil }],
    });
    const text = toPretty(report, { color: false, sourceLine: () => evil });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text).toContain('abcde f');
  });
});
