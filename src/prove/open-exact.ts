import { findPglite, howToInstall } from './engine/pglite/installed.ts';
import type { ExactEngine, ExactOptions } from './exact.ts';
import { ScratchError } from './scratch.ts';

/**
 * Opens the engine that fits. For Postgres that is the server from npm; PGlite where it is asked for, where there is no server
 * for this system, and where the chain needs an extension that only PGlite has here.
 */
export async function openExact(options: ExactOptions): Promise<ExactEngine> {
  if (options.engine === 'sqlite') return (await import('./engine/sqlite.ts')).openSqlite(options.prelude);
  const installed = await findPglite();
  if (options.engine === 'pglite') return inPglite(options, installed);
  const [{ openPostgres }, { findBinaries }] = await Promise.all([
    import('./engine/postgres.ts'),
    import('./engine/postgres/binaries.ts'),
  ]);
  const added = (options.extensions ?? []).filter((name) => howToInstall([name]) !== undefined);
  const has = added.filter((name) => installed?.more.includes(name));
  if (has.length > 0)
    return inPglite(options, installed, `in place of the server, which has no ${has.join(', ')}`);
  const found = await findBinaries(options.version);
  if (typeof found === 'string') {
    if (installed) return inPglite(options, installed, `in place of the server: ${found}`);
    throw new ScratchError('unavailable', `${found}; PGlite runs here: ${howToInstall([])}`);
  }
  const engine = await openPostgres(options);
  if (added.length === 0) return engine;
  const note = `it has no ${added.join(', ')}, PGlite does: ${howToInstall(added)}`;
  return Object.assign(engine, { note });
}

async function inPglite(
  options: ExactOptions,
  installed: Awaited<ReturnType<typeof findPglite>>,
  note?: string,
): Promise<ExactEngine> {
  if (!installed) throw new ScratchError('unavailable', `PGlite is not installed: ${howToInstall([])}`);
  return (await import('./engine/pglite.ts')).openPglite(options, installed, note);
}
