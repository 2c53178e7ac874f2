import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScratchError } from '../../scratch.ts';
import { type Cluster, MIGRATOR, rootLogin } from './cluster.ts';
import { databaseOf, longestKept } from './kept.ts';
import type { Doubt } from './refusal.ts';
import type { Server } from './server.ts';
import { LoginError, type Session } from './session.ts';

/** A database that is kept and holds a prefix of a chain. */
export interface Base {
  /** How many migrations it holds. */
  readonly length: number;
  readonly database: string;
  /** How many of them did not apply in full. */
  readonly imperfect: number;
  /** What that leaves in doubt. */
  readonly doubt: Doubt;
}

const ROWS = 'rows missing' satisfies Doubt;

/** Bytes of all databases that are kept. */
const LIMIT = 400_000_000;

/** The longest prefix that some database holds; undefined where none does. */
export async function findBase(cluster: Cluster, keys: readonly string[]): Promise<Base | undefined> {
  const kept = longestKept(cluster.folder, keys);
  if (!kept) return undefined;
  const note = join(cluster.folder, 'bases', kept.database);
  const said = await readFile(note, 'utf8').catch(() => '0');
  const imperfect = Number.parseInt(said, 10);
  const now = Date.now() / 1_000;
  await utimes(note, now, now).catch(() => {});
  return { ...kept, imperfect, doubt: said.endsWith(ROWS) ? ROWS : imperfect > 0 };
}

/** Forgets a database that is listed and not there, or cannot be trusted. */
export async function forgetBase(cluster: Cluster, database: string): Promise<void> {
  await rm(join(cluster.folder, 'bases', database), { force: true });
}

/** Runs statements as the owner of the cluster, outside of every database that a migration ran in. */
export async function asRoot<T>(
  server: Server,
  cluster: Cluster,
  work: (run: (sql: string, rows?: boolean) => ReturnType<Session['send']>, major: number) => Promise<T>,
): Promise<T> {
  const root = await server.login(rootLogin(cluster));
  try {
    const run = async (sql: string, rows = false) => {
      const reply = await root.send(sql, { rows });
      if (reply.error)
        throw new ScratchError('died', `the server refused its own set-up: ${reply.error.message}`);
      return reply;
    };
    return await work(run, Number.parseInt(root.version, 10));
  } finally {
    await root.close();
  }
}

/** Makes a database that belongs to the migrations' role: empty, or a copy of one that nobody is connected to. */
export async function makeDatabase(
  server: Server,
  cluster: Cluster,
  name: string,
  from?: string,
): Promise<void> {
  await asRoot(server, cluster, async (run, major) => {
    await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    // Copies files instead of logging every page; the only way before PostgreSQL 15.
    const strategy = major >= 15 ? ' STRATEGY FILE_COPY' : '';
    await run(`CREATE DATABASE ${name} OWNER ${MIGRATOR} TEMPLATE ${from ?? 'template0'}${strategy}`);
    await run(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  });
}

/** Drops a database and what migrations changed beyond it: roles that they made, settings of their own role. */
export async function dropDatabase(server: Server, cluster: Cluster, name: string): Promise<void> {
  await asRoot(server, cluster, async (run) => {
    await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await run(`ALTER ROLE ${MIGRATOR} RESET ALL`);
  });
}

/** Keeps a database under a key for later runs, and drops those not used for longest where all together are too large. */
export async function keepDatabase(
  server: Server,
  cluster: Cluster,
  name: string,
  key: string,
  { imperfect, doubt }: Pick<Base, 'imperfect' | 'doubt'>,
): Promise<string> {
  const database = databaseOf(key);
  const bases = join(cluster.folder, 'bases');
  await forgetBase(cluster, database);
  await asRoot(server, cluster, async (run) => {
    await run(`ALTER ROLE ${MIGRATOR} RESET ALL`);
    await run(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await run(`ALTER DATABASE ${name} RENAME TO ${database}`);
    await writeFile(join(bases, database), doubt === ROWS ? `${imperfect} ${ROWS}` : String(imperfect));
    const { rows } = await run(
      `SELECT datname, pg_database_size(oid) FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')`,
      true,
    );
    let total = 0;
    for (const one of await byUse(bases, rows)) {
      total += one.bytes;
      const stays = one.database === database || (one.used > 0 && total <= LIMIT);
      if (stays) continue;
      await forgetBase(cluster, one.database);
      await run(`DROP DATABASE IF EXISTS "${one.database.replaceAll('"', '""')}" WITH (FORCE)`);
    }
  });
  return database;
}

/** The last used first; those that are not listed, left by a run that was killed, have never been used. */
async function byUse(bases: string, rows: readonly (readonly (string | null)[])[]) {
  const found = await Promise.all(
    rows.map(async ([name, bytes]) => {
      const database = name ?? '';
      const used = await stat(join(bases, database)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { database, bytes: Number(bytes), used };
    }),
  );
  return found.sort((a, b) => b.used - a.used);
}

/** Whether a login failed because the database is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof LoginError && error.code === '3D000';
}
