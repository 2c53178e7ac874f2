import type { Finding } from '../finding/finding.ts';
import { count } from './count.ts';
import { plain, shortened } from './escape.ts';
import { evidenceText } from './evidence.ts';
import { changedTables } from './markdown/diagram.ts';
import { code, codeBlock, inline } from './markdown/escape.ts';
import { byteLength, type Fitted, takeFitting } from './markdown/take-fitting.ts';
import type { Report } from './report.ts';
import { conclusionText, summaryOf } from './summary.ts';

/** What the place where it is shown allows and knows. */
export interface MarkdownOptions {
  /** Bytes of UTF-8 in all; by default a comment's room on GitHub (65,536 characters) with some left for a marker. */
  readonly limit?: number;
  /** Findings of one rule that are shown in full. */
  readonly perRule?: number;
  /** Where a line of head, or a rule's page, can be seen. */
  readonly sourceLink?: (path: string, line: number, endLine: number) => string | undefined;
  readonly ruleLink?: (rule: string) => string | undefined;
  /** Said under the conclusion, as plain text. */
  readonly notes?: readonly string[];
}

const COMMENT = 65_000;
const PLACES = 10;
const LONGEST = 1000;

/**
 * A report as Markdown for a comment or a job's summary: the conclusion, the findings as a table grouped by rule, what
 * stands behind it, the safe ways, and a diagram of the tables that change. What does not fit is counted.
 */
export function toMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const heading = `## Tablewarden: ${inline(conclusionText(report))}`;
  const notes = (options.notes ?? [])
    .slice(0, PLACES)
    .map((note) => `> ${inline(shortened(plain(note), 300))}`)
    .join('\n>\n');
  const foot = `<sub>tablewarden ${inline(report.version)}, ${sides(report)}</sub>`;
  const frame = [heading, notes, foot].join('\n\n\n');
  let room = (options.limit ?? COMMENT) - byteLength(frame) - 300;
  const spend = (fitted: Fitted, text: (kept: readonly string[], left: number) => string): string => {
    if (fitted.kept.length === 0 && fitted.left === 0) return '';
    const said = text(fitted.kept, fitted.left);
    room -= byteLength(said) + 2;
    return said;
  };
  const table = spend(takeFitting(rows(report, options), room * 0.6), tableText);
  const summary = spend(takeFitting(summaryLines(report), room * 0.6), (kept, left) =>
    [...kept, ...more(left, 'line', '- ')].join('\n'),
  );
  const diagrams = spend(takeFitting(diagramsOf(report), room - 200), (kept, left) =>
    details('Tables that change', [...kept, ...more(left, 'diagram')]),
  );
  const ways = spend(takeFitting(safeWays(report, options), room - 200), (kept, left) =>
    details('The safe way', [...kept, ...more(left, 'safe way')]),
  );
  const blocks = [heading, notes, table, ways, summary, diagrams, foot];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

interface Group {
  readonly rule: string;
  readonly findings: readonly Finding[];
}

/** The worst first; rules of one severity in the order in which they are met. */
function groupsOf(findings: readonly Finding[]): readonly Group[] {
  return (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const groups = new Map<string, Finding[]>();
    for (const finding of findings.filter((one) => one.severity === severity))
      groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
    return [...groups].map(([rule, members]) => ({ rule, findings: members }));
  });
}

function rows(report: Report, options: MarkdownOptions): readonly string[] {
  const most = options.perRule ?? 5;
  return groupsOf(report.findings).flatMap(({ rule, findings }) => {
    const shown = findings.slice(0, most).map((finding, at) => {
      const what = `${inline(shortened(plain(finding.message), LONGEST))}<br><sub>${inline(evidenceText(finding))}</sub>`;
      const name = at === 0 ? linked(code(rule), options.ruleLink?.(rule)) : '';
      return `| ${at === 0 ? finding.severity : ''} | ${name} | ${place(finding, options)} | ${what} |`;
    });
    const rest = findings.slice(most);
    if (rest.length === 0) return shown;
    const places = rest.slice(0, PLACES).map((finding) => place(finding, options));
    const others = rest.length > PLACES ? ', …' : '';
    return [...shown, `| | | | ${rest.length} more of this rule: ${places.join(', ')}${others} |`];
  });
}

function tableText(kept: readonly string[], left: number): string {
  const rest = left > 0 ? [`| | | | ${count(left, 'more row')} for which there is no room here |`] : [];
  return ['| | rule | where | what happens |', '| --- | --- | --- | --- |', ...kept, ...rest].join('\n');
}

function place(finding: Finding, { sourceLink }: MarkdownOptions): string {
  const { path, line, endLine, inSummary } = finding;
  const where = linked(code(`${shortened(path, 300)}:${line}`), sourceLink?.(path, line, endLine));
  return inSummary ? `${where}, on no line of this change` : where;
}

function linked(text: string, url: string | undefined): string {
  return url === undefined ? text : `[${text}](${url})`;
}

/** One block for each text: three findings with one safe way are three places above it. */
function safeWays(report: Report, options: MarkdownOptions): readonly string[] {
  const ways = new Map<
    string,
    { readonly language: string; readonly text: string; readonly of: Finding[] }
  >();
  for (const finding of groupsOf(report.findings).flatMap((group) => group.findings)) {
    const { instead } = finding;
    if (!instead) continue;
    const key = JSON.stringify(instead);
    const known = ways.get(key);
    if (known) known.of.push(finding);
    else ways.set(key, { ...instead, of: [finding] });
  }
  return [...ways.values()].map(({ language, text, of }) => {
    const places = of.slice(0, PLACES).map((one) => place(one, options));
    return `${code(of[0]!.rule)} at ${places.join(', ')}${of.length > PLACES ? ', …' : ''}\n\n${codeBlock(text, language)}`;
  });
}

function summaryLines(report: Report): readonly string[] {
  return summaryOf(report)
    .filter(({ title }) => title !== 'Conclusion')
    .flatMap(({ title, texts }) => {
      const [first = '', ...others] = texts.map((text) => inline(shortened(plain(text), LONGEST)));
      return [`- **${title}**: ${first}`, ...others.map((text) => `  - ${text}`)];
    });
}

function diagramsOf(report: Report): readonly string[] {
  const several = report.changes.length > 1;
  return report.changes.flatMap((change) => {
    const drawn = changedTables(change);
    return drawn === undefined ? [] : [several ? `${code(change.chain)}\n\n${drawn}` : drawn];
  });
}

function details(title: string, parts: readonly string[]): string {
  return `<details><summary>${title}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}

function more(left: number, noun: string, lead = ''): readonly string[] {
  return left > 0 ? [`${lead}${count(left, `more ${noun}`)} for which there is no room here`] : [];
}

function sides({ base, head }: Report): string {
  const short = (name: string): string =>
    /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 12) : shortened(name, 200);
  return `${code(short(base))} to ${code(short(head))}`;
}
