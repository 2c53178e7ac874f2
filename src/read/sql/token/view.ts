import { copyOf } from './column.ts';
import type { Cursor } from './cursor.ts';
import { namedIn, queryDefinition, usesIn } from './query.ts';
import { one, type Understood } from './understood.ts';

/** CREATE VIEW, after that word. */
export function createView(cursor: Cursor, replace: boolean): Understood {
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const view = cursor.qualifiedName();
  const names = cursor.sign() === '(' ? [...cursor.brackets().parts()].map((part) => part.name()) : undefined;
  cursor.need('as');
  const query = queryDefinition(copyOf(cursor));
  const body = {
    kind: 'create-view',
    ...{
      view,
      materialized: false,
      replace,
      query: names ? { ...query, outputs: names.map((name) => ({ name })) } : query,
    },
  } as const;
  return one(cursor.reading, { ...body, ...tolerant }, usesIn(cursor, 'read'), namedIn(cursor).calls);
}

/** DROP TABLE and DROP VIEW, after that word; MySQL takes several at once. */
export function dropRelations(cursor: Cursor, kind: 'table' | 'view'): Understood {
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const names = [cursor.qualifiedName()];
  while (cursor.take(',')) names.push(cursor.qualifiedName());
  cursor.takeOneOf('cascade', 'restrict');
  if (!cursor.done) throw cursor.wrong();
  const shared = {
    cascade: false,
    ...tolerant,
    span: cursor.reading.whole,
    ...(names.length > 1 ? { alongWith: names } : {}),
  };
  const operations = names.map((name) =>
    kind === 'table'
      ? ({ kind: 'drop-table', table: name, ...shared } as const)
      : ({ kind: 'drop-view', view: name, materialized: false, ...shared } as const),
  );
  return { operations, uses: [], calls: [] };
}
