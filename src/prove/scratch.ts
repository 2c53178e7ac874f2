/** A value as a query returns it, in JSON's terms: DuckDB lists are arrays, structs are objects. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Row = Readonly<Record<string, Value>>;

/** What became of statements that were run in order: how the first that failed did, or what the last one did. */
export interface Ran {
  readonly failed?: { readonly index: number; readonly message: string };
  /** How many rows the last statement wrote or removed, where the engine tells. */
  readonly changed?: number;
}

/** A scratch database that lives as long as one check. Every call may reject with a {@link ScratchError}. */
export interface Scratch {
  /** `DuckDB 1.5.6`. */
  readonly engine: string;
  /** Runs statements in order, each by itself, and stops at the first that fails. */
  run(statements: readonly string[]): Promise<Ran>;
  /** Runs statements in order, whatever becomes of those before them; the indexes of those that failed. */
  runEach(statements: readonly string[]): Promise<readonly number[]>;
  /** Rows of one SELECT, at most `limit` of them (default 10,000). */
  query(sql: string, limit?: number): Promise<readonly Row[]>;
  /** Appends rows to a table, `schema.table` or `table`; a row's values stand in the order of its columns. */
  load(table: string, rows: readonly (readonly Value[])[]): Promise<void>;
  /** How many statements the text holds, by the engine's own parser; rejects when it does not parse. */
  countStatements(sql: string): Promise<number>;
  close(): Promise<void>;
}

/**
 * The engine refused (`error`), was stopped at the time limit (`time`), ran out of memory or disk (`memory`), died (`died`),
 * or there is none to be had here (`unavailable`).
 */
export class ScratchError extends Error {
  readonly kind: 'error' | 'time' | 'memory' | 'died' | 'unavailable';

  constructor(kind: ScratchError['kind'], message: string) {
    super(message);
    this.name = 'ScratchError';
    this.kind = kind;
  }
}
