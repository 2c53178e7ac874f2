import type { Finding } from '../finding/finding.ts';
import { plain, plainLines } from './escape.ts';

/** What stands behind a finding, on one line: `Proved by PostgreSQL 18.4: SQLSTATE 42704; said of migrations/1.sql:8`. */
export function evidenceText({ evidence, was }: Finding): string {
  const { kind, engine, text } = evidence;
  const by =
    kind === 'proved' && engine
      ? `Proved by ${plain(engine)}`
      : kind === 'proved'
        ? 'Proved'
        : engine
          ? `Not confirmed by ${plain(engine)}`
          : 'Read';
  const said = plain(text);
  return `${by}${said ? `: ${said}` : ''}${was ? `; said of ${plain(was.path)}:${was.line}` : ''}`;
}

/** The safe way's lines, with tabs as spaces; none where there is none. */
export function insteadLines({ instead }: Finding): readonly string[] {
  return instead ? plainLines(instead.text).replaceAll('\t', '  ').trimEnd().split('\n') : [];
}

/** Everything that a finding says, as plain text of several paragraphs: consequence, safe way, evidence. */
export function explanation(finding: Finding): string {
  const { instead } = finding;
  return [
    plain(finding.message),
    ...(instead ? [[`Safe way (${plain(instead.language)}):`, ...insteadLines(finding)].join('\n')] : []),
    evidenceText(finding),
  ].join('\n\n');
}
