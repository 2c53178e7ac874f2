import type { Column, Constraint, Index, Table, TableId } from '../schema.ts';
import { namesIn } from './expression.ts';

/** `type mood`, `call lower`, `sequence t_id_seq`: by bare names, to be checked by whoever asks. */
type Mention = string;

type Part = Column | Constraint | Index;

const known = new WeakMap<Part, readonly Mention[]>();
const knownTogether = new WeakMap<readonly Part[], readonly Mention[]>();
const NONE: readonly Mention[] = [];

/** Tables by what they mention. */
export type MentionedBy = Map<Mention, Set<TableId>>;

/** Tables that mention a type, function or sequence; few changes ask for any. */
export function tablesMentioning(
  draft: { readonly tables: ReadonlyMap<TableId, Table>; mentionedBy: MentionedBy | undefined },
  mention: Mention,
): readonly TableId[] {
  if (!draft.mentionedBy) {
    draft.mentionedBy = new Map();
    for (const table of draft.tables.values()) listMentions(draft.mentionedBy, undefined, table);
  }
  return [...(draft.mentionedBy.get(mention) ?? [])];
}

/** Puts what a table mentions in place of what its former self did; either may be missing. */
export function listMentions(index: MentionedBy, former: Table | undefined, table: Table | undefined): void {
  const now = table ? partsOf(table) : [];
  if (former)
    for (const parts of partsOf(former))
      if (!now.includes(parts))
        for (const mention of mentionsOfAll(parts)) index.get(mention)?.delete(former.id);
  if (table)
    for (const parts of now)
      for (const mention of mentionsOfAll(parts)) {
        const tables = index.get(mention);
        if (tables) tables.add(table.id);
        else index.set(mention, new Set([table.id]));
      }
}

function partsOf({ columns, constraints, indexes }: Table): readonly (readonly Part[])[] {
  return [columns, constraints, indexes];
}

/** Types, functions and sequences that columns, constraints or indexes mention. */
function mentionsOfAll(parts: readonly Part[]): readonly Mention[] {
  const before = knownTogether.get(parts);
  if (before) return before;
  const mentions = [...new Set(parts.flatMap(mentionsOfPart))];
  knownTogether.set(parts, mentions);
  return mentions;
}

function mentionsOfPart(part: Part): readonly Mention[] {
  const before = known.get(part);
  if (before) return before;
  const found = 'type' in part ? [`type ${part.type.name}`] : [];
  for (const text of textsOf(part)) found.push(...inText(text));
  const mentions = found.length > 0 ? found : NONE;
  known.set(part, mentions);
  return mentions;
}

/** The expressions that a column, constraint or index holds. */
export function textsOf(part: Part): readonly string[] {
  if ('type' in part) return [part.default, part.generated].filter((text) => text !== undefined);
  if ('kind' in part) return 'expression' in part ? [part.expression] : [];
  return part.predicate === undefined ? part.expressions : [...part.expressions, part.predicate];
}

function inText(text: string): readonly Mention[] {
  const { calls, casts, sequences } = namesIn(text);
  return [
    ...[...calls].map((name) => `call ${name}`),
    ...[...casts].map((name) => `type ${name}`),
    ...sequences.map(({ name }) => `sequence ${name}`),
  ];
}
