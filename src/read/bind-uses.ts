import { findTable } from '../schema/lookup.ts';
import type { Schema } from '../schema/schema.ts';
import type { TableUse } from './source.ts';

/** A use of a table bound (or not) to a table of a chain. */
export interface BoundUse extends TableUse {
  readonly chain?: string;
  readonly tableId?: number;
  /** What the use is written in: `sql`. */
  readonly family: string;
  readonly whyUnresolved?: string;
}

/**
 * Binds uses to the tables of the first schema that has them. `chains` holds, for each chain that the file may speak to,
 * its schemas in the order in which they are asked; with two chains that have the table the use stays unbound.
 */
export function bindUses(
  uses: readonly TableUse[],
  chains: readonly (readonly Schema[])[],
): readonly BoundUse[] {
  return uses.map((use) => {
    const found = chains.flatMap((schemas) => {
      for (const schema of schemas) {
        const table = findTable(schema, use.table);
        if (table) return [{ chain: schema.chain, tableId: table.id }];
      }
      return [];
    });
    const [only] = found;
    if (found.length === 1 && only) return { ...use, ...only, family: 'sql' };
    const whyUnresolved = only
      ? `${found.length} migration chains have this table`
      : 'no migration chain has this table';
    return { ...use, family: 'sql', whyUnresolved };
  });
}
