import type { Span } from '../../change/span.ts';
import { mindsCase } from '../lookup.ts';
import type { QualifiedName } from '../name.ts';
import type { Operation } from '../operation.ts';
import type {
  Dialect,
  Opaque,
  Removed,
  Routine,
  Schema,
  Sequence,
  Table,
  TableId,
  Trigger,
  UserType,
  View,
} from '../schema.ts';
import { listMentions, type MentionedBy } from './mentions.ts';
import { Refusal } from './refusal.ts';

/** What stands under a name in the namespace that tables, indexes, sequences and views share. */
export type Relation =
  | { readonly kind: 'table'; readonly id: TableId }
  | { readonly kind: 'index'; readonly tableId: TableId }
  | { readonly kind: 'view index'; readonly view: string }
  | { readonly kind: 'sequence' | 'view' | 'composite type' };

/**
 * A schema under change: the noun's own maps, writable through the `set…` functions below, with the indexes that make each
 * operation cheap. Every change notes how to undo it.
 */
export interface Draft extends Schema {
  searchPath: readonly string[];
  /** What SET LOCAL hides until the transaction ends. */
  sessionPath: readonly string[];
  readonly schemas: Set<string>;
  readonly tables: Map<TableId, Table>;
  readonly types: Map<string, UserType>;
  readonly views: Map<string, View>;
  readonly sequences: Map<string, Sequence>;
  readonly functions: Map<string, readonly Routine[]>;
  readonly triggers: Map<TableId, readonly Trigger[]>;
  readonly extensions: Set<string>;
  readonly opaque: Opaque[];
  readonly removed: Removed[];
  readonly tainted: Map<string, readonly number[]>;
  nextTableId: number;
  nextColumnId: number;
  /** Everything with a name in the shared namespace, by key. */
  readonly relations: Map<string, Relation>;
  /** How many tables of a schema have a constraint of that name, by key: generated names avoid them all. */
  readonly constraintNames: Map<string, number>;
  /** Tables with a foreign key to the table. */
  readonly referencedBy: Map<TableId, Set<TableId>>;
  /** Partitions and inheriting tables. */
  readonly children: Map<TableId, Set<TableId>>;
  /** Tables that mention a type, function or sequence, by its key: found when first asked for, then kept up. */
  mentionedBy: MentionedBy | undefined;
  /** Views on a table (its id) or on a view (its key). */
  readonly viewsOn: Map<TableId | string, Set<string>>;
  /** Keys of the sequences that a table's columns own. */
  readonly owned: Map<TableId, Set<string>>;
  /** Of the operation under way. */
  at: Span;
  readonly undo: (() => void)[];
  /** What the connection lets pass, by name; each file has its own. */
  readonly session: Map<string, boolean>;
  /** Tables that are being made anew, as they were, by name. */
  readonly rebuilding: Map<string, Table>;
  /** The last INSERT … SELECT into a table, by its identity. */
  readonly copies: Map<TableId, Extract<Operation, { kind: 'write-rows' }>>;
}

const NOWHERE: Span = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A writable copy of a schema. */
export function openDraft(schema: Schema): Draft {
  const draft: Draft = {
    ...schema,
    sessionPath: schema.searchPath,
    schemas: new Set(schema.schemas),
    tables: new Map(),
    types: new Map(),
    views: new Map(),
    sequences: new Map(),
    functions: new Map(schema.functions),
    triggers: new Map(schema.triggers),
    extensions: new Set(schema.extensions),
    opaque: [...schema.opaque],
    tainted: new Map(schema.tainted),
    removed: [...schema.removed],
    relations: new Map(),
    constraintNames: new Map(),
    referencedBy: new Map(),
    children: new Map(),
    mentionedBy: undefined,
    viewsOn: new Map(),
    owned: new Map(),
    at: NOWHERE,
    ...{ undo: [], session: new Map(), rebuilding: new Map(), copies: new Map() },
  };
  for (const table of schema.tables.values()) setTable(draft, table.id, table);
  for (const [key, type] of schema.types) setType(draft, key, type);
  for (const [key, sequence] of schema.sequences) setSequence(draft, key, sequence);
  for (const [key, view] of schema.views) setView(draft, key, view);
  draft.undo.length = 0;
  return draft;
}

