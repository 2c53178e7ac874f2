import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { TableUse } from '../source.ts';
import { temporaryMade } from '../without-temporary.ts';
import { tokensOf } from './lex.ts';

/** A table that a text names, by where its name stands. */
export interface NamedUse {
  readonly table: QualifiedName;
  readonly op: TableUse['op'];
  readonly span: Span;
}

const FOLLOWED: Readonly<Record<string, TableUse['op']>> = {
  from: 'read',
  join: 'read',
  into: 'insert',
  update: 'update',
};

/** The names that stand after FROM, JOIN, INTO, UPDATE and CREATE TEMPORARY TABLE in a text that the parser refuses. */
export function namesAfterKeywords(
  sql: string,
  span: (start: number, end: number) => Span,
): readonly NamedUse[] {
  const tokens = tokensOf(sql, 'postgres');
  const word = (at: number) => {
    const token = tokens[at];
    return token ? sql.slice(token.start, token.end) : '';
  };
  return tokens.flatMap((token, index): readonly NamedUse[] => {
    if (isTemporary(word, index)) {
      const at = /^if$/i.test(word(index + 1)) ? index + 4 : index + 1;
      const made = tokens[at];
      return made ? [temporaryMade({ name: bare(word(at)) }, span(made.start, made.end))] : [];
    }
    const op = token.kind === 'word' ? FOLLOWED[word(index).toLowerCase()] : undefined;
    const next = tokens[index + 1];
    if (op === 'update' && /^(on|for|do|key)$/i.test(word(index - 1))) return [];
    if (!op || !next || (next.kind !== 'word' && next.kind !== 'name')) return [];
    if (/^(set|select|lateral|only|unnest|values|of)$/i.test(word(index + 1))) return [];
    const isQualified = word(index + 2) === '.' && tokens[index + 2]?.start === next.end;
    const last = isQualified ? index + 3 : index + 1;
    if (word(last + 1) === '(' && op === 'read') return [];
    const names = (isQualified ? [word(index + 1), word(last)] : [word(last)]).map(bare);
    const table = names.length > 1 ? { schema: names[0], name: names[1] ?? '' } : { name: names[0] ?? '' };
    const verb = op === 'read' && /^delete$/i.test(word(index - 1)) ? 'delete' : op;
    return [{ table, op: verb, span: span(next.start, tokens[last]?.end ?? next.end) }];
  });
}

/** The last word of `CREATE [OR REPLACE] TEMP TABLE`. */
function isTemporary(word: (at: number) => string, index: number): boolean {
  return (
    /^table$/i.test(word(index)) &&
    /^temp(orary)?$/i.test(word(index - 1)) &&
    /^(create|replace|local|global)$/i.test(word(index - 2))
  );
}

function bare(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase();
}
