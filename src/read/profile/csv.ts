import { ProfileError } from './profile.ts';

/** More rows are no profile: `pg_stat_statements.max` is 5,000 by default. */
const MOST_ROWS = 100_000;

/** One row by the names of the header, or of JSON's keys. */
export type Row = Readonly<Record<string, unknown>>;

interface Line {
  readonly fields: readonly string[];
  readonly number: number;
}

/** Reads CSV with a header as `COPY … CSV HEADER` writes it: quoted fields may hold line ends and doubled quotes. */
export function readCsv(text: string): readonly Row[] {
  const [header = ''] = text.split(/\r\n|\r|\n/, 1);
  const delimiter = [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
  const [first, ...lines] = linesOf(text, delimiter);
  const names = first?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  return lines.map(({ fields, number }) => {
    if (fields.length !== names.length)
      throw new ProfileError(`line ${number} has ${fields.length} of ${names.length} fields: is it cut off?`);
    return Object.fromEntries(names.map((name, at) => [name, fields[at]]));
  });
}

/** Each record with the number of its first line; empty lines are none. */
function linesOf(text: string, delimiter: string): readonly Line[] {
  const lines: Line[] = [];
  let fields: string[] = [];
  let number = 1;
  let start = 1;
  const FIELD = new RegExp(`"((?:[^"]|"")*)"|([^${delimiter}\\r\\n"]*)`, 'y');
  for (let at = 0; at <= text.length; ) {
    FIELD.lastIndex = at;
    const [whole = '', quoted, bare = ''] = FIELD.exec(text) ?? [];
    fields.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    for (const _ of whole.matchAll(/\r\n|\r|\n/g)) number++;
    at += whole.length;
    const end = /\r\n|\r|\n/y;
    end.lastIndex = at;
    const [lineEnd] = end.exec(text) ?? [];
    if (text[at] === delimiter) at++;
    else if (lineEnd !== undefined || at >= text.length) {
      if (fields.length > 1 || fields[0] !== '') lines.push({ fields, number: start });
      if (lines.length > MOST_ROWS) throw new ProfileError(`it has more than ${MOST_ROWS} rows`);
      fields = [];
      start = ++number;
      at += lineEnd?.length ?? 1;
    } else throw new ProfileError(`line ${number} has a quote that is not closed: is it cut off?`);
  }
  return lines;
}
