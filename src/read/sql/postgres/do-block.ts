import { parsePlPgSQLSync } from 'libpg-query';
import type { Operation } from '../../../schema/operation.ts';
import type { Tree } from './tree.ts';

/** What a DO block amounts to. */
export type DoBlock =
  /** Straight-line statements; `swallowed` where their own failure for presence or absence is caught, or the catalog tested before. */
  | {
      readonly kind: 'statements';
      readonly statements: readonly Step[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

interface Step {
  readonly text: string;
  readonly swallowed?: Operation['swallowed'];
}

/** Error conditions that say only that the object is there, or is not there. */
const PRESENCE =
  /^(duplicate_(object|table|column|function|schema|alias)|undefined_(object|table|column|function)|unique_violation)$/;

/** Reads the body of a DO block in PL/pgSQL. */
export function readDoBlock(body: string): DoBlock {
  let tree: Tree;
  try {
    tree = parsePlPgSQLSync(`DO $tablewarden$${body}$tablewarden$`) as unknown as Tree; // its type claims SQL's tree
  } catch (error) {
    return {
      kind: 'unknown',
      reason: `the body of DO could not be read: ${String((error as Error).message)}`,
    };
  }
  const block = findBlock(tree);
  if (!block) return { kind: 'unknown', reason: 'the body of DO could not be read' };
  const statements: Step[] = [];
  const reason = collect(block, undefined, statements);
  return reason ? { kind: 'unknown', reason } : { kind: 'statements', statements };
}

function findBlock(tree: Tree): Tree | undefined {
  const functions = (tree.plpgsql_funcs ?? tree) as unknown;
  const [first] = Array.isArray(functions) ? functions : [functions];
  const made = (first as Tree | undefined)?.PLpgSQL_function as Tree | undefined;
  return ((made?.action as Tree | undefined)?.PLpgSQL_stmt_block as Tree | undefined) ?? undefined;
}

/** Adds a block's statements to `into`; a string is the reason why it is not straight-line. */
function collect(block: Tree, swallowed: Step['swallowed'], into: Step[]): string | undefined {
  const exceptions = (block.exceptions as Tree | undefined)?.PLpgSQL_exception_block as Tree | undefined;
  let swallows = swallowed;
  if (exceptions) {
    if (!swallowsPresence(exceptions)) return 'DO with an exception handler';
    swallows ??= true;
  }
  for (const statement of (block.body as Tree[] | undefined) ?? []) {
    const reason = collectOne(statement, swallows, into);
    if (reason) return reason;
  }
  return undefined;
}

function collectOne(statement: Tree, swallowed: Step['swallowed'], into: Step[]): string | undefined {
  if ('PLpgSQL_stmt_execsql' in statement) {
    const text = queryOf((statement.PLpgSQL_stmt_execsql as Tree).sqlstmt);
    if (text === undefined) return 'DO with a statement that could not be read';
    into.push({ text, swallowed });
    return undefined;
  }
  if ('PLpgSQL_stmt_block' in statement)
    return collect(statement.PLpgSQL_stmt_block as Tree, swallowed, into);
  if ('PLpgSQL_stmt_return' in statement) return undefined;
  if ('PLpgSQL_stmt_raise' in statement) return raises(statement) ? 'DO that raises an error' : undefined;
  if ('PLpgSQL_stmt_if' in statement) {
    const branch = statement.PLpgSQL_stmt_if as Tree;
    const condition = queryOf(branch.cond) ?? '';
    if (branch.elsif_list || branch.else_body || !CATALOG.test(condition)) return 'DO with a condition';
    for (const one of (branch.then_body as Tree[] | undefined) ?? []) {
      const reason = collectOne(one, 'tested', into);
      if (reason) return reason;
    }
    return undefined;
  }
  const [kind = ''] = Object.keys(statement);
  return `DO with ${kind.replace('PLpgSQL_stmt_', '').replace('dynexecute', 'EXECUTE').replaceAll('_', ' ')}`;
}

/** Level of RAISE EXCEPTION (elog.h, ERROR). */
const ERROR_LEVEL = 21;

function raises(statement: Tree): boolean {
  return Number((statement.PLpgSQL_stmt_raise as Tree).elog_level ?? ERROR_LEVEL) >= ERROR_LEVEL;
}

/** A test of the catalog for presence or absence, and nothing else. */
const CATALOG =
  /\b(pg_catalog|pg_type|pg_constraint|pg_class|pg_indexes|pg_proc|pg_trigger|pg_namespace|pg_attribute|pg_tables|information_schema)\b/i;

function queryOf(node: unknown): string | undefined {
  const query = ((node as Tree | undefined)?.PLpgSQL_expr as Tree | undefined)?.query;
  return typeof query === 'string' ? query : undefined;
}

function swallowsPresence(block: Tree): boolean {
  return ((block.exc_list as Tree[] | undefined) ?? []).every((one) => {
    const exception = one.PLpgSQL_exception as Tree | undefined;
    const conditions = (exception?.conditions as Tree[] | undefined) ?? [];
    const names = conditions.map((condition) =>
      String((condition.PLpgSQL_condition as Tree | undefined)?.condname ?? ''),
    );
    const actions = (exception?.action as Tree[] | undefined) ?? [];
    const idle = actions.every((action) => 'PLpgSQL_stmt_raise' in action || 'PLpgSQL_stmt_null' in action);
    return idle && names.length > 0 && names.every((name) => PRESENCE.test(name));
  });
}
