import type { TableNames } from '../facts/identity.ts';
import { quotedName } from '../schema/quoted-name.ts';
import type { Dialect } from '../schema/schema.ts';
import { fill, placeholdersOf, plain } from './message.ts';
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
 * placeholders filled. In SQL a placeholder is an identifier, quoted where the dialect needs it, `{value:beside}` one that lies
 * in the schema of the claim's table, `{value:sql}` is put in as it is, and `{value:lines}` with each of its texts on a line
 * of its own; elsewhere all are as they are. A line with `{value:each}` or `{value:eachsql}` is written for each of the texts
 * of such a value. A `prisma` block is for chains of Prisma. Undefined where no block fits or a value is missing.
 */
export function insteadOf(
  rule: Rule,
  claim: Claim,
  reader: Reader,
): { readonly language: string; readonly text: string; readonly follows: boolean } | undefined {
  const block = rule.instead.find((one) => fits(one, reader));
  if (!block) return undefined;
  let missing = false;
  const wordsOf = (name: string): readonly string[] => {
    const value = Object.hasOwn(claim.values, name) ? claim.values[name] : undefined;
    if (value === undefined) missing = true;
    return typeof value === 'string' ? [value] : (value ?? []);
  };
  const line = (template: string, at = 0) =>
    fill(template, ({ name, form }) => {
      const words = wordsOf(name);
      if (form === 'lines') return words.map(plain).join('\n');
      const asIs = block.language !== 'sql' || form === 'sql' || form === 'eachsql';
      const home = form === 'beside' ? claim.table : undefined;
      const texts = words.map((word) => (asIs ? plain(word) : quoted(word, reader, home)));
      return isEach(form) ? (texts[at] ?? '') : texts.join(', ');
    });
  const text = block.text.split('\n').flatMap((template) => {
    const lists = placeholdersOf(template).filter(({ form }) => isEach(form));
    const lengths = lists.map(({ name }) => wordsOf(name).length);
    return lists.length === 0
      ? [line(template)]
      : Array.from({ length: Math.max(...lengths) }, (_, at) => line(template, at));
  });
  return missing
    ? undefined
    : { language: block.language, text: text.join('\n'), follows: block.follows === true };
}

function isEach(form: string | undefined): boolean {
  return form === 'each' || form === 'eachsql';
}

function fits({ language, for: words }: Rule['instead'][number], { dialect, tool }: Reader): boolean {
  if (language === 'prisma' && words.length === 0) return tool === 'prisma';
  return words.length === 0 || words.some((word) => word === dialect || word === tool);
}

/** A name as SQL writes it, with its schema where connections do not start there: that of a table, or of what lies beside `home`. */
function quoted(word: string, { dialect, tableNamed }: Reader, home?: string): string {
  const table = tableNamed(plain(home ?? word));
  const name = quotedName(plain(home === undefined ? (table?.name ?? word) : word), dialect);
  return !table || table.shown === table.name ? name : `${quotedName(plain(table.schema), dialect)}.${name}`;
}
