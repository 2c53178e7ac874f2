import type { Row, Value } from '../prove/scratch.ts';
import { plain } from '../report/escape.ts';

/** A column is cut to so many characters; JSON has all of them. */
const WIDEST = 60;

/** Rows as a table for a terminal, with the number of rows under it. */
export function rowsText(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => cellText(row[name] ?? null)))];
  const widths = names.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]!.length), 0),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  if (names.length > 0) lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  return `${[...(names.length > 0 ? lines : []), '', count].join('\n').trimStart()}\n`;
}

function cellText(value: Value): string {
  const text = typeof value === 'string' ? value : value === null ? 'NULL' : JSON.stringify(value);
  const shown = plain(text);
  return shown.length > WIDEST ? `${shown.slice(0, WIDEST - 1)}…` : shown;
}
