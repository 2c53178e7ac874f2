import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { ScratchError } from '../../scratch.ts';
import { type Binaries, makeWhole } from './binaries.ts';
import { type Home, makePrivate } from './home.ts';
import { clusterFolder } from './kept.ts';
import type { Server } from './server.ts';
import type { Login } from './session.ts';

/** A data folder that is kept, with the passwords of its roles. */
export interface Cluster {
  /** `data` is the server's, `bases` lists the databases that are kept. */
  readonly folder: string;
  readonly secret: string;
}

/** Owns the cluster and makes databases; no statement of a migration runs as it, and it enters no database that one ran in. */
const ROOT = 'tablewarden_root';

/** Owns the databases and runs migrations; it may do nothing outside of them. */
export const MIGRATOR = 'tablewarden';

/** The database for making databases; only {@link ROOT} may enter it. */
const MAINTENANCE = 'postgres';

/** Opens the cluster of a version, makes it where there is none, and makes it anew where the machine stopped while it was open. */
export async function openCluster(home: Home, binaries: Binaries): Promise<Cluster> {
  const folder = clusterFolder(home, binaries.major);
  if (existsSync(folder) && (await wasCutOff(folder))) await removeCluster(folder);
  if (!existsSync(join(folder, 'data')))
    await makeWhole(folder, (place) => initialise(place, home, binaries));
  await writeFile(join(folder, 'boot'), String(bootTime()));
  return { folder, secret: (await readFile(join(folder, 'secret'), 'utf8')).trim() };
}

/** Removes a cluster that cannot be trusted any more. */
async function removeCluster(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Nothing is forced to disk, so a cluster that was open when the machine stopped may hold anything. */
async function wasCutOff(folder: string): Promise<boolean> {
  const open = existsSync(join(folder, 'data/postmaster.pid'));
  const boot = Number(await readFile(join(folder, 'boot'), 'utf8').catch(() => '0'));
  return open && Math.abs(boot - bootTime()) > 60;
}

/** Seconds; the same within a minute for everyone who asks. */
function bootTime(): number {
  return Math.round(Date.now() / 1_000 - uptime());
}

async function initialise(folder: string, home: Home, binaries: Binaries): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const secret = randomBytes(24).toString('hex');
  await writeFile(join(folder, 'secret'), secret, { mode: 0o600 });
  await mkdir(join(folder, 'bases'));
  const data = join(folder, 'data');
  await makePrivate(data, home);
  const password = join(folder, 'password');
  await writeFile(password, secret, { mode: 0o600 });
  if (home.user !== undefined) await chown(password, home.user, home.user);
  const locale =
    binaries.major >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C'];
  await run(join(binaries.native, 'bin/initdb'), home, binaries, [
    ...['-D', data, '-U', ROOT, '-E', 'UTF8', '--auth=scram-sha-256', `--pwfile=${password}`],
    ...['--no-sync', '--no-instructions', '--wal-segsize=1', ...locale],
  ]);
  await rm(password);
}

function run(program: string, home: Home, binaries: Binaries, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: '/',
      env: {
        LD_LIBRARY_PATH: binaries.libraries,
        DYLD_LIBRARY_PATH: binaries.libraries,
        LC_ALL: 'C',
        TZ: 'UTC',
        PATH: '/usr/bin:/bin',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(home.user === undefined ? {} : { uid: home.user, gid: home.user }),
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const fail = (why: string) =>
      reject(new ScratchError('unavailable', `no database could be made: ${why}`));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) =>
      code === 0 ? resolve() : fail(said.trim().split('\n').at(-1) ?? `code ${code}`),
    );
  });
}

/** How the owner of the cluster enters a database that no migration ran in. */
export function rootLogin({ secret }: Cluster): Login {
  return { database: MAINTENANCE, role: ROOT, password: secret, settings: { search_path: 'pg_catalog' } };
}

/** How migrations enter. */
export function migratorLogin({ secret }: Cluster, database: string): Login {
  return { database, role: MIGRATOR, password: secret };
}

/** Makes the role of migrations, and shuts every database but its own; once a cluster. */
export async function prepareRoles(server: Server, cluster: Cluster, major: number): Promise<void> {
  const done = join(cluster.folder, 'roles');
  if (existsSync(done)) return;
  const root = await server.login(rootLogin(cluster));
  const cheap = major >= 16 ? ['SET scram_iterations = 1'] : [];
  const rights = major >= 16 ? 'CREATEROLE' : 'NOCREATEROLE';
  try {
    for (const statement of [
      ...cheap,
      `DO $$ BEGIN CREATE ROLE ${MIGRATOR}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      `ALTER ROLE ${MIGRATOR} LOGIN NOSUPERUSER NOCREATEDB ${rights} PASSWORD '${cluster.secret}'`,
      `ALTER ROLE ${ROOT} PASSWORD '${cluster.secret}'`,
      'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC',
    ]) {
      const { error } = await root.send(statement);
      if (error) throw new ScratchError('died', `the server refused its own set-up: ${error.message}`);
    }
  } finally {
    await root.close();
  }
  await writeFile(done, '');
}
