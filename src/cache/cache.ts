import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { mkdir, readdir, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileOf, keyOf, pack, unpack } from './entry.ts';

/** Keeps texts that can be made again. Losing any of them costs time only. */
export interface Cache {
  /** Where it lives, for files of others; undefined where nothing is kept or may be written. */
  readonly folder?: string;
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
  /** Keys that begin so, in no order. */
  keys(prefix: string): Promise<readonly string[]>;
}

export interface CacheOptions {
  /** Bytes that the folder may hold before the least recently used files go. */
  readonly limit?: number;
  /** Told once, in words for the user, when the folder cannot be used. */
  readonly note?: (message: string) => void;
}

const LIMIT = 256 * 1024 * 1024;

/** A file read again within this time, in milliseconds, is not touched again. */
const TOUCH_AFTER = 60 * 60 * 1000;

/** A temporary file of a process that died is swept after this time, in milliseconds. */
const STALE = 60 * 60 * 1000;

/**
 * Opens the cache in `folder`, which is made when the first text is put; without a folder, a cache that forgets everything.
 * Never throws: a folder that cannot be read or written is worked without and told of once. Files are written whole and
 * renamed into place, so that several processes may share the folder; a file that is not what its name says is ignored.
 */
export function openCache(folder: string | undefined, options: CacheOptions = {}): Cache {
  if (folder === undefined) return FORGETFUL;
  const { limit = LIMIT, note = () => {} } = options;
  let told = false;
  let writable = true;
  let written = 0;
  let size: number | undefined;

  const giveUp = (error: unknown): void => {
    writable = false;
    if (told) return;
    told = true;
    note(`the cache in ${folder} cannot be used (${reasonOf(error)}); everything is worked out anew`);
  };

  return {
    folder: isWritable(folder) ? folder : undefined,

    async get(key) {
      const path = join(folder, fileOf(key));
      try {
        const content = unpack(key, readFileSync(path))?.toString('utf8');
        if (content !== undefined && writable) touch(path);
        return content;
      } catch (error) {
        if (!isMissing(error)) giveUp(error);
        return undefined;
      }
    },

    async put(key, text) {
      if (!writable) return;
      const bytes = pack(key, Buffer.from(text, 'utf8'));
      if (bytes.length > limit / 4) return;
      try {
        await writeWhole(folder, fileOf(key), bytes);
        written += bytes.length;
        if (size === undefined || size + written > limit) {
          size = await sweep(folder, limit);
          written = 0;
        }
      } catch (error) {
        giveUp(error);
      }
    },

    async keys(prefix) {
      try {
        return readdirSync(folder).flatMap((name) => {
          const key = keyOf(name);
          return key?.startsWith(prefix) ? [key] : [];
        });
      } catch (error) {
        if (!isMissing(error)) giveUp(error);
        return [];
      }
    },
  };
}

/** Of a folder that is made when it is needed, its parent is asked. */
function isWritable(folder: string): boolean {
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const FORGETFUL: Cache = {
  get: async () => undefined,
  put: async () => {},
  keys: async () => [],
};

async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
  const write = () => writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 });
  try {
    await write().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await mkdir(folder, { recursive: true });
      await write();
    });
    await rename(temporary, join(folder, name));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > TOUCH_AFTER) utimesSync(path, now / 1000, now / 1000);
  } catch {
    // another process swept it, or the folder is read-only: the text is read already
  }
}

/** Removes the least recently used files until three quarters of the limit are left; returns the bytes that stay. */
async function sweep(folder: string, limit: number): Promise<number> {
  const files: { path: string; bytes: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const temporary = /^\.[0-9a-f]{16}\.tmp$/.test(name);
    if (!temporary && keyOf(name) === undefined) continue;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (!temporary) files.push({ path, bytes: found.size, used: found.mtimeMs });
    else if (Date.now() - found.mtimeMs > STALE) await unlink(path).catch(() => {});
  }
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  if (total <= limit) return total;
  for (const file of files.sort((a, b) => a.used - b.used)) {
    if (total <= limit * 0.75) break;
    await unlink(file.path).catch(() => {});
    total -= file.bytes;
  }
  return total;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code ?? ''] ?? code ?? String(error);
}