/** An immutable copy of a draft. */
export function closeDraft(draft: Draft): Schema {
  const { chain, dialect, searchPath, nextTableId, nextColumnId } = draft;
  return {
    ...{ chain, dialect, searchPath, nextTableId, nextColumnId },
    schemas: new Set(draft.schemas),
    tables: new Map(draft.tables),
    types: new Map(draft.types),
    views: new Map(draft.views),
    sequences: new Map(draft.sequences),
    functions: new Map(draft.functions),
    triggers: new Map(draft.triggers),
    extensions: new Set(draft.extensions),
    opaque: [...draft.opaque],
    tainted: new Map(draft.tainted),
    removed: [...draft.removed],
  };
}

/** Takes back every change since the undo list was `mark` long. */
export function undoTo(draft: Draft, mark: number): void {
  const steps = draft.undo.splice(mark);
  for (let i = steps.length - 1; i >= 0; i--) steps[i]?.();
  draft.undo.length = mark;
}

/** Puts a table in place of its former self, or takes it away. */
export function setTable(draft: Draft, id: TableId, table: Table | undefined): void {
  const former = draft.tables.get(id);
  draft.undo.push(() => setTable(draft, id, former));
  const isListed = former && table && isListedAlike(former, table);
  if (former && !isListed) listTable(draft, former, false);
  if (table) draft.tables.set(id, table);
  else draft.tables.delete(id);
  if (table && !isListed) listTable(draft, table, true);
  if (draft.mentionedBy) listMentions(draft.mentionedBy, former, table);
}

/** Whether two states of a table have the same names and references, as where only its columns change. */
function isListedAlike(former: Table, table: Table): boolean {
  return (
    former.name === table.name &&
    former.schema === table.schema &&
    former.indexes === table.indexes &&
    former.constraints === table.constraints &&
    former.parentId === table.parentId
  );
}

function listTable(draft: Draft, table: Table, on: boolean): void {
  const { id, schema } = table;
  const list = (name: string, relation: Relation) => {
    const key = keyOf(draft, schema, name);
    if (on) draft.relations.set(key, relation);
    else draft.relations.delete(key);
  };
  list(table.name, { kind: 'table', id });
  // MySQL's indexes are each table's own
  for (const index of draft.dialect === 'mysql' ? [] : table.indexes)
    list(index.name, { kind: 'index', tableId: id });
  for (const constraint of table.constraints) {
    const key = keyOf(draft, schema, constraint.name);
    const count = (draft.constraintNames.get(key) ?? 0) + (on ? 1 : -1);
    if (count > 0) draft.constraintNames.set(key, count);
    else draft.constraintNames.delete(key);
    if (constraint.kind === 'foreign key') mark(draft.referencedBy, constraint.refTableId, id, on);
  }
  if (table.parentId !== undefined) mark(draft.children, table.parentId, id, on);
}

function mark<K, V>(index: Map<K, Set<V>>, key: K, value: V, on: boolean): void {
  const set = index.get(key);
  if (!on) {
    set?.delete(value);
    if (set?.size === 0) index.delete(key);
  } else if (set) set.add(value);
  else index.set(key, new Set([value]));
}

/** Puts a view in place of its former self, or takes it away. */
export function setView(draft: Draft, key: string, view: View | undefined): void {
  const former = draft.views.get(key);
  draft.undo.push(() => setView(draft, key, former));
  if (former) listView(draft, key, former, false);
  put(draft.views, key, view);
  if (view) listView(draft, key, view, true);
}

function listView(draft: Draft, key: string, view: View, on: boolean): void {
  put(draft.relations, key, on ? { kind: 'view' } : undefined);
  for (const index of view.indexes)
    put(
      draft.relations,
      keyOf(draft, view.schema, index.name),
      on ? { kind: 'view index', view: key } : undefined,
    );
  for (const source of [...view.dependsOn, ...view.dependsOnViews]) mark(draft.viewsOn, source, key, on);
}

