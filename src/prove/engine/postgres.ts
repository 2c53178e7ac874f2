import { type ExactEngine, type ExactOptions, nothingHeld } from '../exact.ts';
import { ScratchError } from '../scratch.ts';
import { findBinaries } from './postgres/binaries.ts';
import { openHome } from './postgres/home.ts';
import { isNothingKept } from './postgres/kept.ts';

/**
 * Opens PostgreSQL itself: a server of our own on a private socket. What starts it and talks to it is loaded only where there
 * is a database, or one may be made.
 */
export async function openPostgres(options: ExactOptions): Promise<ExactEngine> {
  const found = findBinaries(options.version);
  if (typeof found === 'string') throw new ScratchError('unavailable', found);
  const home = await openHome(options.folder);
  try {
    if (isNothingKept(home, found.major, options)) {
      await home.remove();
      return nothingHeld(`PostgreSQL ${found.major}`);
    }
    const { openDatabase } = await import('./postgres/database.ts');
    return await openDatabase(home, found, options);
  } catch (error) {
    await home.remove();
    throw error;
  }
}
