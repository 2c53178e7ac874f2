import { tokensOf } from '../../read/sql/lex.ts';
import type { Dialect } from '../../schema/schema.ts';
import { literal, quoted } from './type.ts';

/** SQL of SQLite or MySQL in DuckDB's spelling: names and strings in its quotes, comments left out, a few words replaced. */
export function toDuckdbText(text: string, dialect: Dialect): string {
  let made = '';
  let at = 0;
  for (const { kind, start, end } of tokensOf(text, dialect)) {
    if (start > at) made += /\n/.test(text.slice(at, start)) ? '\n' : ' ';
    const token = text.slice(start, end);
    made += kind === 'name' ? quoted(unquoted(token)) : kind === 'string' ? stringOf(token, dialect) : token;
    at = end;
  }
  return dialect === 'mysql' ? mysqlWords(made) : sqliteWords(made);
}

function unquoted(token: string): string {
  const quote = token.charAt(0);
  const inner = token.slice(1, -1);
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote);
}

function stringOf(token: string, dialect: Dialect): string {
  const blob = /^x'([0-9a-f]*)'$/i.exec(token);
  if (blob) return `'${(blob[1] ?? '').replace(/../g, '\\x$&')}'::BLOB`;
  const bits = /^b'([01]*)'$/i.exec(token);
  if (bits) return String(Number.parseInt(bits[1] || '0', 2));
  if (dialect !== 'mysql') return token;
  const quote = token.charAt(token.startsWith("'") || token.startsWith('"') ? 0 : 1);
  const inner = token.slice(token.indexOf(quote) + 1, -1).replaceAll(quote + quote, quote);
  return literal(inner.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '', b: '\b', Z: '\x1a' };

function mysqlWords(text: string): string {
  return text
    .replace(/^\s*replace\s+into\b/i, 'INSERT OR REPLACE INTO')
    .replace(/^\s*insert\s+ignore\b/i, 'INSERT OR IGNORE')
    .replace(/\b(current_timestamp|now|localtimestamp)\s*\(\s*\d*\s*\)/gi, 'CURRENT_TIMESTAMP')
    .replace(/\bcharacter\s+set\s+\w+/gi, '')
    .replace(/\bas\s+(un)?signed\b(\s+integer)?/gi, 'AS BIGINT')
    .replace(/\bas\s+char\b(\s*\(\s*\d+\s*\))?/gi, 'AS VARCHAR')
    .replace(/\bif\s*\(/gi, 'if_else(');
}

function sqliteWords(text: string): string {
  return text
    .replace(/^\s*replace\s+into\b/i, 'INSERT OR REPLACE INTO')
    .replace(/^\s*with\s+(?!recursive\b)/i, 'WITH RECURSIVE ')
    .replace(/\bstrftime\s*\(/gi, 'moment_text(')
    .replace(/==/g, '=');
}
