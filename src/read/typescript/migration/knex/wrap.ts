import type { Dialect } from '../../../../schema/schema.ts';
import { slice } from '../bindings.ts';
import { joined, type PlacedSql, plainText } from '../placed-sql.ts';
import { quoted } from '../said.ts';
import { placedText, type Value } from '../value.ts';

/** A name as Knex quotes it: each part between points by itself; SQLite's marks are back ticks there. */
export function wrap(name: PlacedSql, dialect: Dialect): PlacedSql {
  const mark = dialect === 'postgres' ? '"' : '`';
  const text = plainText(name);
  if (text === '*') return name;
  if (!text.includes('.')) return quoted(name, dialect, mark);
  let at = 0;
  const parts = text.split('.').map((part) => {
    const own = slice(name, at, at + part.length);
    at += part.length + 1;
    return quoted(own, dialect, mark);
  });
  return joined(parts, '.');
}

/** A column as SQL: a name, or what `knex.raw` says. */
export function columnSql(value: Value, dialect: Dialect): PlacedSql | undefined {
  if (value.kind === 'host') return value.expression;
  const text = placedText(value);
  return text && wrap(text, dialect);
}
