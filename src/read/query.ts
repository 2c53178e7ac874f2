import type { Span } from '../change/span.ts';
import type { QualifiedName } from '../schema/name.ts';
import type { Dialect, ReferentialAction } from '../schema/schema.ts';
import type { TableUse } from './source.ts';

/** What a query asks of a table. */
export type UseKind = TableUse['op'];

/**
 * What a query asks of a column. `conflict`: ON CONFLICT names it. `lookup`: the query takes it for a unique key (`findUnique`);
 * where it also filters by it, there is a `filter` of the same place beside it.
 */
export type ColumnRole = 'filter' | 'join' | 'order' | 'group' | 'select' | 'write' | 'conflict' | 'lookup';

/** How far the name of a table had to be followed. */
type ResolvedBy = 'literal' | 'constant' | 'class' | 'import' | 'convention';

/** A table that a query uses. */
export interface QueryTable {
  /** Undefined when its name is not known. */
  readonly table?: QualifiedName;
  /** The name that a convention makes of its own, where a plugin may change it: `user_groups` of `userGroups`. */
  readonly convention?: string;
  /** Why its name is not known. */
  readonly whyUnresolved?: string;
  /** Set where the name may be of something else than a table: what it is of where no chain has such a table. */
  readonly otherwise?: string;
  readonly op: UseKind;
  readonly span: Span;
  readonly resolvedBy: ResolvedBy;
  /** The file that declares it as a model: its package tells which database is meant. */
  readonly declaredIn?: string;
}

/** A column that a query uses. */
export interface QueryColumn {
  /** Tables that may have it, the likeliest first; the one that has it is meant. */
  readonly tables: readonly QualifiedName[];
  readonly column: string;
  /** The name that a convention makes of it, where only its name in code is written: `created_at` of `createdAt`. */
  readonly convention?: string;
  readonly role: ColumnRole;
  /** How a filter or join compares it, where it stands bare on one side: `=`, `<>`, `<`, `in`, `like`, `is null`, … */
  readonly comparison?: string;
  /** The text literals that it is compared with or set to, where they are written in the query. */
  readonly values?: readonly string[];
  /** Set where it is no column unless a table has one of that name. */
  readonly perhaps?: boolean;
  readonly span: Span;
}

/** What a text of SQL says to a database of one kind. */
export interface SqlReading
  extends Pick<
    Query,
    'tables' | 'columns' | 'columnsComplete' | 'hasLimit' | 'hasFilter' | 'partly' | 'text'
  > {}

/** Where a list comes from. */
export interface ListOrigin {
  /**
   * A parameter of the function or a part of one, where a client sends it `request`; the rows of a query, `few` where
   * its text limits them; the pieces of a text.
   */
  readonly from: 'given' | 'request' | 'rows' | 'few' | 'text';
  /** The query that answered it. */
  readonly query?: Pick<Query, 'family' | 'database' | 'tables' | 'columns'>;
  /** Whether it is only a part of what the query answered: a list within a row. */
  readonly isPart?: boolean;
}

/** The loop that a query runs in. */
export interface Loop {
  readonly kind:
    | 'for-of'
    | 'for-in'
    | 'for'
    | 'while'
    | 'map'
    | 'forEach'
    | 'flatMap'
    | 'reduce'
    | 'filter'
    /** A method that GraphQL runs for a field of each object of a list. */
    | 'resolver'
    /** A function that calls itself. */
    | 'recursion'
    /** Any other method that calls its argument once an element. */
    | 'each';
  readonly span: Span;
  /** Whether what it asks depends on the loop's variable. */
  readonly usesVariable: boolean;
  /** Whether the loop walks over batches, or a turn asks for many at once. */
  readonly chunked: boolean;
  /** Whether each turn also waits for something beside the database; undefined where that is not known. */
  readonly waits?: boolean;
  /** Whether each turn runs a query that only reads. */
  readonly reads: boolean;
  /** What keeps each turn apart: a transaction or lock of its own, or that what it writes fails by itself. */
  readonly apart?: 'transaction' | 'caught';
  /** Whether it depends on what another call of its turn answered, or comes after one that is no query. */
  readonly follows: boolean;
  /** Whether other parts of the turn ask with what it answers, or run in its place; through a call: whether that does more. */
  readonly entangled: boolean;
  /** Whether one query could ask for all turns: they differ in what is compared for equality, none takes only a few rows, and what is changed is told by one key. */
  readonly batchable: boolean;
  /** Whether the loop's variable stands in it elsewhere than in a condition: what it writes differs from turn to turn. */
  readonly writesItsOwn: boolean;
  /** Where the list comes from that it walks over, where that is known. */
  readonly list?: ListOrigin;
  /** Names by which other files reach the code that it is in, each of which its own file has nowhere else. */
  readonly calledAs: readonly string[];
  /** Whether the turns ask at one moment what the client gathers into one query by itself, where nothing is waited for before. */
  readonly gathered: boolean;
  /** How many calls each turn waits for. */
  readonly calls: number;
  /** How many queries that write stand in a turn. */
  readonly writes: number;
  /** Whether only some turns come to it: it stands in a branch. */
  readonly branched: boolean;
  /** How many of its conditions compare by what differs from turn to turn. */
  readonly keys: number;
}

