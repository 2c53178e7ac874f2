import { join } from 'node:path';
import { type ExactEngine, type ExactOptions, nothingHeld } from '../../exact.ts';
import { ScratchError } from '../../scratch.ts';
import {
  attemptForGood,
  attemptInside,
  attemptTrials,
  build,
  isImperfect,
  prepare,
  readCatalog,
  startOver,
} from './attempt.ts';
import { asRoot, dropDatabase, findBase, forgetBase, isMissing, keepDatabase, makeDatabase } from './base.ts';
import { type Package, prepareBinaries } from './binaries.ts';
import { type Cluster, MIGRATOR, migratorLogin, openCluster, prepareRoles } from './cluster.ts';
import { watchDisk } from './disk.ts';
import { makeExtensions } from './extensions.ts';
import type { Home } from './home.ts';
import { lengthenFile } from './lengthen.ts';
import type { Doubt } from './refusal.ts';
import { openRunner, type TimedRunner } from './runner.ts';
import { type Server, startServer } from './server.ts';

/** Databases of this run; one that was killed leaves them behind, and the next removes them. */
const MAKING = 'making';
const TRYING = 'trying';

/** Starts a server on the cluster at home, with the longest prefix of the chain that is kept. */
export async function openDatabase(home: Home, found: Package, options: ExactOptions): Promise<ExactEngine> {
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
    return await enterDatabase(server, cluster, base, options, stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

type Found = Awaited<ReturnType<typeof findBase>>;

async function enterDatabase(
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
  let doubt: Doubt = base?.doubt ?? imperfect > 0;

  /** Leaves the database that is kept as it is, and goes on in a copy. */
  const moveTo = async (name: string) => {
    await runner.close();
    await makeDatabase(server, cluster, name, database);
    const { doubtful } = runner;
    runner = await enter(server, cluster, name);
    runner.doubtful = doubtful;
    return name;
  };
  runner.doubtful = doubt;

  const again = () => startOver(runner, options, doubt);

  return {
    engine: `PostgreSQL ${runner.session.version}`,
    held: base?.length ?? 0,
    get imperfect() {
      return imperfect;
    },
    build: async (migrations) => {
      if (database !== MAKING) database = await moveTo(MAKING);
      await again();
      const results = await build(runner, migrations);
      imperfect += results.filter(isImperfect).length;
      doubt = runner.doubtful;
      return results;
    },
    keep: async (key) => {
      await runner.close();
      database = await keepDatabase(server, cluster, database, key, { imperfect, doubt });
      const { doubtful } = runner;
      runner = await enter(server, cluster, database);
      runner.doubtful = doubtful;
    },
    catalog: () => readCatalog(runner),
    attempt: async (migrations) => {
      await again();
      const inside = await attemptInside(runner, migrations);
      if (inside) return inside;
      database = await moveTo(TRYING);
      await again();
      return attemptForGood(runner, migrations);
    },
    attemptOnRows: async (migrations, rows) => {
      await again();
      return attemptInside(runner, migrations, rows);
    },
    tryEach: async (migrations, rows, trials) => {
      await again();
      return attemptTrials(runner, migrations, rows, trials);
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

/** Tools open a connection for each migration: what one sets does not reach the next. */
const AFRESH = {
  inside: ['RESET SESSION AUTHORIZATION', 'RESET ALL', 'DISCARD TEMP'],
  outside: ['DISCARD ALL'],
};

async function enter(server: Server, cluster: Cluster, database: string): Promise<TimedRunner> {
  const session = await server.login(migratorLogin(cluster, database));
  const runner = openRunner({
    session,
    afresh: AFRESH,
    terminate: () => server.terminate(session.pid),
    lengthen: (path, bytes) => lengthenFile(join(cluster.folder, 'data'), path, bytes),
    makeRole: (name) =>
      asRoot(server, cluster, async (run) => {
        const quoted = `"${name.replaceAll('"', '""')}"`;
        await run(`CREATE ROLE ${quoted} NOLOGIN`);
        await run(`GRANT ${quoted} TO ${MIGRATOR} WITH ADMIN OPTION`);
        return true;
      }).catch(() => false),
  });
  const unwatch = watchDisk(join(cluster.folder, 'data'), () =>
    runner.stop(new ScratchError('memory', 'it filled the disk and was stopped')),
  );
  const close = async () => {
    unwatch();
    await session.close();
  };
  return Object.assign(runner, { close });
}
