import type { Dialect } from '../../schema/schema.ts';
import { nextToken } from './lex.ts';

/** A stretch of a file by UTF-16 offsets: one statement without its semicolon, or something that is not SQL. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Set where the text is no SQL: what it is. */
  readonly notSql?: string;
  /** A quote or comment opened here never ends. */
  readonly openAt?: number;
}

/** Splits a file into statements. No parser recovers from an error, so one bad statement costs only itself. */
export function split(text: string, dialect: Dialect): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let delimiter = ';';
  while (at < text.length) {
    const piece = nextPiece(text, at, dialect, delimiter);
    if (!piece) break;
    delimiter = piece.delimiter ?? delimiter;
    if (piece.end > piece.start && piece.delimiter === undefined) pieces.push(piece);
    at = piece.next;
    if (!piece.notSql && /^copy\b[^;]*\bfrom\s+stdin\b/i.test(text.slice(piece.start, piece.start + 2000))) {
      const data = copyData(text, at);
      if (data) {
        pieces.push(data);
        at = data.end;
      }
    }
  }
  return pieces;
}

function nextPiece(
  text: string,
  from: number,
  dialect: Dialect,
  delimiter: string,
): (Piece & { readonly next: number; readonly delimiter?: string }) | undefined {
  const first = nextToken(text, from, dialect);
  if (!first) return undefined;
  const { start } = first;
  if (dialect === 'mysql') {
    const command = /^delimiter[ \t]+(\S+)[^\n]*/i.exec(text.slice(start, start + 200));
    if (command) {
      const end = start + command[0].length;
      return { start, end, next: end, delimiter: command[1] };
    }
    if (delimiter !== ';') return untilDelimiter(text, start, dialect, delimiter);
  }
  if (text.charCodeAt(start) === 92) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    return { start, end, next: end, notSql: 'a psql command' };
  }
  let depth = 0;
  let blocks = 0;
  let previous = '';
  let end = first.start;
  for (let token: typeof first | undefined = first; token; token = nextToken(text, token.end, dialect)) {
    if (token.kind === 'open') return { start, end: token.end, next: token.end, openAt: token.start };
    const sign = token.kind === 'sign' ? text.charAt(token.start) : '';
    if (sign === '(') depth++;
    else if (sign === ')') depth = Math.max(0, depth - 1);
    else if (sign === ';' && depth === 0 && blocks === 0) return { start, end, next: token.end };
    else if (token.kind === 'word' && token.end - token.start <= 6) {
      const word = text.slice(token.start, token.end).toLowerCase();
      if (blocks > 0 && word === 'end' && endsLoop(text, token.end)) continue;
      blocks = nesting(word, previous, blocks, word === 'begin' && isTrigger(text, start, dialect));
      previous = word;
    }
    end = token.end;
  }
  return { start, end, next: text.length };
}

/** MySQL's `END IF`, `END LOOP`, `END WHILE`, `END REPEAT`, whose beginnings are not counted. */
function endsLoop(text: string, at: number): boolean {
  return /^\s+(if|loop|while|repeat)\b/i.test(text.slice(at, at + 40));
}

/** After `DELIMITER //` a statement ends where that stands, outside quotes and comments. */
function untilDelimiter(
  text: string,
  start: number,
  dialect: Dialect,
  delimiter: string,
): Piece & { readonly next: number } {
  let end = start;
  for (let token = nextToken(text, start, dialect); token; token = nextToken(text, token.end, dialect)) {
    const at = text.startsWith(delimiter, token.start)
      ? token.start
      : token.kind === 'word' && text.slice(token.start, token.end).endsWith(delimiter)
        ? token.end - delimiter.length
        : -1;
    if (at >= 0) return { start, end: Math.max(end, at), next: at + delimiter.length };
    end = token.end;
  }
  return { start, end, next: text.length };
}

/** Bodies written without quotes: `BEGIN ATOMIC … END` (Postgres), trigger bodies (SQLite, MySQL), with CASE inside. */
function nesting(word: string, previous: string, blocks: number, trigger: boolean): number {
  if (word === 'atomic' && previous === 'begin') return blocks + 1;
  if (word === 'begin' && trigger) return blocks + 1;
  if (word === 'case' && blocks > 0 && previous !== 'end') return blocks + 1;
  if (word === 'end' && blocks > 0) return blocks - 1;
  return blocks;
}

function isTrigger(text: string, start: number, dialect: Dialect): boolean {
  if (dialect !== 'sqlite' && dialect !== 'mysql') return false;
  return /^create\s+(or\s+replace\s+)?(definer\s*=\s*\S+\s+)?(temp(orary)?\s+)?(trigger|procedure|function)\b/i.test(
    text.slice(start, start + 120),
  );
}

/** The rows after `COPY … FROM stdin;`, up to the line `\.`. */
function copyData(text: string, from: number): Piece | undefined {
  const end = text.indexOf('\n\\.', from);
  return end < 0 ? undefined : { start: Math.min(from + 1, end), end: end + 3, notSql: 'rows for COPY' };
}
