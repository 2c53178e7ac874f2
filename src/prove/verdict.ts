import type { Span } from '../change/span.ts';

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
  };
  /** Of one that was not tried. */
  readonly reason?: string;
  /** Not tried because the engine was stopped or ended: the proof was asked for and is missing. */
  readonly died?: boolean;
}

/** The proof of one chain in one engine. */
export interface Proof {
  /** `DuckDB 1.5.6`. */
  readonly engine: string;
  readonly chain: string;
  /** True where the engine ran a translation (`lowered`) of another dialect. */
  readonly lowered: boolean;
  /** Whole chain from empty, or the new migrations on a slice of the schema. */
  readonly from: 'empty' | 'slice';
  readonly migrations: readonly MigrationVerdict[];
}
