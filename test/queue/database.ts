import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, makeWorkerUtils } from 'graphile-worker';
import { findBinaries, prepareBinaries } from '../../src/prove/engine/postgres/binaries.ts';
import { freePort } from '../app/server.ts';

const SILENT = new Logger(() => () => {});

/** PostgreSQL refuses to run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** A PostgreSQL server on loopback, as an operator has one. */
export interface Database {
  /** An empty database on it. */
  make(name: string): Promise<string>;
  run(url: string, sql: string): Promise<void>;
  /** Ends every connection, as a restart does. */
  dropConnections(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server of the version that is installed for the proofs. */
export async function startDatabase(): Promise<Database> {
  const found = findBinaries(undefined);
  if (typeof found === 'string') throw new Error(found);
  const folder = mkdtempSync(join(tmpdir(), 'tablewarden-queue-'));
  chmodSync(folder, 0o755);
  const binaries = await prepareBinaries(found, folder, NOBODY.uid !== undefined);
  const env = { LD_LIBRARY_PATH: binaries.libraries, DYLD_LIBRARY_PATH: binaries.libraries, LC_ALL: 'C' };
  const options = { ...NOBODY, env, cwd: '/' };
  const home = join(folder, 'home');
  mkdirSync(home);
  if (NOBODY.uid !== undefined) chownSync(home, NOBODY.uid, NOBODY.gid);
  const data = join(home, 'data');
  const program = (name: string) => join(binaries.native, 'bin', name);
  const flags = ['-D', data, '-U', 'owner', '--auth=trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(program('initdb'), flags, { ...options, stdio: 'ignore' });
  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: home, fsync: 'off' };
  const server = spawn(
    program('postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await isReady(server);
  const urlOf = (name: string) => `postgres://owner@127.0.0.1:${port}/${name}`;
  return {
    make: async (name) => {
      await run(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    run,
    dropConnections: () =>
      run(
        urlOf('postgres'),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      ),
    close: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM'); // waits for connections that are on their way out
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url, logger: SILENT });
  await utils.withPgClient((client) => client.query(sql));
  await utils.release();
}

function isReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(said)));
  });
}
