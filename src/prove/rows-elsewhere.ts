import type { ChainChange } from '../read/chain-change.ts';
import { type MigrationVerdict, type Proof, takenBack } from './verdict.ts';

const MISSING_PARENT = /^insert or update on table "([^"]+)" violates foreign key constraint "([^"]+)"$/;

/**
 * Takes back refutations of migrations that write rows which refer to rows of a table from before the change: the scratch database
 * holds what migrations wrote, a deployed one also what was written otherwise. Foreign keys that the change adds to rows which
 * migrations wrote are refused all the same.
 */
export function withRowsElsewhere(
  proofs: readonly Proof[],
  chains: readonly ChainChange[],
): readonly Proof[] {
  return proofs.map((proof) => {
    const chain = chains.find(({ id }) => id === proof.chain);
    if (chain?.kind !== 'appended') return proof;
    const migrations = proof.migrations.map((migration) => {
      const parent = parentOf(migration, chain);
      if (parent === undefined) return migration;
      const reason = `it writes rows that refer to rows of ${parent}, which no migration writes and a deployed database may hold`;
      return takenBack(migration, reason);
    });
    return { ...proof, migrations };
  });
}

/** The table from before the change whose row is missing, where a statement that writes rows was refused for it. */
function parentOf({ error }: MigrationVerdict, chain: ChainChange): string | undefined {
  const [, child, constraint] = MISSING_PARENT.exec(error?.message ?? '') ?? [];
  if (!error || child === undefined || !writesAt(chain, error.span)) return undefined;
  const tables = [...chain.headSchema.tables.values()].filter(({ name }) => name === child);
  for (const { constraints } of tables)
    for (const one of constraints)
      if (one.kind === 'foreign key' && one.name === constraint)
        return chain.baseSchema.tables.get(one.refTableId)?.name;
  return undefined;
}

/** Whether the statement there writes rows; others check those that are there already. */
function writesAt(
  { migrations }: ChainChange,
  { path, line }: { readonly path: string; readonly line: number },
) {
  return migrations.some(({ source }) =>
    source.statements.some(
      ({ span, text }) =>
        span.path === path &&
        span.line <= line &&
        line <= span.endLine &&
        /^[\s(]*(insert|update|merge|with|copy|do|replace)\b/i.test(text),
    ),
  );
}
