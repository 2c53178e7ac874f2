import type { IndexKey, Operation } from '../../../schema/operation.ts';
import { copyOf } from './column.ts';
import type { Cursor } from './cursor.ts';
import { columnsIn } from './query.ts';

/** The keys in `(a, b(10) DESC, lower(c) COLLATE nocase)`. */
export function takeKeys(cursor: Cursor): readonly IndexKey[] {
  return [...cursor.brackets().parts()].map(keyOf);
}

function keyOf(part: Cursor): IndexKey {
  const start = part.offset;
  const plain = copyOf(part);
  if (plain.isName()) {
    const column = plain.name();
    if (plain.sign() === '(' && plain.token(1)?.kind === 'number') plain.skip();
    const collation = plain.take('collate') ? { collation: plain.name().toLowerCase() } : {};
    const order = plain.takeOneOf('asc', 'desc') === 'desc' ? { order: 'DESC' } : {};
    if (plain.done) return { column, ...collation, ...order };
  }
  const expressionColumns = columnsIn(part);
  while (!part.done && !(part.end - part.at === 1 && part.isOneOf('asc', 'desc'))) part.skip();
  return {
    expression: part.since(start),
    expressionColumns,
    ...(part.take('desc') ? { order: 'DESC' } : {}),
  };
}

/** CREATE [UNIQUE] INDEX … ON table (…) [WHERE …], after its kind: both dialects write it so. */
export function createIndex(
  cursor: Cursor,
  kind: { readonly unique: boolean; readonly method: string },
): Operation {
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const { name } = cursor.qualifiedName();
  let { method } = kind;
  if (cursor.take('using')) method = takeMethod(cursor);
  cursor.need('on');
  const table = cursor.qualifiedName();
  if (cursor.take('using')) method = takeMethod(cursor);
  const keys = takeKeys(cursor);
  const partial = cursor.take('where');
  const where = partial ? { predicate: cursor.rest(), predicateColumns: columnsIn(cursor) } : {};
  return {
    kind: 'create-index',
    ...{ table, name, keys, include: [], method, unique: kind.unique, ...where },
    ...{ concurrently: false, only: false, ...tolerant, span: cursor.reading.whole },
  };
}

function takeMethod(cursor: Cursor): string {
  return cursor.name().toLowerCase();
}
