import { tokensOf } from '../fold/expression.ts';

/** Words that belong to a type's name after its first. */
const OF_TYPE = /^(varying|precision|with|without|time|zone)$/;

/** Whether two texts are one expression: case, white space, casts and brackets around one word or around all do not count. */
export function isSameExpression(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && plainExpression(a) === plainExpression(b);
}

/** An expression's words in one spelling, without casts and brackets that do not count. */
export function plainExpression(text: string): string {
  let tokens = withoutCasts(tokensOf(text).map(folded));
  for (let before = -1; before !== tokens.length; ) {
    before = tokens.length;
    tokens = withoutBrackets(tokens);
  }
  return tokens.join(' ');
}

/** Lower case, and without the quotes that a name does not need. */
function folded(token: string): string {
  if (/^"[a-z_][a-z0-9_$]*"$/.test(token)) return token.slice(1, -1);
  return /^["'$]/.test(token) ? token : token.toLowerCase();
}

function withoutCasts(tokens: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] !== '::') {
      kept.push(tokens[i] ?? '');
      continue;
    }
    i++;
    while (tokens[i + 1] === '.' || tokens[i] === '.' || OF_TYPE.test(tokens[i + 1] ?? '')) i++;
    if (tokens[i + 1] === '(') i = tokens.indexOf(')', i);
    while (tokens[i + 1] === '[') i = tokens.indexOf(']', i + 1);
  }
  return kept;
}

/** Takes away the brackets around the whole, and around a single word that no function is called with. */
function withoutBrackets(tokens: readonly string[]): readonly string[] {
  if (tokens[0] === '(' && closing(tokens, 0) === tokens.length - 1) return tokens.slice(1, -1);
  const at = tokens.findIndex(
    (token, i) => token === '(' && tokens[i + 2] === ')' && !/^[a-z_"]/.test(tokens[i - 1] ?? ''),
  );
  return at < 0 ? tokens : tokens.toSpliced(at, 3, tokens[at + 1] ?? '');
}

function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i] === '(') depth++;
    if (tokens[i] === ')' && --depth === 0) return i;
  }
  return -1;
}
