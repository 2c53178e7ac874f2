import type { BoundQuery } from '../bind-uses.ts';

/** A file that the configuration names under `profile`. */
export interface ProfileFile {
  readonly path: string;
  /** How long it was measured, where that is known. */
  readonly days?: number;
  /** The chain whose database it is of, where several have its tables. */
  readonly chain?: string;
}

/** What measured it. */
export type ProfileSource =
  | 'pg_stat_statements'
  | 'pg_stat_user_tables'
  | 'pg_stat_user_indexes'
  | 'explain'
  | 'duckdb';

/** How a plan reads one table: all numbers of one run, however many loops it took. */
export interface Scan {
  /** It reads the table from end to end. */
  readonly isWhole: boolean;
  /** Undefined where the plan was only made, not run. */
  readonly rowsRead?: number;
  /** Those that its conditions let through. */
  readonly rowsKept?: number;
}

/** One query of a profile, or what one plan does with one table. */
export interface MeasuredQuery {
  readonly source: ProfileSource;
  readonly profile: string;
  /** Its text with `?` in the place of values; undefined where the plan does not tell. */
  readonly shape?: string;
  readonly query: BoundQuery;
  /** Undefined for a part of a plan, whose query is another entry or not known. */
  readonly calls?: number;
  /** Of all calls together. */
  readonly milliseconds?: number;
  /** Returned or changed by all calls together. */
  readonly rows?: number;
  readonly scan?: Scan;
  readonly days?: number;
}

/** A table by the server's own counters. */
export interface MeasuredTable {
  readonly profile: string;
  readonly chain: string;
  readonly tableId: number;
  readonly liveRows?: number;
  /** How often it was read from end to end, and the rows of all these times. */
  readonly wholeScans?: number;
  readonly wholeRows?: number;
  readonly days?: number;
}

/** An index by the server's own counters. */
export interface MeasuredIndex {
  readonly profile: string;
  readonly chain: string;
  readonly tableId: number;
  readonly index: string;
  readonly scans: number;
  readonly days?: number;
}

/** What became of one file. */
export interface ProfileCoverage {
  readonly path: string;
  readonly source?: ProfileSource;
  /** What it lists, and how much of that is of tables that some chain has. */
  readonly entries?: number;
  readonly bound?: number;
  /** Why it, or the part of it that is named, was not read. */
  readonly notRead?: string;
  /** Names its content, where it has any. */
  readonly content?: string;
}

/** Everything that the profiles of a configuration say of a change's chains. */
export interface Profile {
  readonly queries: readonly MeasuredQuery[];
  readonly tables: readonly MeasuredTable[];
  readonly indexes: readonly MeasuredIndex[];
  readonly files: readonly ProfileCoverage[];
}

/** What is wrong with a file, in words that follow its path. */
export class ProfileError extends Error {}
