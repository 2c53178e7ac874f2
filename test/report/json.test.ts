import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { toJson } from '../../src/report/json.ts';
import type { Report } from '../../src/report/report.ts';
import { findingOf, reportOf } from './report-of.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../src/report/json.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

function dataOf(report: Report) {
  const data = JSON.parse(toJson(report));
  validate(data);
  expect(validate.errors).toBeNull();
  return data;
}

const span = { path: 'm/2.sql', line: 4, column: 3, endLine: 4, endColumn: 9 };

const FULL = reportOf({
  conclusion: 'failure',
  findings: [
    findingOf({
      instead: { language: 'sql', text: 'CREATE INDEX …' },
      was: { ...span, path: 'migrations/1.sql' },
      evidence: { kind: 'proved', engine: 'DuckDB 1.5.6', text: 'seen' },
      subject: { table: 'orders', columns: ['customer_id'], name: 'orders_customer_id_fkey' },
      load: { calls: 900, milliseconds: 20, days: 1.5, rowsRead: 7, rowsKept: 1, tableRows: 7, scans: 0 },
    }),
    findingOf({ rule: 'conflict-marker', subject: {}, chain: undefined, inSummary: true }),
    findingOf({
      evidence: {
        kind: 'read',
        engine: 'PostgreSQL 18.4',
        text: 'Seq Scan on orders, cost 2 → 1.5 with this index (at 9 rows)',
        plan: {
          ...{ table: 'orders', rows: 9, isMeasured: true },
          without: { node: 'Seq Scan', cost: 2 },
          with: { node: 'Index Scan', cost: 1.5, usesIndex: true },
        },
      },
    }),
  ],
  waived: [{ ...findingOf(), because: 'read only at night', until: '2027-03-01' }],
  dismissed: [findingOf()],
  notJudged: [
    { rule: 'own-rule', reason: 'it failed' },
    {
      rule: 'query-in-loop',
      reason: 'how long the list is, is not known',
      places: [{ path: 'src/a.ts', line: 3, column: 5, endLine: 3, endColumn: 9 }],
    },
  ],
  coverage: {
    files: 1,
    statements: 2,
    analysed: 1,
    notAnalysed: [{ ...span, reason: 'CREATE RULE' }],
    profiles: [
      { path: 'ops/a.csv', source: 'pg_stat_statements', entries: 9, bound: 2 },
      { path: 'ops/b.json', notRead: 'what begins on line 1 is no JSON: is it cut off?' },
    ],
  },
  proof: [
    {
      engine: 'DuckDB 1.5.6',
      chain: 'm',
      lowered: true,
      from: 'slice',
      migrations: [
        {
          path: 'm/2.sql',
          verdict: 'refuted',
          statements: [
            { span, word: 'emulated' },
            { span, word: 'failed', reason: 'no such column' },
          ],
          error: { message: 'no such column', span, by: 'fold' },
        },
        { path: 'm/3.sql', verdict: 'proved in part', statements: [{ span, word: 'modelled' }] },
        { path: 'm/4.sql', verdict: 'not tried', statements: [], reason: 'time limit' },
      ],
    },
  ],
});

describe('--format json', () => {
  test('an empty and a full report are what the schema describes', () => {
    dataOf(reportOf());
    dataOf(FULL);
  });

  test('a finding has the documented fields', () => {
    const [finding, marker] = dataOf(FULL).findings;
    expect(finding).toEqual({
      rule: 'foreign-key-without-index',
      severity: 'warning',
      path: 'migrations/2_orders.sql',
      line: 3,
      endLine: 3,
      message: 'Deleting a row of customers reads all of orders: no index of orders starts with customer_id.',
      column: 31,
      endColumn: 56,
      chain: 'migrations',
      subject: { table: 'orders', columns: ['customer_id'], name: 'orders_customer_id_fkey' },
      evidence: { kind: 'proved', engine: 'DuckDB 1.5.6', text: 'seen' },
      load: { calls: 900, milliseconds: 20, days: 1.5, rowsRead: 7, rowsKept: 1, tableRows: 7, scans: 0 },
      fingerprint: '9f2c1aa0',
      was: { path: 'migrations/1.sql', line: 4, column: 3, endLine: 4, endColumn: 9 },
      suggestion: { language: 'sql', text: 'CREATE INDEX …' },
    });
    expect(marker.subject).toEqual({ table: null });
    expect(marker.inSummary).toBe(true);
  });

  test('proof names every statement and why one failed', () => {
    const [proof] = dataOf(FULL).proof;
    expect(proof.migrations).toEqual([
      {
        path: 'm/2.sql',
        verdict: 'refuted',
        statements: [
          { line: 4, word: 'emulated' },
          { line: 4, word: 'failed', reason: 'no such column' },
        ],
        error: { message: 'no such column', line: 4, column: 3, by: 'fold' },
      },
      { path: 'm/3.sql', verdict: 'proved-in-part', statements: [{ line: 4, word: 'modelled' }] },
      { path: 'm/4.sql', verdict: 'not-tried', statements: [], reason: 'time limit' },
    ]);
  });

  test('hidden characters are escaped, not lost', () => {
    const path = 'a\u202eb\u001b[31m.sql';
    const text = toJson(reportOf({ findings: [findingOf({ path })] }));
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(text).findings[0].path).toBe(path);
  });

  test('every field of the schema says what it is', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, object> };
      for (const [name, value] of Object.entries(properties ?? {}))
        if (!('description' in value || '$ref' in value || at.endsWith('.migrations')))
          undescribed.push(`${at}.${name}`);
      for (const [name, value] of Object.entries(node)) visit(value, `${at}.${name}`);
    };
    visit(schema, '');
    expect(undescribed).toEqual([
      '.definitions.proof.migrations',
      '.definitions.proof.properties.migrations.items.statements',
    ]);
  });
});
