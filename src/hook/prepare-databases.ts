import { join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { changeOfRange } from '../change/from-git.ts';
import { readSetup } from '../cli/read-setup.ts';
import { treeOfSetup } from '../cli/setup-files.ts';
import { openRepository } from '../git/repository.ts';
import { openChild } from '../prove/child.ts';
import { type Prepared, prepareExact } from '../prove/prepare-exact.ts';
import { findChains } from '../read/find-chains.ts';

/**
 * Makes the databases that the hook proves in, of the chains as the default branch has them; returns what to tell the user.
 * The hook works without them, so that trouble is told and stops nothing.
 */
export async function prepareDatabases(directory: string): Promise<string> {
  const engines = openChild();
  try {
    const repository = await openRepository(directory);
    const { base } = await changeOfRange(repository, undefined);
    const { config } = await readSetup(repository.top ? treeOfSetup(repository.top) : base);
    const chains = await findChains(base, config.migrations);
    const cache = openCache(join(repository.commonDir, 'tablewarden'));
    const prepared = await prepareExact(chains, base, cache, config.postgres, engines);
    return prepared.map(told).join('');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `No database was made for the hook yet (${why}); the first \`tablewarden check\` makes it.\n`;
  } finally {
    await engines.close();
  }
}

function told({ chain, engine, reason }: Prepared): string {
  if (reason !== undefined) return `${engine} does not prove ${chain.id}: ${reason}.\n`;
  const { length } = chain.migrations;
  return `${engine} holds ${chain.id} with ${length} migration${length === 1 ? '' : 's'}: new ones are run on top.\n`;
}
