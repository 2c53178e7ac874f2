import type { Span } from '../change/span.ts';
import type { ServerVersion } from '../read/server-version.ts';
import type { TableId } from '../schema/schema.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Comparison } from './catalog/compare.ts';
import type { TableLock } from './exact.ts';

/** What became of one statement in one engine. */
export type Word =
  | 'executed'
  | 'emulated'
  | 'no-effect'
  | 'modelled'
  | 'partial'
  | 'not-modelled'
  | 'tainted'
  | 'failed';

export interface StatementVerdict {
  readonly span: Span;
  readonly word: Word;
  /** Always there for partial, not-modelled, tainted and failed. */
  readonly reason?: string;
  /** On tables that were there before the change, where the engine tells. */
  readonly locks?: readonly TableLock[];
}

/**
 * `proved`: every statement executed, emulated or without effect. `proved in part`: some were only modelled or ran in part,
 * none failed. `refuted`: one failed. `not tried`: with the reason.
 */
export interface MigrationVerdict {
  readonly path: string;
  readonly verdict: 'proved' | 'proved in part' | 'refuted' | 'not tried';
  readonly statements: readonly StatementVerdict[];
  /** Of a refuted migration, in the engine's or the fold's words, and who said it. */
  readonly error?: {
    readonly message: string;
    readonly span: Span;
    readonly by: 'parser' | 'fold' | 'engine';
    /** Of a server's error: SQLSTATE, the row or object that it is about, and what the server advises. */
    readonly code?: string;
    readonly detail?: string;
    readonly hint?: string;
    /** Where inside of a function or DO block. */
    readonly where?: string;
  };
  /** Of one that was not tried. */
  readonly reason?: string;
  /** Refused for the want of something that a deployed database may hold: made, or written, outside of the chain. */
  readonly elsewhere?: true;
  /** What rows that the tables may hold would do to it; of a migration that was run on such rows. */
  readonly risks?: readonly Risk[];
  /** Not tried because the engine was stopped or ended: the proof was asked for and is missing. */
  readonly died?: boolean;
}

/** An operation that applies, and that the engine refuses where a table holds rows that its constraints allow. */
export interface Risk {
  /** Of the operation. */
  readonly span: Span;
  /** `any row`: on every table that is not empty. `some rows`: only where such rows are. */
  readonly on: 'any row' | 'some rows';
  readonly tableId: TableId;
  /** What the engine said. */
  readonly message: string;
}

/** The rows on which migrations were run. They respect the constraints and are made up: what breaks on them is no refutation. */
export interface ProofRows {
  readonly rows: number;
  readonly tables: number;
  /** Tables whose rows were all there to the end: none of them was in the way of a statement. */
  readonly held?: readonly TableId[];
  /** Tables that got none, and why. */
  readonly without: readonly { readonly table: string; readonly reason: string }[];
}

/** The proof of one chain in one engine. */
export interface Proof {
  /** `DuckDB 1.5.6`, `PostgreSQL 18.4`, `PGlite 0.5.14 (PostgreSQL 18.6)`. */
  readonly engine: string;
  readonly chain: string;
  /** True where the engine ran a translation (`lowered`) of another dialect. */
  readonly lowered: boolean;
  /**
   * Whole chain from empty, the new migrations on a slice of the schema, or the new migrations in a database that holds
   * those before them.
   */
  readonly from: 'empty' | 'slice' | 'base';
  /** Why this engine and not another, or what another would add. */
  readonly note?: string;
  /** What the repository runs, where the engine is another version of it. */
  readonly instead?: ServerVersion;
  /** Why nothing was tried, where nothing was. */
  readonly trouble?: string;
  /** How many of the migrations before them did not apply in full. */
  readonly imperfect?: number;
  readonly migrations: readonly MigrationVerdict[];
  /** Absent where nothing in the migrations depends on rows. */
  readonly on?: ProofRows;
  /** The schema as read beside the server's own catalog, where a server ran the whole chain. A difference is our mistake. */
  readonly catalog?: Comparison;
  /** What the server knows of a chain in which the effect of some statement is not known. */
  readonly told?: Told;
}

/** A server's catalogs before and after the new migrations. */
interface Told {
  /** Absent where there was nothing before them. */
  readonly base?: Catalog;
  readonly head: Catalog;
  /** Whether every migration went through, so that what the server lacks is not there. */
  readonly certain: boolean;
}

/** A refused migration of which it is not known whether it applies, and why. */
export function takenBack(migration: MigrationVerdict, reason: string): MigrationVerdict {
  const { error: _, ...rest } = migration;
  const statements = migration.statements.map((one) =>
    one.word === 'failed' ? { ...one, word: 'not-modelled' as const, reason } : one,
  );
  return { ...rest, statements, verdict: 'not tried', reason, elsewhere: true };
}

/** What the words of its statements, or the first that failed, mean for a migration. */
export function conclude(statements: readonly StatementVerdict[], error: MigrationVerdict['error']) {
  if (error) return { verdict: 'refuted' as const, error };
  const is = (...words: string[]) => statements.every((one) => words.includes(one.word));
  if (is('executed', 'emulated', 'no-effect')) return { verdict: 'proved' as const };
  if (!is('not-modelled', 'tainted', 'no-effect')) return { verdict: 'proved in part' as const };
  const first = statements.find((one) => one.reason !== undefined);
  return { verdict: 'not tried' as const, reason: `nothing of it is modelled: ${first?.reason ?? ''}` };
}
