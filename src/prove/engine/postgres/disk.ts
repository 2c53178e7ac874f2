import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds between two looks. */
const EVERY = 100;

/** Bytes of the disk that anyone may fill before our own folders are looked at. */
const NOTICEABLE = 50_000_000;

/** Bytes of one database, of temporary files, or of the log ahead; a chain of thousands of migrations holds a tenth of it. */
const MAX_FOLDER = 250_000_000;

/**
 * Watches what a cluster's server writes and calls `full` once when a database grows too large: a migration lifts no limit
 * that it cannot see, and PostgreSQL has none on tables. Returns the end of the watch.
 */
export function watchDisk(data: string, full: () => void): () => void {
  let free: number | undefined;
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    const now = await freeBytes(data);
    free = Math.max(free ?? now, now);
    if (free - now > NOTICEABLE && (await largest(data)) > MAX_FOLDER) {
      clearInterval(timer);
      full();
    }
    looking = false;
  }, EVERY);
  timer.unref();
  return () => clearInterval(timer);
}

async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined);
  return found ? found.bavail * found.bsize : 0;
}

async function largest(data: string): Promise<number> {
  const databases = await readdir(join(data, 'base')).catch(() => []);
  const folders = [...databases.map((name) => join(data, 'base', name)), join(data, 'pg_wal')];
  return Math.max(...(await Promise.all(folders.map(bytesOf))));
}

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.blocks * 512,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
