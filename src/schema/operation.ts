import type { Span } from '../change/span.ts';
import type { QualifiedName, TypeName } from './name.ts';
import type { ReferentialAction } from './schema.ts';

/** A column as a statement declares it, before the fold resolves names. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: TypeName;
  readonly notNull: boolean;
  readonly default?: string;
  readonly generated?: string;
  /** The generated value is computed when it is read. */
  readonly virtual?: true;
  readonly identity?: 'always' | 'by default';
  /** MySQL's ON UPDATE: what an UPDATE of the row sets it to. */
  readonly onUpdate?: string;
  /** Constraints written on the column itself, in order. */
  readonly constraints: readonly ConstraintDefinition[];
  readonly span: Span;
}

interface ConstraintDefinitionBase {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly deferrable?: boolean;
  readonly span: Span;
}

/** A constraint as a statement declares it. */
export type ConstraintDefinition =
  | (ConstraintDefinitionBase & {
      readonly kind: 'primary key' | 'unique';
      readonly nullsNotDistinct?: boolean;
      /** ADD CONSTRAINT … USING INDEX: the index it takes over. */
      readonly usingIndex?: string;
      readonly include?: readonly string[];
    })
  | (ConstraintDefinitionBase & {
      readonly kind: 'foreign key';
      readonly refTable: QualifiedName;
      /** Empty: the parent's primary key. */
      readonly refColumns: readonly string[];
      readonly onDelete: ReferentialAction;
      readonly onUpdate: ReferentialAction;
      readonly notValid: boolean;
    })
  | (ConstraintDefinitionBase & {
      readonly kind: 'check';
      readonly expression: string;
      readonly notValid: boolean;
    })
  | (ConstraintDefinitionBase & {
      readonly kind: 'exclude';
      readonly expression: string;
      readonly method: string;
      /** EXCLUDE … WHERE as SQL text. */
      readonly predicate?: string;
    });

export interface IndexKey {
  /** The column, or undefined where an expression stands. */
  readonly column?: string;
  readonly expression?: string;
  /** Columns that the expression names. */
  readonly expressionColumns?: readonly string[];
  readonly operatorClass?: string;
  /** As SQL text: `pg_catalog."C"`. */
  readonly collation?: string;
  /** Where it is not the engine's own order: `DESC`, `DESC NULLS LAST`, `NULLS FIRST`. */
  readonly order?: string;
}

/** What CREATE VIEW and CREATE TABLE AS name in their query. */
export interface QueryDefinition {
  readonly text: string;
  readonly relations: readonly QualifiedName[];
  /** Columns that the query names, with the relation where the text makes it certain. */
  readonly columns: readonly { readonly relation?: QualifiedName; readonly column: string }[];
  /** The columns of its result where each name is certain; undefined with `*` or unnamed expressions. */
  readonly outputs?: readonly OutputDefinition[];
}

/** A column of a query's result. Its type is given, or that of a column of one of several tables, or not known. */
export interface OutputDefinition {
  readonly name: string;
  readonly type?: TypeName;
  readonly column?: { readonly relations: readonly QualifiedName[]; readonly column: string };
}

/** MySQL's FIRST and AFTER. */
export type ColumnPlace = 'first' | { readonly after: string };

/** The part that an operation plays where a migration makes a table anew under its own name and copies the rows. */
interface RebuildStep {
  /** The table's name, before and after. */
  readonly table: string;
  /** With this step the new table stands in the old one's place. */
  readonly last: boolean;
}

interface On {
  readonly table: QualifiedName;
  /** ALTER TABLE IF EXISTS: absence of the table itself is no error. */
  readonly tableTolerant?: boolean;
}

interface Drop {
  readonly cascade: boolean;
  /** What the same statement drops: dependence among them is no obstacle. */
  readonly alongWith?: readonly QualifiedName[];
}

/** A text that the server reads as a value of a column's type. */
export interface WrittenLiteral {
  readonly column: string;
  readonly value: string;
}

/** One step that a statement takes on the schema or its rows; a statement may take several, in order. */
export type Operation = OperationBody & {
  /** The smallest part of the text that says it: the column definition, the constraint, else the statement. */
  readonly span: Span;
  /** IF [NOT] EXISTS: that the object itself is there, or is not, is no error. Its table is another matter: `tableTolerant`. */
  readonly tolerant?: boolean;
  /**
   * In a DO block that swallows, or tests the catalog for, the presence or absence of whatever it names: neither is an
   * error. Where it is tested, a table that has a primary key already is none either.
   */
  readonly swallowed?: true | 'tested';
  readonly rebuild?: RebuildStep;
};

