import { pathToFileURL } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { MIGRATOR } from '../postgres/cluster.ts';
import { ALLOWED } from '../postgres/extensions.ts';
import { MAX_REPLY } from '../postgres/limits.ts';
import { SETTINGS } from '../postgres/settings.ts';
import { type Answer, type Request, TOO_MUCH } from './protocol.ts';
import { unpack } from './unpack.ts';

/** PGlite's own start, without the leave to change the server's catalog, and with the settings of our servers. */
const START = [
  ...['--single', '-F', '-j', '-c', 'exit_on_error=false', '-c', 'log_checkpoints=false'],
  ...Object.entries({ ...SETTINGS, io_method: 'sync', createrole_self_grant: 'set, inherit' }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  ),
];

/** As clusters are made: the smallest log, and an order of texts that no system changes. */
const NEW = [
  '--wal-segsize=1',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--encoding=UTF8',
];

/** Answers the requests of the parent: PGlite as a server with one connection, which belongs to the role of migrations. */
export function serve(): void {
  let queue = Promise.resolve();
  let database: PGlite | undefined;
  const perform = async (request: Request): Promise<Answer> => {
    if (request.call === 'make') return { bytes: await make(await load(request.module)) };
    if (request.call === 'open') {
      database = await open(await load(request.module), request.files, request.bundles);
      return {};
    }
    if (!database) return { error: 'there is no database' };
    return { bytes: await (request.call === 'save' ? save(database) : send(database, request.bytes)) };
  };
  process.on('disconnect', () => process.exit());
  process.on('message', (request: Request) => {
    queue = queue.then(async () => {
      const answer = await perform(request).catch((error: unknown) => ({ error: reasonOf(error) }));
      process.send?.(answer);
    });
  });
}

/** The module ends by throwing what is no Error. */
function reasonOf(error: unknown): string {
  return error instanceof Object && 'message' in error ? String(error.message) : String(error);
}

type Library = typeof import('@electric-sql/pglite');

function load(module: string): Promise<Library> {
  return import(pathToFileURL(module).href);
}

/** An empty database that belongs to the role of migrations; the templates go, for no database can be made from them. */
async function make({ PGlite }: Library): Promise<Uint8Array> {
  const database = await PGlite.create({ initDbStartParams: NEW, startParams: START });
  for (const text of [
    `CREATE ROLE ${MIGRATOR} LOGIN CREATEROLE`,
    `ALTER DATABASE postgres OWNER TO ${MIGRATOR}`,
    'UPDATE pg_database SET datistemplate = false',
    'DROP DATABASE template0',
    'DROP DATABASE template1',
    'CHECKPOINT',
  ])
    await database.exec(text);
  return filesOf(database);
}

async function open({ PGlite }: Library, files: Uint8Array, bundles: readonly string[]): Promise<PGlite> {
  const database = await PGlite.create({ loadDataDir: new Blob([files]), startParams: START });
  for (const bundle of bundles) for (const { path, bytes } of unpack(bundle)) lend(database, path, bytes);
  const { rows } = await database.query<{ oid: number }>(
    `SELECT oid FROM pg_catalog.pg_roles WHERE rolname = '${MIGRATOR}'`,
  );
  await database.exec(`SET SESSION AUTHORIZATION ${MIGRATOR}`);
  hold(database, rows[0]?.oid ?? 0);
  return database;
}

const PLACE = '/pglite/';

/** Puts a file of an extension where the server looks for it. It is compiled when a migration creates the extension. */
function lend({ Module }: PGlite, path: string, bytes: Uint8Array): void {
  if (!/^(share|lib)\/postgresql\//.test(path)) return;
  const name = /([^/]+)\.control$/.exec(path)?.[1];
  const trusted = name !== undefined && !ALLOWED.includes(name) ? '\ntrusted = true\n' : '';
  const folder = PLACE + path.slice(0, path.lastIndexOf('/'));
  if (!Module.FS.analyzePath(folder).exists) Module.FS.mkdirTree(folder);
  Module.FS.writeFile(PLACE + path, Buffer.concat([bytes, Buffer.from(trusted)]));
}

/** A function of PostgreSQL that PGlite's module exports. `context` 1: nobody inside may change who it is. */
interface Held {
  /** https://doxygen.postgresql.org/miscinit_8c.html */
  _SetUserIdAndSecContext?(role: number, context: number): void;
}

const SUPERUSER = 10;

/**
 * Makes the session a role's without a way back. The server's own `SET SESSION AUTHORIZATION` leaves one, for whoever started
 * a single-user server is its superuser; so the role is set as for a function that runs with the rights of its owner, in
 * which the server refuses to change it.
 */
function hold(database: PGlite, role: number): void {
  const { _SetUserIdAndSecContext: set } = database.Module as unknown as Held; // exported, and not in its types
  if (!set || role === 0) throw new Error('this version of PGlite cannot be held to a role without rights');
  set(role, 1);
}

/** The files of the database, written out by its owner for whom no migration's name means anything. */
async function save(database: PGlite): Promise<Uint8Array> {
  const module = database.Module as unknown as { _GetUserId(): number } & Required<Held>; // as above
  const role = module._GetUserId();
  module._SetUserIdAndSecContext(SUPERUSER, 0);
  await database.exec('CHECKPOINT');
  hold(database, role);
  return filesOf(database);
}

async function filesOf(database: PGlite): Promise<Uint8Array> {
  return new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer());
}

async function send(database: PGlite, bytes: Uint8Array): Promise<Uint8Array> {
  const said: Uint8Array[] = [];
  let length = 0;
  await database.execProtocolRawStream(bytes, {
    syncToFs: false,
    onRawData: (part) => {
      length += part.length;
      if (length > MAX_REPLY) process.exit(TOO_MUCH);
      said.push(part.slice());
    },
  });
  return Buffer.concat(said);
}
