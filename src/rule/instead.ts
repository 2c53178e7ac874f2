import type { TableNames } from '../facts/identity.ts';
import { quotedName } from '../schema/quoted-name.ts';
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
 * as it is, and `{value:lines}` with each of its texts on a line of its own; elsewhere all are. A `prisma` block is for chains of Prisma. Undefined where no block fits or a value is missing.
 */
export function insteadOf(
  rule: Rule,
  claim: Claim,
  reader: Reader,
): { readonly language: string; readonly text: string; readonly follows: boolean } | undefined {
  const block = rule.instead.find((one) => fits(one, reader));
  if (!block) return undefined;
  let missing = false;
  const text = fill(block.text, ({ name, form }) => {
    const value = Object.hasOwn(claim.values, name) ? claim.values[name] : undefined;
    if (value === undefined) missing = true;
    const words = typeof value === 'string' ? [value] : (value ?? []);
    if (form === 'lines') return words.map(plain).join('\n');
    const isSql = block.language === 'sql' && form !== 'sql';
    return words.map((word) => (isSql ? quoted(word, reader) : plain(word))).join(', ');
  });
  return missing ? undefined : { language: block.language, text, follows: block.follows === true };
}

function fits({ language, for: words }: Rule['instead'][number], { dialect, tool }: Reader): boolean {
  if (language === 'prisma' && words.length === 0) return tool === 'prisma';
  return words.length === 0 || words.some((word) => word === dialect || word === tool);
}

function quoted(word: string, { dialect, tableNamed }: Reader): string {
  const table = tableNamed(word);
  if (!table || table.shown === table.name) return quotedName(plain(word), dialect);
  return `${quotedName(plain(table.schema), dialect)}.${quotedName(plain(table.name), dialect)}`;
}
