import { byNumber, byText, withoutZeros } from './tool.ts';

/** What a file name in a plain numbered folder says. */
export interface NumberedName {
  readonly name: string;
  /** Its numbers, first first: `0012`; `2024-01-31` as three; `V1.2` as two. */
  readonly numbers: readonly string[];
  readonly direction: 'up' | 'down';
}

const DATE = /^\d{4}[-_.]\d{2}[-_.]\d{2}(?:[-_.:T]\d+(?![a-z\d]))*(?![a-z\d])/i;
const VERSION = /^[vV]\d+(?:[._]\d+)*(?=__|\.sql$|[-_.]|$)/;
const UNDO = /^U\d+(?:[._]\d+)*(?=__)/;
const PLAIN = /^\d+(?:\.\d+)*(?=[a-z]?(?:[-_. ]|$))/i;

/** Reads a name such as `0001_users.up.sql`, `V1_2__users.sql`, `2024-01-31-users.sql`; undefined where no number leads. */
export function parseNumbered(file: string): NumberedName | undefined {
  const stem = file.replace(/\.sql$/i, '');
  const side = /\.(up|down|undo|rollback|do)$/i.exec(stem)?.[1]?.toLowerCase();
  const name = side === undefined ? stem : stem.slice(0, -side.length - 1);
  const lead = (UNDO.exec(name) ?? DATE.exec(name) ?? VERSION.exec(name) ?? PLAIN.exec(name))?.[0];
  if (lead === undefined) return undefined;
  const undone = UNDO.test(name) || (side !== undefined && side !== 'up' && side !== 'do');
  return {
    name,
    numbers: (lead.match(/\d+/g) ?? []).map(withoutZeros),
    direction: undone ? 'down' : 'up',
  };
}

/** By numbers, a missing one before any; then by name. */
export function byNumbers(a: NumberedName, b: NumberedName): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.numbers[i], b.numbers[i]];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const order = byNumber(left, right);
    if (order !== 0) return order;
  }
  return byText(a.name, b.name);
}
