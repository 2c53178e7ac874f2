import type { QualifiedName } from '../../../schema/name.ts';
import type { Operation } from '../../../schema/operation.ts';
import { takeIndexOptions } from '../token/constraint.ts';
import type { Cursor } from '../token/cursor.ts';
import { takeKeys } from '../token/index-key.ts';

/** `[FULLTEXT | SPATIAL] {INDEX | KEY} [name] [USING method] (…)` in CREATE TABLE and after ADD; undefined for anything else. */
export function takeIndex(cursor: Cursor, table: QualifiedName): Operation | undefined {
  const start = cursor.offset;
  if (!opensIndex(cursor)) return undefined;
  const special = cursor.takeOneOf('fulltext', 'spatial');
  cursor.takeOneOf('index', 'key');
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const name = cursor.sign() === '(' || cursor.is('using') ? undefined : cursor.name();
  let method: string = special ?? 'btree';
  if (cursor.take('using')) method = cursor.name().toLowerCase();
  const keys = takeKeys(cursor);
  takeIndexOptions(cursor);
  return {
    kind: 'create-index',
    ...{ table, keys, include: [], method, unique: false, concurrently: false, only: false },
    ...(name === undefined ? {} : { name }),
    ...tolerant,
    span: cursor.spanFrom(start),
  };
}

/** `key text` is a column of that name: brackets, or a name and brackets, tell an index. */
function opensIndex(cursor: Cursor): boolean {
  const special = cursor.isOneOf('fulltext', 'spatial');
  const word = special ? 1 : 0;
  if (!/^(index|key)$/.test(cursor.word(word))) return special && cursor.sign(1) === '(';
  if (special || cursor.sign(word + 1) === '(') return true;
  if (cursor.word(word + 1) === 'using' || cursor.word(word + 1) === 'if') return true;
  return (
    cursor.isName(word + 1) &&
    (cursor.sign(word + 2) === '(' || cursor.word(word + 2) === 'using') &&
    !isType(cursor, word)
  );
}

/** `key varchar(20)`: a column named key. */
function isType(cursor: Cursor, word: number): boolean {
  const token = cursor.token(word + 1);
  return (
    token?.kind === 'word' &&
    /^(var)?(char|binary)$|^(tiny|small|medium|big)?int$|^decimal$|^enum$|^set$/.test(cursor.word(word + 1))
  );
}