/** Puts a sequence in place of its former self, or takes it away. */
export function setSequence(draft: Draft, key: string, sequence: Sequence | undefined): void {
  const former = draft.sequences.get(key);
  draft.undo.push(() => setSequence(draft, key, former));
  if (former?.ownedBy) mark(draft.owned, former.ownedBy.tableId, key, false);
  put(draft.sequences, key, sequence);
  put(draft.relations, key, sequence && { kind: 'sequence' });
  if (sequence?.ownedBy) mark(draft.owned, sequence.ownedBy.tableId, key, true);
}

/** Puts a type in place of its former self, or takes it away; a composite type has a place among the relations too. */
export function setType(draft: Draft, key: string, type: UserType | undefined): void {
  const former = draft.types.get(key);
  draft.undo.push(() => setType(draft, key, former));
  if (former?.kind === 'composite') draft.relations.delete(key);
  put(draft.types, key, type);
  if (type?.kind === 'composite') draft.relations.set(key, { kind: 'composite type' });
}

/** Puts the overloads of a function's name in place of the former ones. */
export function setRoutines(draft: Draft, key: string, routines: readonly Routine[]): void {
  const former = draft.functions.get(key) ?? [];
  draft.undo.push(() => setRoutines(draft, key, former));
  put(draft.functions, key, routines.length > 0 ? routines : undefined);
}

/** Puts the triggers of a table in place of the former ones. */
export function setTriggers(draft: Draft, id: TableId, triggers: readonly Trigger[]): void {
  const former = draft.triggers.get(id) ?? [];
  draft.undo.push(() => setTriggers(draft, id, former));
  put(draft.triggers, id, triggers.length > 0 ? triggers : undefined);
}

/** Adds or removes a schema or an extension. */
export function setMember(draft: Draft, set: Set<string>, name: string, present: boolean): void {
  const former = set.has(name);
  draft.undo.push(() => setMember(draft, set, name, former));
  if (present) set.add(name);
  else set.delete(name);
}

/** Sets the search path, for the session or up to the end of the transaction. */
export function setPath(draft: Draft, current: readonly string[], session: readonly string[]): void {
  const { searchPath, sessionPath } = draft;
  draft.undo.push(() => setPath(draft, searchPath, sessionPath));
  draft.searchPath = current;
  draft.sessionPath = session;
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** The key of a name. */
export function keyOf(draft: { readonly dialect: Dialect }, schema: string, name: string): string {
  const key = `${schema}.${name}`;
  return mindsCase(draft.dialect) ? key : key.toLowerCase();
}

/** The schema that a new object goes to; refuses when it does not exist. */
export function homeOf(draft: Schema, name: QualifiedName): string {
  if (name.schema !== undefined) {
    if (draft.schemas.has(name.schema) || name.schema === 'pg_temp') return name.schema;
    throw noSchema(name.schema);
  }
  const home = draft.searchPath.find((schema) => schema !== 'pg_catalog' && draft.schemas.has(schema));
  if (home !== undefined) return home;
  throw new Refusal('no such schema', 'no schema has been selected to create in', draft.searchPath);
}

/** `schema "x" does not exist`. */
export function noSchema(schema: string): Refusal {
  return new Refusal('no such schema', `schema "${schema}" does not exist`, [schema]);
}

/** The schema that a dialect's connections start in. */
export function defaultSchema(dialect: Dialect): string {
  return dialect === 'postgres' ? 'public' : 'main';
}

/** Keys under which a name may be found, in the order of the search path; temporary tables come first. */
export function candidates(draft: Schema, name: QualifiedName): readonly string[] {
  if (name.schema !== undefined) return [keyOf(draft, name.schema, name.name)];
  return ['pg_temp', ...draft.searchPath].map((schema) => keyOf(draft, schema, name.name));
}
