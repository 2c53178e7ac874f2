import type { ChainChange } from '../read/chain-change.ts';
import { findTable } from '../schema/lookup.ts';
import type { Operation } from '../schema/operation.ts';
import type { Table } from '../schema/schema.ts';

/** What a new migration says in vain, IF NOT EXISTS of what is there or IF EXISTS of what is not. */
interface Skipped {
  readonly operation: Operation;
  readonly migration: string;
  /** The table that it would have concerned, where it is there at the end of the change. */
  readonly table?: Table;
}

/** Of new migrations only: which databases met what of an edited one is not known. */
export function skippedOf({ kind, migrations, headSchema }: ChainChange): readonly Skipped[] {
  if (kind !== 'appended') return [];
  return migrations.flatMap(({ file, steps }) =>
    steps
      .flatMap(({ applied }) => applied)
      .flatMap(({ operation, skipped }) =>
        skipped && 'table' in operation
          ? [{ operation, migration: file.path, table: findTable(headSchema, operation.table) }]
          : [],
      ),
  );
}
