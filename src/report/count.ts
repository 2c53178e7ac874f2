/** At most so many parts are listed; the rest is counted. */
export const LISTED = 10;

/** `2 warnings`, `1 error`: the noun's plural by s. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What stands for the parts that are not listed. */
export function more(length: number): readonly string[] {
  return length > LISTED ? [`  and ${length - LISTED} more (--format json lists all)`] : [];
}
