import { copyOf } from './column.ts';
import type { Cursor } from './cursor.ts';
import { one, type Understood } from './understood.ts';

/** BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE. */
export function transaction(given: Cursor): Understood | undefined {
  const cursor = copyOf(given);
  const verb = cursor.takeOneOf('begin', 'start', 'commit', 'end', 'rollback', 'savepoint', 'release');
  if (!verb) return undefined;
  cursor.takeOneOf('transaction', 'work');
  const to = verb === 'rollback' && cursor.take('to');
  const kept = { begin: 'begin', start: 'begin', commit: 'commit', end: 'commit' }[verb] ?? verb;
  const known = (to ? 'rollback to' : kept) as 'begin'; // one of the verbs of the operation
  return one(cursor.reading, { kind: 'transaction', verb: known });
}