/** One query of code, or of SQL outside migrations. */
export interface Query {
  /** What it is written in: `sql`, `raw-sql`, `drizzle`, … */
  readonly family: string;
  readonly span: Span;
  readonly tables: readonly QueryTable[];
  readonly columns: readonly QueryColumn[];
  /** Its SQL as Postgres takes it, with `$1` for each value, where all of it is written down. */
  readonly text?: string;
  /** Whether `columns` are all that it uses. */
  readonly columnsComplete: boolean;
  readonly hasLimit: boolean;
  /** Whether it is restricted by a condition at all, whatever that asks; undefined where the family does not tell. */
  readonly hasFilter?: boolean;
  /** Expressions put into its text as they are, whose value comes from outside the function: `name: parameter`. */
  readonly spliced?: readonly string[];
  /** Whether a failure of it goes no further than a log. */
  readonly swallowed?: boolean;
  /** What the function around takes and a write of all rows has no use for, where there is any. */
  readonly leftOut?: readonly string[];
  /** The kind of database that it speaks to, where that is known and not the chains' own: `clickhouse`. */
  readonly database?: string;
  /** What its text says to databases that it is not written for first, where that differs, or that their grammar refuses it. */
  readonly inDialect?: Readonly<Partial<Record<'mysql' | 'sqlite', SqlReading | 'refused'>>>;
  /** Found by its look alone: it counts only if a schema has one of its tables. */
  readonly guessed?: boolean;
  /** Its SQL could not be parsed: only the names after FROM, JOIN, INTO and UPDATE count. */
  readonly partly?: boolean;
  /** Not sent by itself: what is prepared so goes to the database with others later. */
  readonly deferred?: boolean;
  readonly loop?: Loop;
  /**
   * Set where this stands for a query that a loop reaches through calls: the calls, outermost first, then the query, each as
   * `name path:line`. Its span is the call in the loop; the query itself is another entry.
   */
  readonly callPath?: readonly string[];
}

/** Where code opens a connection to a database. */
export interface Connection {
  /** What opens it: `pg`. */
  readonly package: string;
  readonly span: Span;
}

/** A column as code declares it. */
export interface ModelColumn {
  /** In the database. */
  readonly column: string;
  /** The name that a convention makes of it, where only its name in code is written. */
  readonly convention?: string;
  /** In code. */
  readonly name: string;
  /** Other names by which code uses it: relations that it carries. */
  readonly otherNames?: readonly string[];
  /** As declared: `varchar`, `integer`. */
  readonly type?: string;
  readonly nullable?: boolean;
  /** What its migration tool makes of the declaration; undefined where that is not told. */
  readonly stored?: StoredColumn;
  readonly span: Span;
}

/** A column as a migration tool writes it. What the declaration does not tell is undefined. */
export interface StoredColumn {
  /** Its type in SQL. */
  readonly type?: string;
  /** What its enum may be. */
  readonly labels?: readonly string[];
  readonly filling?: Filling;
  /** Whether it may be NULL follows from its type in code, or from nothing. */
  readonly isNullGuessed?: boolean;
}

/** What the database puts into a column that an insert leaves out. */
export type Filling =
  | { readonly kind: 'nothing' }
  /** A serial, an identity, AUTO_INCREMENT. */
  | { readonly kind: 'counter' }
  | { readonly kind: 'value'; readonly sql: string };

/** A key, reference or index as code declares it; columns by their names in the database, as far as those are written. */
export interface ModelKey {
  readonly kind: 'primary key' | 'unique' | 'index' | 'foreign key';
  readonly name?: string;
  /** Null where an expression stands: facts are kept as JSON. */
  readonly columns: readonly (string | null)[];
  /** It holds only rows of a condition. */
  readonly partial?: boolean;
  readonly ref?: {
    readonly table: QualifiedName;
    readonly columns: readonly string[];
    readonly onDelete?: ReferentialAction;
  };
  readonly span: Span;
}

/** A table as code declares it. */
export interface Model {
  readonly family: string;
  /** What code calls it. */
  readonly name: string;
  /** Other names by which code reaches it: the relations of other models. */
  readonly otherNames?: readonly string[];
  readonly table: QualifiedName;
  readonly columns: readonly ModelColumn[];
  /** Its keys, references and indexes; undefined where the family does not tell them, or not all. */
  readonly keys?: readonly ModelKey[];
  /** A view, of which nothing but its columns is declared. */
  readonly isView?: boolean;
  /** It has more columns than those: some are added in a way that is not followed. */
  readonly hasMore?: boolean;
  /** The dialect that it is declared for, where that is said. */
  readonly dialect?: Dialect;
  /** Tables that its tool makes beside it: those between two models. */
  readonly alongside?: readonly QualifiedName[];
  readonly span: Span;
}
