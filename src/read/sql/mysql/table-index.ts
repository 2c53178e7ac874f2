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

/** `key text` is a column of that name: brackets, or a name and brackets, tell an index. No column is called FULLTEXT without quotes. */
function opensIndex(cursor: Cursor): boolean {
  if (cursor.isOneOf('fulltext', 'spatial')) return true;
  if (!/^(index|key)$/.test(cursor.word(0))) return false;
  if (cursor.sign(1) === '(' || cursor.word(1) === 'using' || cursor.word(1) === 'if') return true;
  return cursor.isName(1) && (cursor.sign(2) === '(' || cursor.word(2) === 'using') && !isType(cursor);
}

/** `key varchar(20)`: a column named key. */
function isType(cursor: Cursor): boolean {
  return (
    cursor.token(1)?.kind === 'word' &&
    /^(var)?(char|binary)$|^(tiny|small|medium|big)?int$|^decimal$|^enum$|^set$/.test(cursor.word(1))
  );
}
