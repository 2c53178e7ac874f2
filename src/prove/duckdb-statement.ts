import type { Statement } from '../read/source.ts';
import type { Fold } from '../schema/applied.ts';
import { firstLine, type Outcome } from './lower/outcome.ts';
import type { Scratch } from './scratch.ts';

/** Refusals that come from the lock and not from the migration. */
const LOCKED =
  /^(Permission Error|IO Error|HTTP Error)|disabled by configuration|configuration has been locked|external access/i;

/** Runs a statement of a DuckDB chain as it is; the fold follows, and where it is stricter DuckDB is right. */
export async function runDuckdb(scratch: Scratch, fold: Fold, statement: Statement): Promise<Outcome> {
  if (statement.notSql) return { word: 'not-modelled', reason: statement.notModelled };
  const { failed } = await scratch.run([statement.text]);
  if (failed) {
    const reason = firstLine(failed.message);
    if (LOCKED.test(failed.message))
      return { word: 'not-modelled', reason: `it needs files or the network: ${reason}` };
    return { word: 'failed', reason, by: 'engine' };
  }
  for (const operation of statement.operations) {
    const { error } = fold.apply(operation);
    if (error)
      fold.taint([error.message], {
        why: 'DuckDB accepts what the fold does not know',
        span: statement.span,
      });
  }
  return { word: 'executed' };
}
