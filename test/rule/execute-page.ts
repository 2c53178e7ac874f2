import type { ChangeSet } from '../../src/change/change-set.ts';
import { changeOfTexts } from '../../src/change/from-texts.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Example, Rule } from '../../src/rule/rule.ts';

/** Judges a change as a door does. */
export type Judge = (change: ChangeSet) => Promise<readonly Finding[]>;

/** A title may end with the severity of what its page says there. */
const SEVERITY = /: an? (note|warning|error)$/;

/** What an example's pull request shows that its page does not say, one line each; empty when the page is true. */
export async function executeExample(rule: Rule, example: Example, judge: Judge): Promise<readonly string[]> {
  const said = (await judge(await changeOf(example))).map((finding) => ({
    finding,
    met: false,
  }));
  const troubles: string[] = [];
  const severity = SEVERITY.exec(example.title)?.[1];
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
        if (severity !== undefined && id === rule.id && severity !== found.finding.severity)
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
function isAt(finding: Finding, path: string, line: number, column: number): boolean {
  const { line: from, column: start, endLine: to, endColumn: end } = finding;
  if (finding.path !== path || line < from || line > to) return false;
  if (from === to && start === end) return true;
  return (line > from || column >= start) && (line < to || column < end);
}
