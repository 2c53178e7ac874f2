import type { QualifiedName } from '../../../schema/name.ts';
import { field, list, type Tree, text } from './tree.ts';

/** Names that columns may be qualified with, innermost level first. */
export interface Scope {
  /** By alias or name; undefined for what is no table: a subquery, a common table expression, a function. */
  readonly names: Map<string, QualifiedName | undefined>;
  readonly outer?: Scope;
  /** Names of common table expressions. */
  readonly withNames: ReadonlySet<string>;
}

/** Names of common table expressions that a statement can see. */
export function namesOfWith(tree: Tree, outer: Scope | undefined): ReadonlySet<string> {
  const names = list(tree.withClause, 'ctes').flatMap((one) => text(field(one, 'CommonTableExpr')?.ctename));
  return new Set([...(outer?.withNames ?? []), ...names]);
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
