import { join } from 'node:path';
import { CATALOG_SQL, type Catalog } from '../catalog/catalog.ts';
import type { ExactEngine, ExactMigration, ExactOptions, ExactResult, ExactRows } from '../exact.ts';
import { ScratchError } from '../scratch.ts';
import {
  asRoot,
  dropDatabase,
  findBase,
  forgetBase,
  isMissing,
  keepDatabase,
  makeDatabase,
} from './postgres/base.ts';
import { findBinaries, type Package, prepareBinaries } from './postgres/binaries.ts';
import {
  type Cluster,
  hasCluster,
  MIGRATOR,
  migratorLogin,
  openCluster,
  prepareRoles,
} from './postgres/cluster.ts';
import { watchDisk } from './postgres/disk.ts';
import { makeExtensions } from './postgres/extensions.ts';
import { type Home, openHome } from './postgres/home.ts';
import { STATEMENT_TIME } from './postgres/limits.ts';
import { plantRows } from './postgres/rows.ts';
import { OutsideError, type Runner, runForGood, runInside } from './postgres/run.ts';
import { type Server, startServer } from './postgres/server.ts';
import type { Session } from './postgres/session.ts';
import { tryEach } from './postgres/trial.ts';
import { watchTables } from './postgres/watch.ts';

/** Databases of this run; one that was killed leaves them behind, and the next removes them. */
const MAKING = 'making';
const TRYING = 'trying';

/** Opens PostgreSQL itself: a server of our own on a private socket, with the longest prefix of the chain that is kept. */
export async function openPostgres(options: ExactOptions): Promise<ExactEngine> {
  const found = await findBinaries(options.version);
  if (typeof found === 'string') throw new ScratchError('unavailable', found);
  const home = await openHome(options.folder);
  try {
    return await openIn(home, found, options);
  } catch (error) {
    await home.remove();
    throw error;
  }
}

