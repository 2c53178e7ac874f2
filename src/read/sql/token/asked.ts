import type { QualifiedName } from '../../../schema/name.ts';
import type { ColumnRole } from '../../query.ts';
import type { TableUse } from '../../source.ts';
import { type QueryParts, type Scope, tablesOf } from '../query-parts.ts';
import type { Reading } from '../reading.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';

/** A column that is named, which is looked up once all tables of its scope are read: SELECT stands before FROM. */
export interface Asked {
  /** With what stands before it: `['o', 'id']`. */
  readonly parts: readonly string[];
  role: ColumnRole;
  readonly scope: Scope;
  /** Offsets of its last name. */
  readonly start: number;
  readonly end: number;
  /** Names that results have: those are meant before columns are, but in a condition. */
  readonly results?: ReadonlySet<string>;
  /** The tables that it can be of, where the grammar says so: a column that INSERT writes. */
  readonly among?: readonly QualifiedName[];
  /** It is no column unless a table has one of that name: SQLite takes double quotes for those of a text then. */
  readonly perhaps?: boolean;
  comparison?: string;
  values?: readonly string[];
}

/** What was found so far in one statement. */
export interface Walk {
  readonly reading: Reading;
  readonly tables: { readonly table: QualifiedName; op: TableUse['op']; readonly span: TableUse['span'] }[];
  readonly asked: Asked[];
  /** Whether each statement in it that updates or deletes has a condition. */
  readonly writes: boolean[];
  /** Set where columns may be missing. */
  open: boolean;
  /** Functions that aggregate, counted. */
  aggregates: number;
  depth: number;
  /** Reads a statement that stands in another. */
  readonly statement: (walk: Walk, cursor: Cursor, outer: Scope) => void;
}

/** Levels of nesting that are followed. */
const DEEPEST = 150;

/** One level further into what nests. */
export function within<T>(walk: Walk, cursor: Cursor, read: () => T): T {
  if (++walk.depth > DEEPEST) throw new NotUnderstood('it is nested too deep', cursor.offset);
  const found = read();
  walk.depth--;
  return found;
}

/** A use of the table whose name a cursor just moved over. */
export function useTable(
  walk: Walk,
  cursor: Cursor,
  table: QualifiedName,
  op: TableUse['op'],
  start: number,
): void {
  walk.tables.push({ table, op, span: walk.reading.span(start, cursor.endOfPrevious) });
}

/** SQLite's own name of every row's number. */
const ROW_NUMBER = /^(rowid|_rowid_|oid)$/i;

/** The columns that were asked for, with the tables that may have them. */
export function columnsAsked({ asked, reading }: Walk): QueryParts['columns'] {
  return asked.flatMap((one) => {
    const tables = one.among ?? [...new Set(tablesOfAsked(one, reading))];
    const column = one.parts.at(-1) ?? '';
    if (tables.length === 0 || (reading.dialect === 'sqlite' && ROW_NUMBER.test(column))) return [];
    const { role, comparison, values } = one;
    const perhaps = one.perhaps || (one.parts.length === 1 && one.results?.has(column.toLowerCase()));
    return [
      {
        tables,
        column,
        role,
        ...(comparison === undefined ? {} : { comparison }),
        ...(values && values.length > 0 ? { values } : {}),
        ...(perhaps ? { perhaps } : {}),
        span: reading.span(one.start, one.end),
      },
    ];
  });
}

function tablesOfAsked(
  { parts, role, scope, results }: Asked,
  { dialect }: Reading,
): readonly QualifiedName[] {
  const name = (parts.at(-1) ?? '').toLowerCase();
  const qualifier = parts.at(-2)?.toLowerCase();
  if (qualifier === undefined) {
    if (role !== 'filter' && results?.has(name)) return [];
    // a whole table: `notes MATCH ?`
    for (let level: Scope | undefined = dialect === 'sqlite' ? scope : undefined; level; level = level.outer)
      if (level.names.has(name)) return [];
    return tablesOf(scope);
  }
  for (let level: Scope | undefined = scope; level; level = level.outer) {
    if (!level.names.has(qualifier)) continue;
    const table = level.names.get(qualifier);
    return table ? [table] : [];
  }
  return [];
}
