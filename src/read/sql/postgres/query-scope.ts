import type { Scope } from '../query-parts.ts';
import { field, list, type Tree, text } from './tree.ts';

/** Names of common table expressions that a statement can see. */
export function namesOfWith(tree: Tree, outer: Scope | undefined): ReadonlySet<string> {
  const names = list(tree.withClause, 'ctes').flatMap((one) => text(field(one, 'CommonTableExpr')?.ctename));
  return new Set([...(outer?.withNames ?? []), ...names]);
}
