import type { Applied } from '../schema/applied.ts';
import type { Schema } from '../schema/schema.ts';
import type { Chain, MigrationFile } from './chain.ts';
import type { ReplayedMigration } from './replay.ts';

/** One chain at both sides of a change. */
export interface ChainChange {
  /** Id of the chain at head, or at base where head has none. */
  readonly id: string;
  readonly base?: Chain;
  readonly head?: Chain;
  readonly baseSchema: Schema;
  readonly headSchema: Schema;
  /** `same`: no migration differs; `appended`: head is base plus a suffix; `rewritten`: edited, squashed or reordered. */
  readonly kind: 'same' | 'appended' | 'rewritten' | 'removed';
  /** Head's migrations that base lacks (appended), or all of them (rewritten), read and folded. */
  readonly migrations: readonly ReplayedMigration[];
  /** Base's migrations that head changed, and those that it dropped. */
  readonly edited: readonly { readonly file: MigrationFile; readonly as?: MigrationFile }[];
  readonly removed: readonly MigrationFile[];
  /** A chain that base lacks and whose first migration is a dump or a baseline: one line in the summary unless `--all`. */
  readonly baseline: boolean;
  /** Operations of the change in order: of the suffix, or from comparing the schemas. */
  readonly operations: readonly ChangeOperation[];
}

export interface ChangeOperation extends Applied {
  /** Path of the migration. */
  readonly migration: string;
  readonly inTransaction: boolean;
}
