import type { Finding, WaivedFinding } from '../finding/finding.ts';
import type { MigrationVerdict, Proof } from '../prove/verdict.ts';
import { tableName } from '../schema/lookup.ts';
import type { Report } from './report.ts';

/** A report as data, as `json.schema.json` beside this file describes it. Two reports of the same inputs are equal but for `timings`. */
export function toJson(report: Report): string {
  const { version, base, head, conclusion, chains, coverage, notJudged, timings } = report;
  const data = {
    version,
    base,
    head,
    conclusion,
    chains,
    findings: report.findings.map(findingData),
    waived: report.waived.map(waivedData),
    dismissed: report.dismissed.map(findingData),
    notJudged,
    proof: report.proof.map(proofData),
    coverage: {
      files: coverage.files,
      statements: coverage.statements,
      analysed: coverage.analysed,
      notAnalysed: coverage.notAnalysed.map(({ path, line, reason }) => ({ path, line, reason })),
      profiles: coverage.profiles?.map(({ content: _, ...told }) => told),
    },
    timings,
  };
  return `${escapeUnseen(JSON.stringify(data, undefined, 2))}\n`;
}

function findingData(finding: Finding) {
  const { rule, severity, path, line, endLine, message, column, endColumn, chain, subject } = finding;
  return {
    rule,
    severity,
    path,
    line,
    endLine,
    message,
    column,
    endColumn,
    chain,
    subject: { table: subject.table ?? null, columns: subject.columns, name: subject.name },
    evidence: finding.evidence,
    load: finding.load,
    fingerprint: finding.fingerprint,
    was: finding.was,
    suggestion: finding.instead,
    inSummary: finding.inSummary || undefined,
  };
}

function waivedData(finding: WaivedFinding) {
  return { ...findingData(finding), because: finding.because, until: finding.until };
}

function proofData(proof: Proof) {
  const { engine, note, chain, lowered, from, instead, trouble, imperfect, on, catalog } = proof;
  return {
    engine,
    note,
    chain,
    lowered,
    from,
    instead,
    trouble,
    imperfect,
    on,
    catalog: catalog && {
      compared: Object.values(catalog.compared).reduce((sum, number) => sum + number, 0),
      differences: catalog.differences,
    },
    migrations: proof.migrations.map(migrationData),
  };
}

function migrationData({ path, verdict, statements, error, reason, risks }: MigrationVerdict) {
  return {
    path,
    verdict: verdict.replaceAll(' ', '-'),
    statements: statements.map(({ span, word, reason: why, locks }) => ({
      ...{ line: span.line, word, reason: why },
      locks: locks?.map(({ schema, table, ...lock }) => ({
        table: tableName({ schema, name: table }),
        ...lock,
      })),
    })),
    error: error && {
      message: error.message,
      line: error.span.line,
      column: error.span.column,
      by: error.by,
      code: error.code,
      detail: error.detail,
      hint: error.hint,
    },
    reason,
    risks: risks?.map(({ span, on, message }) => ({
      line: span.line,
      column: span.column,
      stopsAt: on,
      message,
    })),
  };
}

/** Characters that a terminal or a viewer would obey or hide, written as JSON's own escapes: nothing is lost. */
function escapeUnseen(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
