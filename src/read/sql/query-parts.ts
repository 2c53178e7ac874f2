import type { Span } from '../../change/span.ts';
import type { QualifiedName } from '../../schema/name.ts';
import type { ColumnRole } from '../query.ts';
import type { TableUse } from '../source.ts';

/** What a statement that reads or writes rows uses. */
export interface QueryParts {
  readonly tables: readonly TableUse[];
  readonly columns: readonly {
    readonly tables: readonly QualifiedName[];
    readonly column: string;
    readonly role: ColumnRole;
    readonly comparison?: string;
    readonly values?: readonly string[];
    /** Set where it is no column unless a table has one of that name: SQLite's `"today"`, the name of a result in HAVING. */
    readonly perhaps?: boolean;
    readonly span: Span;
  }[];
  readonly hasLimit: boolean;
  /** Whether a condition restricts the writes in it or, where it has none, what is read; undefined where it takes none. */
  readonly hasFilter?: boolean;
  /** Whether every column was followed. */
  readonly complete: boolean;
}

/** What the SQL of a query says, or where (UTF-16 offset) the parser gave up. */
export type ReadQuery =
  | { readonly parts: QueryParts; readonly statements: number }
  | { readonly parts: undefined; readonly offset: number };

/** What the statements of one text use. */
export function partsTogether(found: readonly QueryParts[]): QueryParts {
  const [only, another] = found;
  const hasFilter = found.some((one) => one.hasFilter === undefined)
    ? undefined
    : found.every((one) => one.hasFilter);
  return {
    tables: found.flatMap((one) => one.tables),
    columns: found.flatMap((one) => one.columns),
    hasLimit: another === undefined && only?.hasLimit === true,
    hasFilter,
    complete: found.every((one) => one.complete),
  };
}

/** Names that columns may be qualified with, innermost level first. */
export interface Scope {
  /** By alias or name; undefined for what is no table: a subquery, a common table expression, a function. */
  readonly names: Map<string, QualifiedName | undefined>;
  readonly outer?: Scope;
  /** Names of common table expressions. */
  readonly withNames: ReadonlySet<string>;
}

/** The tables whose columns may be named without a qualifier: of the innermost level that has any, then further out. */
export function tablesOf(scope: Scope): readonly QualifiedName[] {
  const found: QualifiedName[] = [];
  for (let level: Scope | undefined = scope; level; level = level.outer) {
    for (const table of level.names.values()) if (table) found.push(table);
    // a column of what is no table cannot be told from one of a table
    if ([...level.names.values()].includes(undefined)) return [];
  }
  return found;
}

/** Functions that make one row of all, where nothing groups. */
export const AGGREGATE =
  /^(count|sum|min|max|avg|array_agg|string_agg|json_agg|jsonb_agg|json_object_agg|jsonb_object_agg|json_arrayagg|json_objectagg|json_group_array|json_group_object|bool_and|bool_or|every|group_concat|total)$/i;

/** How a comparison reads from its other side. */
export const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
