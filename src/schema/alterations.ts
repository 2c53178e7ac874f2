import type { Span } from '../change/span.ts';
import { objectAlterations } from './alterations/object.ts';
import { tableAlterations } from './alterations/table.ts';
import type { Schema, TableId } from './schema.ts';

/** The kinds of objects of which a history can tell. */
export type ObjectKind =
  | 'table'
  | 'column'
  | 'constraint'
  | 'index'
  | 'trigger'
  | 'type'
  | 'view'
  | 'function'
  | 'sequence'
  | 'schema'
  | 'extension';

/** One object that is otherwise in one schema than in another, as plain data. */
export interface Alteration {
  readonly object: ObjectKind;
  readonly change: 'added' | 'removed' | 'altered' | 'renamed';
  /** Its name, the last one where it is gone: of a table, view or type with its schema unless connections start there. */
  readonly name: string;
  /** Its name before, where that was another. */
  readonly formerName?: string;
  /** The table that it belongs to, or is, by its name after the change and by identity. */
  readonly table?: string;
  readonly tableId?: TableId;
  readonly columnId?: number;
  /** Columns that a constraint or an index is about. */
  readonly columns?: readonly string[];
  /** Its definition as SQL, without its name. */
  readonly before?: string;
  readonly after?: string;
  /** It came, or went, with its table. */
  readonly whole?: true;
  /** Where the object stands now; where it stood, if it is gone. */
  readonly span: Span;
}

/**
 * What parts two schemas, object by object. Both have the same identities: a renamed table or column is known as the one that it
 * was. How an expression is written, positions and the order of columns do not count.
 */
export function alterations(before: Schema, after: Schema): readonly Alteration[] {
  return [...tableAlterations(before, after), ...objectAlterations(before, after)];
}
