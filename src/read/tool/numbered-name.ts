import { byNumber, byText, withoutZeros } from './tool.ts';

/** What a file name in a plain numbered folder says. */
export interface NumberedName {
  readonly name: string;
  /** Its numbers, first first: `0012`; `V1.2` as two; `2024-01-31` as the time that it is, `20240131000000`. */
  readonly numbers: readonly string[];
  readonly direction: 'up' | 'down';
}

const DATE = /^\d{4}[-_.]\d{2}[-_.]\d{2}(?:[-_.:T]\d+(?![a-z\d]))*(?![a-z\d])/i;
const TIME = /^(\d{4})\D(\d{2})\D(\d{2})(?:\D(\d{2})\D?(\d{2})\D?(\d{2})?(?!\d))?/;
const VERSION = /^[vV]\d+(?:[._]\d+)*(?=__|\.sql$|[-_.]|$)/;
const UNDO = /^U\d+(?:[._]\d+)*(?=__)/;
const PLAIN = /^\d+(?:\.\d+)*(?=[a-z]?(?:[-_. ]|$))/i;

/** At the end, or behind the number as Postgrator has it: `0001.do.users.sql`, `0001.undo.users.sql`. */
const SIDE = /(?<=^\d+)\.(?:do|undo)(?=\.|$)|\.(?:up|down|undo|rollback|do)$/i;

/** Reads a name such as `0001_users.up.sql`, `V1_2__users.sql`, `2024-01-31-users.sql`; undefined where no number leads. */
export function parseNumbered(file: string): NumberedName | undefined {
  const stem = file.replace(/\.sql$/i, '');
  const side = SIDE.exec(stem)?.[0].slice(1).toLowerCase();
  const name = stem.replace(SIDE, '');
  const lead = (UNDO.exec(name) ?? DATE.exec(name) ?? VERSION.exec(name) ?? PLAIN.exec(name))?.[0];
  if (lead === undefined) return undefined;
  const undone = UNDO.test(name) || (side !== undefined && side !== 'up' && side !== 'do');
  return {
    name,
    numbers: numbersOf(lead).map(withoutZeros),
    direction: undone ? 'down' : 'up',
  };
}

/** A date with signs in it stands among times that are written without: both are one number. */
function numbersOf(lead: string): readonly string[] {
  const [whole = '', ...parts] = (DATE.test(lead) && TIME.exec(lead)) || [];
  const time = whole === '' ? [] : [parts.join('').padEnd(14, '0')];
  return [...time, ...(lead.slice(whole.length).match(/\d+/g) ?? [])];
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
