import type { ChangeSet } from '../change/change-set.ts';
import type { Report } from '../report/report.ts';

/** Head's lines under the findings of a report, read in one batch. */
export async function sourceLines(
  changeSet: ChangeSet,
  report: Report,
): Promise<(path: string, line: number) => string | undefined> {
  const texts = await changeSet.head.read(new Set(report.findings.map(({ path }) => path)));
  const lines = new Map<string, readonly string[]>();
  for (const [path, file] of texts)
    if (file.text !== undefined) lines.set(path, file.text.split(/\r\n|\n|\r/));
  return (path, line) => lines.get(path)?.[line - 1];
}
