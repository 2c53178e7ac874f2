/** What was measured of what a claim is about. */
export interface Load {
  readonly calls?: number;
  /** Of all calls together. */
  readonly milliseconds?: number;
  /** How long was measured. */
  readonly days?: number;
  /** Of the table, in one run of a query. */
  readonly rowsRead?: number;
  readonly rowsKept?: number;
  /** Rows that the table holds. */
  readonly tableRows?: number;
  /** How often the index was used. */
  readonly scans?: number;
}

/** `In the profile: 41,200 calls, 3.1 s a day; one run reads 1.2 M rows to find 14.` */
export function loadText(load: Load): string | undefined {
  const parts = [callsText(load), readText(load), ...sizeTexts(load)].filter((part) => part !== undefined);
  return parts.length > 0 ? `In the profile: ${parts.join('; ')}.` : undefined;
}

function callsText({ calls, milliseconds, days }: Load): string | undefined {
  if (calls === undefined) return undefined;
  const said = `${numberText(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  if (milliseconds === undefined) return said;
  if (days === undefined) return `${said}, ${timeText(milliseconds)} in all`;
  return `${said} in ${numberText(days)} ${days === 1 ? 'day' : 'days'}, ${timeText(milliseconds / days)} a day`;
}

function readText({ rowsRead, rowsKept }: Load): string | undefined {
  if (rowsRead === undefined) return undefined;
  const found = rowsKept === undefined ? '' : ` to find ${numberText(rowsKept)}`;
  return `one run reads ${numberText(rowsRead)} ${rowsRead === 1 ? 'row' : 'rows'}${found}`;
}

function sizeTexts({ tableRows, scans, days }: Load): readonly string[] {
  const during = days === undefined ? '' : ` in ${numberText(days)} ${days === 1 ? 'day' : 'days'}`;
  return [
    ...(tableRows === undefined ? [] : [`the table holds ${numberText(tableRows)} rows`]),
    ...(scans === undefined ? [] : [`the index was used ${numberText(scans)} times${during}`]),
  ];
}

/** `41,200`, `1.2 M`. */
function numberText(number: number): string {
  if (number >= 999_950_000) return `${rounded(number / 1e9)} G`;
  if (number >= 999_950) return `${rounded(number / 1e6)} M`;
  return rounded(number);
}

function timeText(milliseconds: number): string {
  if (milliseconds >= 3_600_000) return `${rounded(milliseconds / 3_600_000)} h`;
  if (milliseconds >= 60_000) return `${rounded(milliseconds / 60_000)} min`;
  return milliseconds >= 1_000 ? `${rounded(milliseconds / 1_000)} s` : `${rounded(milliseconds)} ms`;
}

function rounded(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: number < 100 ? 1 : 0 });
}

/** What a claim is worth beside others of its severity: the time that was measured, else the rows that are read. */
export function weightOf({ milliseconds = 0, calls = 1, rowsRead = 0, days = 1 }: Load = {}): number {
  // a row takes about a ten-thousandth of a millisecond to look at
  return (milliseconds > 0 ? milliseconds : (calls * rowsRead) / 10_000) / days;
}
