import type { Cursor } from '../token/cursor.ts';
import { notModelled, one, type Understood, without } from '../token/understood.ts';

/** PRAGMA: two of them change what later statements do, one lets the catalog itself be written. */
export function pragma(cursor: Cursor): Understood {
  cursor.need('pragma');
  const { name } = cursor.qualifiedName();
  const given = cursor.take('=') || cursor.take('(');
  const value = given ? cursor.text().toLowerCase().replace(/['"]/g, '') : undefined;
  const on = value !== undefined && /^(1|on|true|yes)$/.test(value);
  switch (name.toLowerCase()) {
    case 'legacy_alter_table':
    case 'foreign_keys':
      if (value === undefined) break;
      return one(cursor.reading, { kind: 'set-session', name: name.toLowerCase(), on });
    case 'writable_schema':
      if (on) return notModelled('it makes the catalog itself writable');
      break;
  }
  return without(cursor.reading, `PRAGMA ${name.toLowerCase()}`);
}
