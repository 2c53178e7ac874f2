import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readlink, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ScratchError } from '../../scratch.ts';
import { type Binaries, isRunning } from './binaries.ts';
import { type Home, makeSocketFolder, ownerOf } from './home.ts';
import { MAX_CPU_SECONDS, MAX_MEMORY_KB } from './limits.ts';
import { type Login, LoginError, openSession, type Session } from './session.ts';
import { SETTINGS } from './settings.ts';

/** A running server. */
export interface Server {
  /** Connects, and waits while it is starting. */
  login(login: Login): Promise<Session>;
  /** Ends one of its processes at once, whatever that is doing. */
  terminate(pid: number): void;
  /** Stops it and waits for its end. */
  stop(): Promise<void>;
}

/** A cluster's folder, `data` below it, belongs to one server at a time. */
export interface ServerPlace {
  readonly cluster: string;
  readonly home: Home;
  readonly binaries: Binaries;
  /** Folder with the extensions that may be used; PostgreSQL 18 and newer. */
  readonly extensions?: string;
}

/** Settings of one with a socket. */
const OF_SERVER: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'off',
  client_connection_check_interval: '500ms',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_min_messages: 'fatal',
};

/**
 * Limits first, then the server, and beside it a reader of the pipe from whoever started this: when that ends, however it
 * ends, the pipe closes and the server is stopped.
 */
const WATCHDOG = `
ulimit -v ${MAX_MEMORY_KB} 2>/dev/null
ulimit -t ${MAX_CPU_SECONDS} 2>/dev/null
ulimit -c 0 2>/dev/null
trap '' INT TERM HUP
socket=$1
shift
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
{ read -r line <&3; kill -INT $server; /bin/sleep 1; kill -QUIT $server; } >/dev/null 2>&1 &
reader=$!
wait $server
code=$?
kill -KILL $reader 2>/dev/null
/bin/rm -rf "$socket"
exit $code
`;

/** Milliseconds to wait for another run's server to end. */
const WAIT_FOR_OTHER = 5_000;
/** Milliseconds for a server to accept a connection. */
const WAIT_FOR_START = 15_000;

/** Starts the server of a cluster; waits a little where another run holds it, and stops one whose run is gone. */
export async function startServer(place: ServerPlace): Promise<Server> {
  const deadline = Date.now() + WAIT_FOR_OTHER;
  for (;;) {
    const other = await runningServer(place.cluster);
    if (other === undefined) {
      const started = await launch(place);
      if (started) return started;
    } else if (!other.owned) signal(other.pid, 'SIGQUIT');
    if (Date.now() > deadline)
      throw new ScratchError(
        'unavailable',
        'another run of Tablewarden uses the database and did not end in time',
      );
    await sleep(10);
  }
}

/** Starts a server; undefined where another was faster. */
async function launch({ cluster, home, binaries, extensions }: ServerPlace): Promise<Server | undefined> {
  const socketFolder = await makeSocketFolder(home);
  const settings = {
    ...SETTINGS,
    ...OF_SERVER,
    unix_socket_directories: socketFolder,
    ...ofVersion(binaries.major, extensions),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = [join(binaries.native, 'bin/postgres'), '-D', join(cluster, 'data'), ...flags];
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'tablewarden', socketFolder, ...program], {
    cwd: '/',
    env: {
      LD_LIBRARY_PATH: binaries.libraries,
      DYLD_LIBRARY_PATH: binaries.libraries,
      LC_ALL: 'C',
      TZ: 'UTC',
    },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    ...(home.user === undefined ? {} : { uid: home.user, gid: home.user }),
  });
  const running = follow(child);
  const socket = join(socketFolder, '.s.PGSQL.5432');
  const server: Server = {
    login: (login) => retry(running, () => openSession(login, connect(socket))),
    terminate: (pid) => signal(pid, 'SIGTERM'),
    stop: async () => {
      child.stdin?.end('stop\n');
      await running.end;
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
  const ready = await waitUntilReady(running, cluster, socketFolder, child);
  if (ready === 'taken') {
    await server.stop();
    return undefined;
  }
  return server;
}

interface Running {
  readonly ended: () => string | undefined;
  readonly end: Promise<void>;
}

function follow(child: ChildProcess): Running {
  let said = '';
  let ended: string | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 4_000) said += chunk.toString('utf8');
  });
  child.stdin?.on('error', () => {});
  const end = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      ended ??= error.message;
      resolve();
    });
    child.on('close', () => {
      ended ??= said.trim() || 'it ended without a word';
      resolve();
    });
  });
  return { ended: () => ended, end };
}

/** The pid file's last line says `ready`: https://www.postgresql.org/docs/current/storage-file-layout.html */
async function waitUntilReady(
  running: Running,
  cluster: string,
  socketFolder: string,
  child: ChildProcess,
): Promise<'ready' | 'taken'> {
  const deadline = Date.now() + WAIT_FOR_START;
  for (;;) {
    const lines = pidFile(cluster);
    if (lines?.[7]?.startsWith('ready') && lines[4] === socketFolder) return 'ready';
    const ended = running.ended();
    if (ended !== undefined && /lock file "postmaster.pid"|already exists/.test(ended)) return 'taken';
    if (ended !== undefined) throw new ScratchError('died', `the server did not start: ${lastLine(ended)}`);
    if (Date.now() > deadline) {
      child.stdin?.end();
      throw new ScratchError('time', 'the server did not start in time');
    }
    await sleep(3);
  }
}

async function retry(running: Running, open: () => Promise<Session>): Promise<Session> {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      const soon =
        error instanceof LoginError && ['ENOENT', 'ECONNREFUSED', '57P03', '53300'].includes(error.code);
      if (!soon || tries > 500 || running.ended() !== undefined) throw error;
      await sleep(5);
    }
  }
}

function ofVersion(major: number, extensions: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(major >= 16 ? { createrole_self_grant: 'set, inherit' } : {}),
    ...(major >= 18 ? { io_method: 'sync' } : {}),
    ...(major >= 18 && extensions ? { extension_control_path: extensions } : {}),
  };
}

function pidFile(cluster: string): readonly string[] | undefined {
  try {
    return readFileSync(join(cluster, 'data/postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** A server that runs on a cluster, by the pid file, which a killed one leaves behind; and whether its run still lives. */
async function runningServer(
  cluster: string,
): Promise<{ readonly pid: number; readonly owned: boolean } | undefined> {
  const lines = pidFile(cluster);
  const pid = Number(lines?.[0]);
  if (!pid || !isRunning(pid)) return undefined;
  if (process.platform === 'linux') {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (folder !== join(cluster, 'data')) return undefined;
  }
  const owner = ownerOf(lines?.[4] ?? '');
  return { pid, owned: owner === undefined || isRunning(owner) };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
