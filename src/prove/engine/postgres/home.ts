import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isOpenToAll } from './binaries.ts';

/** Where clusters live, and as whom their servers run. */
export interface Home {
  readonly folder: string;
  /** PostgreSQL refuses to run as root, so that root lends it a user without rights; undefined: the user's own. */
  readonly user?: number;
  /** Makes the folder. */
  make(): Promise<void>;
  /** Removes the home, where it was only for this run. */
  remove(): Promise<void>;
}

/** `nobody` on every Linux and macOS that counts from 16 bits; a number, so that no user of that name need exist. */
const NOBODY = 65_534;

/** A socket's path may have so many bytes; `/.s.PGSQL.5432` is part of it. */
const LONGEST_SOCKET_FOLDER = 90;

/** Opens the home below `cache`, or a temporary one without it. Its folder is made when something is put there. */
export async function openHome(cache: string | undefined): Promise<Home> {
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  if (cache === undefined) return temporaryHome(user);
  const remove = async () => {};
  if (user === undefined) return { folder: resolve(cache), make: () => makeFolder(resolve(cache)), remove };
  if (canReach(cache))
    return { folder: resolve(cache), user, make: () => makeFolder(resolve(cache)), remove };
  const folder = join(FOR_ROOT, nameOf(cache));
  const make = async () => {
    await forgetGone();
    await makeFolder(folder);
    await writeFile(join(folder, 'for'), resolve(cache));
  };
  return { folder, user, make, remove };
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
}

/** Where root keeps what its own folders hide from the user that it lends: a folder for each cache, with its path in `for`. */
const FOR_ROOT = '/var/cache/tablewarden';

function nameOf(cache: string): string {
  return createHash('sha256').update(resolve(cache)).digest('hex').slice(0, 16);
}

/** Removes what belongs to repositories that are gone. */
async function forgetGone(): Promise<void> {
  for (const name of await readdir(FOR_ROOT).catch(() => [])) {
    const folder = join(FOR_ROOT, name);
    const cache = await readFile(join(folder, 'for'), 'utf8').catch(() => '');
    const gone = cache !== '' && !existsSync(dirname(dirname(cache)));
    if (gone) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function temporaryHome(user: number | undefined): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'tablewarden-postgres-'));
  await chmod(folder, 0o755);
  return {
    folder,
    ...(user === undefined ? {} : { user }),
    make: async () => {},
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Whether the lent user gets to a folder, which need not exist yet. */
function canReach(folder: string): boolean {
  let at = resolve(folder);
  while (!existsSync(at)) at = dirname(at);
  return isOpenToAll(at);
}

/** A private folder that belongs to the server's user. */
export async function makePrivate(folder: string, { user }: Home): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(folder, user, user);
}

/** A private folder for a server's socket, with a path short enough for one; its name tells which process asked for it. */
export async function makeSocketFolder({ user }: Home): Promise<string> {
  const parent = Buffer.byteLength(tmpdir()) + 30 > LONGEST_SOCKET_FOLDER ? '/tmp' : tmpdir();
  const folder = await mkdtemp(join(parent, `tablewarden-${process.pid}-`));
  if (user !== undefined) await chown(folder, user, user);
  return folder;
}

/** The process that asked for a socket's folder. */
export function ownerOf(socketFolder: string): number | undefined {
  const [, pid] = /tablewarden-(\d+)-\w+$/.exec(socketFolder) ?? [];
  return pid === undefined ? undefined : Number(pid);
}
