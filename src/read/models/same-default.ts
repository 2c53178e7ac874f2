import { plainExpression } from '../../schema/compare/expression.ts';
import type { Column } from '../../schema/schema.ts';

/** Whether a declared default is the one that the migrations gave; undefined where that cannot be told. */
export function isSameDefault(
  declared: string,
  given: string,
  { type }: Pick<Column, 'type'>,
): boolean | undefined {
  if (plainExpression(declared) === plainExpression(given)) return true;
  const [left, right] = [declared, given].map((text) => valueIn(text, type));
  if (left === undefined || right === undefined) return undefined;
  return left === right;
}

/** A literal or the time of now in one spelling; undefined for any other expression. */
function valueIn(text: string, type: Column['type']): string | undefined {
  const plain = plainExpression(text);
  if (
    /^(now \( \)|current_timestamp( \( \d \))?|transaction_timestamp \( \)|current_timestamp \( \))$/.test(
      plain,
    )
  )
    return 'now';
  const literal = /^'((?:[^']|'')*)'$/.exec(plain)?.[1]?.replaceAll("''", "'");
  if (type.dimensions > 0) return listIn(plain, literal);
  const word =
    literal ?? (/^(?:- )?[\d.]+$|^(?:true|false)$/.test(plain) ? plain.replace('- ', '-') : undefined);
  if (word === undefined) return undefined;
  if (/^jsonb?$/.test(type.name)) return jsonIn(word);
  if (/^bool|^tinyint/.test(type.name) && /^(t|true|1)$/i.test(word)) return 'true';
  if (/^bool|^tinyint/.test(type.name) && /^(f|false|0)$/i.test(word)) return 'false';
  return word !== '' && !Number.isNaN(Number(word)) && !/char|text/.test(type.name)
    ? String(Number(word))
    : word;
}

function jsonIn(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** A list in any of its spellings: `ARRAY['a']`, `'{a}'`, and the JSON that a declaration makes of it. */
function listIn(plain: string, literal: string | undefined): string | undefined {
  const items = /^array \[(.*)\]$/.exec(plain)?.[1];
  if (items !== undefined) return listText(items.split(' , '));
  if (literal === undefined) return undefined;
  if (literal.startsWith('[')) return listText(literal.slice(1, -1).split(','));
  return literal.startsWith('{') ? listText(literal.slice(1, -1).split(',')) : undefined;
}

function listText(items: readonly string[]): string {
  return items.map((one) => one.trim().replace(/^['"]|['"]$/g, '')).join(',');
}
