import type { TypeName } from '../../../schema/name.ts';
import type { Cursor } from '../token/cursor.ts';

const ENDS =
  /^(constraint|primary|not|null|unique|check|default|collate|references|generated|as|autoincrement|on|hidden|deferrable)$/;

/** Any words, up to what opens a constraint, then `(…)`: SQLite takes every type and only draws an affinity from it. */
export function takeType(cursor: Cursor): TypeName {
  const words: string[] = [];
  while (cursor.isName() && !ENDS.test(cursor.word())) words.push(cursor.name().toLowerCase());
  const args =
    words.length > 0 && cursor.sign() === '('
      ? [...cursor.brackets().parts()].map((part) => part.rest())
      : [];
  return { name: words.join(' '), arguments: args, dimensions: 0 };
}
