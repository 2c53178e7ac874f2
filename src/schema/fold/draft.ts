import type { QualifiedName } from '../name.ts';
import type {
  Dialect,
  Routine,
  Schema,
  Sequence,
  Table,
  TableId,
  Trigger,
  UserType,
  View,
} from '../schema.ts';
import type { SchemaError } from '../schema-error.ts';

/** What stands under a name in the namespace that tables, indexes, sequences and views share. */
export type Relation =
  | { readonly kind: 'table'; readonly id: TableId }
  | { readonly kind: 'index'; readonly tableId: TableId }
  | { readonly kind: 'view index'; readonly view: string }
  | { readonly kind: 'sequence' | 'view' };

/** A schema under change: the noun's own maps, writable, with the indexes that make each operation cheap. */
export interface Draft extends Schema {
  searchPath: readonly string[];
  readonly schemas: Set<string>;
  readonly tables: Map<TableId, Table>;
  readonly types: Map<string, UserType>;
  readonly views: Map<string, View>;
  readonly sequences: Map<string, Sequence>;
  readonly functions: Map<string, readonly Routine[]>;
  readonly triggers: Map<TableId, readonly Trigger[]>;
  readonly extensions: Set<string>;
  readonly tainted: Map<string, string>;
  nextTableId: number;
  nextColumnId: number;
  /** Everything with a name in the shared namespace, by key. */
  readonly relations: Map<string, Relation>;
  /** Tables with a foreign key to the table. */
  readonly referencedBy: Map<TableId, Set<TableId>>;
}

/** A writable copy of a schema. */
export function openDraft(schema: Schema): Draft {
  const draft: Draft = {
    ...schema,
    schemas: new Set(schema.schemas),
    tables: new Map(),
    types: new Map(schema.types),
    views: new Map(schema.views),
    sequences: new Map(schema.sequences),
    functions: new Map(schema.functions),
    triggers: new Map(schema.triggers),
    extensions: new Set(schema.extensions),
    tainted: new Map(schema.tainted),
    relations: new Map(),
    referencedBy: new Map(),
  };
  for (const table of schema.tables.values()) putTable(draft, table);
  for (const key of draft.sequences.keys()) draft.relations.set(fold(draft, key), { kind: 'sequence' });
  for (const [key, view] of draft.views) {
    draft.relations.set(fold(draft, key), { kind: 'view' });
    for (const index of view.indexes)
      draft.relations.set(keyOf(draft, view.schema, index.name), { kind: 'view index', view: key });
  }
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
    tainted: new Map(draft.tainted),
  };
}

/** Puts a table in place of its former self, and keeps the indexes over names and references true. */
export function putTable(draft: Draft, table: Table): void {
  const former = draft.tables.get(table.id);
  if (former) unlist(draft, former);
  draft.tables.set(table.id, table);
  draft.relations.set(keyOf(draft, table.schema, table.name), { kind: 'table', id: table.id });
  for (const index of table.indexes)
    draft.relations.set(keyOf(draft, table.schema, index.name), { kind: 'index', tableId: table.id });
  for (const constraint of table.constraints)
    if (constraint.kind === 'foreign key') {
      const by = draft.referencedBy.get(constraint.refTableId) ?? new Set();
      draft.referencedBy.set(constraint.refTableId, by.add(table.id));
    }
}

/** Takes a table away. */
export function removeTable(draft: Draft, table: Table): void {
  unlist(draft, table);
  draft.tables.delete(table.id);
  draft.triggers.delete(table.id);
  draft.referencedBy.delete(table.id);
}

function unlist(draft: Draft, table: Table): void {
  draft.relations.delete(keyOf(draft, table.schema, table.name));
  for (const index of table.indexes) draft.relations.delete(keyOf(draft, table.schema, index.name));
  for (const constraint of table.constraints)
    if (constraint.kind === 'foreign key') draft.referencedBy.get(constraint.refTableId)?.delete(table.id);
}

/** The key of a name: DuckDB's names are the same in any case. */
export function keyOf(draft: { readonly dialect: Dialect }, schema: string, name: string): string {
  return fold(draft, `${schema}.${name}`);
}

function fold(draft: { readonly dialect: Dialect }, key: string): string {
  return draft.dialect === 'duckdb' ? key.toLowerCase() : key;
}

/** The schema that unqualified names are created in. */
export function homeOf(draft: Schema, name: QualifiedName): string {
  return (
    name.schema ??
    draft.searchPath.find((schema) => draft.schemas.has(schema)) ??
    defaultSchema(draft.dialect)
  );
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

/** The first relation that a name stands for, with its key. */
export function findRelation(
  draft: Draft,
  name: QualifiedName,
): { readonly key: string; readonly relation: Relation } | undefined {
  for (const key of candidates(draft, name)) {
    const relation = draft.relations.get(key);
    if (relation) return { key, relation };
  }
  return undefined;
}

/** Thrown inside the fold; `apply` turns it into a SchemaError. */
export class Refusal extends Error {
  readonly code: SchemaError['code'];
  /** Names that the refusal is about: tainted ones make it tainted. */
  readonly about: readonly string[];

  constructor(code: SchemaError['code'], message: string, ...about: string[]) {
    super(message);
    this.code = code;
    this.about = about;
  }
}
