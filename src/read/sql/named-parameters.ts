/** What is left as it is: quoted texts and names, comments, casts. */
const APART = /'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?\$\k<tag>\$|::/;

/** `:name`, pgTyped's `:name!`, `$name`. */
const NAMED = /\?|:[A-Za-z_]\w*!?|\$[A-Za-z_]\w*/;

/** Those of pg-promise: `${name}`, `$<name>`, `$(name)`, `$[name]`, `$/name/`. */
const BRACKETED = /\$(?:\{[^{}]*\}|<[^<>]*>|\([^()]*\)|\[[^[\]]*\]|\/[^/\n]*\/)/;

/** What stands between its brackets where a value is meant, no name and no text of SQL. */
const OF_VALUE = /^\$.\s*[\w.]+\s*(:(csv|list|json|value)|#)?\s*.$/;

const PARAMETERS = new RegExp(`${APART.source}|${BRACKETED.source}|${NAMED.source}`, 'g');
const STAYS = new RegExp(`^(${APART.source})$`);

/** The text with parameters as other drivers write them, `?` and `:name`, as ones that Postgres takes, each of the same length. */
export function withParameters(text: string): string {
  return text.replace(PARAMETERS, (found) => {
    if (found === '?') return '0';
    const isBracketed = /^\$[{<([/]/.test(found);
    if (isBracketed ? !OF_VALUE.test(found) : STAYS.test(found)) return found;
    return `$1${' '.repeat(found.length - 2)}`;
  });
}
