/** A token of a `.prisma` text; ends of lines count where no bracket is open. */
export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'line' | 'end';
  /** A text in quotes without them, its escapes resolved. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<skip>[^\S\r\n]+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<line>\r\n|\r|\n)|(?<text>"(?:[^"\\\r\n]|\\.)*")|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_.-]*|-\d[\d.]*)|(?<sign>@@|[\s\S])/uy;

/** The tokens of a `.prisma` text, without comments. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) break;
    const { skip, line, text: quoted, word } = match.groups ?? {};
    if (skip !== undefined) continue;
    const kind = line ? 'line' : quoted ? 'text' : word ? 'word' : 'sign';
    const start = match.index;
    tokens.push({ kind, text: quoted ? unquoted(quoted) : match[0], start, end: start + match[0].length });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
