import type { QualifiedName } from '../../../schema/name.ts';
import type { Token } from '../lex.ts';
import type { Reading } from '../reading.ts';

/** The grammar as we know it does not go on at this token. */
export class NotUnderstood extends Error {
  /** UTF-16 offset within the statement. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** A place in a statement's tokens, moved by whoever reads them. `take…` moves only over what it names, `need…` throws else. */
export class Cursor {
  readonly reading: Reading;
  readonly #tokens: readonly Token[];
  /** Index of the token at hand. */
  at: number;
  /** Index after the last token. */
  readonly end: number;

  constructor(reading: Reading, from = 0, to = reading.tokens().length) {
    this.reading = reading;
    this.#tokens = reading.tokens();
    this.at = from;
    this.end = to;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  token(ahead = 0): Token | undefined {
    const at = this.at + ahead;
    return at < this.end ? this.#tokens[at] : undefined;
  }

  text(ahead = 0): string {
    const token = this.token(ahead);
    return token ? this.reading.text.slice(token.start, token.end) : '';
  }

  /** The bare word at hand in lower case; empty for anything else. */
  word(ahead = 0): string {
    return this.token(ahead)?.kind === 'word' ? this.text(ahead).toLowerCase() : '';
  }

  /** The sign at hand: one character; empty for anything else. */
  sign(ahead = 0): string {
    return this.token(ahead)?.kind === 'sign' ? this.text(ahead) : '';
  }

  /** Whether these words stand here, one after the other; `(`, `)`, `,`, `.`, `=` and `;` may be among them. */
  is(...words: readonly string[]): boolean {
    return words.every((word, i) => (/^\W$/.test(word) ? this.sign(i) : this.word(i)) === word);
  }

  isOneOf(...words: readonly string[]): boolean {
    return words.includes(this.word());
  }

  take(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Moves over the first of the words that stands here and returns it. */
  takeOneOf(...words: readonly string[]): string | undefined {
    const word = this.word();
    if (!words.includes(word)) return undefined;
    this.at++;
    return word;
  }

  need(...words: readonly string[]): void {
    if (!this.take(...words)) throw this.wrong();
  }

  wrong(): NotUnderstood {
    const near = this.token() ? `near ${JSON.stringify(this.text().slice(0, 40))}` : 'at its end';
    return new NotUnderstood(`${near} it is not understood`, this.offset);
  }

  /** Offset where the token at hand starts; the end of the text when there is none. */
  get offset(): number {
    return this.token()?.start ?? this.endOfPrevious;
  }

  get endOfPrevious(): number {
    return this.#tokens[this.at - 1]?.end ?? 0;
  }

  /** A name: a bare word, or quoted in any way that one of the dialects knows. */
  name(): string {
    const token = this.token();
    if (!token) throw this.wrong();
    const name = nameOf(this.reading, token);
    if (name === undefined) throw this.wrong();
    this.at++;
    return name;
  }

  isName(ahead = 0): boolean {
    const token = this.token(ahead);
    return token !== undefined && nameOf(this.reading, token) !== undefined;
  }

  /** `name` or `schema.name`. */
  qualifiedName(): QualifiedName {
    const first = this.name();
    if (!this.take('.')) return { name: first };
    const name = this.name();
    return homeOf(this.reading, first, name);
  }

  /** Moves over `( … )` and returns a cursor over what stands between. */
  brackets(): Cursor {
    if (this.sign() !== '(') throw this.wrong();
    const from = this.at + 1;
    let depth = 0;
    for (; !this.done; this.at++) {
      if (this.sign() === '(') depth++;
      else if (this.sign() === ')' && --depth === 0) {
        this.at++;
        return new Cursor(this.reading, from, this.at - 1);
      }
    }
    throw new NotUnderstood('a bracket is opened and not closed', this.#tokens[from - 1]?.start ?? 0);
  }

  /** Moves over one thing: a token, or all of `( … )`. */
  skip(): void {
    if (this.sign() === '(') this.brackets();
    else this.at++;
  }

  /** Cursors over what the commas of this level part, in order. */
  *parts(): Generator<Cursor> {
    while (!this.done) {
      const from = this.at;
      while (!this.done && this.sign() !== ',') this.skip();
      yield new Cursor(this.reading, from, this.at);
      if (!this.done) this.at++;
    }
  }

  /** The text from this token to the end, as written. */
  rest(): string {
    const last = this.#tokens[this.end - 1];
    return last && !this.done ? this.reading.text.slice(this.offset, last.end) : '';
  }

  /** The text between an offset and the token at hand. */
  since(offset: number): string {
    return this.reading.text.slice(offset, Math.max(offset, this.endOfPrevious));
  }

  spanFrom(offset: number) {
    return this.reading.span(offset, Math.max(offset, this.endOfPrevious));
  }
}

/** The name that a token stands for; undefined where it can be none. Both dialects keep the case and do not mind it. */
function nameOf(reading: Reading, token: Token): string | undefined {
  const text = reading.text.slice(token.start, token.end);
  if (token.kind === 'word') return text;
  if (token.kind === 'name') return unquoted(text);
  // SQLite takes 'text' where a name must stand; a number opens MySQL's `2fa`
  if (token.kind === 'string' && reading.dialect === 'sqlite') return unquoted(text);
  return token.kind === 'number' && /[a-z_]/i.test(text) ? text : undefined;
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  const inner = text.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

const SYSTEM = /^(information_schema|mysql|performance_schema|sys)$/i;

/** MySQL's databases are one here, but for its own catalogs; SQLite's `temp` holds temporary tables. */
function homeOf(reading: Reading, schema: string, name: string): QualifiedName {
  if (reading.dialect === 'mysql')
    return SYSTEM.test(schema) ? { schema: schema.toLowerCase(), name } : { name };
  if (/^temp$/i.test(schema)) return { schema: 'pg_temp', name };
  return /^main$/i.test(schema) ? { schema: 'main', name } : { schema, name };
}
