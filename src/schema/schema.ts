import type { Span } from '../change/span.ts';
import type { QualifiedName, TypeName } from './name.ts';

/** The SQL dialects that Tablewarden reads. */
export type Dialect = 'postgres' | 'duckdb' | 'mysql' | 'sqlite';

/** Identity of a table through renames, given by the fold when it is created: `1`, `2`, … within its chain. */
export type TableId = number;

/** The schema of one database as its migration chain leaves it. Plain data: it survives `toJson`/`fromJson`. */
export interface Schema {
  /** Id of the migration chain, the folder of its migrations: `packages/db/migrations`. */
  readonly chain: string;
  readonly dialect: Dialect;
  /** Current search path; its first entry is where unqualified names are created. */
  readonly searchPath: readonly string[];
  readonly schemas: ReadonlySet<string>;
  readonly tables: ReadonlyMap<TableId, Table>;
  /** By `schema.name`, as are views and sequences. */
  readonly types: ReadonlyMap<string, UserType>;
  readonly views: ReadonlyMap<string, View>;
  readonly sequences: ReadonlyMap<string, Sequence>;
  /** Overloads by `schema.name`. */
  readonly functions: ReadonlyMap<string, readonly Routine[]>;
  /** By table, then by name within it. */
  readonly triggers: ReadonlyMap<TableId, readonly Trigger[]>;
  readonly extensions: ReadonlySet<string>;
  /** The next table and column identities. */
  readonly nextTableId: number;
  readonly nextColumnId: number;
  /** Statements, in order, whose effect on the schema is not known: a server's catalog may tell of more, or of less. */
  readonly opaque: readonly Opaque[];
  /** Names that such a statement mentions and may have made or altered: the places in {@link opaque}, by lower-case name. */
  readonly tainted: ReadonlyMap<string, readonly number[]>;
  /** Tables and columns that were there, in the order in which they went. */
  readonly removed: readonly Removed[];
}

/** A table, or a column of one that stayed, that a migration took away. */
export interface Removed {
  /** The table's name as people say it. */
  readonly table: string;
  readonly tableId: TableId;
  readonly column?: string;
  /** The column's type as text. */
  readonly type?: string;
  /** Of the operation that did it. */
  readonly span: Span;
}

/** A statement whose effect on the schema is not known, and why not. */
export interface Opaque {
  readonly why: string;
  /** Patterns of the names that it puts together at run time: `^.*_log$`. */
  readonly names?: readonly string[];
  readonly span: Span;
}

export interface Table {
  readonly id: TableId;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'partition';
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  /** The parent of a partition or of an inheriting table. */
  readonly parentId?: TableId;
  readonly partitionBy?: { readonly strategy: string; readonly columns: readonly string[] };
  /** A partition's `FOR VALUES …` or `DEFAULT`, as SQL text. */
  readonly partitionBound?: string;
  readonly temporary?: boolean;
  /** What SQLite's text says of the table as a whole: `strict`, `without rowid`, `autoincrement` of its key. */
  readonly options?: readonly string[];
  readonly madeBy?: MadeBy;
  /** The file that first made it, where another has made it anew. */
  readonly firstPath?: string;
  readonly span: Span;
}

/** Of what only a server's catalog tells: the path of the migration that made it, where that is known. */
export interface MadeBy {
  readonly migration?: string;
}

