import type { Catalog } from './catalog/catalog.ts';
import { ScratchError } from './scratch.ts';
import type { Word } from './verdict.ts';

/** A statement as an exact engine gets it: as written, with what is known of it. */
export interface ExactStatement {
  readonly text: string;
  /** Opens, ends or sets up a transaction: not sent while the engine holds one of its own around the migration. */
  readonly transaction?: 'begin' | 'commit' | 'rollback' | 'mode';
  /** What is run in its place, and why; `always`, or only inside a transaction that refuses the statement as written. */
  readonly instead?: { readonly text: string; readonly reason: string; readonly when: 'always' | 'inside' };
  /** Never sent; why. */
  readonly skip?: { readonly word: 'not-modelled' | 'no-effect' | 'failed'; readonly reason: string };
  /** Concerns roles, which belong to the server, or extensions, of which an engine has its own: a refusal says nothing. */
  readonly about?: 'roles' | 'extensions';
}

/** A migration as an exact engine gets it. */
export interface ExactMigration {
  readonly path: string;
  readonly statements: readonly ExactStatement[];
  /** Its tool opens a transaction around it. */
  readonly wrapped?: boolean;
}

/** What a server says when it refuses, in its own fields. */
export interface ServerError {
  readonly message: string;
  /** SQLSTATE: `23502`; empty where the engine has none. https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly code: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based, in characters of the statement's text. */
  readonly position?: number;
  /** Where inside of a function or DO block. */
  readonly where?: string;
}

/** What became of one statement. */
export interface ExactOutcome {
  readonly word: Word;
  readonly reason?: string;
  readonly error?: ServerError;
  /** Of tables that were there before the migrations, where the engine tells. */
  readonly locks?: readonly TableLock[];
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
export type LockMode =
  | 'access share'
  | 'row share'
  | 'row exclusive'
  | 'share update exclusive'
  | 'share'
  | 'share row exclusive'
  | 'exclusive'
  | 'access exclusive';

/** The strongest lock on a table that a statement took and that was not held already, and whether it wrote the table anew. */
export interface TableLock {
  readonly schema: string;
  /** The name that the table had before the migrations. */
  readonly table: string;
  readonly mode: LockMode;
  readonly rewritten?: boolean;
}

/** What became of one migration: an outcome for every statement, or why the engine could not go on. */
export interface ExactResult {
  readonly outcomes: readonly ExactOutcome[];
  readonly died?: string;
}

/** Rows of one table: as one statement, and each by itself for where some are refused. */
export interface ExactRows {
  readonly whole: string;
  readonly single: readonly string[];
}

interface TrialOf {
  readonly text: string;
  readonly table: { readonly schema: string; readonly name: string };
}

/** How large a table is taken to be. */
export interface TableSize {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  /** Whether a profile tells the rows; otherwise they are assumed. */
  readonly isMeasured: boolean;
  /** Bytes of a row. */
  readonly width: number;
  /** `distinct` as PostgreSQL has it: a number of values, or, below 0, a part of the rows. */
  readonly columns: readonly { readonly name: string; readonly width: number; readonly distinct: number }[];
}

/** An index on columns of the table, and how large tables are. */
interface IndexOf {
  readonly columns: readonly string[];
  readonly sizes: readonly TableSize[];
  /** The query in the place of one that the server refuses. */
  readonly otherwise?: string;
}

/** A query whose plan is to become cheaper by an index; where it reads the whole table, by how much it would. */
export interface IndexTrial extends TrialOf {
  readonly expect: 'index' | 'scans';
  readonly plan: IndexOf;
}

/** A statement by which a rule's claim about a table is tried. */
export type ExactTrial =
  | IndexTrial
  | (TrialOf & { readonly expect: 'fails' | 'succeeds' | 'scans' | 'rewrites'; readonly plan?: undefined });

/** How an engine would read a table for a query, without an index and with it: costs are the planner's own units. */
export interface ExactPlan {
  readonly table: string;
  readonly rows: number;
  readonly isMeasured: boolean;
  readonly without: { readonly node: string; readonly cost: number };
  readonly with: { readonly node: string; readonly cost: number; readonly usesIndex: boolean };
}

/** What came of a trial. */
export interface ExactTried {
  readonly holds: boolean;
  /** In the engine's words. */
  readonly said: string;
  /** Whether the table held rows; of a plan, whether a profile tells how many. */
  readonly onRows: boolean;
  /** What was planned, where that is not the trial's text. */
  readonly ran?: string;
  /** Of a trial that compares plans. */
  readonly plan?: ExactPlan;
}

/** How the database of an exact engine is chosen and made. */
export interface ExactOptions {
  readonly engine: 'postgres' | 'pglite' | 'sqlite';
  /** Extensions that the chain creates: which engine fits may depend on them. */
  readonly extensions?: readonly string[];
  /** Folder for what is kept between runs; without one everything is made anew and removed at the end. */
  readonly folder?: string;
  /** Major version that the repository runs, where it is known. */
  readonly version?: number;
  /** Keys of the chain's prefixes, the shortest first: `keys[n]` names the chain's first n migrations. */
  readonly keys: readonly string[];
  /** Ledger and platform objects that are there before the first migration. */
  readonly prelude: readonly ExactStatement[];
  /** Start from an empty database even where one holds a prefix. */
  readonly fromEmpty: boolean;
  /** Make what is not there; otherwise only look for it, and start from empty only where a server's folder is there. */
  readonly make: boolean;
  /** That one statement of a new migration may take; default 8,000. */
  readonly milliseconds?: number;
}

/** An engine that runs migrations as they are written. Every call may reject with a {@link ScratchError}. */
export interface ExactEngine {
  /** `PostgreSQL 18.4`, `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  readonly engine: string;
  /** Why this engine and not another, or what another would add. */
  readonly note?: string;
  /** How many migrations of the chain its database holds; undefined where there is none and none may be made. */
  readonly held: number | undefined;
  /** Of those, how many did not apply in full. */
  readonly imperfect: number;
  /** Runs older migrations for good: what one of them refuses is passed over. */
  build(migrations: readonly ExactMigration[]): Promise<readonly ExactResult[]>;
  /** Keeps the database as it is for later runs, under a key. */
  keep(key: string): Promise<void>;
  /** Runs new migrations in order; nothing of them outlives {@link close}, or the next attempt. */
  attempt(migrations: readonly ExactMigration[]): Promise<readonly ExactResult[]>;
  /** The same on made-up rows; undefined where the engine takes none, or the migrations refuse the transaction that keeps them apart. */
  attemptOnRows(
    migrations: readonly ExactMigration[],
    rows: readonly ExactRows[],
  ): Promise<readonly ExactResult[] | undefined>;
  /**
   * Runs migrations, puts rows into the tables as they are then, and tries statements one by one; nothing of it stays. Null
   * where nothing can be said; absent in engines that try nothing.
   */
  tryEach?(
    migrations: readonly ExactMigration[],
    rows: readonly ExactRows[],
    trials: readonly ExactTrial[],
  ): Promise<readonly (ExactTried | null)[]>;
  /** What the server's own catalog says of the database as it is now; undefined for SQLite, whose catalog is its own SQL. */
  catalog(): Promise<Catalog | undefined>;
  close(): Promise<void>;
}

/** An engine that has no database, and may make none. */
export function nothingHeld(engine: string): ExactEngine {
  const never = () => Promise.reject(new ScratchError('unavailable', 'there is no database to run in'));
  return {
    engine,
    held: undefined,
    imperfect: 0,
    build: never,
    keep: never,
    catalog: never,
    attempt: never,
    attemptOnRows: never,
    close: async () => {},
  };
}
