import type { QualifiedName } from './name.ts';
import type { Operation } from './operation.ts';
import type { Opaque, Removed, Schema, Table, TableId } from './schema.ts';
import type { SchemaError } from './schema-error.ts';

/** What the fold made of one operation: to which objects it resolved, and whether it was refused. */
export interface Applied {
  readonly operation: Operation;
  /** The table that it concerns, where it concerns one and it was found or made. */
  readonly tableId?: TableId;
  /** Its name after the operation, or before it where it is gone: `public.posts` is `posts`, others keep their schema. */
  readonly tableName?: string;
  /** Columns that it concerns, by name as the operation leaves them (as they were, where they are gone). */
  readonly columns: readonly string[];
  /** The same columns' identities. */
  readonly columnIds: readonly number[];
  /** Constraint, index, type, view … that it concerns, with the name that it got where none was given. */
  readonly objectName?: string;
  /** Parent table of a foreign key. */
  readonly refTableId?: TableId;
  /** Nothing was done: IF [NOT] EXISTS, or a DO block that swallows the error. */
  readonly skipped?: boolean;
  /** With this operation a table that was made anew stands in the place of its former self, whose identity it takes over. */
  readonly rebuilt?: Rebuilt;
  /** The schema is as it was before. */
  readonly error?: SchemaError;
}

/** A table that a migration made anew under its own name, with its rows copied. */
export interface Rebuilt {
  readonly before: Table;
  readonly after: Table;
  /** The identity that it had until then. */
  readonly interimId: TableId;
  /** Columns that the copy of its rows gives a value. */
  readonly given: readonly string[];
}

/** A fold under way: one database's schema, to which operations are applied in order. */
export interface Fold {
  /** The schema now. Live: its maps change with each {@link apply}; tables in it never do. */
  readonly schema: Schema;
  apply(operation: Operation): Applied;
  /** The table that a name stands for now. */
  find(name: QualifiedName): Table | undefined;
  /** What a statement that is not modelled may have made or altered, by name; later errors about it are tainted. */
  taint(names: readonly string[], doubt: Opaque): void;
  /** Adds to what was there and is gone. */
  noteRemoved(removed: readonly Removed[]): void;
  /** The schema now, unaffected by what comes later. */
  snapshot(): Schema;
}
