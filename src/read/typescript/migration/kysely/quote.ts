import type { Dialect } from '../../../../schema/schema.ts';
import { slice } from '../bindings.ts';
import { joined, type PlacedSql, plainText } from '../placed-sql.ts';
import { quoted } from '../said.ts';

/** A name as Kysely quotes it: each part between points by itself. */
export function quoteName(name: PlacedSql, dialect: Dialect): PlacedSql {
  let at = 0;
  const parts = plainText(name)
    .split('.')
    .map((part) => {
      const own = slice(name, at, at + part.length);
      at += part.length + 1;
      return quoted(own, dialect);
    });
  return joined(parts, '.');
}
