import type { Cursor } from './cursor.ts';
import { one, type Understood } from './understood.ts';

/** CREATE TRIGGER, after that word: its body is kept as text and not run by anything but the engine itself. */
export function createTrigger(cursor: Cursor): Understood {
  const tolerant = cursor.take('if', 'not', 'exists') ? { tolerant: true } : {};
  const { name } = cursor.qualifiedName();
  if (!cursor.takeOneOf('before', 'after')) cursor.take('instead', 'of');
  const event = cursor.takeOneOf('insert', 'update', 'delete') as 'insert' | 'update' | 'delete' | undefined; // one of its words
  if (!event) throw cursor.wrong();
  while (!cursor.done && !cursor.is('on')) cursor.skip();
  cursor.need('on');
  const start = cursor.offset;
  const table = cursor.qualifiedName();
  const use = { table, op: 'ddl', span: cursor.spanFrom(start) } as const;
  const body = {
    kind: 'create-trigger',
    name,
    replace: false,
    function: { name: '' },
    events: [event],
  } as const;
  return one(cursor.reading, { ...body, table, ...tolerant }, [use]);
}

/** DROP TRIGGER, after that word: no table is named. */
export function dropTrigger(cursor: Cursor): Understood {
  const tolerant = cursor.take('if', 'exists') ? { tolerant: true } : {};
  const { name } = cursor.qualifiedName();
  return one(cursor.reading, {
    kind: 'drop-trigger',
    name,
    cascade: false,
    table: { name: '' },
    ...tolerant,
  });
}
