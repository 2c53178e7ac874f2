import { dialectOf } from './dialect.ts';
import { type Forward, linesOf } from './notation.ts';

const HEADER = /^\s*--\s*liquibase\s+formatted\s+sql\b/im;
const CHANGESET = /^\s*--\s*changeset\s+(?:"[^"]*"|[^:]*):(?:"[^"]*"|\S+)(.*)$/i;

/** How one changeset is run, from the attributes on its line. */
interface Changeset {
  readonly runs: boolean;
  readonly alone: boolean;
  /** What ends its statements, where that is no semicolon. */
  readonly delimiter?: string;
}

/**
 * Formatted SQL: changesets that name another database in `dbms` are blank, another `endDelimiter` becomes a semicolon. A file
 * without the header is run whole. https://docs.liquibase.com/concepts/changelogs/sql-format.html
 */
export function formattedSql(text: string, dialect: string): Forward {
  if (!HEADER.test(text)) return { text };
  let written = '';
  let current: Changeset = { runs: true, alone: false };
  let ignored = false;
  let transactional: boolean | undefined;
  for (const line of linesOf(text)) {
    const end = text.indexOf('\n', line.end);
    const whole = text.slice(line.start, end < 0 ? text.length : end + 1);
    const attributes = CHANGESET.exec(line.text)?.[1];
    if (attributes !== undefined) {
      current = changesetOf(attributes, dialect);
      if (current.runs && current.alone) transactional = false;
    }
    const ignore = /^\s*--\s*ignoreLines:(start|end)/i.exec(line.text)?.[1];
    if (ignore) ignored = ignore.toLowerCase() === 'start';
    const isRun = current.runs && !ignored && attributes === undefined;
    written += isRun ? ended(whole, current.delimiter) : whole.replace(/[^\r\n]/g, ' ');
  }
  return { text: written, ...(transactional === undefined ? {} : { transactional }) };
}

function changesetOf(attributes: string, dialect: string): Changeset {
  const value = (name: string): string | undefined => {
    const found = new RegExp(`(?:^|\\s)${name}:\\s*(?:"([^"]*)"|(\\S+))`, 'i').exec(attributes);
    return found?.[1] ?? found?.[2];
  };
  const delimiter = value('endDelimiter');
  return {
    runs: value('ignore')?.toLowerCase() !== 'true' && isFor(value('dbms'), dialect),
    alone: value('runInTransaction')?.toLowerCase() === 'false',
    ...(delimiter === undefined || delimiter.endsWith(';') || delimiter === '' ? {} : { delimiter }),
  };
}

/** `postgresql,h2`, `!mysql`, `all`. */
function isFor(dbms: string | undefined, dialect: string): boolean {
  if (dbms === undefined) return true;
  const words = dbms.split(',').map((word) => word.trim().toLowerCase());
  if (words.includes('none')) return false;
  const refused = words.flatMap((word) => (word.startsWith('!') ? [dialectOf(word.slice(1))?.dialect] : []));
  if (refused.length > 0) return refused.every((one) => one !== dialect);
  return words.some((word) => word === 'all' || dialectOf(word)?.dialect === dialect);
}

/** A line that ends with the delimiter ends with a semicolon, in as many characters. */
function ended(line: string, delimiter: string | undefined): string {
  const body = line.trimEnd();
  if (delimiter === undefined || !body.toLowerCase().endsWith(delimiter.toLowerCase())) return line;
  const start = body.length - delimiter.length;
  return `${line.slice(0, start)};${' '.repeat(delimiter.length - 1)}${line.slice(body.length)}`;
}
