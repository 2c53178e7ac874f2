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
  while (at < text.length) {
    const piece = nextPiece(text, at, dialect);
    if (!piece) break;
    if (piece.end > piece.start) pieces.push(piece);
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
): (Piece & { readonly next: number }) | undefined {
  const first = nextToken(text, from, dialect);
  if (!first) return undefined;
  const { start } = first;
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
      blocks = nesting(word, previous, blocks, isTrigger(text, start, dialect));
      previous = word;
    }
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
  return /^create\s+(temp(orary)?\s+)?(trigger|procedure|function)\b/i.test(text.slice(start, start + 60));
}

/** The rows after `COPY … FROM stdin;`, up to the line `\.`. */
function copyData(text: string, from: number): Piece | undefined {
  const end = text.indexOf('\n\\.', from);
  return end < 0 ? undefined : { start: Math.min(from + 1, end), end: end + 3, notSql: 'rows for COPY' };
}
