import type { MigrationFile } from './chain.ts';

const DATE = /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])/;
const EPOCH = /(?<!\d)(1[0-9]{9})(\d{3})?(?!\d)/;

/** When a migration was written, in milliseconds since 1970, by its tool's journal or the time in its name; to the day. */
export function writtenAt({
  name,
  writtenAt,
}: Pick<MigrationFile, 'name' | 'writtenAt'>): number | undefined {
  if (writtenAt !== undefined) return writtenAt;
  const [, year, , month, day] = DATE.exec(name) ?? [];
  if (year !== undefined) return Date.UTC(Number(year), Number(month) - 1, Number(day));
  const [, seconds] = EPOCH.exec(name) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
