import type { Dialect } from './schema.ts';

/** Words that Postgres reserves (pg_get_keywords, class R or T) and that the other dialects mostly reserve too. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column ' +
    'concurrently constraint create cross current_catalog current_date current_role current_schema current_time ' +
    'current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from ' +
    'full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime ' +
    'localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning ' +
    'right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user ' +
    'using variadic verbose when where window with'
  ).split(' '),
);
const MYSQL_RESERVED = new Set(
  'key keys index groups rank range rows row_number condition system lead lag'.split(' '),
);

/** A name as SQL writes it: quoted where the dialect needs it. */
export function quotedName(name: string, dialect: Dialect | undefined): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name);
  if (isPlain && !(dialect === 'mysql' && MYSQL_RESERVED.has(name))) return name;
  const mark = dialect === 'mysql' ? '`' : '"';
  return mark + name.replaceAll(mark, mark + mark) + mark;
}
