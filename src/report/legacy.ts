import { count } from './count.ts';
import { plain } from './escape.ts';

/** The uses of one legacy table, now and over the history. */
export interface LegacyTable {
  readonly table: string;
  readonly use?: string;
  readonly because?: string;
  readonly since?: string;
  readonly uses: number;
  readonly places: readonly { readonly path: string; readonly line: number }[];
  /** Oldest first. */
  readonly history: readonly { readonly commit: string; readonly date: string; readonly uses: number }[];
}

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Places of a table that are named; JSON has all of them. */
const NAMED = 3;

/** The tables with their uses and a plot of how those went, for a terminal. */
export function legacyText(tables: readonly LegacyTable[]): string {
  const sorted = [...tables].sort((a, b) => b.uses - a.uses || (a.table < b.table ? -1 : 1));
  const most = Math.max(...sorted.flatMap(({ history }) => history.map(({ uses }) => uses)), 1);
  const names = sorted.map(({ table }) => plain(table));
  const width = Math.max('table'.length, ...names.map((name) => name.length));
  const dates = sorted[0]?.history ?? [];
  const [first, last] = [dates[0]?.date ?? '', dates.at(-1)?.date ?? ''];
  const span = Math.max(dates.length - first.length - last.length, 1);
  const lines = [
    `${'table'.padEnd(width)}  ${'uses'.padStart(5)}  ${'most'.padStart(5)}  ${first}${' '.repeat(span)}${last}`,
    ...sorted.flatMap((one, index) => {
      const top = Math.max(...one.history.map(({ uses }) => uses), one.uses);
      const plot = one.history.map(({ uses }) => barOf(uses, most)).join('');
      const use = one.use === undefined ? '' : `  use ${plain(one.use)}`;
      const row = `${(names[index] ?? '').padEnd(width)}  ${String(one.uses).padStart(5)}  ${String(top).padStart(5)}  ${plot}${use}`;
      return [row, ...placesOf(one)];
    }),
  ];
  const total = sorted.reduce((sum, { uses }) => sum + uses, 0);
  return `${lines.join('\n')}\n\n${count(total, 'use')} of ${count(sorted.length, 'legacy table')} in code\n`;
}

function placesOf({ places }: LegacyTable): readonly string[] {
  const shown = places.slice(0, NAMED).map(({ path, line }) => `  ${plain(path)}:${line}`);
  return places.length > NAMED ? [...shown, `  and ${places.length - NAMED} more`] : shown;
}

/** One bar; a single use can be seen beside hundreds. */
function barOf(uses: number, most: number): string {
  const level = uses === 0 ? 0 : Math.max(1, Math.round((uses / most) * (BARS.length - 1)));
  return BARS[level] ?? ' ';
}
