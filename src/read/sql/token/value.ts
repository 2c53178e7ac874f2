import type { Walk } from './asked.ts';
import type { Operand } from './compare.ts';
import type { Cursor } from './cursor.ts';

/** Whether one of the signs stands at hand. */
export function isOneSign(cursor: Cursor, signs: string): boolean {
  const sign = cursor.sign();
  return sign !== '' && signs.includes(sign);
}

/** Moves over `?`, `?1`, `:name`, `@name`, `@@name`, `$1`; whether one stood there. */
export function takeParameter(cursor: Cursor): boolean {
  if (!isOneSign(cursor, '?:@$')) return false;
  const [sign, end] = [cursor.sign(), cursor.token()?.end];
  if (sign === '?') {
    cursor.at++;
    if (cursor.sign() === '?' && cursor.offset === end) cursor.at++;
    else if (cursor.token()?.kind === 'number' && cursor.offset === end) cursor.at++;
    return true;
  }
  while (cursor.sign() === sign) cursor.at++;
  if (cursor.token()?.kind !== 'word' && cursor.token()?.kind !== 'number') throw cursor.wrong();
  cursor.at++;
  while (cursor.sign() === '.' && sign === '@') cursor.at += 2;
  return true;
}

/** Texts that follow each other are one. */
export function texts({ reading }: Walk, cursor: Cursor): Operand {
  let text = '';
  for (let token = cursor.token(); token?.kind === 'string'; token = cursor.token()) {
    const written = reading.text.slice(token.start, token.end);
    const from = written.search(/['"]/);
    const quote = written.charAt(from);
    text += written.slice(from + 1, -1).replaceAll(quote + quote, quote);
    cursor.at++;
  }
  return { literals: [text] };
}
