import type { Finding } from '../../src/finding/finding.ts';
import type { Report } from '../../src/report/report.ts';

/** A finding on a line of `migrations/2_orders.sql`, with what a test says otherwise. */
export function findingOf(said: Partial<Finding> = {}): Finding {
  return {
    rule: 'foreign-key-without-index',
    severity: 'warning',
    path: 'migrations/2_orders.sql',
    line: 3,
    column: 31,
    endLine: 3,
    endColumn: 56,
    message: 'Deleting a row of customers reads all of orders: no index of orders starts with customer_id.',
    chain: 'migrations',
    subject: { table: 'orders', columns: ['customer_id'] },
    evidence: { kind: 'read', text: 'concluded from the migrations' },
    fingerprint: '9f2c1aa0',
    inSummary: false,
    ...said,
  };
}

/** A report of a change that gave no cause for a finding, with what a test says otherwise. */
export function reportOf(said: Partial<Report> = {}): Report {
  return {
    version: '0.1.0',
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    chains: [
      {
        id: 'migrations',
        tool: 'numbered',
        dialect: 'postgres',
        dialectReason: 'migrations/1_customers.sql: bigserial',
        dialectGuessed: true,
        migrations: 2,
        newMigrations: 1,
        notes: [],
      },
    ],
    changes: [],
    findings: [],
    waived: [],
    dismissed: [],
    proof: [],
    coverage: { files: 1, statements: 2, analysed: 2, notAnalysed: [] },
    notJudged: [],
    conclusion: 'success',
    timings: { read: 12, prove: 40.5 },
    ...said,
  };
}