export type OperationBody =
  | {
      readonly kind: 'create-table';
      readonly table: QualifiedName;
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
      readonly temporary?: boolean;
      readonly partitionOf?: QualifiedName;
      /** The bound of a partition as SQL text. */
      readonly partitionBound?: string;
      readonly partitionBy?: { readonly strategy: string; readonly columns: readonly string[] };
      readonly inherits?: readonly QualifiedName[];
      readonly like?: readonly { readonly table: QualifiedName; readonly including: readonly string[] }[];
      readonly asQuery?: QueryDefinition;
      /** What is written after the columns, in lower case: SQLite's `without rowid`, `strict`. */
      readonly options?: readonly string[];
    }
  | ({ readonly kind: 'drop-table' } & Drop & On)
  | ({ readonly kind: 'rename-table'; readonly to: string } & On)
  | ({ readonly kind: 'set-table-schema'; readonly to: string } & On)
  | ({
      readonly kind: 'add-column';
      readonly column: ColumnDefinition;
      readonly place?: ColumnPlace;
      /** In a table made anew: the copy gives it a value. */
      readonly filled?: boolean;
    } & On)
  | ({
      readonly kind: 'drop-column';
      readonly column: string;
      readonly cascade: boolean;
    } & On)
  | ({ readonly kind: 'rename-column'; readonly column: string; readonly to: string } & On)
  /** MySQL's MODIFY and CHANGE: the whole column is declared anew. */
  | ({
      readonly kind: 'redefine-column';
      readonly column: string;
      readonly to: ColumnDefinition;
      readonly place?: ColumnPlace;
    } & On)
  | ({
      readonly kind: 'alter-type';
      readonly column: string;
      readonly type: TypeName;
      readonly using?: string;
    } & On)
  | ({ readonly kind: 'set-default'; readonly column: string; readonly expression: string } & On)
  | ({ readonly kind: 'drop-default'; readonly column: string } & On)
  | ({
      readonly kind: 'set-not-null' | 'drop-not-null';
      readonly column: string;
      /** In a table made anew: the copy leaves rows out or gives values in place of NULL. */
      readonly filled?: boolean;
    } & On)
  | ({
      /** ADD GENERATED … AS IDENTITY, and SET GENERATED of a column that has one. */
      readonly kind: 'add-identity' | 'set-identity';
      readonly column: string;
      readonly identity: 'always' | 'by default';
    } & On)
  | ({ readonly kind: 'drop-identity' | 'drop-generated'; readonly column: string } & On)
  | ({ readonly kind: 'add-constraint'; readonly constraint: ConstraintDefinition } & On)
  | ({
      readonly kind: 'drop-constraint';
      readonly name: string;
      readonly cascade: boolean;
      /** MySQL's DROP FOREIGN KEY, DROP CHECK and DROP PRIMARY KEY. */
      readonly of?: ConstraintDefinition['kind'];
      readonly replaced?: boolean;
    } & On)
  | ({ readonly kind: 'rename-constraint'; readonly name: string; readonly to: string } & On)
  | ({ readonly kind: 'validate-constraint'; readonly name: string } & On)
  | ({ readonly kind: 'alter-constraint'; readonly name: string; readonly deferrable: boolean } & On)
  | ({
      readonly kind: 'create-index';
      readonly name?: string;
      readonly keys: readonly IndexKey[];
      readonly include: readonly string[];
      readonly method: string;
      readonly unique: boolean;
      readonly nullsNotDistinct?: boolean;
      readonly predicate?: string;
      readonly predicateColumns?: readonly string[];
      readonly concurrently: boolean;
      /** ON ONLY: on the partitioned parent alone. */
      readonly only: boolean;
    } & On)
  | {
      readonly kind: 'drop-index';
      readonly index: QualifiedName;
      readonly cascade: boolean;
      readonly concurrently: boolean;
      /** MySQL's indexes are each table's own. */
      readonly on?: QualifiedName;
      /** The same statement adds a key or drops a foreign key: whether one is left without an index shows at its end. */
      readonly replaced?: boolean;
    }
  | {
      readonly kind: 'rename-index';
      readonly index: QualifiedName;
      readonly to: string;
      readonly on?: QualifiedName;
    }
  | { readonly kind: 'attach-index'; readonly index: QualifiedName; readonly child: QualifiedName }
  | ({
      readonly kind: 'attach-partition' | 'detach-partition';
      readonly partition: QualifiedName;
      readonly bound?: string;
    } & On)
  | {
      readonly kind: 'create-type';
      readonly type: QualifiedName;
      readonly typeKind: 'enum' | 'domain' | 'composite' | 'range' | 'base';
      readonly labels: readonly string[];
      readonly baseType?: TypeName;
      /** CHECKs of a domain, over VALUE. */
      readonly checks?: readonly string[];
    }
  | {
      readonly kind: 'add-enum-value';
      readonly type: QualifiedName;
      readonly label: string;
      readonly before?: string;
      readonly after?: string;
    }
  | {
      readonly kind: 'rename-enum-value';
      readonly type: QualifiedName;
      readonly label: string;
      readonly to: string;
    }
  | { readonly kind: 'rename-type'; readonly type: QualifiedName; readonly to: string }
  | ({ readonly kind: 'drop-type'; readonly type: QualifiedName } & Drop)
  | {
      readonly kind: 'create-sequence';
      readonly sequence: QualifiedName;
      readonly ownedBy?: { readonly table: QualifiedName; readonly column: string };
    }
  | {
      readonly kind: 'alter-sequence';
      readonly sequence: QualifiedName;
      readonly ownedBy?: { readonly table: QualifiedName; readonly column: string } | 'none';
    }
  | { readonly kind: 'rename-sequence'; readonly sequence: QualifiedName; readonly to: string }
  | { readonly kind: 'drop-sequence'; readonly sequence: QualifiedName; readonly cascade: boolean }
  | {
      readonly kind: 'create-view';
      readonly view: QualifiedName;
      readonly materialized: boolean;
      readonly replace: boolean;
      readonly query: QueryDefinition;
    }
  | ({
      readonly kind: 'drop-view';
      readonly view: QualifiedName;
      readonly materialized: boolean;
    } & Drop)
  | {
      readonly kind: 'rename-view';
      readonly view: QualifiedName;
      readonly materialized: boolean;
      readonly to: string;
    }
  | { readonly kind: 'refresh-view'; readonly view: QualifiedName; readonly concurrently: boolean }
  | { readonly kind: 'create-schema' | 'drop-schema'; readonly schema: string; readonly cascade?: boolean }
  | { readonly kind: 'create-extension'; readonly extension: string }
  | { readonly kind: 'drop-extension'; readonly extension: string; readonly cascade?: boolean }
  | {
      readonly kind: 'create-function';
      readonly function: QualifiedName;
      readonly routine: 'function' | 'procedure' | 'aggregate';
      readonly replace: boolean;
      readonly language: string;
      readonly arguments: readonly string[];
      readonly returns: string;
      readonly body: string;
    }
  | {
      readonly kind: 'drop-function';
      readonly function: QualifiedName;
      /** Undefined: the name alone was written and must be unambiguous. */
      readonly arguments?: readonly string[];
      readonly cascade: boolean;
    }
  | {
      readonly kind: 'rename-function';
      readonly function: QualifiedName;
      readonly arguments?: readonly string[];
      readonly to: string;
    }
  | ({
      readonly kind: 'create-trigger';
      readonly name: string;
      readonly replace: boolean;
      readonly function: QualifiedName;
      readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
      /** Columns that UPDATE OF and WHEN name. */
      readonly columns?: readonly string[];
    } & On)
  | ({ readonly kind: 'drop-trigger'; readonly name: string; readonly cascade: boolean } & On)
  | ({ readonly kind: 'rename-trigger'; readonly name: string; readonly to: string } & On)
  /** What the session lets pass: SQLite's `PRAGMA legacy_alter_table`, MySQL's `foreign_key_checks`. */
  | { readonly kind: 'set-session'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'set-search-path'; readonly schemas: readonly string[]; readonly local: boolean }
  | {
      readonly kind: 'transaction';
      readonly verb: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback to';
    }
  /** INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY. */
  | ({
      readonly kind: 'write-rows';
      readonly verb: 'insert' | 'update' | 'delete' | 'merge' | 'truncate' | 'copy';
      /** Columns that are written, where the text names them. */
      readonly columns: readonly string[];
      /** INSERT … SELECT of SQLite and MySQL: the plain column that goes to each of them, where it is one. */
      readonly copied?: readonly (string | undefined)[];
      readonly hasWhere: boolean;
      /** Texts that it writes into its table's columns or compares them with, where that is certain. */
      readonly literals?: readonly WrittenLiteral[];
      /** TRUNCATE … CASCADE. */
      readonly cascade?: boolean;
      /** Every table that the same TRUNCATE names. */
      readonly alongWith?: readonly QualifiedName[];
    } & On)
  /** A SELECT or VALUES by itself: may call functions with effects. */
  | { readonly kind: 'read-rows' }
  /** Something that neither the schema as modelled nor its rows depend on: COMMENT, SET, GRANT, OWNER TO, ANALYZE … */
  | { readonly kind: 'no-effect'; readonly what: string };
