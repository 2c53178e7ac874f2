import { count } from '../count.ts';
import { plain } from '../escape.ts';
import type { Paint } from '../paint.ts';
import { alterationLines } from './alteration-line.ts';
import { commitLine, shortId } from './commit-line.ts';
import type { ToldChain, ToldHistory } from './told-history.ts';

/** The changes of an object, oldest first, for a terminal. */
export function historyText(told: ToldHistory, paint: Paint): string {
  if (told.chains.length === 0) return `${neverText(told)}\n`;
  const chains = told.chains.map((chain) => chainText(chain, paint, told.chains.length > 1));
  return `${[...chains, ...(told.cutOff === undefined ? [] : [told.cutOff])].join('\n\n')}\n`;
}

/** That an object never existed, and where that was looked up. */
export function neverText({ asked, at, searched, near, cutOff }: ToldHistory): string {
  const where =
    searched.length === 0
      ? 'There are no migrations'
      : `Neither now nor before was it in ${count(searched.length, 'chain')} of migrations`;
  const upTo = at === 'working tree' ? 'the working tree' : shortId(at);
  return [
    `${plain(asked)} does not exist, up to ${upTo}. ${where}${searched.length > 0 ? `: ${searched.slice(0, 5).map(plain).join(', ')}${searched.length > 5 ? ', …' : ''}` : ''}.`,
    ...(near === undefined ? [] : [`Did you mean ${plain(near)}?`]),
    ...(cutOff === undefined ? [] : [cutOff]),
  ].join('\n');
}

function chainText({ chain, entries, uncertain }: ToldChain, paint: Paint, several: boolean): string {
  const gone = chain.until === undefined ? '' : ', which is gone';
  const heading =
    several || gone !== '' ? [paint(`${plain(chain.id)} (${chain.tool}${gone})`, 'bold'), ''] : [];
  const commits = [...new Set(entries.map(({ commit }) => commit))];
  const withTable = new Set(entries.map(({ entry }) => entry.table)).size > 1;
  const blocks = commits.map((commit) => {
    const own = entries.filter((one) => one.commit === commit).map(({ entry }) => entry);
    const noteOf = (one: (typeof own)[number]) =>
      `${one.rewritten ? '  (a migration was edited, moved or removed)' : ''}${own.length === 1 && one.whole && one.object !== 'table' ? '  (with its table)' : ''}`;
    return [
      commitLine(commit, paint),
      ...alterationLines(own, paint, { withTable, noteOf }).map((line) => `  ${line}`),
    ].join('\n');
  });
  return [...heading, blocks.join('\n'), ...uncertainLines(uncertain)].join('\n');
}

/** Statements whose effect on the object is not known. */
export function uncertainLines(uncertain: ToldChain['uncertain']): readonly string[] {
  if (uncertain.length === 0) return [];
  return [
    '',
    'Not known is what these statements, which name it, do to it:',
    ...uncertain.map(({ path, line, reason }) => `  ${plain(path)}:${line}  ${plain(reason)}`),
  ];
}
