import type { Dialect } from '../../schema/schema.ts';

/** A token's kind: `name` is a quoted identifier, `open` an unterminated quote or comment that runs to the end. */
type TokenKind = 'word' | 'name' | 'string' | 'number' | 'sign' | 'open';

/** A token of SQL text, by UTF-16 offsets; white space and comments are left out. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 39;
const DOUBLE = 34;
const BACKTICK = 96;
const DASH = 45;
const SLASH = 47;
const STAR = 42;
const DOLLAR = 36;
const BACKSLASH = 92;
const BRACKET = 91;

/** What {@link isWordPart} tells, of a whole word: the pattern is compiled code long before the loop over its letters would be. */
const WORD = /[\w$\u0080-\uffff]+/y;

/** The first token at or after `at`, or undefined at the end. Linear: every character is looked at once. */
export function nextToken(text: string, at: number, dialect: Dialect): Token | undefined {
  const start = skipBlank(text, at, dialect);
  if (start >= text.length) return undefined;
  if (start < 0) return { kind: 'open', start: -start - 1, end: text.length };
  const unit = text.charCodeAt(start);
  if (unit === QUOTE) return quoted(text, start, start, QUOTE, dialect === 'mysql', 'string');
  if (unit === DOUBLE)
    return quoted(text, start, start, DOUBLE, dialect === 'mysql', dialect === 'mysql' ? 'string' : 'name');
  if (unit === BACKTICK && dialect !== 'postgres') return quoted(text, start, start, BACKTICK, false, 'name');
  if (unit === BRACKET && dialect === 'sqlite') return bracketed(text, start);
  if (unit === DOLLAR && dialect !== 'mysql' && dialect !== 'sqlite') {
    const dollar = dollarQuoted(text, start);
    if (dollar) return dollar;
  }
  if (isWordStart(unit)) {
    if ((unit === 69 || unit === 101) && text.charCodeAt(start + 1) === QUOTE && dialect !== 'sqlite')
      return quoted(text, start, start + 1, QUOTE, true, 'string');
    if (isPrefixed(text, start)) return quoted(text, start, start + 1, QUOTE, false, 'string');
    WORD.lastIndex = start;
    WORD.test(text);
    return { kind: 'word', start, end: WORD.lastIndex };
  }
  if (isDigit(unit)) {
    let end = start + 1;
    while (end < text.length && (isWordPart(text.charCodeAt(end)) || text.charCodeAt(end) === 46)) end++;
    return { kind: 'number', start, end };
  }
  return { kind: 'sign', start, end: start + 1 };
}

/** Every token of a stretch of text. */
export function tokensOf(text: string, dialect: Dialect, from = 0, to = text.length): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = from; ; ) {
    const token = nextToken(text, at, dialect);
    if (!token || token.start >= to) return tokens;
    tokens.push(token);
    at = token.end;
  }
}

/** Offset of the next thing that is neither white space nor comment; `-(start + 1)` of a comment that never ends. */
function skipBlank(text: string, from: number, dialect: Dialect): number {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit <= 32 || unit === 0xa0 || unit === 0xfeff) at++;
    else if (unit === DASH && text.charCodeAt(at + 1) === DASH) at = lineEnd(text, at);
    else if (unit === 35 && dialect === 'mysql') at = lineEnd(text, at);
    else if (unit === SLASH && text.charCodeAt(at + 1) === STAR) {
      const end = commentEnd(text, at, dialect === 'postgres');
      if (end < 0) return -(at + 1);
      at = end;
    } else break;
  }
  return at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function commentEnd(text: string, start: number, nests: boolean): number {
  let depth = 1;
  let at = start + 2;
  while (depth > 0) {
    const close = text.indexOf('*/', at);
    if (close < 0) return -1;
    const open = nests ? text.indexOf('/*', at) : -1;
    if (open >= 0 && open < close) {
      depth++;
      at = open + 2;
    } else {
      depth--;
      at = close + 2;
    }
  }
  return at;
}

function quoted(
  text: string,
  start: number,
  open: number,
  quote: number,
  escapes: boolean,
  kind: TokenKind,
): Token {
  for (let at = open + 1; at < text.length; at += 2) {
    at = nextQuote(text, at, quote, escapes);
    if (at < text.length && text.charCodeAt(at + 1) !== quote) return { kind, start, end: at + 1 };
  }
  return { kind: 'open', start, end: text.length };
}

/** Where the next quote stands that no backslash escapes; the text's length where none does. */
function nextQuote(text: string, from: number, quote: number, escapes: boolean): number {
  if (!escapes) {
    const at = text.indexOf(String.fromCharCode(quote), from);
    return at < 0 ? text.length : at;
  }
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** SQLite's `[name]`; it holds no closing bracket. */
function bracketed(text: string, start: number): Token {
  const end = text.indexOf(']', start);
  return end < 0 ? { kind: 'open', start, end: text.length } : { kind: 'name', start, end: end + 1 };
}

function dollarQuoted(text: string, start: number): Token | undefined {
  let end = start + 1;
  while (end < text.length && isWordPart(text.charCodeAt(end)) && text.charCodeAt(end) !== DOLLAR) end++;
  if (text.charCodeAt(end) !== DOLLAR || isDigit(text.charCodeAt(start + 1))) return undefined;
  const tag = text.slice(start, end + 1);
  const close = text.indexOf(tag, end + 1);
  if (close < 0) return { kind: 'open', start, end: text.length };
  return { kind: 'string', start, end: close + tag.length };
}

/** B'…', X'…', N'…'. */
function isPrefixed(text: string, start: number): boolean {
  return text.charCodeAt(start + 1) === QUOTE && 'bBxXnN'.includes(text.charAt(start));
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isWordStart(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || unit >= 0x80;
}

function isWordPart(unit: number): boolean {
  return isWordStart(unit) || isDigit(unit) || unit === DOLLAR;
}
