import type { Applied } from '../schema/applied.ts';
import type { Schema } from '../schema/schema.ts';
import type { Chain, MigrationFile } from './chain.ts';
import type { SqlSource, Statement } from './source.ts';

/** One statement of a migration with what the fold made of its operations, in order. */
export interface Step {
  readonly statement: Statement;
  readonly applied: readonly Applied[];
}

/** A migration that was read and folded in this run. */
export interface ReplayedMigration {
  readonly file: MigrationFile;
  readonly source: SqlSource;
  readonly steps: readonly Step[];
}

/** A chain folded to its end, from a cached prefix where there is one. */
export interface Replayed {
  readonly chain: Chain;
  readonly schema: Schema;
  /** Those read in this run; all of them when the chain was replayed from empty. */
  readonly migrations: readonly ReplayedMigration[];
  /** The schema before the first of {@link migrations}. */
  readonly from: Schema;
}
