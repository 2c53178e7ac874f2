import type { Finding } from '../finding/finding.ts';
import { count } from './count.ts';
import { plain, shortened } from './escape.ts';
import { explanation } from './evidence.ts';
import type { Report } from './report.ts';
import { conclusionText } from './summary.ts';

/** What a run tells the renderer. */
export interface GithubOptions {
  /** Ends the part in which the runner obeys no command: random, so that no text of a repository can hold it. */
  readonly token: string;
  /** The report as people read it in the log. */
  readonly log: string;
}

/** Of each kind GitHub shows so many annotations of one step (https://docs.github.com/actions, `warnings and errors`). */
const SHOWN = 10;
const LONGEST_TITLE = 255;
/** In UTF-16 code units; the limit is 64 KB. */
const LONGEST_MESSAGE = 16_000;

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * A report for the log of GitHub Actions: the text for people between `::stop-commands::` and its end, so that nothing in
 * it is obeyed, then one annotation for each finding, as many as GitHub shows; the others are counted in one line.
 */
export function toGithub(report: Report, { token, log }: GithubOptions): string {
  const shown = annotated(report);
  const left = report.findings.length - shown.length;
  const warning =
    report.conclusion === 'neutral'
      ? [command('warning', { title: 'Tablewarden' }, conclusionText(report))]
      : [];
  const rest =
    left > 0 ? [`${count(left, 'more finding')} above: GitHub shows ${SHOWN} annotations of a kind.`] : [];
  return `${[...withoutCommands(log, token), ...warning, ...shown.map(annotation), ...rest].join('\n')}\n`;
}

/** Lines of a log in which the runner obeys nothing. */
export function withoutCommands(log: string, token: string): readonly string[] {
  return [`::stop-commands::${token}`, log.trimEnd(), `::${token}::`];
}

/** One workflow command (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
export function command(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const said = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${name}${said.length > 0 ? ' ' : ''}${said.join(',')}::${escapeData(message)}`;
}

/** Errors, then warnings, then notes, at most {@link SHOWN} of each; every rule once before any rule twice. */
function annotated(report: Report): readonly Finding[] {
  return (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const room = severity === 'warning' && report.conclusion === 'neutral' ? SHOWN - 1 : SHOWN;
    const seen = new Map<string, number>();
    return report.findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => {
        const turn = seen.get(finding.rule) ?? 0;
        seen.set(finding.rule, turn + 1);
        return { finding, turn };
      })
      .sort((a, b) => a.turn - b.turn)
      .slice(0, room)
      .map(({ finding }) => finding);
  });
}

/** Columns stand only where line and end line are one: the runner drops them elsewhere. */
function annotation(finding: Finding): string {
  const { rule, severity, path, line, endLine, column, endColumn, inSummary } = finding;
  const title = `${rule}${inSummary ? `: ${plain(path)}:${line}` : ''}`;
  const oneLine = line === endLine;
  const place = inSummary
    ? {}
    : {
        file: path,
        line,
        endLine,
        col: oneLine ? column : undefined,
        endColumn: oneLine ? Math.max(column, endColumn) : undefined,
      };
  return command(
    COMMANDS[severity],
    { ...place, title: shortened(title, LONGEST_TITLE) },
    shortened(explanation(finding), LONGEST_MESSAGE),
  );
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
