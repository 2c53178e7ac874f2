import type { Applied } from '../../schema/applied.ts';
import type { Dialect } from '../../schema/schema.ts';
import type { Word } from '../verdict.ts';

/** What became of one operation or statement, before it has a place. */
export interface Outcome {
  readonly word: Word;
  readonly reason?: string;
  /** Who refused, of a failed one; `engine` also of one that is tainted because rows are not what they would be. */
  readonly by?: 'parser' | 'fold' | 'engine';
  /** The operation that the engine refused. */
  readonly applied?: Applied;
}

/** From worst to best: a statement is as good as its worst operation. */
const ORDER: readonly Word[] = [
  'failed',
  'tainted',
  'not-modelled',
  'partial',
  'modelled',
  'emulated',
  'executed',
  'no-effect',
];

/** The worst of several outcomes; `no-effect` when there is none. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  let found: Outcome = { word: 'no-effect' };
  for (const outcome of outcomes)
    if (ORDER.indexOf(outcome.word) < ORDER.indexOf(found.word)) found = outcome;
  return found;
}

/** An engine's message on one line, without its hints and without the echo of the statement. */
export function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300);
}

/**
 * Whether DuckDB refused because of the rows, which the database itself would too, rather than because of what it cannot do.
 * SQLite takes every value in every column, and MySQL converts by rules of its own: only constraints speak there.
 * DuckDB's DECIMAL(38,10) ends where a `numeric` without precision goes on.
 */
export function isAboutRows(message: string, dialect: Dialect): boolean {
  const ownConversions = dialect === 'sqlite' || dialect === 'mysql';
  return (
    (ownConversions ? /^Constraint Error/ : /^(Constraint|Conversion|Out of Range) Error/).test(message) &&
    !/is not supported|not implemented|Unimplemented type for cast|to DECIMAL\(38,10\)/i.test(message)
  );
}
