import type { MigrationVerdict, Proof } from './verdict.ts';

/** The verdict that counts for one migration, and whose it is. */
export interface Decision {
  readonly proof: Proof;
  readonly migration: MigrationVerdict;
  /** A translation's refusal of what the exact engine ran: a fault of the translation. */
  readonly overruled?: MigrationVerdict['error'];
}

/**
 * One decision for each migration. An engine that ran the SQL itself decides over one that ran a translation; where it did
 * not run the very statement that the translation refused, the refusal stands. A proof that died is told
 * beside it; of two that died the exact engine's.
 */
export function decide(proofs: readonly Proof[]): readonly Decision[] {
  const groups = new Map<string, Decision[]>();
  for (const proof of proofs)
    for (const migration of proof.migrations) {
      const key = `${proof.chain}\0${migration.path}`;
      groups.set(key, [...(groups.get(key) ?? []), { proof, migration }]);
    }
  return [...groups.values()].flatMap(decideOne);
}

function decideOne(all: readonly Decision[]): readonly Decision[] {
  const exact = all.find(({ proof }) => !proof.lowered);
  const lowered = all.find(({ proof }) => proof.lowered);
  if (!exact || !lowered) return all;
  if (exact.migration.verdict === 'not tried')
    return !exact.migration.died ? [lowered] : lowered.migration.died ? [exact] : [lowered, exact];
  const refused = lowered.migration.statements.findIndex(({ word }) => word === 'failed');
  if (exact.migration.verdict === 'refuted' || refused < 0) return [exact];
  const word = exact.migration.statements[refused]?.word;
  if (word === 'executed' || word === 'emulated') return [{ ...exact, overruled: lowered.migration.error }];
  return [lowered];
}
