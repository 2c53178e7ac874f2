import type { ChangeSet } from '../../src/change/change-set.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Report } from '../../src/report/report.ts';
import type { Example, Rule } from '../../src/rule/rule.ts';

/** What a report says at a place: a finding, or what a rule leaves open there. */
type Said = Pick<
  Finding,
  'rule' | 'path' | 'line' | 'column' | 'endLine' | 'endColumn' | 'message' | 'inSummary'
> & { readonly severity: Finding['severity'] | typeof OPEN };

/** Judges a change as a door does. */
export type Judge = (change: ChangeSet) => Promise<readonly Said[]>;

const OPEN = 'not judged';

/** A title may end with the severity of what its page says there, or say that it is left open. */
const SEVERITY = /: (?:an? (note|warning|error)|(not judged))$/;

/** All that a report says at places. */
export function saidIn({ findings, notJudged }: Pick<Report, 'findings' | 'notJudged'>): readonly Said[] {
  return [
    ...findings,
    ...notJudged.flatMap(({ rule, reason, places = [] }) =>
      places.map((place) => ({
        ...place,
        rule,
        message: reason,
        inSummary: false,
        severity: OPEN as typeof OPEN,
      })),
    ),
  ];
}

/** What an example's pull request shows that its page does not say, one line each; empty when the page is true. */
export async function executeExample(rule: Rule, example: Example, judge: Judge): Promise<readonly string[]> {
  const said = (await judge(await changeOf(example))).map((finding) => ({
    finding,
    met: false,
  }));
  const troubles: string[] = [];
  const [, level, open] = SEVERITY.exec(example.title) ?? [];
  const severity = level ?? open;
  for (const { path, head, expected } of example.files)
    for (const { rule: id, line, column, message } of expected) {
      const found = said.find(
        ({ finding, met }) =>
          !met &&
          finding.rule === id &&
          finding.inSummary === (head === undefined) &&
          isAt(finding, path, line, column),
      );
      if (!found) troubles.push(`nothing of ${id} at ${path}:${line}:${column}`);
      else {
        found.met = true;
        const isOpen = found.finding.severity === OPEN && severity === undefined;
        if (id === rule.id && (isOpen || (severity ?? found.finding.severity) !== found.finding.severity))
          troubles.push(`${id} at ${path}:${line} is of severity ${found.finding.severity}`);
        if (message !== undefined && message !== found.finding.message)
          troubles.push(`the message of ${id} at ${path}:${line} is: ${found.finding.message}`);
      }
    }
  for (const { rule: id, message } of example.summary) {
    const found = said.find(({ finding, met }) => !met && finding.rule === id && finding.inSummary);
    if (!found) troubles.push(`nothing of ${id} in the summary`);
    else found.met = true;
    if (found && message !== undefined && message !== found.finding.message)
      troubles.push(`the message of ${id} in the summary is: ${found.finding.message}`);
  }
  for (const { finding, met } of said)
    if (!met && finding.rule === rule.id)
      troubles.push(
        `not expected: ${finding.rule} at ${finding.path}:${finding.line}:${finding.column}: ${finding.message}`,
      );
  return troubles;
}

/** The change that an example is, from its base to its head. */
function changeOf({ files }: Example): Promise<ChangeSet> {
  const base = files.flatMap((file) =>
    file.base === undefined ? [] : [[file.renamedFrom ?? file.path, file.base] as const],
  );
  const head = files.flatMap((file) => (file.head === undefined ? [] : [[file.path, file.head] as const]));
  const renames = files.flatMap((file) => (file.renamedFrom ? [[file.path, file.renamedFrom] as const] : []));
  return changeOfTexts(new Map(base), new Map(head), new Map(renames));
}

/** The state before an example's change, as a change from nothing: a page's base must apply. */
export function baseOf({ files }: Example): Promise<ChangeSet> {
  const base = files.flatMap((file) =>
    file.base === undefined ? [] : [[file.renamedFrom ?? file.path, file.base] as const],
  );
  return changeOfTexts(new Map(), new Map(base));
}

/** A position of no length stands for its line. */
function isAt(finding: Said, path: string, line: number, column: number): boolean {
  const { line: from, column: start, endLine: to, endColumn: end } = finding;
  if (finding.path !== path || line < from || line > to) return false;
  if (from === to && start === end) return true;
  return (line > from || column >= start) && (line < to || column < end);
}
