import type { Column, Constraint, Index, Table, TableId } from '../schema.ts';
import { namesIn } from './expression.ts';

/** `type mood`, `call lower`, `sequence t_id_seq`: by bare names, to be checked by whoever asks. */
type Mention = string;

type Part = Column | Constraint | Index;

const known = new WeakMap<Part, readonly Mention[]>();
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
    for (const table of draft.tables.values()) listMentions(draft.mentionedBy, table, true);
  }
  return [...(draft.mentionedBy.get(mention) ?? [])];
}

/** Adds or removes what a table mentions. */
export function listMentions(index: MentionedBy, table: Table, on: boolean): void {
  for (const mention of mentionsOf(table)) {
    const tables = index.get(mention) ?? new Set();
    if (on) index.set(mention, tables.add(table.id));
    else tables.delete(table.id);
  }
}

/** Types, functions and sequences that a table's columns, constraints and indexes mention. */
function mentionsOf(table: Table): ReadonlySet<Mention> {
  const found = new Set<Mention>();
  for (const parts of [table.columns, table.constraints, table.indexes])
    for (const part of parts) for (const mention of mentionsOfPart(part)) found.add(mention);
  return found;
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