async function openIn(home: Home, found: Package, options: ExactOptions): Promise<ExactEngine> {
  if (!options.make && !(await hasCluster(home, found.major)))
    return nothingHeld(`PostgreSQL ${found.major}`);
  await home.make();
  const binaries = await prepareBinaries(found, home.folder, home.user !== undefined);
  const cluster = await openCluster(home, binaries);
  const base = options.fromEmpty ? undefined : await findBase(cluster, options.keys);
  if (!base && !options.make && !options.fromEmpty) return nothingHeld(`PostgreSQL ${found.major}`);
  const extensions = await makeExtensions(binaries);
  const server = await startServer({ cluster: cluster.folder, home, binaries, extensions });
  const stop = async () => {
    await server.stop();
    await home.remove();
  };
  try {
    await prepareRoles(server, cluster, found.major);
    return await openDatabase(server, cluster, base, options, stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function nothingHeld(engine: string): ExactEngine {
  const never = () => Promise.reject(new ScratchError('unavailable', 'there is no database to run in'));
  return {
    engine,
    held: undefined,
    imperfect: 0,
    build: never,
    keep: never,
    catalog: never,
    attempt: never,
    attemptOnRows: never,
    close: async () => {},
  };
}

type Found = Awaited<ReturnType<typeof findBase>>;

async function openDatabase(
  server: Server,
  cluster: Cluster,
  base: Found,
  options: ExactOptions,
  stop: () => Promise<void>,
): Promise<ExactEngine> {
  let database = base?.database ?? MAKING;
  if (!base) await makeDatabase(server, cluster, MAKING);
  let runner = await enter(server, cluster, database).catch(async (error: unknown) => {
    if (isMissing(error)) await forgetBase(cluster, database);
    throw isMissing(error) ? new ScratchError('unavailable', 'the database that was kept is gone') : error;
  });
  let imperfect = base?.imperfect ?? 0;
  if (!base) imperfect += await prepare(runner, options);

  /** Leaves the database that is kept as it is, and goes on in a copy. */
  const moveTo = async (name: string) => {
    await runner.close();
    await makeDatabase(server, cluster, name, database);
    const { doubtful } = runner;
    runner = await enter(server, cluster, name);
    runner.doubtful = doubtful;
    return name;
  };
  runner.doubtful = imperfect > 0;

  /** Back to the database as it was before the last attempt. */
  const again = async () => {
    if (runner.session.status() !== 'I') await runner.send('ROLLBACK');
    runner.doubtful = imperfect > 0;
    runner.limit(options.milliseconds ?? STATEMENT_TIME.attempt);
  };

  return {
    engine: `PostgreSQL ${runner.session.version}`,
    held: base?.length ?? 0,
    get imperfect() {
      return imperfect;
    },
    build: async (migrations) => {
      if (database !== MAKING) database = await moveTo(MAKING);
      const results: ExactResult[] = [];
      await again();
      runner.limit(STATEMENT_TIME.build);
      for (const migration of migrations) {
        const result = await runForGood(runner, migration, true);
        results.push(result);
        if (result.died !== undefined) break;
        if (result.outcomes.some(({ word }) => ['failed', 'tainted', 'not-modelled'].includes(word)))
          imperfect++;
      }
      return results;
    },
    keep: async (key) => {
      await runner.close();
      database = await keepDatabase(server, cluster, database, key, imperfect);
      const { doubtful } = runner;
      runner = await enter(server, cluster, database);
      runner.doubtful = doubtful;
    },
    catalog: () => readCatalog(runner.session),
    attempt: async (migrations) => {
      await again();
      try {
        return await attemptInside(runner, migrations);
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
      }
      database = await moveTo(TRYING);
      await again();
      return attemptForGood(runner, migrations);
    },
    attemptOnRows: async (migrations, rows) => {
      await again();
      try {
        return await attemptInside(runner, migrations, rows);
      } catch (error) {
        if (error instanceof OutsideError) return undefined;
        throw error;
      }
    },
    tryEach: async (migrations, rows, trials) => {
      await again();
      try {
        const results = await attemptInside(runner, migrations);
        if (
          results.some((one) => one.died !== undefined || one.outcomes.some(({ word }) => word === 'failed'))
        )
          return trials.map(() => null);
      } catch (error) {
        if (error instanceof OutsideError) return trials.map(() => null);
        throw error;
      }
      await plantRows(runner, rows);
      return tryEach(runner, trials);
    },
    close: async () => {
      await runner.close();
      const own = database === TRYING || database === MAKING;
      if (runner.spoilt) await forgetBase(cluster, database);
      if (own || runner.spoilt) await dropDatabase(server, cluster, database);
      await stop();
    },
  };
}

/** Nothing that the migrations set reaches the query: the names in it are the server's own. */
async function readCatalog(session: Session): Promise<Catalog> {
  for (const text of ['RESET SESSION AUTHORIZATION', 'RESET ALL', 'SET search_path = pg_catalog'])
    await session.send(text);
  const { rows, error } = await session.send(CATALOG_SQL, { rows: true });
  if (error) throw new ScratchError('error', `its catalog could not be read: ${error.message}`);
  return JSON.parse(rows[0]?.[0] ?? '{}') as Catalog; // the query's own document
}

async function attemptInside(
  runner: Runner,
  migrations: readonly ExactMigration[],
  rows: readonly ExactRows[] = [],
): Promise<readonly ExactResult[]> {
  await runner.send('BEGIN');
  if (rows.length > 0) await plantRows(runner, rows);
  runner.watch = await watchTables(runner.session);
  const results: ExactResult[] = [];
  for (const migration of migrations) {
    results.push(await runInside(runner, migration));
    if (results.at(-1)?.died !== undefined) break;
  }
  return results;
}

async function attemptForGood(
  runner: Runner,
  migrations: readonly ExactMigration[],
): Promise<readonly ExactResult[]> {
  const results: ExactResult[] = [];
  for (const migration of migrations) {
    results.push(await runForGood(runner, migration, false));
    if (results.at(-1)?.died !== undefined) break;
  }
  return results;
}

/** Runs what is there before the first migration; how many of its statements did not go through. */
async function prepare(runner: Runner, { prelude }: ExactOptions): Promise<number> {
  const { outcomes, died } = await runForGood(runner, { path: '(prelude)', statements: prelude }, true);
  if (died !== undefined) throw new ScratchError('died', died);
  return outcomes.some(({ word }) => word === 'failed') ? 1 : 0;
}

interface TimedRunner extends Runner {
  /** Milliseconds for each statement from now on. */
  limit(milliseconds: number): void;
  close(): Promise<void>;
}

async function enter(server: Server, cluster: Cluster, database: string): Promise<TimedRunner> {
  const session: Session = await server.login(migratorLogin(cluster, database));
  let milliseconds: number = STATEMENT_TIME.attempt;
  let stopped: ScratchError | undefined;
  const stop = (error: ScratchError) => {
    stopped = error;
    server.terminate(session.pid);
  };
  const unwatch = watchDisk(join(cluster.folder, 'data'), () =>
    stop(new ScratchError('memory', 'it filled the disk and was stopped')),
  );
  return {
    session,
    close: () => {
      unwatch();
      return session.close();
    },
    doubtful: false,
    spoilt: false,
    limit: (given) => {
      milliseconds = given;
    },
    send: async (text) => {
      const timer = setTimeout(
        () => stop(new ScratchError('time', `it ran for ${milliseconds / 1_000} s and was stopped`)),
        milliseconds,
      );
      try {
        return await session.send(text);
      } catch (error) {
        throw stopped ?? error;
      } finally {
        clearTimeout(timer);
      }
    },
    makeRole: (name) =>
      asRoot(server, cluster, async (run) => {
        const quoted = `"${name.replaceAll('"', '""')}"`;
        await run(`CREATE ROLE ${quoted} NOLOGIN`);
        await run(`GRANT ${quoted} TO ${MIGRATOR} WITH ADMIN OPTION`);
        return true;
      }).catch(() => false),
  };
}
