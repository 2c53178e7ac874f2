import { findPglite, howToInstall } from './engine/pglite/installed.ts';
import { findBinaries } from './engine/postgres/binaries.ts';
import { openPostgres } from './engine/postgres.ts';
import type { ExactEngine, ExactOptions } from './exact.ts';
import { ScratchError } from './scratch.ts';

/**
 * Opens the engine that fits. For Postgres that is the server from npm; PGlite where it is asked for, where there is no server
 * for this system, and where the chain needs an extension that only PGlite has here.
 */
export async function openExact(options: ExactOptions): Promise<ExactEngine> {
  if (options.engine === 'sqlite') return (await import('./engine/sqlite.ts')).openSqlite(options.prelude);
  if (options.engine === 'pglite') return inPglite(options, await findPglite());
  const added = (options.extensions ?? []).filter((name) => howToInstall([name]) !== undefined);
  const installed = added.length > 0 ? await findPglite() : undefined;
  const has = added.filter((name) => installed?.more.includes(name));
  if (has.length > 0)
    return inPglite(options, installed, `in place of the server, which has no ${has.join(', ')}`);
  const found = findBinaries(options.version);
  if (typeof found === 'string') return inPlaceOfServer(options, found);
  const engine = await openPostgres(options);
  if (added.length === 0) return engine;
  const note = `it has no ${added.join(', ')}, PGlite does: ${howToInstall(added)}`;
  return Object.assign(engine, { note });
}

async function inPlaceOfServer(options: ExactOptions, why: string): Promise<ExactEngine> {
  const installed = await findPglite();
  if (installed) return inPglite(options, installed, `in place of the server: ${why}`);
  throw new ScratchError('unavailable', `${why}; PGlite runs here: ${howToInstall([])}`);
}

async function inPglite(
  options: ExactOptions,
  installed: Awaited<ReturnType<typeof findPglite>>,
  note?: string,
): Promise<ExactEngine> {
  if (!installed) throw new ScratchError('unavailable', `PGlite is not installed: ${howToInstall([])}`);
  return (await import('./engine/pglite.ts')).openPglite(options, installed, note);
}
