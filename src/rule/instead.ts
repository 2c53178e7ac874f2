import type { TableNames } from '../facts/identity.ts';
import type { Dialect } from '../schema/schema.ts';
import { fill, plain } from './message.ts';
import type { Claim, Rule } from './rule.ts';

/** Whom the safe way is written for. */
export interface Reader {
  readonly dialect?: Dialect;
  readonly tool?: string;
  /** Tables of the chain by the name that people use. */
  tableNamed(shown: string): TableNames | undefined;
}

/**
 * The safe way for one claim: the first block whose words name the chain's dialect or tool or that names none, with its
 * placeholders filled. In SQL a placeholder is an identifier, quoted where the dialect needs it, `{value:sql}` is put in
 * as it is; elsewhere all are. A `prisma` block is for chains of Prisma. Undefined where no block fits or a value is missing.
 */
export function insteadOf(
  rule: Rule,
  claim: Claim,
  reader: Reader,
): { readonly language: string; readonly text: string } | undefined {
  const block = rule.instead.find((one) => fits(one, reader));
  if (!block) return undefined;
  let missing = false;
  const text = fill(block.text, ({ name, form }) => {
    const value = Object.hasOwn(claim.values, name) ? claim.values[name] : undefined;
    if (value === undefined) missing = true;
    const words = typeof value === 'string' ? [value] : (value ?? []);
    const isSql = block.language === 'sql' && form !== 'sql';
    return words.map((word) => (isSql ? quoted(word, reader) : plain(word))).join(', ');
  });
  return missing ? undefined : { language: block.language, text };
}

function fits({ language, for: words }: Rule['instead'][number], { dialect, tool }: Reader): boolean {
  if (language === 'prisma' && words.length === 0) return tool === 'prisma';
  return words.length === 0 || words.some((word) => word === dialect || word === tool);
}

function quoted(word: string, { dialect, tableNamed }: Reader): string {
  const table = tableNamed(word);
  if (!table || table.shown === table.name) return quotedName(word, dialect);
  return `${quotedName(table.schema, dialect)}.${quotedName(table.name, dialect)}`;
}

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

function quotedName(name: string, dialect: Dialect | undefined): string {
  const text = plain(name);
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(text) && !RESERVED.has(text);
  if (isPlain && !(dialect === 'mysql' && MYSQL_RESERVED.has(text))) return text;
  const mark = dialect === 'mysql' ? '`' : '"';
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
