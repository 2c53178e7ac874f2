import type { QualifiedName } from '../name.ts';

/** What the text of a default, CHECK, index expression or generated column names. */
export interface ExpressionNames {
  /** Every identifier that is not a call: columns among them. */
  readonly words: ReadonlySet<string>;
  /** Names of functions, without their schema. */
  readonly calls: ReadonlySet<string>;
  /** Names of types after `::`, without their schema. */
  readonly casts: ReadonlySet<string>;
  /** Sequences in `nextval('…')`. */
  readonly sequences: readonly QualifiedName[];
}

const TOKEN =
  /'(?:[^']|'')*'|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|::|[^\s\w]|\d[\w.]*/g;

const NEXTVAL = /\bnextval\s*\(\s*'((?:[^']|'')*)'/gi;

const known = new Map<string, ExpressionNames>();
const MOST_KNOWN = 5000;

/** The names in an expression. Read from its tokens: strings and comments do not count. */
export function namesIn(text: string): ExpressionNames {
  const before = known.get(text);
  if (before) return before;
  const words = new Set<string>();
  const calls = new Set<string>();
  const casts = new Set<string>();
  const tokens = tokensOf(text);
  for (const [i, token] of tokens.entries()) {
    const name = identifier(token);
    if (name === undefined) continue;
    if (tokens[i + 1] === '(') calls.add(name);
    else if (afterCast(tokens, i)) casts.add(name);
    else words.add(name);
  }
  const sequences = [...text.matchAll(NEXTVAL)].map((match) =>
    parseName((match[1] ?? '').replaceAll("''", "'")),
  );
  const names = { words, calls, casts, sequences };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, names);
  return names;
}

function afterCast(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1];
  return before === '::' || (before === '.' && tokens[i - 3] === '::');
}

/** Tokens of SQL text without its comments; strings and quoted names are one token each. */
export function tokensOf(text: string): readonly string[] {
  return (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('--') && !token.startsWith('/*'));
}

/** The name that a token stands for, folded to lower case unless quoted; undefined for anything else. */
export function identifier(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_\u0080-\uffff]/.test(token) ? token.toLowerCase() : undefined;
}

/** A possibly qualified and quoted name, as in `nextval('app."Seq"')`. */
function parseName(text: string): QualifiedName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'),
  );
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** A name as SQL text, quoted where it must be. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Replaces an identifier in an expression: as a whole word outside strings, quoted or not. */
export function renameInText(text: string, from: string, to: string): string {
  if (!namesIn(text).words.has(from)) return text;
  return text.replace(TOKEN, (token) => (identifier(token) === from ? quoted(to) : token));
}

/** Replaces an identifier where a point comes behind it: the table before a column's name. */
export function renameQualifier(text: string, from: string, to: string): string {
  if (!namesIn(text).words.has(from)) return text;
  return text.replace(TOKEN, (token, ...rest) => {
    const end = Number(rest.at(-2)) + token.length;
    return identifier(token) === from && /^\s*\./.test(text.slice(end)) ? quoted(to) : token;
  });
}
