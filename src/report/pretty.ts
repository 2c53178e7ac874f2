import { type Finding, UNTRIED } from '../finding/finding.ts';
import { plain } from './escape.ts';
import { evidenceText, insteadLines } from './evidence.ts';
import { excerptOf } from './excerpt.ts';
import { type Paint, paintWith } from './paint.ts';
import type { Report } from './report.ts';
import { type SummaryLine, summaryOf } from './summary.ts';
import { wrap } from './wrap.ts';

/** What the terminal can show, and where lines of the sources come from. */
export interface PrettyOptions {
  readonly color: boolean;
  /** Columns of the terminal; 100 where it has none to tell. */
  readonly width?: number;
  /** One line of head, 1-based, without its line end. */
  readonly sourceLine?: (path: string, line: number) => string | undefined;
}

const INDENT = '  ';
const TITLE_WIDTH = 12;
const RANK = { error: 0, warning: 1, note: 2 } as const;

/** A report as a person reads it in a terminal: findings by file, then the summary that is always there. */
export function toPretty(report: Report, options: PrettyOptions): string {
  const paint = paintWith(options.color);
  const width = Math.max(40, Math.min(options.width ?? 100, 160));
  const blocks = groupsOf(report.findings).map(({ title, findings }) =>
    [
      paint(title, 'bold'),
      ...findings.map((finding) => findingText(finding, paint, width, options.sourceLine)),
    ].join('\n\n'),
  );
  const summary = summaryOf(report).map((line) => summaryText(line, report, paint, width));
  return `${[...blocks, summary.join('\n')].join('\n\n')}\n`;
}

interface Group {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** By file, in the order of their names; within a file by line. What no line of the change carries comes last. */
function groupsOf(findings: readonly Finding[]): readonly Group[] {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings.filter((one) => !one.inSummary))
    byFile.set(finding.path, [...(byFile.get(finding.path) ?? []), finding]);
  const groups = [...byFile.keys()].sort().map((path) => ({
    title: plain(path),
    findings: (byFile.get(path) ?? []).toSorted(byLine),
  }));
  const rest = findings.filter((one) => one.inSummary);
  return rest.length > 0 ? [...groups, { title: 'On no line of this change', findings: rest }] : groups;
}

function byLine(a: Finding, b: Finding): number {
  return a.line - b.line || RANK[a.severity] - RANK[b.severity] || a.column - b.column;
}

function findingText(
  finding: Finding,
  paint: Paint,
  width: number,
  sourceLine: PrettyOptions['sourceLine'],
): string {
  const where = finding.inSummary
    ? `${plain(finding.path)}:${finding.line}`
    : `${finding.line}:${finding.column}`;
  const untried = isUntried(finding) ? `  ${paint('(read)', 'dim')}` : '';
  const head = `${INDENT}${where}  ${paint(finding.severity, finding.severity)}  ${paint(finding.rule, 'bold')}${untried}`;
  const inner = width - INDENT.length * 2;
  const parts = [
    [head, ...indented(wrap(plain(finding.message), inner), 2)],
    sourceOf(finding, paint, inner, sourceLine),
    insteadOf(finding, paint),
    evidenceOf(finding, paint, inner),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function sourceOf(
  finding: Finding,
  paint: Paint,
  width: number,
  sourceLine: PrettyOptions['sourceLine'],
): readonly string[] {
  const text = finding.inSummary ? undefined : sourceLine?.(finding.path, finding.line);
  if (text === undefined || text.trim() === '') return [];
  const number = String(finding.line);
  const to = finding.endLine > finding.line ? text.trimEnd().length + 1 : finding.endColumn;
  const { source, underline } = excerptOf(text, finding.column, to, width - number.length - 3);
  const blank = ' '.repeat(number.length);
  return indented(
    [
      `${paint(`${number} |`, 'dim')} ${source}`,
      `${paint(`${blank} |`, 'dim')} ${paint(underline, finding.severity)}`,
    ],
    2,
  );
}

function insteadOf(finding: Finding, paint: Paint): readonly string[] {
  if (!finding.instead) return [];
  const title = paint(`Safe way (${plain(finding.instead.language)}):`, 'good');
  return [...indented([title], 2), ...indented(insteadLines(finding), 3)];
}

/** Most findings have no more to say of what stands behind them than one word, which needs no line. */
function isUntried({ evidence, was }: Finding): boolean {
  return evidence.text === UNTRIED.text && was === undefined;
}

function evidenceOf(finding: Finding, paint: Paint, width: number): readonly string[] {
  if (isUntried(finding)) return [];
  return indented(
    wrap(evidenceText(finding), width).map((part) => paint(part, 'dim')),
    2,
  );
}

function indented(lines: readonly string[], times: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : INDENT.repeat(times) + line));
}

function summaryText(line: SummaryLine, report: Report, paint: Paint, width: number): string {
  const style = { success: 'good', failure: 'error', neutral: 'warning' } as const;
  const last = line.title === 'Conclusion';
  const texts = line.texts.flatMap((text) => {
    const lead = /^ */.exec(text)?.[0] ?? '';
    return wrap(text.trimStart(), width - TITLE_WIDTH - lead.length).map((part) => lead + part);
  });
  return texts
    .map((text, at) => {
      const title = at === 0 ? paint(line.title.padEnd(TITLE_WIDTH), 'bold') : ' '.repeat(TITLE_WIDTH);
      return title + (last ? paint(text, style[report.conclusion]) : text);
    })
    .join('\n');
}
