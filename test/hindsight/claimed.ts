import type { Finding } from '../../src/finding/finding.ts';
import type { Judged } from './replay.ts';

/** A finding in the terms of a case: what was said to be missing, where, and in which migration of the history. */
export interface Claimed {
  readonly repo: string;
  readonly file: string;
  /** Number of the migration, from 1. */
  readonly step: number;
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly kind: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly message: string;
}

/** What a rule asks for, as cases call it; other rules ask for nothing that a project could add later. */
const KINDS: Readonly<Record<string, string>> = {
  'amount-without-check': 'check',
  'enum-column-without-check': 'check',
  'foreign-key-without-index': 'fk_index',
  'lookup-without-unique': 'unique',
  'nullable-without-need': 'not_null',
  'query-without-index': 'other_index',
  'reference-without-foreign-key': 'fk',
  'sort-without-index': 'other_index',
  'table-without-primary-key': 'primary_key',
  'unique-by-intent': 'unique',
};

/** The findings of one migration, and what else their messages name. */
export function claimedBy({ step: { file }, number, findings }: Judged, repo: string): readonly Claimed[] {
  return findings.flatMap(({ rule, severity, subject, also = [], message }) =>
    [subject, ...also].map(({ table = '', columns = [] }) => ({
      ...{ repo, file, step: number, rule, severity, message },
      kind: KINDS[rule] ?? '',
      table,
      columns,
    })),
  );
}