export interface Column {
  readonly id: number;
  readonly name: string;
  readonly type: TypeName;
  readonly nullable: boolean;
  /** Default as SQL text. */
  readonly default?: string;
  /** Expression of a generated column as SQL text. */
  readonly generated?: string;
  /** Computed when it is read, where the dialect could keep it as well. */
  readonly virtual?: true;
  readonly identity?: 'always' | 'by default';
  /** What an UPDATE of the row sets it to (MySQL). */
  readonly onUpdate?: string;
  readonly madeBy?: MadeBy;
  /** As of its table. */
  readonly firstPath?: string;
  readonly span: Span;
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

interface ConstraintBase {
  /** Given, or the one that the engine would give it. */
  readonly name: string;
  readonly columns: readonly string[];
  /** False between NOT VALID and VALIDATE. */
  readonly validated: boolean;
  readonly deferrable?: boolean;
  readonly madeBy?: MadeBy;
  readonly span: Span;
}

export type Constraint =
  | (ConstraintBase & { readonly kind: 'primary key' | 'unique'; readonly nullsNotDistinct?: boolean })
  | (ConstraintBase & {
      readonly kind: 'foreign key';
      /** 0 while no table of that name stands there, which SQLite and MySQL without foreign_key_checks allow. */
      readonly refTableId: TableId;
      /** The parent's name as the engine keeps it, where it keeps no more than the name (SQLite, MySQL). */
      readonly refName?: string;
      readonly refColumns: readonly string[];
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
    })
  | (ConstraintBase & { readonly kind: 'check'; readonly expression: string })
  | (ConstraintBase & { readonly kind: 'exclude'; readonly expression: string });

export interface Index {
  readonly name: string;
  /** One entry a key: the column, or undefined where an expression stands. */
  readonly columns: readonly (string | undefined)[];
  /** Expressions in key order, as SQL text. */
  readonly expressions: readonly string[];
  /** By position among the keys, where one is written: its operator class. */
  readonly operatorClasses?: Readonly<Record<number, string>>;
  /** Likewise its collation, and its order where that is not the engine's own: `DESC`, `NULLS FIRST`. */
  readonly collations?: Readonly<Record<number, string>>;
  readonly orders?: Readonly<Record<number, string>>;
  /** Columns that the expressions and the predicate name. */
  readonly dependsOn: readonly string[];
  readonly include: readonly string[];
  readonly method: string;
  readonly unique: boolean;
  readonly nullsNotDistinct?: boolean;
  /** False for an index left invalid, or made ON ONLY a partitioned parent and not yet attached. */
  readonly valid: boolean;
  /** Predicate of a partial index as SQL text. */
  readonly predicate?: string;
  /** The primary key, unique or exclusion constraint that it stands behind. */
  readonly constraintName?: string;
  /** It was built without a lock that keeps writers out. */
  readonly concurrently?: true;
  /** By hand, behind a constraint, by the engine for a foreign key; or see {@link MadeBy}. */
  readonly madeBy: 'user' | 'constraint' | 'engine' | MadeBy;
  readonly span: Span;
}

export interface UserType extends QualifiedName {
  readonly schema: string;
  readonly kind: 'enum' | 'domain' | 'composite' | 'range' | 'base';
  /** Labels of an enum in their order; empty for others. */
  readonly labels: readonly string[];
  /** The type under a domain. */
  readonly baseType?: TypeName;
  /** The CHECKs with which a domain was made, over VALUE. */
  readonly checks?: readonly string[];
  readonly span: Span;
}

export interface View extends QualifiedName {
  readonly schema: string;
  readonly materialized: boolean;
  /** The query as SQL text. */
  readonly query: string;
  /** Names of its columns in their order, where the query makes each certain. */
  readonly columns?: readonly string[];
  /** Tables that the query names. */
  readonly dependsOn: readonly TableId[];
  /** Other views that it names, as `schema.name`. */
  readonly dependsOnViews: readonly string[];
  /** Columns of those tables that the query is known to name, as `tableId.column`. */
  readonly dependsOnColumns: readonly string[];
  readonly indexes: readonly Index[];
  readonly span: Span;
}

export interface Sequence extends QualifiedName {
  readonly schema: string;
  /** The column that owns it (serial, identity, OWNED BY). */
  readonly ownedBy?: { readonly tableId: TableId; readonly column: string };
  readonly span: Span;
}

export interface Routine extends QualifiedName {
  readonly schema: string;
  readonly kind: 'function' | 'procedure' | 'aggregate';
  readonly language: string;
  /** Argument types as canonical text, input ones only. */
  readonly arguments: readonly string[];
  readonly returns: string;
  readonly body: string;
  readonly span: Span;
}

export interface Trigger {
  readonly name: string;
  readonly tableId: TableId;
  /** The function that it calls, as `schema.name` once resolved. */
  readonly function: string;
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  /** Columns of its table that UPDATE OF and WHEN name. */
  readonly columns?: readonly string[];
  readonly span: Span;
}
