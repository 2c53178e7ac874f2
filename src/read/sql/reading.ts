import type { Span } from '../../change/span.ts';
import type { Dialect } from '../../schema/schema.ts';
import { type Token, tokensOf } from './lex.ts';

/** One statement under reading: its text and how the parser's byte offsets map to the file. */
export interface Reading {
  /** The statement's text. */
  readonly text: string;
  readonly dialect: Dialect;
  /** Span of the whole statement. */
  readonly whole: Span;
  /** UTF-16 offset within the text of a UTF-8 byte offset of the parser. */
  offset(bytes: number): number;
  /** Span of `text.slice(start, end)`. */
  span(start: number, end: number): Span;
  /** Tokens of the text, made once. */
  tokens(): readonly Token[];
  /** A text inside this one (a body in quotes) whose every span is that of the whole statement. */
  inner(text: string): Reading;
}

/** A statement whose offsets another text gives their places. */
export function readingOf(text: string, dialect: Dialect, whole: Span, span: Reading['span']): Reading {
  let tokens: readonly Token[] | undefined;
  const bytes = isAscii(text) ? undefined : byteOffsets(text);
  return {
    text,
    dialect,
    whole,
    span,
    offset: (at) => (bytes ? (bytes[at] ?? text.length) : at),
    tokens: () => {
      tokens ??= tokensOf(text, dialect);
      return tokens;
    },
    inner: (body) => readingOf(body, dialect, whole, () => whole),
  };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** UTF-16 offset of each UTF-8 byte. */
function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i) ?? 0;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offsets.fill(i, byte, byte + bytes);
    byte += bytes;
    i += point > 0xffff ? 2 : 1;
  }
  offsets[byte] = text.length;
  return offsets;
}

/** The end of the clause that starts at `start`: before the next comma or closing bracket on its own level. */
export function clauseEnd(reading: Reading, start: number): number {
  const tokens = reading.tokens();
  let depth = 0;
  let end = start;
  for (let i = firstAt(tokens, start); i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const sign = token.kind === 'sign' ? reading.text.charAt(token.start) : '';
    if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') {
      if (depth === 0) return end;
      depth--;
    } else if (sign === ',' && depth === 0) return end;
    end = token.end;
  }
  return end;
}

/** Index of the first token at or after an offset. */
export function firstAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text in the first pair of brackets at or after `start`, trimmed. */
export function inBrackets(reading: Reading, start: number, end: number): string {
  const tokens = reading.tokens();
  let depth = 0;
  let from = -1;
  for (let i = firstAt(tokens, start); i < tokens.length; i++) {
    const token = tokens[i];
    if (!token || token.start >= end) break;
    const sign = token.kind === 'sign' ? reading.text.charAt(token.start) : '';
    if (sign === '(' && depth++ === 0) from = token.end;
    else if (sign === ')' && --depth === 0) return reading.text.slice(from, token.start).trim();
  }
  return '';
}

/** The text after the first given word on the level of `start`, up to `end`; undefined where the word does not stand. */
export function afterWord(reading: Reading, word: string, start: number, end: number): string | undefined {
  const tokens = reading.tokens();
  let depth = 0;
  for (let i = firstAt(tokens, start); i < tokens.length; i++) {
    const token = tokens[i];
    if (!token || token.start >= end) return undefined;
    const sign = token.kind === 'sign' ? reading.text.charAt(token.start) : '';
    if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (depth === 0 && token.kind === 'word' && isWord(reading, token, word))
      return reading.text.slice(token.end, end).trim();
  }
  return undefined;
}

/** Whether a token is the given lower-case word. */
function isWord(reading: Reading, token: Token, word: string): boolean {
  return (
    token.end - token.start === word.length &&
    reading.text.slice(token.start, token.end).toLowerCase() === word
  );
}
