import { tokensOf } from './lex.ts';

/** `?`, `:name`, pgTyped's `:name!`, `$name`. */
const NAMED = /\?|:[A-Za-z_]\w*!?|\$[A-Za-z_]\w*/;

/** Those of pg-promise: `${name}`, `$<name>`, `$(name)`, `$[name]`, `$/name/`. */
const BRACKETED = /\$(?:\{[^{}]*\}|<[^<>]*>|\([^()]*\)|\[[^[\]]*\]|\/[^/\n]*\/)/;

/** What stands between its brackets where a value is meant, no name and no text of SQL. */
const OF_VALUE = /^\$.\s*[\w.]+\s*(:(csv|list|json|value)|#)?\s*.$/;

/** The two points of a cast begin no name. */
const PARAMETERS = new RegExp(`::|${BRACKETED.source}|${NAMED.source}`, 'g');

/** The text with parameters as other drivers write them, `?` and `:name`, as ones that Postgres takes, each of the same length. */
export function withParameters(text: string): string {
  let made = '';
  let at = 0;
  for (const { 0: found, index } of unquoted(text).matchAll(PARAMETERS)) {
    if (found === '::' || (/^\$[{<([/]/.test(found) && !OF_VALUE.test(found))) continue;
    made += text.slice(at, index) + (found === '?' ? '0' : `$1${' '.repeat(found.length - 2)}`);
    at = index + found.length;
  }
  return made + text.slice(at);
}

/** The text with blanks in the place of what is quoted and of comments. */
function unquoted(text: string): string {
  let made = '';
  for (const { kind, start, end } of tokensOf(text, 'postgres')) {
    const isApart = kind === 'string' || kind === 'name' || kind === 'open';
    made += ' '.repeat(start - made.length) + (isApart ? ' '.repeat(end - start) : text.slice(start, end));
  }
  return made;
}
