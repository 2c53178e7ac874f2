import type { Applied, Fold } from './applied.ts';
import type { Done } from './fold/done.ts';
import { closeDraft, type Draft, defaultSchema, openDraft, undoTo } from './fold/draft.ts';
import { findTableIn } from './fold/find.ts';
import { perform as performMysql } from './fold/mysql/perform.ts';
import { perform } from './fold/perform.ts';
import { Refusal } from './fold/refusal.ts';
import { endTransaction, openSession, transact } from './fold/session.ts';
import { perform as performSqlite } from './fold/sqlite/perform.ts';
import { taintAt, taintBy } from './fold/taint.ts';
import { doubtsAbout, liveTables, tableName } from './lookup.ts';
import type { Operation } from './operation.ts';
import type { Dialect, Schema } from './schema.ts';
import type { SchemaError } from './schema-error.ts';

/** The schema of an empty database. */
export function emptySchema(chain: string, dialect: Dialect): Schema {
  const home = defaultSchema(dialect);
  return {
    chain,
    dialect,
    searchPath: [home],
    schemas: new Set([home, 'pg_catalog', 'information_schema']),
    tables: new Map(),
    types: new Map(),
    views: new Map(),
    sequences: new Map(),
    functions: new Map(),
    triggers: new Map(),
    extensions: new Set(['plpgsql']),
    nextTableId: 1,
    nextColumnId: 1,
    opaque: [],
    tainted: new Map(),
    removed: [],
  };
}

/** Opens a strict interpreter of operations on a schema: each one is applied, skipped or refused in the engine's words. */
export function openFold(schema: Schema): Fold {
  const draft = openDraft(schema);
  const session = openSession();
  liveTables.set(draft, (name) => findTableIn(draft, name));
  return {
    schema: draft,
    snapshot: () => closeDraft(draft),
    find: (name) => findTableIn(draft, name),
    taint: (names, doubt) => taintBy(draft, names, doubt),
    noteRemoved: (removed) => draft.removed.push(...removed),
    apply: (operation) => {
      if (session.path !== operation.span.path) {
        endTransaction(draft, session);
        draft.session.clear();
        draft.rebuilding.clear();
        draft.copies.clear();
      }
      session.path = operation.span.path;
      if (operation.kind === 'transaction') {
        transact(draft, session, operation.verb);
        return { operation, columns: [], columnIds: [] };
      }
      const applied = applyTo(draft, operation, session.begun !== undefined);
      if (!session.begun) draft.undo.length = 0;
      return applied;
    },
  };
}

function applyTo(draft: Draft, operation: Operation, inTransaction: boolean): Applied {
  draft.at = operation.span;
  const mark = draft.undo.length;
  const { nextTableId, nextColumnId } = draft;
  try {
    return described(operation, performIn(draft, operation, inTransaction));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    undoTo(draft, mark);
    Object.assign(draft, { nextTableId, nextColumnId });
    const untouched = described(operation, { table: subjectOf(draft, operation) });
    if (isTolerated(operation, error)) return { ...untouched, skipped: true };
    return { ...untouched, error: errorOf(draft, operation, error) };
  }
}

function performIn(draft: Draft, operation: Operation, inTransaction: boolean): Done {
  if (draft.dialect === 'sqlite') return performSqlite(draft, operation);
  return draft.dialect === 'mysql'
    ? performMysql(draft, operation)
    : perform(draft, operation, inTransaction);
}

/** The table that an operation names, as it is before. */
function subjectOf(draft: Draft, operation: Operation) {
  return 'table' in operation ? findTableIn(draft, operation.table) : undefined;
}

function described(
  operation: Operation,
  { table, columns = [], objectName, refTableId, rebuilt }: Done,
): Applied {
  const applied: Writable<Applied> = {
    operation,
    columns: columns.map((one) => one.name),
    columnIds: columns.map((one) => one.id),
  };
  if (table) {
    applied.tableId = table.id;
    applied.tableName = tableName(table);
  }
  if (objectName !== undefined) applied.objectName = objectName;
  if (refTableId !== undefined) applied.refTableId = refTableId;
  if (rebuilt) applied.rebuilt = rebuilt;
  return applied;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function isTolerated(operation: Operation, { of, code }: Refusal): boolean {
  if (operation.swallowed === 'tested' && code === 'second primary key') return true;
  if (operation.swallowed) return code === 'already exists' || code.startsWith('no such ');
  if (of === 'table') return 'tableTolerant' in operation && operation.tableTolerant === true;
  return of === 'object' && operation.tolerant === true;
}

function errorOf(draft: Draft, operation: Operation, refusal: Refusal): SchemaError {
  const { code, message, span = operation.span, about } = refusal;
  const doubt = doubtOfRefusal(draft, refusal);
  if (doubt !== undefined) taintWhatIsNotMade(draft, operation, doubt);
  // a table that is missing was made elsewhere, or its name is a mistake: said once, it is not said again
  else if (code === 'no such table') taintBy(draft, about.slice(0, 1), { why: message, span });
  return { code, message, span, tainted: doubt !== undefined };
}

/**
 * A statement that may be why something is refused. That a column or a name is there already, or is missing, depends on one
 * that names it, or may name any, and its table; other refusals on one that names any of the objects.
 */
function doubtOfRefusal(draft: Draft, { code, about, message }: Refusal): number | undefined {
  const doubts = about.map((name) => doubtsAbout(draft, name));
  if (code !== 'already exists' && code !== 'no such column') return doubts.flat()[0];
  // a table made by a query whose columns are not known has none as far as is known
  const unread = about.findIndex((name) => findTableIn(draft, { name })?.columns.length === 0);
  const unknown = code === 'no such column' ? doubts[unread]?.[0] : undefined;
  if (unknown !== undefined) return unknown;
  const [, named] = /"([^"]+)"/.exec(message) ?? [];
  const any = draft.tainted.get('*') ?? [];
  const all = named === undefined ? doubts : [...doubts, [...doubtsAbout(draft, named), ...any]];
  return all[0]?.find((at) => all.every((one) => one.includes(at)));
}

/** What could not be made for something tainted is missing for the same reason. */
function taintWhatIsNotMade(draft: Draft, operation: Operation, doubt: number): void {
  const made =
    operation.kind === 'create-table'
      ? operation.table.name
      : operation.kind === 'create-view'
        ? operation.view.name
        : operation.kind === 'create-index'
          ? operation.name
          : operation.kind === 'rename-table'
            ? operation.to
            : undefined;
  if (made !== undefined) taintAt(draft, made, doubt);
}
