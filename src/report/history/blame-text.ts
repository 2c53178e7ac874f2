import { plain, shortened } from '../escape.ts';
import type { Paint } from '../paint.ts';
import type { Blame, BlamedPart, BlamedTable } from './blamed-table.ts';
import { commitLine, shortId } from './commit-line.ts';
import { uncertainLines } from './history-text.ts';

/** How much of a definition a terminal shows; JSON has all of it. */
const SHOWN = 60;

/** The parts of a table with the commit and the migration that last touched each, for a terminal. */
export function blameText(blame: Blame, paint: Paint): string {
  const { asked, at, tables, made, dropped } = blame;
  if (tables.length > 0) return `${tables.map((table) => tableText(table, paint)).join('\n\n')}\n`;
  const there = at === 'working tree' ? 'in the working tree' : `at ${shortId(at)}`;
  return [
    `${plain(asked)} does not exist ${there}.`,
    ...(made ? [`It was made:    ${commitLine(made, paint)}`] : []),
    ...(dropped ? [`It was dropped: ${commitLine(dropped, paint)}`] : []),
    '',
  ].join('\n');
}

function tableText({ chain, name, parts, uncertain }: BlamedTable, paint: Paint): string {
  const rows = parts.map((part) => [...commitCells(part), part.object, plain(part.name)] as const);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = parts.map((part, row) => {
    const cells = rows[row]?.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ') ?? '';
    const place = part.last
      ? `${plain(part.last.entry.span.path)}:${part.last.entry.span.line}`
      : 'brought by the tool';
    return `${cells}  ${shortened(plain(part.definition), SHOWN)}  ${paint(place, 'dim')}`;
  });
  return [paint(`${plain(name)} (${plain(chain)})`, 'bold'), ...lines, ...uncertainLines(uncertain)].join(
    '\n',
  );
}

/** Day, commit and request. */
function commitCells({ last }: BlamedPart): readonly [string, string, string] {
  if (!last) return ['', '', ''];
  const { commit, commitDate, pullRequest } = last.commit;
  if (commit === undefined) return ['', 'not committed', ''];
  return [
    commitDate?.slice(0, 10) ?? '',
    shortId(commit),
    pullRequest === undefined ? '' : `#${pullRequest}`,
  ];
}
